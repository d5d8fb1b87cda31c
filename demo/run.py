"""The ten steps of the procedure, once through, for real: ``python demo/run.py build/demo``.

Everything below is done by the same commands that an office uses, each in a process of its own; what each
one answered, its exit code and its seconds stand in ``demo.json``. Keys are made on the spot and are worth
nothing. People are functions; the site carries the band PERAGAAN.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from demo import pages, portal, samples
from sop_site import resources

ROOT = Path(__file__).resolve().parent.parent
WITA = ZoneInfo("Asia/Makassar")


class Demonstration:
    """One run: where it happens and what was done so far."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.office = folder / "office"
        self.steps: list[dict[str, object]] = []
        kept = ("PATH", "HOME", "LANG", "TMPDIR")
        self.env = {name: os.environ[name] for name in kept if name in os.environ}
        self.env |= {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "NO_COLOR": "1"}

    def heading(self, step: str, words: str) -> None:
        print(f"\n\033[1m{step}\033[0m  {words}" if sys.stdout.isatty() else f"\n{step}  {words}", flush=True)

    def sop(self, step: str, *arguments: str, expected: int = 0) -> dict[str, object]:
        """Run one command, keep its figures, and insist on the exit code that the story asks for."""
        program = [sys.executable, "-m", "pipeline", "--json"]
        if arguments[0] != "init":
            program += ["--repo", str(self.office)]
        began = time.perf_counter()
        done = subprocess.run([*program, *arguments], cwd=ROOT, env=self.env, capture_output=True, text=True)
        seconds = time.perf_counter() - began
        shown = "sop " + " ".join(
            argument if " " not in argument else f"“{argument}”" for argument in arguments
        )
        self.steps.append(
            {
                "step": step,
                "command": shown,
                "exit": done.returncode,
                "expected": expected,
                "seconds": round(seconds, 2),
            }
        )
        print(
            f"  {shown.replace(str(self.folder), '…')}\n    → {done.returncode} ({seconds:.1f} s)", flush=True
        )
        if done.returncode != expected:
            print(done.stdout + done.stderr, file=sys.stderr)
            raise SystemExit(
                f"Peragaan berhenti: perintah di atas menjawab {done.returncode}, bukan {expected}."
            )
        return dict(json.loads(done.stdout)) if done.stdout else {}

    def git(self, *arguments: str) -> None:
        subprocess.run(
            ["git", "-C", str(self.office), *arguments], env=self.env, check=True, capture_output=True
        )


def opening(demo: Demonstration, portal_url: str) -> None:
    """A new repository, and the office's real content as the first draft."""
    demo.heading("0", "Membuka repositori konten kantor")
    settings = pages.office_settings(resources.text("skeleton/site.toml"), portal_url, demo.folder / "site")
    (demo.folder / "office.toml").write_text(settings, encoding="utf-8")
    demo.sop("0", "init", str(demo.office), "--office", str(demo.folder / "office.toml"))

    demo.heading("1–4", "Isi awal situs: halaman resmi kantor sebagai draf pertama")
    demo.git("switch", "--quiet", "--create", "draft/isi-awal")
    shutil.copytree(ROOT / "content", demo.office / "content", dirs_exist_ok=True)
    demo.git("add", "content")
    demo.git("commit", "--quiet", "--message", "Isi awal situs")
    demo.sop("3", "check", "isi-awal")
    demo.sop("3", "submit", "isi-awal", "--note", "Isi awal situs untuk disaring")
    demo.sop("4", "approve", "isi-awal")


def composing(demo: Demonstration, media: dict[str, Path]) -> str:
    """Steps 1 to 3: a draft with a photograph, a document and a video; and one that will be refused."""
    demo.heading("1–3", "Operator mengumpulkan, menyusun, dan memeriksa bahan")
    today = datetime.now(WITA).date().isoformat()
    news = demo.sop("2", "new", "news", "Kerja bakti membersihkan pantai", "--date", today)
    draft = str(news["id"])
    pages.write(demo.office, str(news["path"]), pages.NEWS, today)
    document = demo.sop("2", "new", "document", "Jadwal pelayanan kantor", "--date", today, "--draft", draft)
    pages.write(demo.office, str(document["path"]), pages.DOCUMENT, today)
    video = demo.sop("2", "new", "video", "Suasana pantai pada pagi hari", "--date", today, "--draft", draft)
    pages.write(demo.office, str(video["path"]), pages.VIDEO, today)
    demo.git("add", "content")
    demo.git("commit", "--quiet", "--message", "Naskah berita, dokumen, dan video")
    alt = "Pantai berpasir dengan laut tenang dan bukit di kejauhan"
    demo.sop(
        "1",
        "media",
        "add",
        draft,
        str(media["photo"]),
        "--page",
        draft,
        "--alt",
        alt,
        "--credit",
        "Operator 1",
    )
    demo.sop("1", "media", "add", draft, str(media["document"]), "--page", str(document["id"]))
    demo.sop(
        "1", "media", "add", draft, str(media["video"]), "--page", str(video["id"]), "--credit", "Operator 1"
    )
    demo.sop("3", "check", draft)
    demo.sop("3", "submit", draft, "--note", "Mohon diperiksa sebelum akhir pekan")
    return draft


def deciding(demo: Demonstration, draft: str) -> None:
    """Steps 4 and 6: one draft is returned, repaired and approved; another is refused for good."""
    demo.heading("4", "Camat menyaring: dikembalikan, diperbaiki, disetujui")
    demo.sop("4", "queue")
    demo.sop("4", "review", draft)
    demo.sop("4", "return", draft, "--reason", "Sebutkan waktu berkumpul dan perlengkapan yang dibawa")
    demo.git("switch", "--quiet", f"draft/{draft}")
    pages.repair(demo.office, draft)
    demo.sop("3", "submit", draft, "--note", "Waktu dan perlengkapan sudah ditambahkan")
    demo.sop("4", "approve", draft)

    demo.heading("6", "Yang tidak layak tidak ditayangkan")
    today = datetime.now(WITA).date().isoformat()
    refused = demo.sop("2", "new", "news", "Promosi toko di tepi jalan", "--date", today)
    pages.write(demo.office, str(refused["path"]), pages.REFUSED, today)
    demo.sop("3", "submit", str(refused["id"]))
    demo.sop("6", "reject", str(refused["id"]), "--reason", "Iklan usaha perorangan bukan informasi kantor")
    demo.sop("6", "approve", str(refused["id"]), expected=1)


def showing(demo: Demonstration) -> None:
    """Steps 5 and 8: only what verifies is rendered and put in place."""
    demo.heading("5 dan 8", "Hanya yang disetujui yang ditayangkan")
    demo.sop("5", "verify")
    demo.sop("5", "build", "--output", str(demo.folder / "output"))
    demo.sop("5", "deploy", "--output", str(demo.folder / "output"))
    demo.sop("5", "audit", str(demo.folder / "site"))
    demo.sop("5", "witness")


def keeping(demo: Demonstration) -> Path:
    """Step 9: an archive, and the proof that it gives everything back."""
    demo.heading("9", "Arsip dibuat, diperiksa, dan dipulihkan")
    made = demo.sop("9", "archive", "create", "--to", str(demo.folder / "archive"))
    bag = Path(str(made["archive"]))
    demo.sop("9", "archive", "verify", str(bag))
    demo.sop("9", "archive", "restore", str(bag), str(demo.folder / "restored"))
    return bag


def main(folder: Path) -> None:
    """The whole procedure into an empty ``folder``."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    began = time.perf_counter()
    demo = Demonstration(folder)
    media = samples.make(folder / "bahan")
    with portal.stand_in() as url:
        opening(demo, url)
        draft = composing(demo, media)
        deciding(demo, draft)
        showing(demo)
        demo.heading("8a", "Portal kabupaten dipantau (di sini: tiruan setempat)")
        demo.sop("8a", "probe", "run", "--once")
    bag = keeping(demo)
    demo.heading("10", "Laporan bulanan dari riwayat")
    month = datetime.now(WITA).strftime("%Y-%m")
    report = folder / "report"
    demo.sop("10", "report", month, "--format", "pdf,html", "--output", str(report))
    seconds = time.perf_counter() - began
    summary = {"seconds": round(seconds, 1), "steps": demo.steps}
    (folder / "demo.json").write_text(
        json.dumps(summary, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    print(
        f"\nSelesai dalam {seconds:.0f} detik. Hasilnya:\n"
        f"  situs    {folder / 'site'}\n"
        f"           lihat: python3 -m http.server --directory {folder / 'site'} 8000, lalu buka http://localhost:8000/\n"
        f"  laporan  {report / f'laporan-{month}.pdf'} (dan .html)\n"
        f"  arsip    {bag}\n"
        f"           baca: {bag / 'BACA-SAYA.txt'}\n"
        f"  pulihan  {folder / 'restored'}\n"
        f"  langkah  {folder / 'demo.json'}"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/demo").absolute())
