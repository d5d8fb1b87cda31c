"""OpenPGP keys and signatures: GitHub's own, two other programs', and every way to have them wrong."""

from collections.abc import Callable
from pathlib import Path

import pysequoia
import pytest

from sop_site.approval import commit, openpgp, openpgp_armor
from sop_site.approval.openpgp import AlgorithmRefused
from sop_site.approval.openpgp_armor import Malformed
from tests import button
from tests.button import Key, ed25519_key, packet, rsa_key, subpacket

GITHUB = Path(__file__).parent / "github"
"""Published by GitHub: its key (web-flow.gpg), and a commit of useblocks/sphinx-needs made for a robot."""
WEB_FLOW = "968479A1AFF927E37D1A566BB5690EEEBB952194"
DOCUMENT = b"tree 0\n"
TIME = subpacket(2, button.MADE.to_bytes(4, "big"))


def github_key() -> openpgp.Key:
    return openpgp.parse_key(openpgp_armor.of_key((GITHUB / "web-flow.asc").read_text()))


def github_commit() -> commit.Commit:
    (file,) = GITHUB.glob("*.commit")
    return commit.parse(file.read_bytes(), "sha1")


def parsed(key: Key) -> openpgp.Key:
    return openpgp.parse_key(openpgp_armor.of_key(key.armored))


def holds(key: Key, packets: bytes, document: bytes = DOCUMENT) -> bool:
    return openpgp.verify(openpgp.parse_signature(packets), parsed(key), document)


def named(key: Key) -> bytes:
    return subpacket(16, bytes.fromhex(key.fingerprint[-16:]))


def test_githubs_own_key_and_signature_are_understood() -> None:
    key, made = github_key(), github_commit()
    signature = openpgp.parse_signature(openpgp_armor.of_signature(made.signature or b""))

    assert (key.fingerprint, key.revoked) == (WEB_FLOW, False)
    assert signature.issuers == (WEB_FLOW[-16:],)
    assert signature.names(WEB_FLOW)
    assert openpgp.verify(signature, key, made.payload)
    assert not openpgp.verify(signature, key, made.payload.replace(b"from 3", b"from 2"))


@pytest.mark.parametrize(
    "key", [rsa_key(), ed25519_key(), ed25519_key(native=True)], ids=["rsa", "eddsa", "ed25519"]
)
@pytest.mark.parametrize("hash_", [8, 9, 10])
def test_every_admitted_key_signs_with_every_admitted_hash(key: Key, hash_: int) -> None:
    packets = button.signature(DOCUMENT, key, hash=hash_)

    assert holds(key, packets)
    assert not holds(key, packets, DOCUMENT + b"x")


def test_what_another_program_signs_is_accepted() -> None:
    secret = pysequoia.Tsk.generate(user_id="forge", profile=pysequoia.Profile.RFC4880)
    armored = pysequoia.sign(secret.signer(), DOCUMENT, mode=pysequoia.SignatureMode.DETACHED)
    signature = openpgp.parse_signature(openpgp_armor.of_signature(bytes(armored)))
    # Sequoia signs with a subkey; listed by itself it is a key like any other, with the same fingerprint.
    bodies = [one.body for one in subkeys(bytes(secret.extract_certificate()))]
    keys = [openpgp.parse_key(packet(6, body)) for body in bodies]
    (key,) = [key for key in keys if signature.names(key.fingerprint)]

    assert openpgp.verify(signature, key, DOCUMENT)
    assert not openpgp.verify(signature, key, DOCUMENT + b"x")


def subkeys(certificate: bytes) -> list[pysequoia.packet.Packet]:
    return [
        one
        for one in pysequoia.packet.PacketPile.from_bytes(certificate)
        if one.tag == pysequoia.packet.Tag.PublicSubkey
    ]


def test_version_6_of_another_program_is_refused() -> None:
    secret = pysequoia.Tsk.generate(user_id="forge", profile=pysequoia.Profile.RFC9580)
    armored = pysequoia.sign(secret.signer(), DOCUMENT, mode=pysequoia.SignatureMode.DETACHED)

    with pytest.raises(Malformed, match="version 4"):
        openpgp.parse_signature(openpgp_armor.of_signature(bytes(armored)))


@pytest.mark.parametrize("key", [rsa_key(), ed25519_key()], ids=["rsa", "ed25519"])
def test_numbers_that_begin_with_zeros_are_numbers(key: Key) -> None:
    """One signature in a few hundred is shorter than the others."""
    short = False
    for number in range(3000):
        document = number.to_bytes(4, "big")
        packets = button.signature(document, key)
        material = openpgp.parse_signature(packets).material
        short = material[2] == 0 if key.algorithm == 1 else material[:2] < (249).to_bytes(2, "big")
        if short:
            break

    assert short
    assert holds(key, packets, document)


@pytest.mark.parametrize(
    ("key", "made", "reason"),
    [
        (rsa_key(2048), {}, "RSA of 2048 bits"),
        (rsa_key(), {"hash": 2}, "hash algorithm 2"),
        (rsa_key(), {"hash": 11}, "hash algorithm 11"),
    ],
    ids=["rsa2048", "sha1", "sha224"],
)
def test_weak_keys_and_hashes_are_refused_by_name(key: Key, made: dict[str, int], reason: str) -> None:
    with pytest.raises(AlgorithmRefused, match=reason):
        holds(key, button.signature(DOCUMENT, key, **made))  # type: ignore[arg-type]


def test_a_key_of_another_algorithm_is_refused_by_name() -> None:
    dsa = openpgp.Key("0" * 40, 17, b"", revoked=False)
    with pytest.raises(AlgorithmRefused, match="algorithm 17"):
        openpgp.verify(openpgp.parse_signature(button.signature(DOCUMENT, rsa_key())), dsa, DOCUMENT)


def test_a_signature_may_not_call_itself_by_another_algorithm() -> None:
    assert not holds(rsa_key(), button.signature(DOCUMENT, rsa_key(), algorithm=3))


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda packets: packets * 2, "one signature"),
        (lambda packets: packets + b"\xd5\x01\x00", "one signature"),
        (lambda packets: packets + b"x", "packet"),
        (lambda packets: packet(10, b"PGP") + packets, "one signature"),
        (lambda packets: b"", "no packet"),
        (lambda packets: packets[:1] + b"\xe9" + packets[3:], "in parts"),
        (lambda packets: b"\x8b" + packets[3:], "told length"),
        (lambda packets: packets[:-1], "cut short"),
    ],
)
def test_only_one_whole_signature_packet_is_read(spoil: Callable[[bytes], bytes], reason: str) -> None:
    with pytest.raises(Malformed, match=reason):
        openpgp.parse_signature(spoil(button.signature(DOCUMENT, rsa_key())))


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        ({"version": 3}, "version 4"),
        ({"version": 5}, "version 4"),
        ({"kind": 1}, "document"),
        ({"hashed": b""}, "when it was made"),
        ({"hashed": TIME * 2}, "twice"),
        ({"hashed": TIME + subpacket(3, b"\0\0\0\1")}, "expires"),
        ({"hashed": TIME + subpacket(20 | 0x80, b"x")}, "critical"),
        ({"hashed": TIME + subpacket(33, b"\x06" + bytes(32))}, "another version"),
        ({"hashed": TIME + subpacket(16, b"1234")}, "key id"),
        ({"hashed": TIME + b"\0"}, "empty"),
        ({"hashed": TIME + b"\x20x"}, "cut short"),
        ({"loose": TIME}, "twice"),
        ({"loose": subpacket(20, b"x")}, "unhashed"),
    ],
)
def test_what_changes_a_signatures_meaning_is_refused(made: dict[str, int], reason: str) -> None:
    with pytest.raises(Malformed, match=reason):
        openpgp.parse_signature(button.signature(DOCUMENT, rsa_key(), **made))  # type: ignore[arg-type]


def test_the_issuer_may_stand_unhashed_and_all_issuers_must_agree() -> None:
    key, other = rsa_key(), rsa_key(name="lain")
    whole = subpacket(33, b"\x04" + bytes.fromhex(key.fingerprint))
    gnupg = openpgp.parse_signature(button.signature(DOCUMENT, key, hashed=whole + TIME, loose=named(key)))
    torn = openpgp.parse_signature(button.signature(DOCUMENT, key, hashed=whole + TIME, loose=named(other)))
    silent = openpgp.parse_signature(button.signature(DOCUMENT, key, hashed=TIME))

    assert gnupg.names(key.fingerprint)
    assert not any(one.names(each.fingerprint) for one in (torn, silent) for each in (key, other))


@pytest.mark.parametrize("key", [rsa_key(), ed25519_key()], ids=["rsa", "ed25519"])
def test_damaged_bytes_are_refused_in_words_never_by_a_crash(key: Key) -> None:
    packets, other = button.signature(DOCUMENT, key), DOCUMENT + b"x"
    for place in range(len(packets)):
        for damaged in (
            packets[:place],
            packets[:place] + bytes([packets[place] ^ 0x81]) + packets[place + 1 :],
        ):
            try:
                assert not holds(key, damaged, other)
            except (Malformed, AlgorithmRefused):
                continue
    body = key.body
    for place in range(len(body)):
        try:
            damaged_key = openpgp.parse_key(
                packet(6, body[:place] + bytes([body[place] ^ 0xFF]) + body[place + 1 :])
            )
            assert not openpgp.verify(openpgp.parse_signature(packets), damaged_key, DOCUMENT) or place < 5
        except (Malformed, AlgorithmRefused):
            continue


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.replace("SIGNATURE-----\n\n", "SIGNATURE-----\nVersion: GnuPG v2\n\n", 1),
        lambda text: text.replace("SIGNATURE-----\n\n", "SIGNATURE-----\n", 1),
        lambda text: text.replace("\n=", "\n=A", 1),
        lambda text: text.replace("SIGNATURE", "MESSAGE"),
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.rstrip("\n"),
        lambda text: text + "\n\n",
        lambda text: text + text,
        lambda text: " " + text,
        lambda text: button.armor(packet(2, b"x" * 90), columns=76),
        lambda text: button.armor(packet(2, b"x" * 90), columns=32),
        lambda text: button.armor(packet(2, b"x" * 90)).replace("=", "==", 1),
        lambda text: button.armor(packet(2, b"x" * 9000)),
        lambda text: "-----BEGIN PGP SIGNATURE-----\n\n-----END PGP SIGNATURE-----\n",
        lambda text: text.replace("A", "Ä"),
    ],
)
def test_any_other_armor_around_a_signature_is_refused(spoil: Callable[[str], str]) -> None:
    with pytest.raises(Malformed):
        openpgp_armor.of_signature(spoil(button.armor(button.signature(DOCUMENT, rsa_key()))).encode())


def test_the_checksum_and_githubs_empty_last_line_are_optional() -> None:
    packets = button.signature(DOCUMENT, rsa_key())

    for text in (button.armor(packets), button.armor(packets, summed=False), button.armor(packets) + "\n"):
        assert openpgp_armor.of_signature(text.encode()) == packets


def test_a_key_may_come_with_names_signatures_and_armor_headers() -> None:
    key = rsa_key()
    more = packet(13, b"GitHub") + packet(2, b"\x04\x13") + packet(14, key.body)
    text = button.armor(packet(6, key.body) + more, "PUBLIC KEY BLOCK").replace("\n\n", "\nComment: x\n\n", 1)

    assert openpgp.parse_key(openpgp_armor.of_key(f"\n{text}\n")).fingerprint == key.fingerprint


@pytest.mark.parametrize(
    ("kind", "revoked"), [(b"\x04\x20", True), (b"\x03\x05\x20", True), (b"\x04\x30", False)]
)
def test_a_revocation_packed_with_the_key_is_seen(kind: bytes, revoked: bool) -> None:
    assert openpgp.parse_key(packet(6, rsa_key().body) + packet(2, kind)).revoked is revoked


@pytest.mark.parametrize(
    "packets",
    [
        b"",
        packet(13, b"GitHub"),
        packet(5, rsa_key().body),
        packet(6, b"\x03" + rsa_key().body[1:]),
        packet(6, b"\x06" + rsa_key().body[1:]),
        packet(6, b"\x04"),
        packet(6, rsa_key().body) + packet(6, rsa_key(name="lain").body),
        packet(6, rsa_key().body) + packet(7, b"x"),
    ],
)
def test_anything_but_one_public_key_of_version_4_is_refused(packets: bytes) -> None:
    with pytest.raises(Malformed):
        openpgp.parse_key(packets)


def test_two_armored_keys_are_not_one() -> None:
    with pytest.raises(Malformed):
        openpgp_armor.of_key(rsa_key().armored + rsa_key(name="lain").armored)
