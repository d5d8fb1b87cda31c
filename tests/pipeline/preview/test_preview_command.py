"""``sop preview`` from its first word to its last: what it shows, how it follows, how it says no."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.office import EMPTY_ENV, Office, page
from tests.previewing import PHONE, ROOT, preview, start

DAY = "2026-01-05"
URL = f"/pengumuman/{DAY}-jam/"
FOLDER = f"content/pengumuman/{DAY}-jam"
pytestmark = pytest.mark.git


def publishes(office: Office, draft: str) -> None:
    from tests import history

    history.publish(office, history.merge(office, draft))


def everything_in(repo: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(repo.rglob("*")) if path.is_file()}


def refused(office: Office, *words: str) -> tuple[int, str]:
    done = office.sop("preview", *words)
    return done.code, str(done.json["error"]["code"])


def test_a_saved_edit_is_seen_without_being_committed(office: Office) -> None:
    draft = office.announces("jam")
    office.git("switch", "-q", f"draft/{draft}")
    file = office.repo / FOLDER / "index.md"
    with preview(office) as shown:
        before = shown.ask(URL)
        file.write_text(page("Jam baru kantor", body="Loket buka pukul delapan."), encoding="utf-8")
        shown.changed_from(before.version)
        after = shown.ask(URL)

        assert shown.said["live"] is True
        assert shown.said["draft"] == draft
        assert shown.said["url"].endswith(URL)
        assert "Loket buka pukul delapan." not in before.text
        assert "Loket buka pukul delapan." in after.text
        assert "Suntingan di folder kerja ikut ditampilkan." in after.text
        assert "Jam baru kantor" in shown.ask("/pengumuman/").text
        assert shown.stops() == 0


def test_a_page_that_breaks_while_it_is_written_says_where_and_comes_back(office: Office) -> None:
    draft = office.announces("jam")
    office.git("switch", "-q", f"draft/{draft}")
    file = office.repo / FOLDER / "index.md"
    good = file.read_text(encoding="utf-8")
    with preview(office) as shown:
        first = shown.ask(URL)
        file.write_text(good.replace("title:", "title: [", 1), encoding="utf-8")
        shown.changed_from(first.version)
        broken = shown.ask(URL)
        others = [shown.ask(path).status for path in ("/", "/pengumuman/", "/layanan/")]
        file.write_text(good, encoding="utf-8")
        shown.changed_from(broken.version)

        assert "Halaman ini belum dapat ditampilkan" in broken.text
        assert "Baris" in broken.text
        assert others == [200, 200, 200]
        assert "Halaman ini belum dapat ditampilkan" not in shown.ask(URL).text


def test_what_an_editor_keeps_for_itself_breaks_nothing(office: Office) -> None:
    draft = office.announces("jam")
    office.git("switch", "-q", f"draft/{draft}")
    folder = office.repo / FOLDER
    for name in (".index.md.swp", "index.md~", "#index.md#", ".~lock.index.md#"):
        (folder / name).write_text("x", encoding="utf-8")

    with preview(office) as shown:
        assert "Halaman ini diubah oleh draf." in shown.ask(URL).text
        assert "Suntingan di folder kerja" not in shown.ask(URL).text


def test_a_draft_that_is_not_open_is_followed_by_its_branch(office: Office) -> None:
    draft = office.announces("jam")
    with preview(office, draft) as shown:
        before = shown.ask(URL)
        office.writes(f"{FOLDER}/index.md", page("Judul yang lebih jelas"), draft=draft)
        shown.changed_from(before.version)

        assert shown.said["live"] is False
        assert "Judul yang lebih jelas" in shown.ask(URL).text


def test_a_draft_that_fell_behind_is_shown_upon_what_is_public_now(office: Office) -> None:
    draft = office.announces("jam")
    other = office.announces("libur")
    publishes(office, other)
    before = everything_in(office.repo / ".git")
    with preview(office, f"draft/{draft}") as shown:
        listed = shown.ask("/pengumuman/").text
        public = shown.ask(f"/pengumuman/{DAY}-libur/").text

        assert f"/pengumuman/{DAY}-libur/" in listed
        assert URL in listed
        assert "Halaman ini diubah oleh draf." in shown.ask(URL).text
        assert "Halaman ini diubah oleh draf." not in public
        assert shown.stops() == 0
    assert everything_in(office.repo / ".git") == before


def test_a_conflict_is_named_with_the_way_out(office: Office) -> None:
    publishes(office, office.announces("jam"))
    one = office.writes(f"{FOLDER}/index.md", page("Judul pertama"), draft="satu")
    two = office.writes(f"{FOLDER}/index.md", page("Judul kedua"), draft="dua")
    publishes(office, one)

    done = office.sop("preview", two)

    assert done.code == 1
    assert done.json["error"]["code"] == "draft-conflict"
    assert FOLDER in done.json["error"]["message"]
    assert "git merge publish" in done.json["error"]["advice"]


def test_a_conflict_that_comes_up_meanwhile_is_said_on_the_pages_that_stay(office: Office) -> None:
    publishes(office, office.announces("jam"))
    one = office.writes(f"{FOLDER}/index.md", page("Judul pertama"), draft="satu")
    two = office.writes(f"{FOLDER}/index.md", page("Judul kedua"), draft="dua")
    with preview(office, two) as shown:
        before = shown.ask(URL)
        publishes(office, one)
        shown.changed_from(before.version)
        after = shown.ask(URL)

        assert "Perubahan terakhir belum dapat ditampilkan: Draf “dua” dan situs yang tayang" in after.text
        assert "Judul kedua" in after.text


def test_who_resolves_a_conflict_sees_what_he_makes_of_it(office: Office) -> None:
    publishes(office, office.announces("jam"))
    one = office.writes(f"{FOLDER}/index.md", page("Judul pertama"), draft="satu")
    office.writes(f"{FOLDER}/index.md", page("Judul kedua"), draft="dua")
    publishes(office, one)
    office.git("reset", "-q", "--hard")
    office.git("switch", "-q", "draft/dua")
    with pytest.raises(AssertionError):
        office.git("-c", "user.name=O", "-c", "user.email=o@p.go.id", "merge", "-q", "publish")
    (office.repo / FOLDER / "index.md").write_text(page("Judul bersama"), encoding="utf-8")

    with preview(office) as shown:
        assert "Judul bersama" in shown.ask(URL).text


def test_a_removed_page_is_listed_and_gone(office: Office) -> None:
    publishes(office, office.announces("jam"))
    draft = office.writes(f"{FOLDER}/index.md", None, draft="hapus")

    with preview(office, draft) as shown:
        assert shown.ask(URL).status == 404
        assert "Halaman yang hilang dari situs" in shown.ask("/_pratinjau/").text


def test_a_draft_without_changes_is_shown_as_such(office: Office) -> None:
    office.git("branch", "draft/kosong", "publish")

    with preview(office, "kosong") as shown:
        assert shown.said["url"].endswith("/_pratinjau/")
        assert "tidak mengubah halaman apa pun" in shown.ask("/_pratinjau/").text


def test_a_link_in_the_work_tree_shows_nothing_of_the_disk(office: Office) -> None:
    draft = office.announces("jam")
    office.git("switch", "-q", f"draft/{draft}")
    secret = office.root / "rahasia.txt"
    secret.write_text("RAHASIA", encoding="utf-8")
    with preview(office) as shown:
        before = shown.ask(URL)
        (office.repo / FOLDER / "lampiran.pdf").symlink_to(secret)
        shown.changed_from(before.version)

        assert "Perubahan terakhir belum dapat ditampilkan" in shown.ask(URL).text
        assert "RAHASIA" not in shown.ask(f"{URL}lampiran.pdf").text


def test_settings_that_break_meanwhile_leave_the_site_as_it_was(office: Office) -> None:
    draft = office.announces("jam")
    with preview(office, draft) as shown:
        before = shown.ask(URL)
        office.writes("site.toml", "[office\n", draft=draft)
        shown.changed_from(before.version)

        assert "Perubahan terakhir belum dapat ditampilkan" in shown.ask("/").text


def test_without_a_draft_it_says_what_to_do(office: Office) -> None:
    assert refused(office) == (1, "preview-no-draft")
    assert refused(office, "tidak-ada") == (1, "draft-missing")


def test_an_address_that_is_not_this_computers_is_refused(office: Office) -> None:
    assert refused(office, office.announces("jam"), "--host", "192.0.2.1") == (1, "preview-host-unusable")


def test_it_needs_no_trust_file_because_it_says_nothing_of_approvals(office: Office) -> None:
    office.trust.unlink()

    with preview(office, office.announces("jam")) as shown:
        assert shown.ask(URL).status == 200


def test_it_works_in_a_bare_repository(office: Office) -> None:
    draft = office.announces("jam")
    office.git("clone", "-q", "--mirror", str(office.repo), str(office.root / "telanjang.git"))

    with preview(office.seen_from(office.root / "telanjang.git"), draft) as shown:
        assert shown.ask(URL).status == 200


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_when_asked_though_a_browser_waits_and_leaves_nothing_behind(
    office: Office, by: signal.Signals
) -> None:
    draft = office.announces("jam")
    before = everything_in(office.repo)
    with preview(office, draft) as shown:
        import socket

        version = shown.ask("/").version
        with socket.create_connection(("127.0.0.1", shown.port)) as waiting:
            asked = f"GET /_pratinjau/tunggu?versi={version} HTTP/1.1\r\nHost: 127.0.0.1:{shown.port}\r\n\r\n"
            waiting.sendall(asked.encode())
            shown.process.send_signal(by)

            assert shown.process.wait(timeout=4) == 0
    assert everything_in(office.repo) == before
    assert list(office.root.glob("sop-*")) == []


def test_after_a_kill_it_starts_again(office: Office) -> None:
    draft = office.announces("jam")
    with preview(office, draft) as first:
        os.kill(first.process.pid, signal.SIGKILL)
        first.process.wait()

    with preview(office, draft) as second:
        assert second.ask(URL).status == 200
        assert second.stops() == 0


def test_enter_on_the_terminal_gives_another_link(office: Office) -> None:
    draft = office.announces("jam")
    keyboard, terminal = os.openpty()
    words = ["--repo", str(office.repo), "preview", draft, "--port", "0", "--host", PHONE]
    with subprocess.Popen(
        [sys.executable, "-m", "pipeline", *words], cwd=ROOT, env={**EMPTY_ENV, "HOME": str(office.root)},
        stdin=terminal, stderr=terminal, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        said: list[str] = []
        while "Ctrl-C" not in (said or [""])[-1]:
            said.append(process.stdout.readline())
        os.write(keyboard, b"\n")
        while sum("/masuk/" in line for line in said) < 2:
            said.append(process.stdout.readline())
        process.terminate()
        process.communicate()
    os.close(keyboard)
    os.close(terminal)

    first, second = (line.split()[-1] for line in said if "/masuk/" in line)
    assert first != second
    assert any("▀" in line or "█" in line for line in said)


def test_one_json_line_says_where_it_is(office: Office) -> None:
    draft = office.announces("jam")
    with start(office, draft, "--port", "0") as process:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        process.terminate()
        rest = process.stdout.read()

    assert said["ok"] is True
    assert said["command"] == "preview"
    assert said["url"].startswith("http://127.0.0.1:")
    assert rest == ""
