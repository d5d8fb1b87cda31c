"""The words of approval commits and ledger commits, with the trailers that bind them (protocol §4.7, §6)."""

import re
from dataclasses import dataclass

APPROVAL_VERSION = "1"
LEDGER_VERSION = "1"
NO_LEDGER = "none"
_APPROVAL_KEYS = (
    "Approval-Version",
    "Approval-Sequence",
    "Approval-Ref",
    "Approval-Genesis",
    "Approval-Draft",
    "Approval-Digest",
    "Approval-Policy",
    "Approval-Ledger",
)
_LEDGER_KEYS = ("Ledger-Version", "Ledger-Sequence")
_RESERVED = ("Approval-", "Ledger-")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class MessageMalformed(ValueError):
    """A message that is not in the form; the text is a short English reason."""


@dataclass(frozen=True, slots=True)
class ApprovalTrailers:
    """The trailers' values as they stand in the text, in the protocol's order."""

    sequence: str
    ref: str
    genesis: str
    draft: str
    digest: str
    policy: str
    ledger: str
    """A commit id, or ``none``."""
    version: str = APPROVAL_VERSION

    def by_name(self) -> dict[str, str]:
        """The values under the names of the fields."""
        return {key.removeprefix("Approval-").lower(): value
                for key, value in zip(_APPROVAL_KEYS, self.values(), strict=True)}  # fmt: skip

    def values(self) -> tuple[str, ...]:
        """The values in the order of the lines."""
        return (
            self.version, self.sequence, self.ref, self.genesis,
            self.draft, self.digest, self.policy, self.ledger,
        )  # fmt: skip


def approval_message(subject: str, text: str, trailers: ApprovalTrailers) -> str:
    """An approval's message; lines of ``text`` that look like trailers are indented, never dropped."""
    return _message(subject, text, dict(zip(_APPROVAL_KEYS, trailers.values(), strict=True)))


def ledger_message(subject: str, sequence: int) -> str:
    """A ledger entry's message."""
    return _message(subject, "", dict(zip(_LEDGER_KEYS, (LEDGER_VERSION, str(sequence)), strict=True)))


def parse_approval(message: str) -> ApprovalTrailers:
    """The trailers of an approval; ``MessageMalformed`` where the form of §4.7 is not kept."""
    before, values = _split(message, _APPROVAL_KEYS)
    if any(line.startswith(_RESERVED) for line in before):
        raise MessageMalformed("a line outside the last paragraph begins like a trailer")
    version, sequence, ref, genesis, draft, digest, policy, ledger = values
    return ApprovalTrailers(sequence, ref, genesis, draft, digest, policy, ledger, version)


def parse_button(message: str) -> dict[str, str]:
    """The trailers in a message that a forge wrote, by their names without ``Approval-``, in lower case.

    None at all, or a last paragraph of some of them, once each and in their order, with or without a
    final LF; ``MessageMalformed`` where any line looks like a trailer anywhere else, or there is no subject.
    """
    lines = message.removesuffix("\n").split("\n")
    if not lines[0].strip() or any(lines[1:2]):
        raise MessageMalformed("a subject with a blank line after it is required")
    marked = [place for place, line in enumerate(lines) if line.startswith(_RESERVED)]
    if not marked:
        return {}
    if marked != list(range(marked[0], len(lines))) or marked[0] < 2 or lines[marked[0] - 1] != "":
        raise MessageMalformed("lines that begin like trailers are no last paragraph of their own")
    pairs = [_trailer(line) for line in lines[marked[0] :]]
    names = [name for name, _ in pairs]
    if names != [key for key in _APPROVAL_KEYS if key in names]:
        raise MessageMalformed("trailers are unknown, repeated or out of order")
    return {name.removeprefix("Approval-").lower(): value for name, value in pairs}


def parse_ledger(message: str) -> tuple[str, str]:
    """Version and sequence of a ledger entry's message; ``MessageMalformed`` where §6 is not kept."""
    before, (version, sequence) = _split(message, _LEDGER_KEYS)
    if any(line.startswith("Approval-") for line in before):
        raise MessageMalformed("a ledger message holds a line that begins with Approval-")
    return version, sequence


def _message(subject: str, text: str, trailers: dict[str, str]) -> str:
    head = " ".join(_CONTROL.sub(" ", subject).split()) or "-"
    lines = _CONTROL.sub("", text.replace("\r\n", "\n")).strip("\n").split("\n")
    body = "\n".join(_harmless(line.rstrip()) for line in lines)
    paragraphs = [_harmless(head), body, "\n".join(f"{key}: {value}" for key, value in trailers.items())]
    return "\n\n".join(part for part in paragraphs if part.strip()) + "\n"


def _harmless(line: str) -> str:
    return f" {line}" if line.startswith(_RESERVED) else line


def _split(message: str, keys: tuple[str, ...]) -> tuple[list[str], tuple[str, ...]]:
    """Lines before the last paragraph, and the trailers' values in order."""
    lines = message.split("\n")
    count = len(keys)
    if lines.pop() != "" or len(lines) < count + 2:
        raise MessageMalformed("subject, blank line and trailers, ended by one line feed, are required")
    before, trailers = lines[:-count], lines[-count:]
    if not before[0].strip() or before[1] != "" or before[-1] != "":
        raise MessageMalformed("subject, blank line and a paragraph of trailers alone are required")
    values = []
    for key, line in zip(keys, trailers, strict=True):
        name, value = _trailer(line)
        if name != key:
            raise MessageMalformed(f"the line of {key} is not as it must be")
        values.append(value)
    return before, tuple(values)


def _trailer(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(": ")
    if not colon or not value or value != value.strip():
        raise MessageMalformed("a trailer is not a name, a colon, a space and a value")
    return name, value
