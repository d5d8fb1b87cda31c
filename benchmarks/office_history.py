"""Makes an office with many approvals fast: raw objects written by ourselves, signed by its real key."""

import hashlib
import subprocess
import sys
import zlib
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from pipeline import founding, signing
from pipeline.gitenv import clean_env
from pipeline.objects import GitObjects
from sop_site.approval import commit as commits
from sop_site.approval import digests
from sop_site.approval.message import ApprovalTrailers, approval_message
from sop_site.approval.store import TreeEntry
from sop_site.approval.tree_reading import Folders
from sop_site.queue import submission_message

SECTIONS = ("berita", "pengumuman", "berita", "agenda", "berita", "galeri", "berita", "dokumen")
"""Where one page after another goes in a site of many sections."""
WITA = timezone(timedelta(hours=8))
HEAD = "camat@buleleng.bulelengkab.go.id"
OPERATOR = "operator1@buleleng.bulelengkab.go.id"
PAGE = "---\nkind: announcement\ntitle: Pengumuman nomor {0}\n---\nIsi pengumuman nomor {0}.\n"


class Writer:
    """Writes loose objects by itself; a process for each would measure processes."""

    def __init__(self, repo: Path) -> None:
        self.objects = repo / ".git" / "objects"

    def put(self, kind: str, data: bytes) -> str:
        whole = f"{kind} {len(data)}\0".encode() + data
        oid = hashlib.sha1(whole, usedforsecurity=False).hexdigest()
        path = self.objects / oid[:2] / oid[2:]
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(zlib.compress(whole, 1))
        return oid

    def tree(self, entries: list[TreeEntry]) -> str:
        ordered = sorted(entries, key=lambda entry: digests.git_order(entry.mode, entry.name))
        lines = [e.mode.lstrip("0").encode() + b" " + e.name + b"\0" + bytes.fromhex(e.oid) for e in ordered]
        return self.put("tree", b"".join(lines))


def history(folder: Path, approvals: int, sections: Sequence[str] = ("pengumuman",)) -> Path:
    """An office with that many approvals, each adding a page to the next of ``sections``, over and over."""
    start = datetime(2026, 1, 5, 9, 0, tzinfo=WITA)
    made = founding.found(folder / "office", office=None, key=None, now=start)
    writer, signer = Writer(made.repo), signing.from_file(made.keys / "head")
    with GitObjects(made.repo, "sha1") as store:
        root = {entry.name: entry for entry in store.tree(store.links(made.genesis).tree)}
        kept = [(e.mode, e.name, _digest(store, e)) for e in root.values() if e.name != b"content"]
        content = {entry.name: entry for entry in store.tree(root[b"content"].oid)}
        rules = digests.of_bytes(store.blob(find(store, root[b"governance"].oid, b"policy.toml")))
        known = {entry.name: _digest(store, entry) for entry in content.values()}
    pages: dict[bytes, tuple[list[TreeEntry], list[tuple[str, bytes, bytes]]]] = {}
    tip = made.genesis
    for number in range(1, approvals + 1):
        data = PAGE.format(number).encode()
        page = writer.tree([TreeEntry(digests.FILE, b"index.md", writer.put("blob", data))])
        section = sections[number % len(sections)].encode()
        entries, digested = pages.setdefault(section, ([], []))
        name = f"2026-01-05-nomor-{number:05d}".encode()
        entries.append(TreeEntry(digests.FOLDER, name, page))
        one = digests.tree_digest([(digests.FILE, b"index.md", digests.blob_digest(data))])
        digested.append((digests.FOLDER, name, one))
        content[section] = TreeEntry(digests.FOLDER, section, writer.tree(entries))
        known[section] = digests.tree_digest(digested)
        inner = digests.tree_digest((content[name].mode, name, known[name]) for name in content)
        root[b"content"] = TreeEntry(digests.FOLDER, b"content", writer.tree(list(content.values())))
        digest = digests.text(digests.tree_digest([*kept, (digests.FOLDER, b"content", inner)]))
        tree = writer.tree(list(root.values()))
        when = start + timedelta(minutes=number)
        draft = writer.put("commit", commits.build_payload(
            tree=tree, parents=[tip], name="Operator 1", email=OPERATOR, when=when,
            message=submission_message(f"Pengumuman nomor {number}")))  # fmt: skip
        trailers = ApprovalTrailers(
            str(number), "refs/heads/publish", made.genesis, draft, digest, rules, "none"
        )
        payload = commits.build_payload(
            tree=tree, parents=[tip, draft], name="Camat Buleleng", email=HEAD, when=when,
            message=approval_message("Setujui", "", trailers))  # fmt: skip
        tip = writer.put("commit", commits.with_signature(payload, signer.sign(payload, "git")))
    git(made.repo, "update-ref", "refs/heads/publish", tip)
    git(made.repo, "-c", "pack.window=3", "repack", "-a", "-d", "-q")
    return made.repo


def _digest(store: GitObjects, entry: TreeEntry) -> bytes:
    if entry.mode == digests.FOLDER:
        digest = Folders(store).read(entry.oid).digest
        assert digest is not None
        return digest
    return digests.blob_digest(store.blob(entry.oid))


def find(store: GitObjects, tree: str, name: bytes) -> str:
    return next(entry.oid for entry in store.tree(tree) if entry.name == name)


def git(repo: Path, *words: str) -> bytes:
    return subprocess.run(["git", *words], cwd=repo, env=clean_env(), check=True, capture_output=True).stdout
