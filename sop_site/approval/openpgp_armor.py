"""OpenPGP's armor where a forge's merge needs it: around a signature and around a public key (§7)."""

import base64
import binascii
import re

COLUMNS = 64
_SIGNATURE_LIMIT = 8192
"""Characters; more than a signature by the longest admitted key takes."""
_BODY = r"((?:[A-Za-z0-9+/]{1,76}\n)*[A-Za-z0-9+/]{1,76}={0,2}\n)"
_SUM = r"(?:=([A-Za-z0-9+/]{4})\n)?"
# GitHub ends the header with an empty line of its own, git does not.
_SIGNATURE = re.compile(
    f"-----BEGIN PGP SIGNATURE-----\n\n{_BODY}{_SUM}-----END PGP SIGNATURE-----\n\n?",
)
_KEY = re.compile(
    "-----BEGIN PGP PUBLIC KEY BLOCK-----\n"
    f"(?:[A-Za-z]+: [^\n]*\n)*\n{_BODY}{_SUM}-----END PGP PUBLIC KEY BLOCK-----",
)
_POLYNOMIAL = 0x864CFB
_SUM_START = 0xB704CE


class Malformed(ValueError):
    """Bytes that are not what the format says; the text is a short English reason."""


def of_signature(armored: bytes) -> bytes:
    """The packets in a signature header's value (final LF included), armored as git and GitHub write it.

    No armor headers, base64 at 64 columns in its only encoding, with or without a checksum, which is right.
    """
    text = armored.decode("ascii", "replace")
    found = _SIGNATURE.fullmatch(text) if len(text) <= _SIGNATURE_LIMIT else None
    if found is None:
        raise Malformed("not the armor of one PGP signature")
    data = _decode(found[1], found[2])
    encoded = base64.b64encode(data).decode("ascii")
    lines = [encoded[start : start + COLUMNS] + "\n" for start in range(0, len(encoded), COLUMNS)]
    if "".join(lines) != found[1]:
        raise Malformed("the armor is not as git and GitHub write it")
    return data


def of_key(armored: str) -> bytes:
    """The packets in one armored public key; armor headers may stand in it, nothing but blanks around it."""
    found = _KEY.fullmatch(armored.strip())
    if found is None:
        raise Malformed("not the armor of one PGP public key")
    return _decode(found[1], found[2])


def checksum(data: bytes) -> str:
    """The CRC-24 of RFC 4880 §6.1 in base64, without its equals sign."""
    value = _SUM_START
    for byte in data:
        value = (value << 8 & 0xFFFFFF) ^ _TABLE[value >> 16 ^ byte]
    return base64.b64encode(value.to_bytes(3, "big")).decode("ascii")


def _decode(body: str, wanted: str | None) -> bytes:
    try:
        data = base64.b64decode(body.replace("\n", ""), validate=True)
    except binascii.Error as error:
        raise Malformed("the armor is not base64") from error
    if wanted is not None and wanted != checksum(data):
        raise Malformed("the armor's checksum is wrong")
    return data


def _remainder(byte: int) -> int:
    value = byte << 16
    for _ in range(8):
        value <<= 1
        if value & 0x1000000:
            value ^= 0x1000000 | _POLYNOMIAL
    return value


_TABLE = tuple(_remainder(byte) for byte in range(256))
