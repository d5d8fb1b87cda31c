"""The head's decisions: what an approval is made of, what is refused, and that nothing happens by halves."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline import deciding, ledger, sharing, standing
from pipeline.desk import Desk
from pipeline.repository import Repository
from pipeline.signing import Signer
from sop_site.approval.policy import Person, Policy
from tests import history
from tests.office import EMPTY_ENV, MONDAY, Office, Result, key, page

BODY = "Baris pertama.\n\nBaris kedua.\n\nBaris ketiga.\n\nBaris keempat.\n"
WHO = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER")
       for what, value in (("NAME", "Operator 1"), ("EMAIL", "operator1@percontohan.go.id"))}  # fmt: skip
ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.git


def refusals(result: Result) -> list[str]:
    return sorted(refusal["code"] for refusal in result.json["refusals"])


def error(result: Result) -> str:
    assert result.code == 1
    return str(result.json["error"]["code"])


def refs(office: Office) -> str:
    return office.git("for-each-ref", "--format=%(refname) %(objectname)")


def submitted(office: Office, name: str, **front: str) -> str:
    draft = office.announces(name, **front)
    office.submits(draft)
    return draft


def published(office: Office, name: str, **front: str) -> str:
    draft = submitted(office, name, **front)
    office.approves(draft)
    return draft


# What an approval is


def test_an_approval_is_a_signed_merge_of_the_draft(office: Office) -> None:
    before, draft = office.tip("publish"), submitted(office, "satu")
    done = office.approves(draft, "--note", "Sudah diperiksa.\nApproval-Version: 9")
    commit, tip = done.json["commit"], office.tip(f"draft/{draft}")

    assert (done.json["sequence"], done.json["refusals"], office.tip("publish")) == (1, [], commit)
    assert office.git("rev-parse", f"{commit}^@").split() == [before, tip]
    assert office.git("rev-parse", f"{commit}^{{tree}}") == office.git("rev-parse", f"{tip}^{{tree}}")
    people = set(office.git("show", "-s", "--format=%an <%ae> %aI%n%cn <%ce> %cI", commit).splitlines())
    assert people == {f"Camat Percontohan <camat@percontohan.go.id> {office.now.isoformat()}"}
    message = office.git("show", "-s", "--format=%B", commit)
    assert message.startswith("Setujui: Pengumuman satu\n\nSudah diperiksa.\n Approval-Version: 9\n\n")
    trailers = office.git("interpret-trailers", "--parse", data=f"{message}\n".encode())
    assert trailers.splitlines() == [
        "Approval-Version: 1", "Approval-Sequence: 1", "Approval-Ref: refs/heads/publish",
        f"Approval-Genesis: {before}", f"Approval-Draft: {tip}",
        f"Approval-Digest: {history.content_digest(office, commit)}",
        f"Approval-Policy: sha256:{_sha256(office.repo / 'governance/policy.toml')}", "Approval-Ledger: none",
    ]  # fmt: skip


def _sha256(path: Path) -> str:
    return subprocess.run(
        ["sha256sum", str(path)], check=True, capture_output=True, text=True
    ).stdout.split()[0]


@pytest.mark.parametrize(("kind", "bits"), [("ed25519", 0), ("ecdsa", 256), ("rsa", 3072)])
def test_git_itself_accepts_it_with_any_kind_of_key(tmp_path: Path, kind: str, bits: int) -> None:
    office = Office(tmp_path, head_key=key("camat", kind, bits))
    draft = submitted(office, "satu")
    office.approves(draft, "--key", str(office.head.key))
    (tmp_path / "pemilik").write_text(f"camat@percontohan.go.id {office.head.public}\n")
    trusting = ["-c", "gpg.format=ssh", "-c", f"gpg.ssh.allowedSignersFile={tmp_path / 'pemilik'}"]

    office.git(*trusting, "verify-commit", "publish")
    assert office.verify().ok
    assert office.sop("verify").json["approvals"][0]["commit"] == office.tip("publish")


def test_the_work_tree_follows_publish(office: Office) -> None:
    draft = submitted(office, "satu")
    office.approves(draft)

    assert office.git("symbolic-ref", "HEAD") == "refs/heads/publish"
    assert office.git("status", "--porcelain") == ""
    assert (office.repo / f"content/pengumuman/{draft}/index.md").is_file()


def test_verify_tells_approvals_oldest_first(office: Office) -> None:
    drafts = [published(office, name) for name in ("satu", "dua")]
    told = office.sop("verify").json

    assert [line["sequence"] for line in told["approvals"]] == [1, 2]
    assert told["approvals"][1]["paths"] == [f"content/pengumuman/{drafts[1]}/index.md"]
    assert set(told["approvals"][0]) == {
        "commit", "sequence", "approver", "role", "time", "draft", "assurance", "paths",
    }  # fmt: skip
    assert told["approvals"][0]["time"].endswith("+08:00")
    assert (told["tip"], told["verified_tip"]) == (office.tip("publish"),) * 2
    assert isinstance(told["seconds"], float)


def test_verify_names_what_is_refused_and_the_last_good_tip(office: Office) -> None:
    published(office, "satu")
    good = office.tip("publish")
    history.publish(office, history.merge(office, submitted(office, "dua"), by=office.stranger))
    refused = office.sop("verify")

    assert (refused.code, refused.json["verified_tip"]) == (1, good)
    assert set(refused.json["refusals"][0]) == {"code", "commit", "detail", "message", "advice"}
    assert "DITOLAK" in office.sop("verify", as_json=False).out
    office.trust.unlink()
    assert office.sop("verify").code == 3


# What is not approved


def test_findings_with_errors_bar_an_approval(office: Office) -> None:
    draft = office.announces("satu", unit="tidak-ada")
    before = refs(office)
    refused = office.sop("approve", draft)

    assert (refused.code, refused.json["commit"], refusals(refused)) == (1, None, [])
    assert [finding["severity"] for finding in refused.json["findings"]] == ["error"]
    assert refs(office) == before


def test_nobody_approves_what_he_has_written(office: Office) -> None:
    draft = office.writes(
        "content/pengumuman/2026-01-05-sendiri/index.md", page("Tulisan sendiri"), by=office.head
    )
    before = refs(office)

    assert refusals(office.sop("approve", draft)) == ["SELF_APPROVAL"]
    assert refs(office) == before


def test_protected_files_need_more_than_an_approval(office: Office) -> None:
    draft = office.writes("site.toml", "x = 1\n", draft="pengaturan")

    assert "PROTECTED_CHANGE" in refusals(office.sop("approve", draft))


def test_a_settled_empty_or_missing_draft_is_not_approved(office: Office) -> None:
    office.git("branch", "draft/kosong", "publish")
    draft = published(office, "satu")

    codes = [error(office.sop("approve", name)) for name in (draft, f"draft/{draft}", "kosong", "tidak-ada")]
    assert codes == ["draft-approved", "draft-approved", "draft-empty", "draft-missing"]


def test_a_history_that_does_not_hold_is_not_built_upon(office: Office) -> None:
    history.publish(office, history.merge(office, submitted(office, "satu"), by=office.stranger))
    draft = submitted(office, "dua")
    before = refs(office)
    refused = office.sop("approve", draft)

    assert "UNKNOWN_KEY" in refusals(refused)
    assert refs(office) == before


def test_a_clock_that_is_behind_does_not_approve(office: Office) -> None:
    published(office, "satu")
    draft = submitted(office, "dua")

    assert refusals(office.sop("approve", draft, at=MONDAY)) == ["CLOCK"]


# Return, reject, reopen


@pytest.mark.parametrize(
    ("kind", "state"), [("return", "returned"), ("reject", "rejected")]
)  # fmt: skip
def test_a_refused_draft_is_not_approved_until_it_is_reopened(office: Office, kind: str, state: str) -> None:
    draft = submitted(office, "satu")
    done = office.sop(kind, draft, "--reason", "  Lengkapi dahulu.  ")
    entry = office.verify().ledger[0]

    assert (done.code, done.json["entry"], done.json["sequence"]) == (0, office.tip("ledger"), 1)
    assert (entry.kind, entry.reason, entry.draft) == (kind, "Lengkapi dahulu.", office.tip(f"draft/{draft}"))
    assert office.sop("queue").json["drafts"][0]["state"] == state
    assert refusals(office.sop("approve", draft)) == ["DRAFT_BARRED"]
    office.reopens(draft)
    office.approves(draft)
    assert office.verify().ok
    assert [entry.sequence for entry in office.verify().ledger] == [1, 2]


def test_a_returned_draft_is_approved_after_it_was_mended(office: Office) -> None:
    draft = submitted(office, "satu")
    office.returns(draft)
    office.writes(f"content/pengumuman/{draft}/index.md", page("Pengumuman satu", body=BODY), draft=draft)
    office.submits(draft)
    office.approves(draft)

    assert office.verify().ok
    assert office.verify().approvals[0].ledger == office.tip("ledger")


def test_a_rejected_text_stays_rejected_under_another_name(office: Office) -> None:
    draft = submitted(office, "satu")
    office.rejects(draft)
    office.git("branch", "-q", "draft/lain", f"draft/{draft}")
    office.writes({}, draft="lain", message="Dengan nama lain")

    assert error(office.sop("submit", "lain")) == "draft-rejected"
    assert refusals(office.sop("approve", "lain")) == ["DRAFT_BARRED"]


def test_bringing_a_returned_draft_up_to_date_does_not_lift_the_return(office: Office) -> None:
    draft = submitted(office, "satu")
    office.returns(draft)
    published(office, "dua")

    assert refusals(office.sop("approve", draft, "--update")) == ["DRAFT_BARRED"]


def test_decisions_that_would_change_nothing_are_answered_not_recorded(office: Office) -> None:
    approved, rejected, returned, waiting = (submitted(office, name) for name in ("a", "b", "c", "d"))
    office.approves(approved)
    office.rejects(rejected)
    office.returns(returned)
    before = office.tip("ledger")
    asked = [
        ("return", approved, "draft-approved"), ("reject", approved, "draft-approved"),
        ("reject", rejected, "draft-rejected"), ("return", rejected, "draft-rejected"),
        ("return", returned, "draft-returned"), ("reopen", waiting, "draft-not-refused"),
        ("reopen", "tidak-ada", "draft-missing"),
    ]  # fmt: skip

    assert [error(office.sop(kind, name, "--reason", "x")) for kind, name, _ in asked] == [
        code for _, _, code in asked
    ]
    assert error(office.sop("return", waiting, "--reason", " \n ")) == "reason-blank"
    assert office.sop("return", waiting).code == 2
    assert office.tip("ledger") == before


def test_entries_follow_one_another_on_the_ledger(office: Office) -> None:
    for name in ("a", "b", "c"):
        office.returns(submitted(office, name), f"Alasan {name} – “kutip”")
    verdict = office.verify()

    assert verdict.ok
    assert [entry.reason for entry in verdict.ledger] == [f"Alasan {name} – “kutip”" for name in "abc"]
    with Repository(office.repo) as repo:
        assert ledger.entries(repo) == verdict.ledger


def test_a_machine_s_record_is_drawn_up_anew_when_another_came_first(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft, real = submitted(office, "satu"), ledger.draw_up

    def meanwhile(*given: Any, **named: Any) -> ledger.Drawn:
        drawn = real(*given, **named)
        monkeypatch.setattr(ledger, "draw_up", real)
        office.returns(draft)
        return drawn

    monkeypatch.setattr(ledger, "draw_up", meanwhile)
    made = ledger.append(
        office.repo, kind="archive", actor_role="operator", key=None, data={"name": "x"}, at=office.now
    )

    assert office.tip("ledger") == made
    assert [entry.kind for entry in office.verify().ledger] == ["return", "archive"]
    assert office.verify().ok


# Keys


@pytest.fixture
def agent(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Path], None]]:
    """An ssh-agent of the test's own; called with a key file, it takes it in."""
    with tempfile.TemporaryDirectory(prefix="sop-agen-") as folder:
        running = subprocess.Popen(["ssh-agent", "-D", "-a", f"{folder}/agen"], stdout=subprocess.PIPE)
        assert running.stdout is not None
        running.stdout.readline()
        monkeypatch.setenv("SSH_AUTH_SOCK", f"{folder}/agen")
        yield lambda path: subprocess.run(["ssh-add", "-q", str(path)], check=True) and None
        running.terminate()
        running.wait()
        running.stdout.close()


def test_a_key_that_is_absent_foreign_or_not_the_heads_decides_nothing(office: Office) -> None:
    draft = submitted(office, "satu")
    before = refs(office)
    for path, code in (
        (office.root / "tidak-ada", "key-missing"),
        (office.stranger.key, "key-not-listed"),
        (office.operator.key, "key-not-listed"),
        (office.witness.key, "key-not-listed"),
    ):
        assert error(office.sop("approve", draft, "--key", str(path))) == code
        assert error(office.sop("return", draft, "--reason", "x", "--key", str(path))) == code
    shutil.rmtree(office.keys)
    assert error(office.sop("approve", draft)) == "key-absent"
    assert refs(office) == before


def test_a_locked_key_without_agent_ends_with_advice(tmp_path: Path) -> None:
    office = Office(tmp_path)
    draft = submitted(office, "satu")
    subprocess.run(
        ["ssh-keygen", "-q", "-p", "-N", "rahasia-uji", "-P", "", "-f", str(office.head.key)], check=True
    )
    before = refs(office)

    for named in ([], ["--key", str(office.head.key)]):
        refused = office.sop("approve", draft, *named)
        assert error(refused) == "key-locked"
        assert "ssh-add" in refused.json["error"]["advice"]
    assert refs(office) == before


def test_the_agents_key_decides_where_no_file_does(office: Office, agent: Callable[[Path], None]) -> None:
    draft, other = submitted(office, "satu"), submitted(office, "dua")
    agent(office.head.key)
    agent(office.operator.key)
    shutil.rmtree(office.keys)
    office.returns(other)
    office.approves(draft)

    assert office.verify().ok
    assert len(office.verify().approvals) == 1


def with_stand_ins(office: Office, **head: Any) -> None:
    """A policy with an acting head and a daily stand-in, their keys beside the others."""
    end = MONDAY + timedelta(days=30)

    def change(rules: Policy) -> Policy:
        camat = replace(rules.persons[0], **head)
        public = {role: " ".join(key(role).with_name(f"{role}-ed25519.pub").read_text().split()[:2])
                  for role in ("plt", "plh")}  # fmt: skip
        acting = Person("plt@percontohan.go.id", "Plt. Camat", "acting", MONDAY, (public["plt"],), until=end,
                        decree="800/1/2026")  # fmt: skip
        daily = Person("plh@percontohan.go.id", "Plh. Camat", "daily", MONDAY, (public["plh"],), until=end,
                       decree="800/2/2026", scope=("content/berita/**",))  # fmt: skip
        return replace(rules, persons=(camat, *rules.persons[1:], acting, daily))

    draft = history.policy_change(office, change, signed_by=[office.head])
    office.submits(draft)
    office.approves(draft)
    for role in ("plt", "plh"):
        shutil.copy(key(role), office.keys / role)


def test_who_is_in_term_signs_where_no_key_is_named(office: Office) -> None:
    with_stand_ins(office, until=MONDAY + timedelta(days=1))
    draft = submitted(office, "satu")
    office.now = MONDAY + timedelta(days=2)
    office.approves(draft)

    assert office.verify().approvals[-1].approver == "plt@percontohan.go.id"
    assert office.verify().approvals[-1].decree == "800/1/2026"


def test_a_stand_in_keeps_within_term_and_scope(office: Office) -> None:
    with_stand_ins(office)
    outside = submitted(office, "satu")
    inside = office.writes("content/berita/2026-01-05-dua/index.md", page("Berita dua", kind="news"))
    daily = ["--key", str(office.keys / "plh")]

    assert refusals(office.sop("approve", outside, *daily)) == ["OUT_OF_SCOPE"]
    refused = office.sop("return", outside, "--reason", "x", *daily)
    assert refusals(refused) == ["LEDGER_SIGNER", "OUT_OF_SCOPE"]
    office.approves(inside, *daily)
    assert office.verify().ok
    late = ["--key", str(office.keys / "plt")]
    refused = office.sop("approve", outside, "--update", *late, at=MONDAY + timedelta(days=31))
    assert "TERM" in refusals(refused)


# Drafts that are behind


def test_a_stale_draft_is_refused_without_update(office: Office) -> None:
    first, second = submitted(office, "satu"), submitted(office, "dua")
    office.approves(first)
    before = refs(office)
    refused = office.sop("approve", second)

    assert (refused.code, refusals(refused)) == (1, ["UNRELATED_DRAFT"])
    assert "--update" in office.sop("approve", second, as_json=False).out
    assert refs(office) == before


def test_update_merges_publish_into_the_draft_and_approves_that(office: Office) -> None:
    first, second = submitted(office, "satu"), submitted(office, "dua")
    office.approves(first)
    publish, old = office.tip("publish"), office.tip(f"draft/{second}")
    office.approves(second, "--update")

    assert office.git("rev-parse", f"draft/{second}^@").split() == [old, publish]
    assert office.git("rev-parse", "publish^@").split() == [publish, office.tip(f"draft/{second}")]
    assert office.verify().ok
    for draft in (first, second):
        office.git("cat-file", "-e", f"publish:content/pengumuman/{draft}/index.md")


def changed_in_two_places(office: Office) -> tuple[str, str]:
    """Two drafts that change the same public file in lines far from each other."""
    draft = office.announces("satu")
    path = f"content/pengumuman/{draft}/teks.vtt"
    cues = [f"00:0{turn}.000 --> 00:0{turn}.900\nBaris {turn}\n" for turn in range(8)]
    text = "\n".join(["WEBVTT\n", *cues])
    office.writes(path, text, draft=draft)
    office.submits(draft)
    office.approves(draft)
    for name, line in (("atas", "Baris 0"), ("bawah", "Baris 7")):
        office.writes(path, text.replace(line, f"Kalimat {name}"), draft=name)
        office.submits(name)
    return "atas", "bawah"


@pytest.mark.parametrize(
    ("answers", "approved"), [([True, True], True), ([True, False], False), ([False], False)]
)
def test_a_person_at_the_terminal_is_asked_again_if_the_public_would_see_another_text(
    office: Office, monkeypatch: pytest.MonkeyPatch, answers: list[bool], approved: bool
) -> None:
    first, second = changed_in_two_places(office)
    office.approves(first)
    before, asked = refs(office), []

    def confirm(_desk: Desk, code: str, option: str, **values: object) -> bool:
        asked.append((code, option, values))
        return answers[len(asked) - 1]

    monkeypatch.setattr(Desk, "can_ask", lambda _: True)
    monkeypatch.setattr(Desk, "confirm", confirm)
    done = office.sop("approve", second, as_json=False)

    assert done.code == (0 if approved else 1)
    assert [code for code, _, _ in asked] == ["draft-update-ask", "draft-update-changes-ask"][: len(answers)]
    if len(asked) == 2:
        assert asked[1][2] == {"paths": "content/pengumuman/2026-01-05-satu/teks.vtt"}
    assert (refs(office) == before) is not approved


def test_one_question_is_enough_where_the_public_sees_the_same(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = submitted(office, "satu"), submitted(office, "dua")
    office.approves(first)
    asked: list[str] = []
    monkeypatch.setattr(Desk, "can_ask", lambda _: True)
    monkeypatch.setattr(Desk, "confirm", lambda _desk, code, *_, **__: asked.append(code) or True)

    assert office.sop("approve", second).code == 0
    assert asked == ["draft-update-ask"]


def test_what_the_public_will_see_is_shown_before_it_is_signed(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = published(office, "lama")
    told: list[str] = []
    draft = office.writes(
        {
            f"content/pengumuman/{old}/index.md": None,
            "content/pengumuman/2026-01-05-baru/index.md": page("Pengumuman baru", body=BODY),
            "content/pengumuman/2026-01-05-baru/teks.vtt": "WEBVTT\n\n00:00.000 --> 00:01.000\nHalo\n",
        },
        draft="ganti",
    )
    office.submits(draft)
    real = Signer.sign

    def sign(signer: Signer, payload: bytes, namespace: str) -> str:
        told.append(sys.stdout.getvalue())  # type: ignore[attr-defined]
        return real(signer, payload, namespace)

    monkeypatch.setattr(Signer, "sign", sign)
    assert office.sop("approve", draft, as_json=False).code == 0

    (shown,) = told
    assert f"HALAMAN HILANG content/pengumuman/{old}/index.md" in shown
    assert "akan DIHAPUS" in shown
    assert "BARU content/pengumuman/2026-01-05-baru/teks.vtt" in shown
    assert '+title: "Pengumuman baru"' in shown


def test_a_draft_that_took_publish_in_without_its_pages_shows_them_as_removed(office: Office) -> None:
    draft = submitted(office, "satu")
    newer = published(office, "dua")
    tip = office.tip(f"draft/{draft}")
    tree = office.git("rev-parse", f"{tip}^{{tree}}")
    merged = office.commits(tree, [tip, office.tip("publish")], "Gabung", office.operator)
    office.git("update-ref", f"refs/heads/draft/{draft}", merged)
    office.submits(draft)
    done = office.approves(draft)

    removed = [change["path"] for change in done.json["changes"] if change["change"] == "removed"]
    assert removed == [f"content/pengumuman/{newer}/index.md"]


def test_a_page_that_moves_is_shown_with_the_place_that_it_left(office: Office) -> None:
    old = published(office, "lama", body=BODY)
    text = office.git("show", f"publish:content/pengumuman/{old}/index.md")
    new = "content/pengumuman/2026-01-05-pindah/index.md"
    draft = office.writes({f"content/pengumuman/{old}/index.md": None, new: f"{text}\n"}, draft="pindah")
    office.submits(draft)

    assert (
        f"PINDAHAN dari content/pengumuman/{old}/index.md" in office.sop("review", draft, as_json=False).out
    )
    (moved,) = (change for change in office.approves(draft).json["changes"] if change["moved_from"])
    assert (moved["path"], moved["moved_from"]) == (new, f"content/pengumuman/{old}/index.md")


def in_conflict(office: Office) -> str:
    draft = published(office, "satu", body=BODY)
    path = f"content/pengumuman/{draft}/index.md"
    for name in ("kiri", "kanan"):
        text = page("Pengumuman satu", body=BODY.replace("pertama", name), change_note=f"Versi {name}.")
        office.writes(path, text, draft=name)
        office.submits(name)
    office.approves("kiri")
    return path


def test_an_operator_settles_a_conflict_as_he_is_told(office: Office) -> None:
    path = in_conflict(office)
    told = office.sop("submit", "kanan", as_json=False)
    typed = re.findall("“(git [^”]+)”", told.out)
    assert [words.split()[1] for words in typed] == ["switch", "merge"]
    for words in typed:
        subprocess.run(
            words, shell=True, cwd=office.repo, env={**EMPTY_ENV, **WHO}, capture_output=True, check=False
        )  # fmt: skip
    file = office.repo / path
    assert "<<<<<<<" in file.read_text(encoding="utf-8")

    unfinished = office.sop("submit", "kanan")
    assert error(unfinished) == "merge-unfinished"
    file.write_text(
        page("Pengumuman satu", body=BODY.replace("pertama", "kiri dan kanan"), change_note="Keduanya."),
        encoding="utf-8",
    )
    office.submits("kanan")
    assert not (office.repo / ".git/MERGE_HEAD").exists()
    assert office.git("status", "--porcelain") == ""
    office.approves("kanan")
    assert "kiri dan kanan" in office.git("show", f"publish:{path}")
    assert office.verify().ok


def test_a_conflict_goes_back_to_the_operator(office: Office) -> None:
    path = in_conflict(office)
    before = refs(office)
    refused = office.sop("approve", "kanan", "--update")

    assert (refused.code, refusals(refused), refused.json["conflicts"]) == (1, ["UNRELATED_DRAFT"], [path])
    told = office.sop("approve", "kanan", "--update", as_json=False).out
    assert "“git switch draft/kanan”, “git merge publish”" in told
    assert "--update" not in told
    assert refs(office) == before
    (waiting,) = (line for line in office.sop("queue").json["drafts"] if line["draft"] == "kanan")
    assert (waiting["next"], waiting["turn"], waiting["conflicts"]) == ("resolve", "operator", [path])


def test_an_update_that_leaves_nothing_to_approve_is_said_to_be_empty(office: Office) -> None:
    first = submitted(office, "satu")
    office.git("branch", "-q", "draft/sama", f"draft/{first}")
    office.writes({}, draft="sama", message="Sama saja")
    office.approves(first)

    assert error(office.sop("approve", "sama", "--update")) == "draft-empty"


def test_unsaved_edits_on_the_draft_keep_it_from_being_brought_up_to_date(office: Office) -> None:
    first = submitted(office, "satu")
    made = office.sop("new", "announcement", "Kedua").json
    office.approves(first)
    edited = office.repo / str(made["path"])
    edited.write_text(page("Kedua, sedang diubah"), encoding="utf-8")
    before = refs(office)

    assert error(office.sop("approve", str(made["draft"]), "--update")) == "work-tree-edited"
    assert refs(office) == before
    assert edited.read_text(encoding="utf-8") == page("Kedua, sedang diubah")


# Two at once, and interruptions


def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Let something else happen after a decision was drawn up and before it is put in place."""
    real = standing.judged

    def judged(*given: Any, **named: Any) -> Any:
        monkeypatch.setattr(standing, "judged", real)
        act()
        return real(*given, **named)

    monkeypatch.setattr(standing, "judged", judged)


def test_of_two_heads_at_once_one_approves_and_one_hears_of_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft, other = submitted(office, "satu"), submitted(office, "dua")
    meanwhile(monkeypatch, lambda: office.approves(other))
    late = office.sop("approve", draft)

    assert error(late) == "someone-was-faster"
    assert [approval.draft for approval in office.verify().approvals] == [office.tip(f"draft/{other}")]
    assert office.verify().ok


@pytest.mark.parametrize("kind", ["return", "reject"])
def test_a_draft_that_is_refused_meanwhile_is_not_approved(
    office: Office, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    draft, before = submitted(office, "satu"), office.tip("publish")
    meanwhile(monkeypatch, lambda: office.sop(kind, draft, "--reason", "Tunggu."))

    assert error(office.sop("approve", draft)) == "someone-was-faster"
    assert office.tip("publish") == before


def test_a_draft_that_is_approved_meanwhile_is_not_refused(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = submitted(office, "satu")
    meanwhile(monkeypatch, lambda: office.approves(draft))

    assert error(office.sop("return", draft, "--reason", "Tunggu.")) == "someone-was-faster"
    assert office.verify().ok
    assert office.verify().ledger == ()


def test_a_draft_that_is_edited_meanwhile_is_not_approved(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft, before = submitted(office, "satu"), office.tip("publish")
    path = f"content/pengumuman/{draft}/index.md"
    meanwhile(monkeypatch, lambda: office.writes(path, page("Lain sama sekali"), draft=draft))

    assert error(office.sop("approve", draft)) == "someone-was-faster"
    assert office.tip("publish") == before


@pytest.mark.parametrize("words", [["approve"], ["reject", "--reason", "Tidak."]])
@pytest.mark.parametrize("place", ["receive", "verification", "noted", "move_refs"])
def test_an_interruption_leaves_the_old_state_and_the_command_can_be_repeated(
    office: Office, monkeypatch: pytest.MonkeyPatch, words: list[str], place: str
) -> None:
    draft = submitted(office, "satu")
    before = refs(office)

    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    module = {
        "receive": sharing, "verification": standing, "noted": deciding.intents,
        "move_refs": deciding.plumbing,
    }  # fmt: skip
    with monkeypatch.context() as broken:
        broken.setattr(module[place], place, stopped)
        assert error(office.sop(words[0], draft, *words[1:])) == "interrupted"
    assert refs(office) == before
    assert office.sop(words[0], draft, *words[1:]).code == 0
    assert office.verify().ok


# The office's shared copy


@pytest.fixture
def origin(office: Office, tmp_path: Path) -> Path:
    bare = tmp_path / "bersama.git"
    office.git("clone", "-q", "--bare", str(office.repo), str(bare))
    office.git("remote", "add", "origin", str(bare))
    return bare


def shared_refs(office: Office, origin: Path) -> str:
    return office.git("for-each-ref", "--format=%(refname) %(objectname)", "refs/heads", cwd=origin)


def test_decisions_are_sent_to_the_shared_copy(office: Office, origin: Path) -> None:
    first, second = submitted(office, "satu"), submitted(office, "dua")
    office.approves(first)
    office.returns(second)

    assert shared_refs(office, origin) == office.git(
        "for-each-ref", "--format=%(refname) %(objectname)", "refs/heads"
    )


def test_what_another_machine_decided_is_taken_in_first(office: Office, origin: Path, tmp_path: Path) -> None:
    draft = submitted(office, "satu")
    here, there = office.repo, tmp_path / "lain"
    office.git("clone", "-q", str(origin), str(there))
    office.repo = there
    shutil.copytree(office.keys, tmp_path / "lain.keys")
    office.approves(draft)
    office.repo = here

    assert error(office.sop("approve", draft)) == "draft-approved"
    assert office.tip("publish") == office.git("rev-parse", "publish", cwd=origin)
    assert (office.repo / f"content/pengumuman/{draft}/index.md").is_file()


def test_a_machine_without_trust_file_pins_the_genesis_that_it_has(
    office: Office, origin: Path, tmp_path: Path
) -> None:
    draft = submitted(office, "satu")
    office.trust.rename(tmp_path / "dipinjam.toml")

    office.approves(draft)
    assert office.sop("verify").code == 3
    other = submitted(office, "dua")
    missing = ["--trust", str(tmp_path / "tidak-ada.toml")]
    assert office.sop("approve", other, *missing).code == 3


@pytest.mark.parametrize(
    ("words", "code", "exit_code"),
    [(["approve"], "origin-silent", 6), (["reject", "--reason", "Tidak."], "origin-silent", 6)],
)
def test_a_shared_copy_that_does_not_answer_stops_a_decision(
    office: Office, origin: Path, words: list[str], code: str, exit_code: int
) -> None:
    draft = submitted(office, "satu")
    before = refs(office)
    origin.rename(origin.with_name("putus.git"))
    refused = office.sop(words[0], draft, *words[1:])

    assert (refused.code, refused.json["error"]["code"]) == (exit_code, code)
    assert refs(office) == before


def test_an_operator_without_network_submits_and_sends_later(office: Office, origin: Path) -> None:
    draft = office.announces("satu")
    origin.rename(origin.with_name("putus.git"))
    alone = office.sop("submit", draft)
    tip = office.tip(f"draft/{draft}")
    origin.with_name("putus.git").rename(origin)
    again = office.submits(draft)

    assert (alone.code, alone.json["error"]["code"]) == (6, "submitted-not-sent")
    assert (again.json["again"], again.json["tip"]) == (True, tip)
    assert tip in shared_refs(office, origin)


def test_a_shared_copy_that_moved_on_at_the_last_moment_wins(
    office: Office, origin: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft, before = submitted(office, "satu"), office.tip("publish")

    def somebody_pushes() -> None:
        tree = office.git("rev-parse", "publish^{tree}")
        other = office.commits(tree, [before], "Dari tempat lain", office.operator)
        office.git("push", "-q", str(origin), f"{other}:refs/heads/publish")

    meanwhile(monkeypatch, somebody_pushes)
    assert error(office.sop("approve", draft)) == "someone-was-faster"
    assert office.tip("publish") == before


@pytest.mark.parametrize("kind", ["return", "reject"])
def test_a_refusal_from_another_machine_at_the_last_moment_wins(
    office: Office, origin: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    draft, before = submitted(office, "satu"), office.tip("publish")
    office.git("push", "-q", "origin", f"draft/{draft}")
    here, there = office.repo, tmp_path / "lain"
    office.git("clone", "-q", str(origin), str(there))
    shutil.copytree(office.keys, tmp_path / "lain.keys")

    def refused_there() -> None:
        office.repo = there
        assert office.sop(kind, draft, "--reason", "Tunggu.").code == 0
        office.repo = here

    # Approvals move publish and refusals the ledger: git by itself would take both.
    meanwhile(monkeypatch, refused_there)
    assert error(office.sop("approve", draft)) == "someone-was-faster"
    assert office.git("rev-parse", "publish", cwd=origin) == office.tip("publish") == before
    assert refusals(office.sop("approve", draft)) == ["DRAFT_BARRED"]


def test_an_entry_that_would_take_back_what_was_just_approved_is_not_written(
    office: Office, origin: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = submitted(office, "satu")
    meanwhile(monkeypatch, lambda: office.approves(draft))

    assert error(office.sop("reject", draft, "--reason", "Tunggu.")) == "someone-was-faster"
    assert office.verify().ok
    assert "refs/heads/ledger" not in shared_refs(office, origin)


def test_a_ledger_that_the_shared_copy_lacks_goes_with_the_approval_that_names_it(
    office: Office, origin: Path
) -> None:
    draft = submitted(office, "satu")
    history.ledger_entry(office, "archive", by=office.operator, data={"name": "x"}, reason="")
    office.approves(draft)

    assert shared_refs(office, origin) == office.git(
        "for-each-ref", "--format=%(refname) %(objectname)", "refs/heads"
    )
    assert office.verify().approvals[0].ledger == office.tip("ledger")


def late(office: Office) -> tuple[str, list[str]]:
    office.now += timedelta(days=31)
    return "TERM", ["--key", str(office.keys / "plt")]


def out_of_scope(office: Office) -> tuple[str, list[str]]:
    return "OUT_OF_SCOPE", ["--key", str(office.keys / "plh")]


def slow_clock(office: Office) -> tuple[str, list[str]]:
    office.now -= timedelta(days=2)
    return "CLOCK", ["--key", str(office.head.key)]


def spoiled_ledger(office: Office) -> tuple[str, list[str]]:
    history.ledger_entry(office, "archive", by=office.stranger, reason="")
    return "LEDGER_SIGNER", ["--key", str(office.head.key)]


def fast_clock_before(office: Office) -> tuple[str, list[str]]:
    """Another machine, a day ahead, approved and could not know."""
    other = "2026-01-05-lain"
    office.announces("lain")
    office.now += timedelta(days=1)
    office.approves(other)
    office.now -= timedelta(days=1)
    return "CLOCK", ["--update", "--key", str(office.head.key)]


@pytest.mark.parametrize("deed", [late, out_of_scope, slow_clock, spoiled_ledger, fast_clock_before])
def test_what_would_not_verify_is_never_sent(
    office: Office, tmp_path: Path, deed: Callable[[Office], tuple[str, list[str]]]
) -> None:
    with_stand_ins(office)
    draft = submitted(office, "satu")
    bare = tmp_path / "bersama.git"
    office.git("clone", "-q", "--bare", str(office.repo), str(bare))
    office.git("remote", "add", "origin", str(bare))
    code, options = deed(office)
    there, here = shared_refs(office, bare), shared_refs(office, office.repo)
    refused = office.sop("approve", draft, *options)

    assert code in refusals(refused)
    assert shared_refs(office, bare) == there
    assert shared_refs(office, office.repo) == here


def test_a_rule_of_the_shared_copy_is_told_in_its_own_words(office: Office, origin: Path) -> None:
    draft, before = submitted(office, "satu"), refs(office)
    hook = origin / "hooks/update"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text('#!/bin/sh\ntest "$1" != refs/heads/publish\n')
    hook.chmod(0o755)
    refused = office.sop("approve", draft)

    assert error(refused) == "origin-refused"
    assert "hook declined" in refused.json["error"]["message"]
    assert refs(office).replace("\n", "").startswith(before.split("refs/remotes")[0].replace("\n", ""))


def test_two_processes_at_once_leave_one_approval_and_a_history_that_holds(office: Office) -> None:
    drafts = [submitted(office, name) for name in ("satu", "dua")]
    env = {"PATH": os.environ["PATH"], "HOME": str(office.root)}
    program = [sys.executable, "-m", "pipeline", "--json", "--repo", str(office.repo), "approve"]
    running = [
        subprocess.Popen([*program, draft], cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for draft in drafts
    ]
    for process in running:
        process.communicate()

    assert sorted(process.returncode for process in running) == [0, 1]
    # The processes look at the real clock, which is later than this office's.
    verdict = office.verify(now=datetime.now(UTC))
    assert verdict.ok
    assert len(verdict.approvals) == 1
