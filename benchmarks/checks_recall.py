"""How much of the labelled set is found, by format, and how often ordinary pages are barred or mentioned."""

import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.corpus import ordinary_pages, reading

FILES = ("first", "second")
SEED, PAGES = 2026, 2_000


def main() -> None:
    """Print the table."""
    texts, missed = Counter[str](), Counter[str]()
    names = [f"{half}{part}.txt" for half in FILES for part in ("", "_gambling", "_innocent")]
    for case in reading.cases(*names):
        label = case.errors[0] if case.errors else "warning only" if case.warnings else "innocent"
        texts[label] += 1
        missed[label] += case.miss() is not None
    print(f"{'format':24}{'texts':>8}{'missed':>8}{'recall':>9}")
    for label, count in sorted(texts.items()):
        print(f"{label:24}{count:8}{missed[label]:8}{1 - missed[label] / count:9.1%}")
    print(f"{'all':24}{texts.total():8}{missed.total():8}{1 - missed.total() / texts.total():9.1%}\n")
    pages = [*ordinary_pages.by_hand(), *ordinary_pages.made_up(PAGES, SEED)]
    started = time.process_time()
    told = [{item.severity for item in reading.judged(page)} for _, page in pages]
    seconds = time.process_time() - started
    size = sum(len(page.page.body) for _, page in pages) / len(pages)
    barred, mentioned = sum("error" in one for one in told), sum("warning" in one for one in told)
    print(f"ordinary pages: {len(pages)}, barred {barred} ({barred / len(pages):.2%}), mentioned {mentioned}")
    print(f"{seconds / len(pages) * 1e3:.2f} ms a page of {size:.0f} characters and its document")


if __name__ == "__main__":
    main()
