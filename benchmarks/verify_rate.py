"""How fast history is verified from nothing, against git's own look at the same signatures in the same run.

    python benchmarks/verify_rate.py [APPROVALS]      (default 2000)

Each approval publishes one more page of one section. Ours takes the repository over anew, hashes every object
again and judges all rules; git is asked for the state of the first-parent chain's signatures alone.
"""

import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from office_history import find, git, history

from pipeline.objects import GitObjects
from pipeline.verification import verification
from sop_site.approval import policy


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
            data = store.blob(find(store, find(store, root, b"governance"), b"policy.toml"))
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
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
