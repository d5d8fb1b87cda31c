"""How fast history is verified from nothing, against git's own look at the same signatures in the same run.

    python benchmarks/verify_rate.py [APPROVALS]      (default 500)

Each approval publishes one more page. Ours fetches the repository anew, re-hashes every object, judges all
rules; git is asked for the state of the first-parent chain's signatures alone.
"""

import hashlib
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from pipeline import founding, signing
from pipeline.gitenv import clean_env
from pipeline.objects import GitObjects
from pipeline.verification import verification
from sop_site.approval import commit as commits
from sop_site.approval import digests, policy
from sop_site.approval.folders import Folders
from sop_site.approval.message import ApprovalTrailers, approval_message
from sop_site.approval.store import TreeEntry

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
        rules = digests.of_bytes(store.blob(_find(store, root[b"governance"].oid, b"policy.toml")))
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
            message=f"Pengumuman nomor {number}\n"))  # fmt: skip
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


def _find(store: GitObjects, tree: str, name: bytes) -> str:
    return next(entry.oid for entry in store.tree(tree) if entry.name == name)


def git(repo: Path, *words: str) -> bytes:
    return subprocess.run(["git", *words], cwd=repo, env=clean_env(), check=True, capture_output=True).stdout


def ours(repo: Path) -> tuple[float, int]:
    began = time.perf_counter()
    with verification(repo, None, datetime.now(UTC), full=True) as verified:
        verdict = verified.verdict
    assert verdict.ok, verdict.refusals[:3]
    return time.perf_counter() - began, len(verdict.approvals)


def theirs(repo: Path, signers: Path) -> tuple[float, int]:
    began = time.perf_counter()
    out = git(repo, "-c", f"gpg.ssh.allowedSignersFile={signers}", "log", "--first-parent", "--merges",
              "--format=%G?", "publish")  # fmt: skip
    return time.perf_counter() - began, out.split().count(b"G")


def main(approvals: int) -> None:
    with tempfile.TemporaryDirectory(prefix="sop-ukur-") as name:
        folder = Path(name)
        repo = history(folder, approvals)
        with GitObjects(repo, "sha1") as store:
            publish = git(repo, "rev-parse", "publish").decode().strip()
            root = store.links(publish).tree
            data = store.blob(_find(store, _find(store, root, b"governance"), b"policy.toml"))
        parsed = policy.parse(data)
        assert isinstance(parsed, policy.Policy)
        signers = folder / "allowed_signers"
        signers.write_text(
            "".join(
                f'{person.id} namespaces="git" {key}\n' for person in parsed.persons for key in person.keys
            )
        )
        runs = [(ours(repo), theirs(repo, signers)) for _ in range(3)]
        mine, his = min(run[0] for run in runs), min(run[1] for run in runs)
        assert mine[1] == his[1] == approvals
        print(f"{approvals} approvals, best of {len(runs)} runs, interleaved")
        print(f"  sop verify, from nothing:  {mine[0]:7.2f} s  {approvals / mine[0]:8.0f} approvals/s")
        print(f"  git log --format=%G?:      {his[0]:7.2f} s  {approvals / his[0]:8.0f} approvals/s")
        print(f"  ratio:                     {his[0] / mine[0]:7.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
