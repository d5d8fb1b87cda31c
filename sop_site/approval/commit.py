"""Raw commit objects: a strict reader that keeps what it found wrong, and a writer (protocol §4.1, §4.5)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from sop_site.approval.sshsig import BEGIN

SIGNATURE_HEADER = {"sha1": "gpgsig", "sha256": "gpgsig-sha256"}
ID_LENGTH = {"sha1": 40, "sha256": 64}
# The protocol ends time at 2**40 seconds, datetime in the year 9999. What lies between is in the future of
# every clock that this program can be given, so that CLOCK is the answer to both.
EPOCH_END = 253_402_214_400
_WIDEST_ZONE = 14 * 60
_PERSON = re.compile(r"([^<>\x00-\x1f\x7f]*) <([^<> \x00-\x1f\x7f]*)> (0|[1-9][0-9]*) ([+-][0-9]{4})")
_AUTHOR_EMAIL = re.compile(rb"^author [^<>\n]*<([^<>\n]*)>", re.MULTILINE)
_LINKS = {
    form: re.compile(rb"tree ([0-9a-f]{%d})\n((?:parent [0-9a-f]{%d}\n)*)" % (length, length))
    for form, length in ID_LENGTH.items()
}
_NOT_IN_A_NAME = re.compile(r"[<>\x00-\x1f\x7f]+")


def format_of(oid: str) -> str:
    """The object format that an id belongs to, told by its length."""
    return "sha256" if len(oid) == ID_LENGTH["sha256"] else "sha1"


class CommitMalformed(ValueError):
    """Bytes in which not even tree and parents can be found."""


@dataclass(frozen=True, slots=True)
class Ident:
    """An author or committer line."""

    name: str
    email: str
    epoch: int
    zone: str

    @property
    def in_range(self) -> bool:
        """Whether time and zone are such as a clock on earth can show."""
        minutes = int(self.zone[3:5])
        return self.epoch < EPOCH_END and minutes < 60 and self._offset <= _WIDEST_ZONE

    @property
    def time(self) -> datetime:
        """The moment in the writer's own offset; only for idents that are ``in_range``."""
        sign = -1 if self.zone[0] == "-" else 1
        return datetime.fromtimestamp(self.epoch, timezone(sign * timedelta(minutes=self._offset)))

    @property
    def _offset(self) -> int:
        return int(self.zone[1:3]) * 60 + int(self.zone[3:5])


@dataclass(frozen=True, slots=True)
class Links:
    """What any commit must tell, however odd the rest of it is."""

    tree: str
    parents: tuple[str, ...]
    author_email: str


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit whose headers were read by the strict grammar; ``problems`` says what does not keep to it."""

    tree: str
    parents: tuple[str, ...]
    author: Ident | None
    committer: Ident | None
    author_equals_committer: bool
    signature: bytes | None
    """The signature header's value with a final LF, as it would lie in a file."""
    payload: bytes
    """The commit without its signature header: what is signed."""
    message: str
    problems: tuple[str, ...]


def links(raw: bytes, object_format: str) -> Links:
    """Tree, parents and author e-mail of any commit; ``CommitMalformed`` where they cannot be read."""
    head = raw.partition(b"\n\n")[0] + b"\n"
    found = _LINKS[object_format].match(head)
    if found is None or head.startswith(b"parent ", found.end()):
        raise CommitMalformed("a tree or parent line is not in order")
    author = _AUTHOR_EMAIL.search(head)
    if author is None:
        raise CommitMalformed("no author line")
    parents = tuple(line[len("parent ") :] for line in found[2].decode("ascii").splitlines())
    return Links(found[1].decode("ascii"), parents, author[1].decode("utf-8", "replace"))


def parse(raw: bytes, object_format: str) -> Commit:
    """A commit by the strict grammar; ``CommitMalformed`` where not even tree and parents can be read."""
    known = links(raw, object_format)
    head, blank, body = raw.partition(b"\n\n")
    problems = [] if blank else ["no blank line after the headers"]
    headers = _headers(head)
    wanted = ["tree", *["parent"] * len(known.parents), "author", "committer"]
    own = SIGNATURE_HEADER[object_format]
    names = [name for name, _, _ in headers]
    if names not in (wanted, [*wanted, own]):
        problems.append(f"headers are {' '.join(names)[:200]!r}")
    if any(len(lines) > 1 for name, _, lines in headers if name != own):
        problems.append("a header other than the signature spans lines")
    if b"\0" in raw or b"\r" in raw or not _is_utf8(raw):
        problems.append("not UTF-8 with line feeds, without NUL")
    signatures = [(value, lines) for name, value, lines in headers if name == own]
    author, committer = (_first(headers, name) for name in ("author", "committer"))
    who = tuple(_ident(value) for value in (author, committer))
    problems += [
        f"{name} line" for name, ident in zip(("author", "committer"), who, strict=True) if not ident
    ]
    payload = raw
    if signatures:
        kept = [line for name, _, lines in headers if name != own for line in lines]
        payload = b"\n".join(kept) + blank + body
    return Commit(
        tree=known.tree,
        parents=known.parents,
        author=who[0],
        committer=who[1],
        author_equals_committer=author == committer,
        signature=signatures[0][0] + b"\n" if signatures else None,
        payload=payload,
        message=body.decode("utf-8", "replace"),
        problems=tuple(problems),
    )


def build_payload(
    *, tree: str, parents: Sequence[str], name: str, email: str, when: datetime, message: str
) -> bytes:
    """The bytes to sign: author and committer are one person at one time (aware, whole seconds)."""
    offset = when.utcoffset()
    if offset is None:
        raise ValueError("a commit's time needs an offset")
    minutes = int(offset.total_seconds()) // 60
    zone = f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}{abs(minutes) % 60:02d}"
    # A policy may name somebody in marks that end a name in a commit; who signs is told by key and e-mail.
    shown = " ".join(_NOT_IN_A_NAME.sub(" ", name).split()) or email
    person = f"{shown} <{email}> {int(when.timestamp())} {zone}"
    lines = [f"tree {tree}", *(f"parent {parent}" for parent in parents)]
    lines += [f"author {person}", f"committer {person}", "", message]
    return "\n".join(lines).encode("utf-8")


def with_signature(payload: bytes, armor: str, object_format: str = "sha1") -> bytes:
    """The commit object: the payload with the armor as its last header, as git itself writes it."""
    head, _, body = payload.partition(b"\n\n")
    value = armor.rstrip("\n").encode("ascii").replace(b"\n", b"\n ")
    return head + b"\n" + SIGNATURE_HEADER[object_format].encode("ascii") + b" " + value + b"\n\n" + body


def is_pgp(signature: bytes) -> bool:
    """Whether a signature header holds something other than SSH's armor that calls itself PGP."""
    return signature.startswith(b"-----BEGIN PGP") and not signature.startswith(BEGIN.encode("ascii"))


def _headers(head: bytes) -> list[tuple[str, bytes, list[bytes]]]:
    """Each header's name, unfolded value and lines as they stand."""
    grouped: list[list[bytes]] = []
    for line in head.split(b"\n"):
        if line.startswith(b" ") and grouped:
            grouped[-1].append(line)
        else:
            grouped.append([line])
    return [_header(lines) for lines in grouped]


def _header(lines: list[bytes]) -> tuple[str, bytes, list[bytes]]:
    name, _, first = lines[0].partition(b" ")
    return name.decode("utf-8", "replace"), b"\n".join([first, *(line[1:] for line in lines[1:])]), lines


def _first(headers: list[tuple[str, bytes, list[bytes]]], name: str) -> bytes:
    return next((value for found, value, _ in headers if found == name), b"")


def _ident(value: bytes) -> Ident | None:
    found = _PERSON.fullmatch(value.decode("utf-8", "replace"))
    if found is None:
        return None
    # An epoch of absurd length is out of range however long it is; int() would refuse thousands of digits.
    epoch = int(found[3]) if len(found[3]) <= 19 else EPOCH_END
    return Ident(found[1], found[2], epoch, found[4])


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
