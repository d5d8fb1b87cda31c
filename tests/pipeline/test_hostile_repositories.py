"""What whoever prepares a repository's files, or pushes a draft, may try on the verifier itself."""

import hashlib
import os
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline import taking, under_test, verification
from pipeline.gitenv import GitFailed
from sop_site.approval.store import COMMIT_LIMIT, FILE_LIMIT
from tests import history
from tests.office import Office, page

pytestmark = pytest.mark.git


@pytest.fixture
def decided(office: Office) -> Office:
    """An office with an approval and a refusal, so that drafts are looked at as well."""
    office.approves(office.announces("pertama"))
    office.rejects(office.announces("ditolak"))
    return office


def _loose(office: Office, kind: str, data: bytes) -> str:
    """Write an object that stock git would take too long, or refuse, to write."""
    whole = f"{kind} {len(data)}\0".encode() + data
    oid = hashlib.sha1(whole).hexdigest()
    path = office.repo / ".git" / "objects" / oid[:2] / oid[2:]
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(zlib.compress(whole, 1))
    return oid


def _draft_with(office: Office, line: bytes, name: str) -> str:
    """A draft whose tree is one line."""
    tree = _loose(office, "tree", line)
    tip = office.commits(tree, [office.tip("publish")], "Naskah", office.operator)
    office.git("update-ref", f"refs/heads/draft/{name}", tip)
    return tip


@pytest.mark.parametrize(
    "place", ["info/alternates", f"pack/pack-{'1' * 40}.idx", f"11/{'1' * 38}", "info/commit-graph"]
)
def test_a_pipe_among_the_objects_is_refused_and_not_waited_for(decided: Office, place: str) -> None:
    path = decided.repo / ".git" / "objects" / place
    path.parent.mkdir(exist_ok=True)
    os.mkfifo(path)

    assert decided.codes() == ["REPO_UNSAFE"]


def test_a_file_too_large_to_be_public_in_a_draft_stops_nobody(decided: Office) -> None:
    blob = _loose(decided, "blob", bytes(FILE_LIMIT + 1))
    _draft_with(decided, b"100644 besar\0" + bytes.fromhex(blob), "besar")

    assert decided.codes() == []


def test_a_file_too_large_to_be_public_on_publish_is_a_limit(decided: Office) -> None:
    blob = _loose(decided, "blob", bytes(FILE_LIMIT + 1))
    folder = _loose(decided, "tree", b"100644 besar\0" + bytes.fromhex(blob))
    tip = _draft_with(decided, b"40000 content\0" + bytes.fromhex(folder), "besar")
    signed = history.payload(decided, tip, text="Setujui\n", tree=decided.git("rev-parse", f"{tip}^{{tree}}"))
    history.publish(decided, history.store(decided, signed, history.sign(signed, decided.head.key)))

    assert "LIMIT" in decided.codes()


def test_a_commit_of_a_million_lines_is_a_limit(decided: Office) -> None:
    tree, publish = decided.git("rev-parse", "publish^{tree}"), decided.tip("publish")
    head = f"tree {tree}\nparent {publish}\nauthor a <a@b.c> 1 +0000\ncommitter a <a@b.c> 1 +0000\n\n"
    history.publish(decided, _loose(decided, "commit", head.encode() + b"\n" * COMMIT_LIMIT))

    assert decided.codes() == ["LIMIT"]


def test_a_draft_that_cannot_be_taken_over_costs_no_other_its_judgement(
    decided: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = decided.announces("benar")
    wrong = {"content_digest": "sha256:" + "0" * 64}
    history.ledger_entry(decided, "reject", draft=decided.tip(f"draft/{right}"), data=wrong)
    for number in range(9):
        name = f"2026-01-05-besar-{number}"
        decided.writes(f"content/pengumuman/{name}/index.md", page("Besar", body="x" * 90_000), draft=name)
    gone = _loose(decided, "commit", b"rusak")
    decided.git("update-ref", "refs/heads/draft/aaa", decided.tip("publish"))
    (decided.repo / ".git/refs/heads/draft/aaa").write_text(f"{gone}\n")
    monkeypatch.setattr(taking, "DRAFT_BYTES", 80_000)

    assert decided.codes() == ["LEDGER_GRAMMAR"]


def _delta_of_itself(office: Office) -> str:
    """A pack in which two objects are each a change to the other, as no git writes it."""
    first, second = "aa" * 20, "bb" * 20
    copy = b"\x32\x32\x90\x32"
    entries = []
    for base in (second, first):
        size = len(copy)
        entries.append(bytes([0x70 | size]) + bytes.fromhex(base) + zlib.compress(copy))
    pack = b"PACK" + struct.pack(">II", 2, 2) + b"".join(entries)
    pack += hashlib.sha1(pack).digest()
    offsets = (12, 12 + len(entries[0]))
    index = b"\377tOc" + struct.pack(">I", 2)
    index += b"".join(struct.pack(">I", (byte >= 0xAA) + (byte >= 0xBB)) for byte in range(256))
    index += bytes.fromhex(first) + bytes.fromhex(second)
    index += b"".join(struct.pack(">I", zlib.crc32(entry)) for entry in entries)
    index += struct.pack(">II", *offsets) + pack[-20:]
    index += hashlib.sha1(index).digest()
    place = office.repo / ".git" / "objects" / "pack" / f"pack-{pack[-20:].hex()}"
    place.parent.mkdir(exist_ok=True)
    place.with_suffix(".pack").write_bytes(pack)
    place.with_suffix(".idx").write_bytes(index)
    return first


def test_deltas_that_run_in_a_circle_end(decided: Office) -> None:
    _draft_with(decided, b"100644 lingkaran\0" + bytes.fromhex("aa" * 20), "lingkaran")
    _delta_of_itself(decided)

    assert decided.codes() == []


@pytest.mark.parametrize("text", ["gitdir: " + "a" * 5000, "gitdir: a\0b", "gitdir: .git", ""])
def test_a_git_file_that_leads_nowhere_is_no_repository(office: Office, text: str) -> None:
    (office.repo / ".git").rename(office.root / "lain")
    (office.repo / ".git").write_text(text)

    assert office.sop("verify").code == 4


def test_a_link_that_git_reads_as_a_reference_is_a_twin(office: Office) -> None:
    office.git("update-ref", "refs/heads/lain", office.tip("publish"))
    office.git("pack-refs", "--all")
    (office.repo / ".git" / "publish").symlink_to("refs/heads/lain")

    assert office.codes() == ["REF_AMBIGUOUS"]


def test_references_that_are_packed_while_they_are_read_are_seen(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    tip = history.publish(office, history.merge(office, office.announces("jadwal")))

    def then_pack(read: Callable[[Path], Any]) -> Callable[[Path], Any]:
        def reads(folder: Path) -> Any:
            found = dict(read(folder))
            office.git("pack-refs", "--all")
            return found

        return reads

    monkeypatch.setattr(under_test, "_packed", then_pack(under_test._packed))
    monkeypatch.setattr(under_test, "_loose", then_pack(under_test._loose))

    assert under_test.look(office.repo).tip("refs/heads/publish") == tip


def test_a_repository_that_is_repacked_meanwhile_is_asked_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    history.publish(office, history.merge(office, office.announces("jadwal")))
    failures = [True]

    def take(*given: Any) -> None:
        if failures:
            failures.pop()
            office.git("repack", "-a", "-d", "-q")
            raise GitFailed(["pack-objects"], 128, "")
        taking.take(*given)

    monkeypatch.setattr(verification, "take", take)

    assert office.codes() == []
