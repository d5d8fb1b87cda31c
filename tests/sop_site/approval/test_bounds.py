"""What grows in the reading: each form has a length beyond which it is refused unread."""

import json

import pytest

from sop_site.approval import commit, entry, policy, sshsig
from sop_site.approval.entry import EntryMalformed
from sop_site.approval.store import COMMIT_LIMIT, StoreFault
from tests.sop_site.approval import values
from tests.sop_site.approval.memory_objects import MemoryObjects

HEAD = f"tree {'0' * 40}\nauthor a <a@b.c> 1 +0000\ncommitter a <a@b.c> 1 +0000\n"


def test_a_header_of_many_lines_is_read_in_one_go() -> None:
    lines = b"\n ".join([b"x"] * 300_000)

    found = commit.parse(HEAD.encode() + b"gpgsig " + lines + b"\n\nPesan\n", "sha1")

    assert found.signature == lines.replace(b"\n ", b"\n") + b"\n"
    assert found.payload == HEAD.encode() + b"\nPesan\n"


def test_a_commit_larger_than_any_is_not_parsed() -> None:
    store = MemoryObjects()
    oid = store.put("commit", HEAD.encode() + b"\n" * COMMIT_LIMIT)

    with pytest.raises(StoreFault) as caught:
        store.links(oid)

    assert caught.value.code == "LIMIT"


def test_an_entry_of_brackets_alone_is_refused_unread() -> None:
    data = json.dumps({"data": [[]] * entry.LIMIT}).encode()

    with pytest.raises(EntryMalformed, match="larger"):
        entry.parse(data)


def test_an_armor_longer_than_any_is_refused_unread() -> None:
    text = sshsig.armor(b"x" * sshsig.LIMIT, b"", "git")

    with pytest.raises(sshsig.Malformed, match="larger"):
        sshsig.parse(text.encode())


def test_only_so_much_is_kept_of_what_is_read_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sop_site.approval.store._AHEAD_BYTES", 1000)
    store = MemoryObjects()
    commits = [store.put("commit", HEAD.encode() + b"\n%d\n" % number) for number in range(40)]

    store.read_ahead(commits)
    store.asked.clear()

    assert [store.links(oid).parents for oid in commits] == [()] * 40
    assert 30 < len(store.asked) < 40


@pytest.mark.parametrize("line", ["ssh-ed25519 é", "é", "ssh-ed25519 AAAA é"])
def test_a_key_in_other_letters_is_out_of_form(line: str) -> None:
    written = policy.render(values.policy(values.HEAD)).decode().replace(values.HEAD.keys[0], line)

    (refusal,) = policy.parse(written.encode())  # type: ignore[misc]

    assert refusal.code == "POLICY_GRAMMAR"
