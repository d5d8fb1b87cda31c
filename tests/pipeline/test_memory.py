"""The memory of earlier verifications: what it may say, where it may lie, what an attack on it achieves."""

from __future__ import annotations

import hashlib
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
import zlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline import caching, memory
from pipeline.verification import Verification, verification
from sop_site.approval import continuing
from sop_site.approval.policy import Revoked
from tests import history
from tests.office import Office, page
from tests.pipeline.test_policy_changes import ACTING, DAILY, add, enacts, witnessed

pytestmark = pytest.mark.git

ROOT = Path(__file__).resolve().parent.parent.parent


def cache() -> Path:
    """Where memories lie in this test's home."""
    return Path(os.environ["XDG_CACHE_HOME"]) / "sop-site" / "verify"


def own() -> Path:
    """The only memory there is."""
    (place,) = cache().iterdir()
    return place


def kept(name: str) -> Path:
    """One of its files."""
    (path,) = own().glob(f"*/{name}")
    return path


def verified(office: Office, **options: bool) -> Verification:
    """The verdict that a plain run gives, held against the one from genesis."""
    office.verify()
    with verification(office.repo, office.trust, office.now, **options) as found:
        tuple(found.verdict.approvals)
        return found


def approves(office: Office, name: str) -> str:
    return history.publish(office, history.merge(office, office.announces(name)))


def goes_on(office: Office) -> bool:
    """Whether the next verification goes on from memory; the verdict is right in any case."""
    with verification(office.repo, office.trust, office.now) as found:
        remembered = found.remembered
    with verification(office.repo, office.trust, office.now, full=True) as whole:
        assert found.verdict == whole.verdict
        assert found.verdict.verified_tip == whole.verdict.verified_tip
    return remembered


@pytest.fixture
def remembered(office: Office) -> Office:
    """An office with a history that was verified, and one approval that was not."""
    approves(office, "pertama")
    history.decision(office, "reject", office.announces("ditolak"))
    office.verify()
    assert goes_on(office)
    approves(office, "kedua")
    return office


def test_a_second_run_goes_on_where_the_first_ended(remembered: Office) -> None:
    with verification(remembered.repo, remembered.trust, remembered.now) as found:
        verdict = found.verdict

    assert found.remembered
    assert verdict.ok
    assert [approval.sequence for approval in verdict.approvals] == [1, 2]
    assert [entry.kind for entry in verdict.ledger] == ["reject"]
    assert verdict.approvals[-1].commit == verdict.verified_tip == remembered.tip("publish")


def test_an_office_with_the_longer_ids_is_remembered_too(tmp_path: Path) -> None:
    office = Office(tmp_path, object_format="sha256")
    approves(office, "pertama")
    history.decision(office, "reject", office.announces("ditolak"))
    office.verify()
    approves(office, "kedua")
    history.ledger_entry(office, "archive", by=office.operator, reason="")

    assert goes_on(office)


@pytest.mark.parametrize(
    ("variable", "value"), [("CI", "true"), ("CI", "1"), (caching.SWITCH, "1"), ("HOME", os.devnull)]
)
def test_memory_is_switched_off(
    office: Office, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    if variable == "HOME":
        monkeypatch.delenv("XDG_CACHE_HOME")

    assert not goes_on(office)
    assert not goes_on(office)
    assert not cache().exists() if variable != "HOME" else True


def test_full_neither_reads_nor_writes_it(remembered: Office) -> None:
    before = kept("chain").read_bytes()
    found = remembered.sop("verify", "--full")
    assert (found.code, found.json["memory"]) == (0, False)
    assert kept("chain").read_bytes() == before

    found = remembered.sop("verify")
    assert (found.code, found.json["memory"], len(found.json["approvals"])) == (0, True, 2)
    assert kept("chain").read_bytes() != before


def test_a_refusal_is_never_said_from_memory_and_does_not_spoil_it(remembered: Office) -> None:
    good = remembered.tip("publish")
    history.publish(remembered, history.merge(remembered, remembered.announces("x"), by=remembered.stranger))
    assert "UNKNOWN_KEY" in remembered.codes()
    assert not goes_on(remembered)
    history.publish(remembered, good)

    assert goes_on(remembered)


def test_another_tip_begins_at_genesis_and_is_remembered_instead(remembered: Office) -> None:
    remembered.verify()
    first = remembered.git("rev-parse", "publish^1")
    remembered.now += timedelta(minutes=1)
    history.publish(remembered, first)
    assert not goes_on(remembered)
    approves(remembered, "lain")

    assert goes_on(remembered)


def test_a_clock_that_went_back_begins_at_genesis(remembered: Office) -> None:
    remembered.verify()
    early = remembered.now - timedelta(hours=2)

    with verification(remembered.repo, remembered.trust, early) as found:
        assert {refusal.code for refusal in found.verdict.refusals} >= {"CLOCK"}


def test_a_refusal_of_what_is_public_reaches_back(office: Office) -> None:
    draft = office.announces("pertama")
    tip = office.tip(f"draft/{draft}")
    history.publish(office, history.merge(office, draft))
    given = office.now
    assert not goes_on(office)
    assert goes_on(office)
    history.ledger_entry(
        office, "reject", draft=tip, data={"content_digest": history.content_digest(office, tip)}, at=given
    )

    assert not goes_on(office)
    assert office.codes() == ["DRAFT_BARRED"]


@pytest.mark.parametrize("kind", ["return", "reject"])
def test_a_refusal_that_is_remembered_bars(office: Office, kind: str) -> None:
    draft = office.announces("ditolak")
    history.decision(office, kind, draft)
    office.verify()
    history.publish(office, history.merge(office, draft))

    assert office.codes() == ["DRAFT_BARRED"]


def test_a_rejected_text_under_another_commit_is_barred_by_memory_too(office: Office) -> None:
    text = {"content/pengumuman/sama/index.md": page("Sama")}
    history.decision(office, "reject", office.writes(text, draft="satu"))
    office.verify()
    history.publish(office, history.merge(office, office.writes(text, draft="dua")))

    assert office.codes() == ["DRAFT_BARRED"]


def test_an_acting_heads_approval_is_remembered_once_a_witness_saw_it(office: Office) -> None:
    enacts(office, add(ACTING, "acting", office, days=1))
    office.verify()
    seen = history.publish(office, history.merge(office, office.announces("jadwal"), by=ACTING))
    assert goes_on(office)
    assert verified(office).verdict.ok
    rows = kept("chain").stat().st_size
    late = office.now + timedelta(days=9)
    codes = {refusal.code for refusal in office.verify(now=late).refusals}
    assert codes == {"TERM_UNWITNESSED"}

    witnessed(office, seen)
    assert goes_on(office)
    assert kept("chain").stat().st_size > rows
    office.now = late
    assert goes_on(office)
    assert office.verify().ok


def test_a_new_policy_is_judged_from_genesis(office: Office) -> None:
    enacts(office, add(ACTING, "acting", office))
    stolen_from = office.tip("publish")
    approval = history.publish(office, history.merge(office, office.announces("jadwal"), by=ACTING))
    witnessed(office, approval)
    office.verify()
    assert goes_on(office)
    print_ = history.policy.fields.fingerprint_of(ACTING.public)
    enacts(office, lambda old: replace(old, revoked=(Revoked(print_, "dicuri", stolen_from),)))

    assert not goes_on(office)
    assert office.codes() == ["REVOKED_KEY"]


def test_an_entry_from_before_the_policy_in_force_is_judged_from_genesis(office: Office) -> None:
    before = office.tip("publish")
    enacts(office, add(ACTING, "acting", office))
    office.verify()
    assert goes_on(office)
    history.ledger_entry(office, "archive", by=office.operator, reason="", publish=before)

    assert not goes_on(office)
    assert office.codes() == []


def test_a_draft_that_comes_after_the_decision_on_it_is_looked_at(office: Office) -> None:
    draft = office.announces("hilang")
    tip = office.tip(f"draft/{draft}")
    office.git("update-ref", "-d", f"refs/heads/draft/{draft}")
    history.ledger_entry(office, "return", draft=tip, data={"content_digest": "sha256:" + "1" * 64})
    office.verify()
    assert goes_on(office)
    office.git("update-ref", "refs/heads/draft/lagi", tip)

    assert not goes_on(office)
    assert office.codes() == ["LEDGER_GRAMMAR"]


def test_a_draft_that_only_memory_still_has_counts_as_gone(office: Office) -> None:
    draft = office.announces("hilang")
    tip = office.tip(f"draft/{draft}")
    history.decision(office, "return", office.announces("lain"))
    office.verify()
    office.git("update-ref", "-d", f"refs/heads/draft/{draft}")
    history.ledger_entry(office, "return", draft=tip, data={"content_digest": "sha256:" + "1" * 64})

    assert office.codes() == []


def test_what_came_as_a_draft_is_taken_over_anew_once_it_is_published(office: Office) -> None:
    """A draft is anybody's and not held to git's own checks; what is published is."""
    history.decision(office, "return", office.announces("lain"))
    sound = office.git("cat-file", "commit", f"draft/{office.announces('jadwal')}")
    odd = re.sub(r"(?m)^(author .*>) .*$", r"\1 kemarin", sound).encode() + b"\n"
    draft = office.git("hash-object", "--literally", "-t", "commit", "-w", "--stdin", data=odd)
    merge = history.merge(office, draft)
    office.git("update-ref", "refs/heads/draft/mendahului", merge)
    office.verify()
    assert goes_on(office)
    history.publish(office, merge)

    assert not goes_on(office)
    assert not office.verify().ok


def test_a_draft_that_came_in_part_is_looked_at_again_once_it_is_decided_on(office: Office) -> None:
    draft = office.announces("sebagian")
    tip = office.tip(f"draft/{draft}")
    blob = office.git("rev-parse", f"{tip}:content/pengumuman/{draft}/index.md")
    lost = office.repo / ".git/objects" / blob[:2] / blob[2:]
    history.decision(office, "return", office.announces("lain"))
    lost.rename(office.root / "berkas")
    office.verify()
    assert goes_on(office)
    (office.root / "berkas").rename(lost)
    history.ledger_entry(office, "return", draft=tip, data={"content_digest": "sha256:" + "1" * 64})

    assert not goes_on(office)
    assert office.codes() == ["LEDGER_GRAMMAR"]


def test_a_reopening_by_a_stand_in_needs_its_draft_for_good(office: Office) -> None:
    enacts(office, add(DAILY, "daily", office, scope=("content/pengumuman/**",)))
    draft = office.announces("jadwal")
    history.decision(office, "return", draft, by=DAILY)
    history.decision(office, "reopen", draft, by=DAILY)
    office.verify()
    assert goes_on(office)
    office.git("update-ref", "-d", f"refs/heads/draft/{draft}")

    assert not goes_on(office)
    assert office.codes() == ["LEDGER_SIGNER", "OUT_OF_SCOPE"]


def test_a_build_reads_every_file_again(remembered: Office) -> None:
    remembered.verify()
    for pack in kept("objects").glob("pack/*"):
        pack.chmod(0o600)
        pack.write_bytes(b"")

    assert remembered.sop("build").code == 0


# Attacks, each by somebody who may write in the cache folder (a restored backup, a shared build cache) but
# not in the state folder, where the key of the seal lies.


def swap_ids(old: str, new: str) -> None:
    """Every mention of one commit becomes another, in text and in bytes."""
    for path in own().rglob("*"):
        if path.is_file() and "pack" not in path.parts:
            data = path.read_bytes().replace(old.encode(), new.encode())
            path.write_bytes(data.replace(bytes.fromhex(old), bytes.fromhex(new)))


def forged(office: Office) -> str:
    """Publish shows an approval by a stranger; what was remembered is returned."""
    good = office.tip("publish")
    office.verify()
    bad = history.merge(office, office.announces("palsu"), by=office.stranger)
    history.publish(office, bad)
    return good


def test_a_forged_tip_in_every_file_is_noticed(remembered: Office) -> None:
    good = forged(remembered)
    swap_ids(good, remembered.tip("publish"))

    assert "UNKNOWN_KEY" in remembered.codes()


@pytest.mark.parametrize(
    "name", ["chain", "reached", "ledger", "decisions", "approvals", "entries", "tree-*", "../summary"]
)
def test_what_is_not_as_it_was_left_is_no_memory(remembered: Office, name: str) -> None:
    for damage in ("flipped", "cut", "emptied", "removed"):
        spoil(own() / "summary" if name == "../summary" else kept(name), damage)

        assert not goes_on(remembered), damage
    assert goes_on(remembered)


def spoil(path: Path, damage: str) -> None:
    data = path.read_bytes()
    if damage == "removed":
        path.unlink()
    else:
        middle = len(data) // 2
        flipped = data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]
        path.write_bytes({"flipped": flipped, "cut": data[:-1], "emptied": b""}[damage])


def test_a_forgotten_refusal_is_missed(office: Office) -> None:
    draft = office.announces("ditolak")
    approves(office, "pertama")
    office.verify()
    earlier = kept("decisions").read_bytes()
    history.decision(office, "reject", draft)
    office.verify()
    kept("decisions").write_bytes(earlier)
    history.publish(office, history.merge(office, draft))

    assert "DRAFT_BARRED" in office.codes()


def test_an_older_memory_that_is_put_back_is_still_true(remembered: Office, tmp_path: Path) -> None:
    shutil.copytree(own(), tmp_path / "lama")
    remembered.verify()
    place = own()
    shutil.rmtree(place)
    shutil.copytree(tmp_path / "lama", place)

    assert goes_on(remembered)


def test_an_older_summary_over_newer_rows_is_still_true(remembered: Office) -> None:
    before = (own() / "summary").read_bytes()
    remembered.verify()
    (own() / "summary").write_bytes(before)

    assert goes_on(remembered)
    assert verified(remembered).verdict.ok


def test_the_memory_of_another_office_is_none(remembered: Office, tmp_path: Path) -> None:
    mine = own()
    (tmp_path / "lain").mkdir()
    other = Office(tmp_path / "lain")
    approves(other, "lain")
    other.verify()
    theirs = next(place for place in cache().iterdir() if place != mine)
    shutil.rmtree(mine)
    shutil.copytree(theirs, mine)

    assert not goes_on(remembered)
    assert verified(remembered).verdict.ok


def test_a_memory_under_another_trust_file_is_none(remembered: Office, tmp_path: Path) -> None:
    lie = tmp_path / "lain.toml"
    digest = hashlib.sha256(b"").hexdigest()
    lines = remembered.trust.read_text().splitlines()
    lie.write_text("\n".join(f'genesis_sha256 = "{digest}"' if "_sha256" in n[:15] else n for n in lines))
    assert [refusal.code for refusal in remembered.verify(trust=lie).refusals] == ["TRUST_MISMATCH"]

    assert goes_on(remembered)


def test_a_memory_from_another_machine_or_user_is_none(remembered: Office) -> None:
    (Path(os.environ["HOME"]) / ".local/state/sop-site/memory.key").unlink()

    assert not goes_on(remembered)
    assert goes_on(remembered)


def test_a_memory_of_another_version_is_none(
    remembered: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    core = tmp_path / "approval"
    shutil.copytree(Path(memory.approval.__file__).parent, core)
    with (core / "chain.py").open("a") as file:
        file.write("# Another verifier.\n")
    monkeypatch.setattr(memory.approval, "__file__", str(core / "__init__.py"))

    assert not goes_on(remembered)


def test_objects_that_were_replaced_are_noticed(remembered: Office) -> None:
    """The remembered tip is given other bytes under its id, which git hands out without a word."""
    objects, tip = kept("objects"), remembered.git("rev-parse", "publish^1")
    for pack in list(objects.glob("pack/*.pack")):
        data = pack.read_bytes()
        for path in (pack, pack.with_suffix(".idx")):
            path.unlink()
        remembered.git("unpack-objects", "-q", data=data, GIT_OBJECT_DIRECTORY=str(objects))
    other = remembered.git("cat-file", "commit", "publish").encode()
    loose = objects / tip[:2] / tip[2:]
    loose.chmod(0o600)
    loose.write_bytes(zlib.compress(b"commit %d\0" % len(other) + other))

    assert not goes_on(remembered)
    assert goes_on(remembered)


def test_places_where_git_would_look_further_are_removed(remembered: Office) -> None:
    info = kept("objects") / "info"
    info.mkdir(exist_ok=True)
    (info / "alternates").write_text("/tidak/ada\n")

    assert goes_on(remembered)
    assert not info.exists()


def test_nothing_in_the_memory_is_configuration(remembered: Office, tmp_path: Path) -> None:
    witness = tmp_path / "berjalan"
    for place in (own(), kept("objects"), kept("objects").parent):
        (place / "config").write_text(
            f"[core]\n\tfsmonitor = touch {witness}\n\tsshCommand = touch {witness}\n"
        )

    assert goes_on(remembered)
    assert not witness.exists()


def test_links_in_a_memory_lead_nowhere(remembered: Office, tmp_path: Path) -> None:
    """A cache folder may come out of an archive that somebody else packed."""
    victim = tmp_path / "surat"
    victim.write_text("penting")
    for name in ("summary.new", "*/chain", "*/tree-*"):
        (path,) = own().glob(name) if "*" in name else [own() / name]
        path.unlink(missing_ok=True)
        path.symlink_to(victim)
        goes_on(remembered)
        assert victim.read_text() == "penting"
        (own() / "summary.new").unlink(missing_ok=True)
        goes_on(remembered)
        approves(remembered, f"lagi-{len(name)}")


def test_a_linked_folder_of_objects_is_left_alone(remembered: Office) -> None:
    info = remembered.repo / ".git" / "objects" / "info"
    info.mkdir(exist_ok=True)
    (info / "packs").write_text("P pack-x.pack\n")
    objects = kept("objects")
    shutil.rmtree(objects)
    objects.symlink_to(remembered.repo / ".git" / "objects")

    assert not goes_on(remembered)
    assert (info / "packs").exists()
    assert goes_on(remembered)


# Places where no memory may be.


def test_a_cache_folder_inside_the_repository_is_refused(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in (office.repo / ".cache", office.repo / ".git" / "cache"):
        monkeypatch.setenv("XDG_CACHE_HOME", str(place))
        assert not goes_on(office)
        assert not goes_on(office)
        assert not (place / "sop-site").exists()


def test_a_cache_folder_linked_into_the_repository_is_refused(
    office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    inside = office.repo / ".git" / "simpanan"
    inside.mkdir()
    (tmp_path / "cache").symlink_to(inside)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    assert not goes_on(office)
    assert not goes_on(office)
    assert list(inside.iterdir()) == []


def test_a_linked_memory_is_none(remembered: Office, tmp_path: Path) -> None:
    place = own()
    place.rename(tmp_path / "lain")
    place.symlink_to(tmp_path / "lain")

    assert not goes_on(remembered)


@pytest.mark.parametrize("mode", [0o770, 0o777, 0o702])
def test_a_memory_that_others_can_write_is_none(remembered: Office, mode: int) -> None:
    for place in (own(), cache(), cache().parent):
        place.chmod(mode)
        assert not goes_on(remembered)
        place.chmod(0o700)
    assert goes_on(remembered)


def test_a_seal_that_others_can_read_is_none(remembered: Office) -> None:
    (Path(os.environ["HOME"]) / ".local/state/sop-site/memory.key").chmod(0o644)

    assert not goes_on(remembered)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_a_memory_that_somebody_else_owns_is_none(remembered: Office) -> None:
    os.chown(own(), 12345, 12345)

    assert not goes_on(remembered)


# Trouble that is nobody's fault.


def test_two_runs_at_once_do_not_wait_for_one_another(remembered: Office) -> None:
    with verification(remembered.repo, remembered.trust, remembered.now) as first:
        assert first.remembered
        assert not goes_on(remembered)
        assert len(list(first.verdict.approvals)) == 2
    assert goes_on(remembered)


def test_a_lock_that_a_dead_run_left_holds_nobody_up(remembered: Office) -> None:
    assert (own() / "lock").exists()
    assert goes_on(remembered)


def test_what_cannot_be_written_is_not_remembered(
    office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "berkas").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "berkas" / "cache"))

    assert not goes_on(office)
    assert not goes_on(office)


def test_more_than_a_few_steps_are_judged_from_genesis(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(continuing, "MOST", 2)
    office.verify()
    for name in ("satu", "dua"):
        approves(office, name)
    assert goes_on(office)
    for name in ("tiga", "empat", "lima"):
        approves(office, name)

    assert not goes_on(office)
    assert goes_on(office)


def test_rows_without_a_summary_are_taken_away(remembered: Office) -> None:
    """As a run leaves them that was killed before its last step."""
    (own() / "abcdef0123456789").mkdir()
    kept("chain").write_bytes(kept("chain").read_bytes() + b"sisa")

    assert goes_on(remembered)
    assert not (own() / "abcdef0123456789").exists()
    assert goes_on(remembered)


def test_packs_that_pile_up_are_brought_together(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_PACKS", 3)
    office.verify()
    for number in range(7):
        approves(office, f"ke-{number}")
        assert goes_on(office)

    assert len(list(kept("objects").glob("pack/*.pack"))) <= 4


def test_records_of_trees_are_written_anew_before_they_grow_out_of_bounds(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "_ROOM", -10_000)
    office.verify()
    first = kept("tree-*").name
    approves(office, "satu")
    assert goes_on(office)

    assert kept("tree-*").name != first
    approves(office, "dua")
    assert goes_on(office)


def test_memories_that_nobody_asks_for_are_thrown_away(office: Office, tmp_path: Path) -> None:
    office.verify()
    old = own()
    os.utime(old / "lock", (time.time() - 100 * 86_400,) * 2)
    (tmp_path / "lain").mkdir()
    Office(tmp_path / "lain").verify()

    assert not old.exists()


_KILLED = """
import sys
from datetime import datetime
from pathlib import Path
from pipeline.verification import verification
with verification(Path(sys.argv[1]), Path(sys.argv[2]), datetime.fromisoformat(sys.argv[3])) as found:
    print(found.verdict.ok, found.remembered, len(found.verdict.approvals))
"""


@pytest.mark.parametrize("seed", range(24 if os.environ.get("SOP_FULL") else 6))
def test_a_run_that_is_killed_leaves_nothing_that_misleads(remembered: Office, seed: int) -> None:
    words = [sys.executable, "-c", _KILLED, str(remembered.repo), str(remembered.trust)]
    words.append(remembered.now.isoformat())
    began = time.monotonic()
    subprocess.run(words, cwd=ROOT, check=True, capture_output=True)
    whole = time.monotonic() - began
    approves(remembered, "ketiga")
    words[-1] = remembered.now.isoformat()
    run = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL, start_new_session=True)
    # The moment is what is tried here, so there is nothing to wait for but time itself.
    moment = random.Random(seed).uniform(0.4, 1.0) * whole
    try:
        run.wait(moment)
    except subprocess.TimeoutExpired:
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()

    goes_on(remembered)
    assert goes_on(remembered)
    assert remembered.verify().ok
