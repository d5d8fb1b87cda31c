"""Commit headers that two readers read differently (protocol §4.1, §4.5)."""

import pytest

from tests.pipeline.attacks.catalogue import Act, Attack, Catalogue, must_be_refused
from tests.pipeline.attacks.scene import HEAD, STRANGER, Scene

HEADERS = Catalogue("headers")


def signed_with(old: bytes, new: bytes) -> Act:
    """An approval with one change in what is signed."""
    return lambda scene: scene.publish(scene.approval(edit=lambda raw: raw.replace(old, new, 1)))


def after_signing(old: bytes, new: bytes) -> Act:
    """An approval with one change outside what is signed."""
    return lambda scene: scene.publish(scene.approval(after=lambda raw: raw.replace(old, new, 1)))


def dated(epoch: object, zone: str = "+0800") -> Act:
    """An approval with an odd date on both lines."""
    return lambda scene: scene.publish(scene.approval(at=str(epoch), zone=zone))


def authored(line: str) -> Act:
    """An approval whose author line is another one; ``{now}`` is its time."""

    def act(scene: Scene) -> None:
        now = scene.tick()
        scene.publish(scene.approval(at=now, author=line.format(now=now)))

    return act


def unreadable(old: bytes, new: bytes) -> Act:
    """A tip whose parents nobody can read: of the chain only genesis is certain."""

    def act(scene: Scene) -> None:
        signed_with(old, new)(scene)
        scene.good = scene.genesis

    return act


def rootless(old: bytes, new: bytes) -> Act:
    """A tip that git takes for a root commit."""

    def act(scene: Scene) -> None:
        signed_with(old, new)(scene)
        scene.good = None

    return act


NAMED = HEAD.name.encode()
MAIL = HEAD.id.encode()
HEADERS.each(
    "HEADER_GRAMMAR",
    [
        ("author_twice", signed_with(b"\ncommitter ", b"\nauthor A <a@b.id> 1 +0000\ncommitter ")),
        ("committer_twice", signed_with(b"\n\n", b"\ncommitter A <a@b.id> 1 +0000\n\n")),
        ("committer_first", lambda s: s.publish(s.approval(edit=_swapped))),
        ("committer_missing", lambda s: s.publish(s.approval(edit=_without(b"committer ")))),
        ("encoding", signed_with(b"\n\n", b"\nencoding ISO-8859-1\n\n")),
        ("mergetag", signed_with(b"\n\n", b"\nmergetag object 0\n type commit\n\n")),
        ("unknown_header", signed_with(b"\n\n", b"\nx-note 1\n\n")),
        ("header_without_value", signed_with(b"\n\n", b"\nnote\n\n")),
        ("other_formats_signature_header", signed_with(b"\n\n", b"\ngpgsig-sha256 x\n\n")),
        ("author_goes_on", signed_with(b"\ncommitter ", b"\n more\ncommitter ")),
        ("committer_goes_on", signed_with(b"\n\n", b"\n more\n\n")),
        ("last_parent_goes_on", signed_with(b"\nauthor ", b"\n more\nauthor ")),
        ("nul_in_the_message", signed_with(b"Setujui", b"Setuju\0i")),
        ("nul_in_the_name", signed_with(NAMED, b"Camat\0")),
        ("carriage_return_in_the_message", signed_with(b"Setujui\n", b"Setujui \r baik\n")),
        ("name_in_latin_1", lambda s: s.publish(s.approval(edit=lambda r: r.replace(NAMED, b"Cam\xe4t")))),
        ("message_not_utf8", signed_with(b"Setujui", b"Setuju\xff")),
        ("surrogate_in_the_message", signed_with(b"Setujui", b"Setuju\xed\xa0\x80")),
        ("signature_before_author", lambda s: s.publish(s.approval(after=_signature_first))),
        ("epoch_padded", dated("0999999999")),
        ("epoch_signed", dated("+999999999")),
        ("epoch_negative", dated("-1")),
        ("epoch_hexadecimal", dated("0x7fffffff")),
        ("epoch_in_other_digits", dated("١٢٣")),
        ("epoch_fraction", dated("999999999.5")),
        ("epoch_missing", dated("")),
        ("zone_without_sign", dated(1, "0800")),
        ("zone_of_three_digits", dated(1, "+800")),
        ("zone_with_colon", dated(1, "+08:00")),
        ("zone_of_five_digits", dated(1, "+00800")),
        ("zone_by_name", dated(1, "WITA")),
        ("zone_missing", dated(1, "")),
        ("space_after_the_zone", dated(1, "+0800 ")),
        (
            "no_space_before_the_address",
            lambda s: s.publish(s.approval(edit=lambda r: r.replace(b" <", b"<"))),
        ),
        ("tab_before_the_date", lambda s: s.publish(s.approval(edit=lambda r: r.replace(b"> ", b">\t")))),
        ("tab_in_the_name", lambda s: s.publish(s.approval(edit=lambda r: r.replace(NAMED, b"C\tamat")))),
        ("two_addresses", lambda s: s.publish(s.approval(edit=lambda r: r.replace(b"> ", b"> <x@y.id> ")))),
        ("other_author_name", authored(f"Operator 1 <{HEAD.id}> {{now}} +0800")),
        ("other_author_address", authored(f"{HEAD.name} <{STRANGER.id}> {{now}} +0800")),
        ("other_author_date", authored(f"{HEAD.name} <{HEAD.id}> 1 +0800")),
        ("other_author_zone", authored(f"{HEAD.name} <{HEAD.id}> {{now}} +0700")),
        ("author_with_one_more_space", authored(f"{HEAD.name}  <{HEAD.id}> {{now}} +0800")),
    ],
    row=21,
)
HEADERS.each(
    "CLOCK",
    [
        ("epoch_of_two_to_the_fortieth", dated(2**40)),
        ("epoch_of_two_to_the_sixty_third", dated(2**63)),
        ("epoch_of_thirty_digits", dated("9" * 30)),
        ("epoch_of_five_thousand_digits", dated("9" * 5000)),
        ("zone_with_sixty_minutes", dated(10**9, "+0760")),
        ("zone_beyond_fourteen_hours", dated(10**9, "+1401")),
        ("zone_before_fourteen_hours", dated(10**9, "-1401")),
        ("zone_of_a_hundred_hours", dated(10**9, "+9999")),
        ("zone_fourteen_sixty", dated(10**9, "+1460")),
    ],
    row=12,
)
HEADERS.each(
    "OBJECT_CORRUPT",
    [
        ("tree_in_capitals", unreadable(b"tree ", b"tree A")),
        ("tree_cut_short", unreadable(b"tree ", b"tree")),
        ("parent_too_long", unreadable(b"parent ", b"parent 0")),
        ("parent_with_two_spaces", unreadable(b"parent ", b"parent  ")),
        ("author_missing", lambda s: (s.publish(s.approval(edit=_without(b"author "))), _only_genesis(s))),
        ("something_before_the_tree", unreadable(b"tree ", b"note x\ntree ")),
        (
            "carriage_returns_at_line_ends",
            lambda s: (s.publish(s.approval(edit=lambda raw: raw.replace(b"\n", b"\r\n"))), _only_genesis(s)),
        ),
    ],
    row=21,
)
HEADERS.each(
    "TRUST_MISMATCH",
    [
        ("tree_twice", lambda s: rootless(b"\nparent ", b"\n" + _tree_line(s) + b"\nparent ")(s)),
        ("parents_after_the_author", lambda s: (s.publish(s.approval(edit=_author_first)), _nothing(s))),
        ("header_between_tree_and_parents", rootless(b"\nparent ", b"\nnote x\nparent ")),
    ],
    row=21,
)


def _without(prefix: bytes):  # type: ignore[no-untyped-def]
    return lambda raw: b"\n".join(line for line in raw.split(b"\n") if not line.startswith(prefix))


def _swapped(raw: bytes) -> bytes:
    lines = raw.split(b"\n")
    place = next(number for number, line in enumerate(lines) if line.startswith(b"author "))
    lines[place], lines[place + 1] = lines[place + 1], lines[place]
    return b"\n".join(lines)


def _author_first(raw: bytes) -> bytes:
    lines = raw.split(b"\n")
    return b"\n".join([lines[0], lines[3], lines[4], lines[1], lines[2], *lines[5:]])


def _signature_first(raw: bytes) -> bytes:
    head, _, body = raw.partition(b"\n\n")
    before, _, signature = head.partition(b"\ngpgsig ")
    return before.replace(b"\nauthor ", b"\ngpgsig " + signature + b"\nauthor ", 1) + b"\n\n" + body


def _tree_line(scene: Scene) -> bytes:
    return b"tree " + scene.tree_of(scene.draft).encode()


def _only_genesis(scene: Scene) -> None:
    scene.good = scene.genesis


def _nothing(scene: Scene) -> None:
    scene.good = None


@HEADERS.attack("HEADER_GRAMMAR", row=21)
def signature_twice(scene: Scene) -> None:
    scene.publish(scene.approval(after=_doubled))


@HEADERS.attack("HEADER_GRAMMAR", "BAD_SIGNATURE", row=21)
def unsigned_header_of_the_other_format(scene: Scene) -> None:
    after_signing(b"\ngpgsig ", b"\ngpgsig-sha256 x\ngpgsig ")(scene)


@HEADERS.attack("HEADER_GRAMMAR", "UNSIGNED", row=1)
def signature_in_the_header_of_the_other_format(scene: Scene) -> None:
    scene.publish(scene.approval(header="gpgsig-sha256"))


@HEADERS.attack("HEADER_GRAMMAR", "UNSIGNED", row=1)
def signature_header_in_capitals(scene: Scene) -> None:
    scene.publish(scene.approval(header="GPGSIG"))


@HEADERS.attack("HEADER_GRAMMAR", "PRINCIPAL_MISMATCH", row=4)
def address_in_capitals_on_one_line(scene: Scene) -> None:
    scene.publish(
        scene.approval(email=HEAD.id.upper(), author=f"{HEAD.name} <{HEAD.id}> {scene.tick()} +0800")
    )


@HEADERS.attack("HEADER_GRAMMAR", "UNSIGNED", "MESSAGE_GRAMMAR", row=21)
def no_end_of_the_headers(scene: Scene) -> None:
    raw = scene.payload().partition(b"\n\n")[0] + b"\n"
    scene.publish(scene.put("commit", raw))


def _doubled(raw: bytes) -> bytes:
    head, _, body = raw.partition(b"\n\n")
    signature = head.partition(b"\ngpgsig ")[2]
    return head + b"\ngpgsig " + signature + b"\n\n" + body


@pytest.mark.parametrize("attack", HEADERS.attacks, ids=str)
def test_headers_have_one_reading(scene: Scene, attack: Attack) -> None:
    must_be_refused(attack, scene, ask_git=True)
