"""``sop build``: exactly the approved tree, always the same bytes, nothing where history is refused."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pipeline.render import evidence
from pipeline.render.export import export
from pipeline.verification import verification
from sop_site import publication
from sop_site.plugins.handover import VARIABLE, Handover
from sop_site.settings import parse
from tests import every_kind, history
from tests.office import WITA, Office, page

ROOT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.git


def publishes(office: Office, draft: str) -> str:
    """Approve a draft by a correct signed merge."""
    return history.publish(office, history.merge(office, draft))


def built(office: Office, *options: str) -> dict[str, Any]:
    done = office.sop("build", *options)
    assert done.code == 0, done.out + done.err
    return done.json


def refused(office: Office, *options: str) -> str:
    """Code of the error that a build ends with."""
    return str(office.sop("build", *options).json["error"]["code"])


def tree_of(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture
def output(office: Office) -> Path:
    """Where a build goes unless told otherwise."""
    return office.root / "office.output"


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office with an approved page of every kind; the tests that share it change nothing in it."""
    office = Office(tmp_path_factory.mktemp("kantor"))
    office.writes(every_kind.office_files(), draft="semua")
    publishes(office, "semua")
    assert office.sop("build").code == 0
    return office


def test_the_answer_tells_what_was_done(office: Office, output: Path) -> None:
    publishes(office, office.announces("jam"))

    answer = built(office)

    files = tree_of(output)
    manifest = files.pop("manifest-sha256.txt")
    assert answer["ok"] is True
    assert answer["tip"] == office.tip("publish")
    assert answer["pages"] == sum(name.endswith(".html") for name in files)
    assert answer["written"] == len(files) + 1
    assert answer["removed"] == 0
    assert answer["output_digest"] == "sha256:" + hashlib.sha256(manifest).hexdigest()
    assert set(answer["seconds"]) == {"verify", "export", "draw", "prove", "place"}
    assert answer["refusals"] == []


def test_the_manifest_is_what_sha256sum_checks(full: Office) -> None:
    folder = full.root / "office.output"
    listed = (folder / "manifest-sha256.txt").read_text(encoding="utf-8").splitlines()

    done = subprocess.run(
        ["sha256sum", "--strict", "--quiet", "-c", "manifest-sha256.txt"], cwd=folder, capture_output=True
    )

    assert done.returncode == 0, done.stdout
    assert {line.split("  ", 1)[1] for line in listed} == set(tree_of(folder)) - {"manifest-sha256.txt"}


def test_every_page_of_every_kind_names_its_own_approval_once(full: Office) -> None:
    files = tree_of(full.root / "office.output")
    stamp = f'data-approval="{full.tip("publish")}"'.encode()

    for path in every_kind.office_files():
        section, page_id, name = path.split("/")[1:]
        place = page_id if section == "halaman" else f"{section}/{page_id}"
        if name == "index.md":
            assert files[f"{place}/index.html"].count(stamp) == 1, path
        else:
            assert f"{place}/{name}" in files
    assert b"data-approval" not in files["index.html"]


def test_a_page_keeps_its_approval_when_another_is_approved(office: Office, output: Path) -> None:
    first = publishes(office, office.announces("jam"))
    built(office)
    before = tree_of(output)
    publishes(office, office.announces("libur"))
    answer = built(office)
    after = tree_of(output)

    page_of_first = "pengumuman/2026-01-05-jam/index.html"
    assert f'data-approval="{first}"'.encode() in after[page_of_first]
    assert before[page_of_first] == after[page_of_first]
    assert after["layanan/index.html"] == before["layanan/index.html"]
    assert answer["written"] == sum(before.get(name) != data for name, data in after.items())


def test_two_builds_of_one_tip_are_the_same_bytes(full: Office, tmp_path: Path) -> None:
    here = built(full, "--output", str(tmp_path / "a"))
    clone = tmp_path / "jauh/di sana/situs"
    shutil.copytree(full.repo, clone)
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", "--json", "--repo", str(clone), "build",
         "--trust", str(full.trust), "--output", str(tmp_path / "b c")],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "TZ": "America/Caracas", "LANG": "C",
             "PYTHONHASHSEED": "77"},
        capture_output=True,
        text=True,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["output_digest"] == here["output_digest"]
    assert tree_of(tmp_path / "a") == tree_of(tmp_path / "b c")


def test_pelican_by_hand_is_the_referee(full: Office, tmp_path: Path) -> None:
    with verification(full.repo, full.trust, full.now) as verified:
        tip = str(verified.verdict.verified_tip)
        paths = export(verified, tip, tmp_path / "tree")
        public = publication.compose(verified.verdict, paths)
        when = verified.verdict.approvals[-1].time
        proof = evidence.gather(verified, zone=WITA)
    ours = tree_of(full.root / "office.output")
    text = (tmp_path / "tree/site.toml").read_text(encoding="utf-8")
    told = ours[".well-known/sop.json"].decode()
    note = Handover(parse(text.encode()), public, when, told, proof=proof)
    (tmp_path / "handover.json").write_text(note.to_json(text), encoding="utf-8")

    done = subprocess.run(
        [sys.executable, "-m", "pelican", str(tmp_path / "tree/content"), "-s", str(ROOT / "pelicanconf.py"),
         "-o", str(tmp_path / "situs"), "--fatal", "errors"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), VARIABLE: str(tmp_path / "handover.json"),
             "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout + done.stderr
    del ours["manifest-sha256.txt"]
    assert tree_of(tmp_path / "situs") == ours


def test_a_second_build_writes_nothing_and_keeps_the_times(office: Office, output: Path) -> None:
    built(office)
    stamps = {path: path.stat().st_mtime_ns for path in output.rglob("*.html")}

    again = built(office)

    assert (again["written"], again["removed"]) == (0, 0)
    assert {path: path.stat().st_mtime_ns for path in output.rglob("*.html")} == stamps


def test_a_page_that_was_removed_is_gone_from_the_output(office: Office, output: Path) -> None:
    draft = office.announces("jam")
    publishes(office, draft)
    built(office)
    office.writes({f"content/pengumuman/{draft}/index.md": None}, draft="hapus")
    publishes(office, "hapus")

    assert built(office)["removed"] == 1
    assert not (output / f"pengumuman/{draft}").exists()


def test_a_refused_history_writes_nothing_and_says_why(office: Office, output: Path) -> None:
    built(office)
    before = tree_of(output)
    draft = office.announces("palsu")
    history.publish(office, history.merge(office, draft, by=office.stranger))

    done = office.sop("build")
    elsewhere = office.sop("build", "--output", str(office.root / "lain"), "--clean")

    assert done.code == elsewhere.code == 1
    assert done.json["ok"] is False
    assert [refusal["commit"] for refusal in done.json["refusals"]] == [office.tip("publish")]
    assert set(done.json["refusals"][0]) == {"code", "commit", "detail", "message", "advice"}
    assert tree_of(output) == before
    assert not (office.root / "lain").exists()
    assert not list(office.root.glob(".*output*")), "a scratch folder was left behind"


def test_what_lies_unapproved_in_the_work_tree_is_not_shown(office: Office, output: Path) -> None:
    office.announces("draf-saja", "Naskah rahasia sebelum disetujui")
    (office.repo / "content/halaman/selundup").mkdir(parents=True)
    (office.repo / "content/halaman/selundup/index.md").write_text(page("Selundupan"), encoding="utf-8")

    built(office)

    assert not any(b"rahasia" in data or b"Selundupan" in data for data in tree_of(output).values())


def test_without_a_trust_file_nothing_is_built(office: Office, output: Path) -> None:
    office.trust.unlink()

    done = office.sop("build")

    assert done.code == 3
    assert not output.exists()


def test_now_decides_what_has_expired_and_what_is_not_yet_due(office: Office, output: Path) -> None:
    office.writes(
        {
            "content/pengumuman/2026-01-05-lewat/index.md": page("Yang lewat", expires_at="2026-02-01"),
            "content/pengumuman/2026-01-05-nanti/index.md": page("Yang nanti", publish_at="2026-03-01"),
        },
        draft="dua",
    )
    publishes(office, "dua")

    built(office)
    assert b"Yang lewat" in (output / "pengumuman/index.html").read_bytes()
    assert not (output / "pengumuman/2026-01-05-nanti").exists()
    built(office, "--now", "2026-02-01T00:00:00+08:00")
    assert b"Yang lewat" not in (output / "pengumuman/index.html").read_bytes()
    assert (
        b"berakhir pada 1 Februari 2026" in (output / "pengumuman/2026-01-05-lewat/index.html").read_bytes()
    )
    built(office, "--now", "2026-03-01T00:00:00+08:00")
    assert b"Yang nanti" in (output / "pengumuman/index.html").read_bytes()
    told = json.loads((output / ".well-known/sop.json").read_bytes())
    assert told["time"] == "2026-03-01T00:00:00+08:00"
    assert told["tip"] == office.tip("publish")


def test_a_time_without_offset_is_a_wrong_call(office: Office) -> None:
    assert office.sop("build", "--now", "2026-02-01T00:00:00").code == 2


def test_a_withdrawn_page_of_any_kind_becomes_a_notice(office: Office, output: Path) -> None:
    gone = 'withdrawn:\n  at: 2026-01-06\n  reason: "Data keliru."\n'
    event = page("Musyawarah yang ditarik", kind="event").replace("---\nWarga", f"{gone}---\nWarga")
    office.writes("content/agenda/2026-01-05-rapat/index.md", event)
    publishes(office, "2026-01-05-rapat")

    built(office)

    assert b"ditarik pada 6 Januari 2026" in (output / "agenda/2026-01-05-rapat/index.html").read_bytes()
    assert b"2026-01-05-rapat" not in (output / "agenda/index.html").read_bytes()
    assert not (output / "agenda/2026-01-05-rapat/acara.ics").exists()


def test_words_that_look_like_a_template_or_html_stay_words(office: Office, output: Path) -> None:
    publishes(
        office, office.announces("aneh", "Judul <b>{{ 7*7 }}</b> & 'kutip'", body="{% raw %} <script>1")
    )

    built(office)

    html = (output / "pengumuman/2026-01-05-aneh/index.html").read_text(encoding="utf-8")
    assert "<h1>Judul &lt;b&gt;{{ 7*7 }}&lt;/b&gt; &amp; &#39;kutip&#39;</h1>" in html
    assert "{% raw %} &lt;script&gt;1" in html
    assert "<script" not in html


def test_an_approved_page_that_cannot_be_read_stops_the_build(office: Office, output: Path) -> None:
    office.writes("content/berita/2026-01-05-rusak/index.md", "---\nkind: news\nstatus: draft\n---\n")
    publishes(office, "2026-01-05-rusak")

    done = office.sop("build")

    assert done.code == 5
    assert done.json["error"]["code"] == "render-page-unreadable"
    assert "2026-01-05-rusak" in done.json["error"]["message"]
    assert not output.exists()


def test_somebody_elses_folder_is_not_replaced(office: Office) -> None:
    other = office.root / "surat"
    other.mkdir()
    (other / "penting.txt").write_text("x", encoding="utf-8")

    assert refused(office, "--output", str(other)) == "render-output-foreign"
    assert (other / "penting.txt").exists()
    assert built(office, "--output", str(other), "--clean")["ok"]
    assert not (other / "penting.txt").exists()


@pytest.mark.parametrize("place", ["office", "office/content", "office/.git", "office/content/baru", "."])
def test_the_repository_is_never_an_output(office: Office, place: str) -> None:
    before = office.tip("publish")

    assert refused(office, "--clean", "--output", str(office.root / place)) == "render-output-foreign"
    assert office.tip("publish") == before
    assert (office.repo / "content").is_dir()
