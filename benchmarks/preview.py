"""``sop preview``: seconds to the first page, from a save until it is seen, and memory, by size of the site.

    python benchmarks/preview.py [PAGES …]       (16, 2000 and 10000 unless given)

Each site is a page of every kind and as many announcements of 300 words; the draft changes one page and is in
the work tree. The save is seen when the page that waits for it, as browsers do, has been sent anew.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests import every_kind
from tests.office import EMPTY_ENV, Office, page
from tests.previewing import Preview, preview

FOLDER = f"content/berita/{every_kind.DAY}-kerja-bakti"
URL = f"/berita/{every_kind.DAY}-kerja-bakti/"
SAVES = 7
_WORDS = "Warga dapat datang ke kantor kecamatan pada hari kerja dengan membawa kartu keluarga asli. " * 25


def git(office: Office, *words: str) -> None:
    who = {"GIT_AUTHOR_NAME": "Operator", "GIT_AUTHOR_EMAIL": "o@p.go.id"}
    who |= {"GIT_COMMITTER_NAME": "Operator", "GIT_COMMITTER_EMAIL": "o@p.go.id"}
    subprocess.run(
        ["git", *words], cwd=office.repo, env={**EMPTY_ENV, **who}, check=True, capture_output=True
    )


def office_of(folder: Path, pages: int) -> Office:
    """A public site of so many pages, and a draft upon it in the work tree."""
    office = Office(folder)
    every_kind.write(office.repo)
    for number in range(pages - 16):
        place = office.repo / f"content/pengumuman/2026-01-05-nomor-{number}"
        place.mkdir(parents=True)
        text = page(f"Pengumuman nomor {number} tentang pelayanan", body=_WORDS)
        (place / "index.md").write_text(text, encoding="utf-8")
    git(office, "add", "-A")
    git(office, "commit", "-q", "-m", "Isi situs")
    git(office, "switch", "-q", "-c", "draft/uji")
    file = office.repo / FOLDER / "index.md"
    file.write_text(file.read_text(encoding="utf-8") + "\nSatu kalimat tambahan.\n", encoding="utf-8")
    git(office, "commit", "-q", "-am", "Ubah")
    return office


def seconds_of_a_save(shown: Preview, file: Path, number: int) -> float:
    version = shown.ask(URL).version
    began = time.monotonic()
    file.write_text(file.read_text(encoding="utf-8") + f"\nTambahan {number}.\n", encoding="utf-8")
    shown.changed_from(version)
    assert f"Tambahan {number}." in shown.ask(URL).text
    return time.monotonic() - began


def processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def main(sizes: list[int]) -> None:
    """One line for each size."""
    for pages in sizes:
        with tempfile.TemporaryDirectory() as folder:
            office = office_of(Path(folder), pages)
            began = time.monotonic()
            with preview(office) as shown:
                assert shown.ask(URL).status == 200
                first = time.monotonic() - began
                while shown.ask("/pengumuman/").status != 200:
                    pass
                whole = time.monotonic() - began
                saves = [seconds_of_a_save(shown, office.repo / FOLDER / "index.md", n) for n in range(SAVES)]
                busy, seen = processor_seconds(shown.process.pid), time.monotonic()
                shown.ask(f"/_pratinjau/tunggu?versi={shown.ask(URL).version}")
                idle = (processor_seconds(shown.process.pid) - busy) / (time.monotonic() - seen)
                status = Path(f"/proc/{shown.process.pid}/status").read_text(encoding="ascii")
                memory = int(status.partition("VmHWM:")[2].split()[0]) / 1024
                print(
                    f"{pages:>6} pages: first page {first:.2f} s, whole site {whole:.2f} s, save to seen "
                    f"{statistics.median(saves):.2f} s (at most {max(saves):.2f}), "
                    f"idle {idle:.1%} of a core, {memory:.0f} MB"
                )


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [16, 2_000, 10_000])
