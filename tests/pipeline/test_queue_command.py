"""``sop queue``: where every draft stands, whose turn it is, and what goes before all else."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline import caching, drafts, kept, ledger, queueing
from pipeline.repository import Repository
from tests import history
from tests.office import MONDAY, Office, page

pytestmark = pytest.mark.git


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An office that was just opened; tests work on copies of its folder."""
    return Office(tmp_path_factory.mktemp("kantor"))


@pytest.fixture
def office(opened: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """A copy of it, whose queue keeps what it finds out."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "singgahan"))
    for switch in ("CI", caching.SWITCH):
        monkeypatch.delenv(switch, raising=False)
    return opened.copied_to(tmp_path / "salinan")


def states(office: Office) -> dict[str, str]:
    return {line["draft"]: line["state"] for line in office.sop("queue").json["drafts"]}


def approved(office: Office, name: str, **front: str) -> str:
    draft = office.announces(name, **front)
    office.submits(draft)
    office.approves(draft)
    return draft


def path_of(draft: str) -> str:
    return f"content/pengumuman/{draft}/index.md"


def test_an_approved_draft_is_public_once_a_witness_saw_it(office: Office) -> None:
    first = approved(office, "satu")
    second = approved(office, "dua")
    tip = office.git("rev-parse", "publish~1")
    assert states(office) == {first: "approved", second: "approved"}
    history.sighting(office, tip)

    assert states(office) == {first: "public", second: "approved"}
    assert "Sudah tayang." in office.sop("queue", as_json=False).out


def test_a_page_that_waits_for_its_hour_is_scheduled(office: Office) -> None:
    draft = approved(office, "satu", publish_at="2026-03-02T08:00")
    (line,) = office.sop("queue").json["drafts"]

    assert (line["state"], line["next"], line["turn"]) == ("scheduled", "wait", "nobody")
    assert line["shown_from"] == "2026-03-02T08:00:00+08:00"
    assert "tayang mulai 2026-03-02 08:00" in office.sop("queue", as_json=False).out
    (later,) = office.sop("queue", at=MONDAY + timedelta(days=90)).json["drafts"]
    assert (later["draft"], later["state"], later["shown_from"]) == (draft, "approved", None)


def test_a_draft_whose_page_was_withdrawn_says_so_and_the_withdrawal_is_public(office: Office) -> None:
    draft = approved(office, "satu")
    done = office.sop("withdraw", path_of(draft), "--reason", "Jadwal batal").json
    office.submits(done["draft"])
    office.approves(done["draft"])

    assert states(office) == {draft: "withdrawn", done["draft"]: "approved"}


def test_a_draft_whose_page_was_removed_counts_as_withdrawn(office: Office) -> None:
    draft = approved(office, "satu")
    office.writes({path_of(draft): None}, draft="hapus")
    office.submits("hapus")
    office.approves("hapus")

    assert states(office) == {draft: "withdrawn", "hapus": "approved"}


def test_what_warns_the_public_comes_first(office: Office) -> None:
    plain, marked, alert = office.announces("biasa"), "2026-01-05-penting", "2026-01-05-banjir"
    row = (
        "\n  class: serta-merta\n  custodian: Seksi Pelayanan Umum\n  responsible: Camat\n"
        "  made: 2026-01-05\n  place: Singaraja\n  form: [softcopy]\n  retention: 1 tahun"
    )
    office.announces("penting", information=row)
    fields = {
        "level": "siaga", "area": "Kelurahan Banyuning", "until": "2026-02-01T08:00",
        "instructions": "[Jauhi sungai]", "topics": "",
    }  # fmt: skip
    office.writes(f"content/siaga/{alert}/index.md", page("Banjir di Banyuning", kind="alert", **fields))
    for draft in (plain, marked):
        office.submits(draft)
    told = office.sop("queue").json["drafts"]

    assert [line["draft"] for line in told] == [marked, alert, plain]
    assert [line["urgent"] for line in told] == [True, True, False]
    assert office.sop("queue", as_json=False).out.count("SERTA-MERTA") == 2
    office.approves(marked)
    assert [line["urgent"] for line in office.sop("queue").json["drafts"]] == [True, False, False]


def test_the_age_of_what_is_settled_stands_still(office: Office) -> None:
    draft = office.announces("satu")
    office.submits(draft)
    office.now += timedelta(days=2)
    office.approves(draft)

    for later in (3, 40):
        (line,) = office.sop("queue", at=MONDAY + timedelta(days=later)).json["drafts"]
        assert line["age_days"] == 2


def test_what_was_settled_long_ago_is_counted_and_shown_when_asked_for(office: Office) -> None:
    old, scheduled = approved(office, "lama"), approved(office, "nanti", publish_at="2026-12-01T08:00")
    waiting = office.announces("baru")
    office.now += timedelta(days=30)

    told = office.sop("queue", as_json=False).out
    assert old not in told
    assert scheduled in told
    assert waiting in told
    assert "1 draf lain sudah selesai" in told
    assert old in office.sop("queue", "--all", as_json=False).out
    assert old in states(office)


def test_a_draft_with_the_content_of_a_rejected_one_is_rejected_too(office: Office) -> None:
    first = office.announces("satu")
    office.rejects(first)
    parent, tree = office.tip("publish"), office.git("rev-parse", f"draft/{first}^{{tree}}")
    again = office.commits(tree, [parent], "Lagi", office.operator)
    office.git("update-ref", "refs/heads/draft/lagi", again)
    assert states(office)["lagi"] == "rejected"

    # The same is known where the rejected commits are gone: then the digest itself is computed.
    office.git("update-ref", "-d", f"refs/heads/draft/{first}")
    office.git("reflog", "expire", "--expire=now", "--all")
    office.git("gc", "-q", "--prune=now")
    assert states(office) == {"lagi": "rejected"}
    office.reopens("lagi")
    assert states(office) == {"lagi": "draft"}


def _everything(office: Office) -> None:
    """Drafts of many kinds, with histories that join and part."""
    first = approved(office, "satu")
    second = office.announces("dua")
    office.submits(second)
    office.returns(second)
    office.writes({path_of("2026-01-05-tiga"): page("Pengumuman tiga")}, draft=second)
    third = approved(office, "empat")
    onto = office.commits(
        office.git("merge-tree", "--write-tree", f"draft/{second}", "publish"),
        [office.tip(f"draft/{second}"), office.tip("publish")],
        "Gabung",
        office.operator,
    )
    office.git("update-ref", f"refs/heads/draft/{second}", onto)
    office.git("update-ref", "refs/heads/draft/kosong", office.tip("publish"))
    office.git("update-ref", "refs/heads/draft/separuh", office.git("rev-parse", f"draft/{third}~1"))
    office.announces("lima")
    office.rejects("2026-01-05-lima")
    office.writes({path_of(first): page("Pengumuman satu, baru", change_note="Judul baru")}, draft="ubah")
    office.submits("ubah", "--note", "Mohon segera")


def test_the_queue_says_of_each_draft_what_is_said_of_it_alone(office: Office) -> None:
    _everything(office)
    with Repository(office.repo) as repo:
        entries = ledger.entries(repo)
        known = drafts.history(repo, entries, office.now)
        alone = {draft.id: drafts.row(repo, draft, known) for draft in repo.drafts()}
        for _ in ("asked", "remembered"):
            assert {row.draft.id: row for row in queueing.gather(repo, entries, office.now)} == alone
    assert len({row.state for row in alone.values()}) >= 4


@pytest.mark.parametrize("damage", [b"", b"[]", b'{"a": 1}', b"\xff", b'{"a":' * 5_000])
def test_what_was_kept_and_is_damaged_changes_no_answer(office: Office, damage: bytes) -> None:
    approved(office, "satu")
    office.announces("dua", summary="pendek")
    before = office.sop("queue").json["drafts"]
    folder = caching.folder_for(office.repo, "queue")
    assert {path.name for path in folder.iterdir()} == {"paths.json", "checks.json", "approved.json"}
    for path in folder.iterdir():
        path.write_bytes(damage)

    assert office.sop("queue").json["drafts"] == before
    assert [line["checks"]["errors"] for line in before] == [1, 0]


def test_checks_are_made_anew_where_the_draft_or_the_site_changed(office: Office) -> None:
    draft = office.announces("satu", summary="pendek")
    assert office.sop("queue").json["drafts"][0]["checks"]["errors"] == 1
    office.writes({path_of(draft): page("Pengumuman satu")}, draft=draft)
    assert office.sop("queue").json["drafts"][0]["checks"]["errors"] == 0

    kept_now = kept.load(office.repo, "checks")
    assert [key.split()[1:] for key in kept_now] == [[office.tip("publish"), office.tip(f"draft/{draft}")]]


def test_nothing_is_kept_where_the_user_wants_no_memory(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(caching.SWITCH, "1")
    approved(office, "satu")

    assert list(states(office).values()) == ["approved"]
    assert not (tmp_path / "singgahan").exists()


def test_the_object_is_json_for_programs(office: Office) -> None:
    approved(office, "satu")
    (line,) = office.sop("queue").json["drafts"]

    promised = {"draft", "state", "next", "turn", "age_days", "checks", "remarks", "urgent", "decided"}
    assert promised <= set(line)
    assert json.loads(json.dumps(line)) == line
