"""Passkey signatures: what the browser said, and every condition under which that is an approval (§4.3).

OpenSSH checks the beginning of the client data and the key's signature, but neither which origin it was
nor whether anybody was asked for a PIN or finger; all of that is checked here. What OpenSSH does check is
checked as strictly here, so that whatever this verifier accepts stock ``git verify-commit`` accepts too.
"""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NoReturn

from sop_site.approval import ssh_wire
from sop_site.approval.reasons import Reasons
from sop_site.approval.security_keys import ATTESTED, EXTENDED, PRESENT, VERIFIED, Touch

KIND = "webauthn-sk-ecdsa-sha2-nistp256@openssh.com"
CODE = "WEBAUTHN"
_TYPE = "webauthn.get"


class Objection(StrEnum):
    """A condition that is not met; the value is also the code of its sentence in the catalogues."""

    CLIENT_DATA = "passkey-client-data"
    TYPE = "passkey-type"
    CHALLENGE = "passkey-challenge"
    ORIGIN = "passkey-origin"
    CROSS_ORIGIN = "passkey-cross-origin"
    ORDER = "passkey-order"
    PRESENCE = "passkey-presence"
    VERIFICATION = "passkey-verification"
    EXTENSIONS = "passkey-extensions"
    NOT_ADMITTED = "passkey-not-admitted"
    RP_ID = "passkey-rp-id"
    ORIGIN_UNLISTED = "passkey-origin-unlisted"


DETAILS: dict[Objection, str] = {
    Objection.CLIENT_DATA: "the client data is not one JSON object in UTF-8 with each name once",
    Objection.TYPE: "the client data's type is not webauthn.get",
    Objection.CHALLENGE: "the challenge is not what is to be signed",
    Objection.ORIGIN: "the origin beside the client data is another one",
    Objection.CROSS_ORIGIN: "asked for from within another site's page",
    Objection.ORDER: "the client data does not begin with type, challenge and origin as OpenSSH reads it",
    Objection.PRESENCE: "nobody touched the key",
    Objection.VERIFICATION: "the key did not verify who it was",
    Objection.EXTENSIONS: "there are extensions or attested data",
    Objection.NOT_ADMITTED: "the policy admits no passkeys",
    Objection.RP_ID: "made for another RP id than the policy's",
    Objection.ORIGIN_UNLISTED: "the policy does not list the origin",
}


@dataclass(frozen=True, slots=True)
class Webauthn:
    """The policy's ``[webauthn]`` table: where passkeys may be used."""

    rp_id: str
    origins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where one passkey signature was made."""

    rp_id: str
    origin: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the signature carries of the browser's answer, byte for byte."""

    origin: bytes
    client_data: bytes
    extensions: bytes

    @property
    def wire(self) -> bytes:
        """The three fields as they stand in a signature."""
        return b"".join(ssh_wire.string(part) for part in (self.origin, self.client_data, self.extensions))


def take_answer(data: bytes) -> tuple[Answer, bytes]:
    """The leading origin, client data and extensions, and what follows them."""
    origin, rest = ssh_wire.take(data)
    client_data, rest = ssh_wire.take(rest)
    extensions, rest = ssh_wire.take(rest)
    return Answer(origin, client_data, extensions), rest


def challenge_text(signed_data: bytes) -> str:
    """The challenge as it stands in the client data: base64url without padding."""
    return base64.urlsafe_b64encode(signed_data).decode("ascii").rstrip("=")


def members(client_data: bytes) -> dict[str, Any] | None:
    """The client data's members, ``None`` where two readers could read them differently or not at all."""
    try:
        found = json.loads(client_data.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def objections(answer: Answer, touch: Touch, signed_data: bytes) -> Iterator[Objection]:
    """Conditions that are not met and that need no policy to be judged; the key's signature is not one."""
    said = members(answer.client_data)
    if said is None:
        yield Objection.CLIENT_DATA
    else:
        yield from _misstatements(said, answer, signed_data)
    if not touch.has(PRESENT):
        yield Objection.PRESENCE
    if not touch.has(VERIFIED):
        yield Objection.VERIFICATION
    if touch.has(EXTENDED) or touch.has(ATTESTED) or answer.extensions:
        yield Objection.EXTENSIONS


def misplacements(place: Place | None, rules: Webauthn | None) -> Iterator[Objection]:
    """Conditions that a policy's table sets and the place does not meet; none for other signatures."""
    if place is None:
        return
    if rules is None:
        yield Objection.NOT_ADMITTED
        return
    if place.rp_id != rules.rp_id:
        yield Objection.RP_ID
    if place.origin not in rules.origins:
        yield Objection.ORIGIN_UNLISTED


def judge_place(place: Place | None, rules: Webauthn | None, reasons: Reasons) -> None:
    """Note what the policy's table does not admit; ``place`` is ``None`` for every other signature."""
    for objection in misplacements(place, rules):
        reasons.add(CODE, DETAILS[objection])


def _misstatements(said: dict[str, Any], answer: Answer, signed_data: bytes) -> Iterator[Objection]:
    challenge = challenge_text(signed_data)
    if said.get("type") != _TYPE:
        yield Objection.TYPE
    if said.get("challenge") != challenge:
        yield Objection.CHALLENGE
    if said.get("origin") != answer.origin.decode("utf-8", "replace"):
        yield Objection.ORIGIN
    if said.get("crossOrigin", False) is not False:
        yield Objection.CROSS_ORIGIN
    # OpenSSH reads no JSON: it compares bytes with the beginning that the WebAuthn specification fixes.
    beginning = f'{{"type":"{_TYPE}","challenge":"{challenge}","origin":"'.encode("ascii")
    if not answer.client_data.startswith(beginning + answer.origin + b'"'):
        yield Objection.ORDER


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")
