"""What the notes of earlier changes cost a build, in a section that is another tree at every approval.

    python benchmarks/page_history.py [APPROVALS] [CHANGED]      (default 2000, 500)

So many approvals of one section; so many of its pages are taken to have been changed three times, and one 500
times. Every note is looked up in the tree of its own approval, hashed again on the way.
"""

import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from office_history import history

from pipeline.render import page_history
from pipeline.render.export import export
from pipeline.verification import verification
from sop_site import publication, settings

SPREAD = 3


def main(approvals: int, changed: int) -> None:
    with tempfile.TemporaryDirectory(prefix="sop-ukur-") as name:
        repo = history(Path(name), approvals)
        with verification(repo, None, datetime.now(UTC), full=True) as verified:
            verdict = verified.verdict
            assert verdict.ok, verdict.refusals[:3]
            tree = Path(name) / "tree"
            paths = export(verified, str(verdict.verified_tip), tree)
            public = publication.compose(verdict, paths)
            words = [approval for approval in public.pages.values() if approval.sequence]
            words.sort(key=lambda word: word.sequence)
            pages = dict(public.pages)
            own = [folder for folder, word in pages.items() if word.sequence]
            own.sort(key=lambda folder: pages[folder].sequence)
            for place, folder in enumerate(own[:changed]):
                later = words[place :: max(1, (len(words) - place) // SPREAD)][:SPREAD]
                pages[folder] = replace(words[-1], history=tuple(reversed(later)))
            pages[own[0]] = replace(words[-1], history=tuple(reversed(words[-501:-1])))
            office = settings.parse((tree / "site.toml").read_bytes())
            began = time.perf_counter()
            page_history.with_notes(publication.Publication(pages), tree, verified.store, office)
            took = time.perf_counter() - began
            began = time.perf_counter()
            page_history.former_folders(tree, paths)
            looked = time.perf_counter() - began
        notes = SPREAD * (changed - 1) + publication.HISTORY_SHOWN
        print(f"{approvals} approvals of one section, {changed} pages changed, {notes} notes looked up")
        print(f"  notes of earlier changes:   {took:7.2f} s  {1000 * took / notes:6.2f} ms each")
        print(f"  which pages were moved:     {looked:7.2f} s")


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    main(*(given or [2000, 500]))
