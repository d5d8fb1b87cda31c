"""The proof pages as a citizen uses them: their commands run as printed, in a shell without this project."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from pipeline.render import child, evidence
from pipeline.render.export import export
from pipeline.verification import verification
from sop_site import publication
from sop_site.approval.policy import Person as PolicyPerson
from sop_site.approval.policy import Policy, Revoked
from sop_site.approval.policy_history import PolicyChange
from sop_site.plugins.handover import Handover
from sop_site.proof import Opening, PolicyProof, Proof
from sop_site.settings import parse
from tests import history
from tests.browser import chromium
from tests.office import MONDAY, SITE_TOML, Office, Person, key, page
from tests.sop_site.plugins import values

pytestmark = pytest.mark.git
# What the proof pages promise to need, and nothing else: no Python, no sed, no program of ours.
TOOLS = ("git", "ssh-keygen", "sh", "cat", "head", "tail", "cut", "mkdir", "sha256sum")
ACTING = Person("plt@percontohan.go.id", "Plt. Camat Percontohan", key("plt"))
SECRET = "Rahasia dapur yang ditolak"


@dataclass
class Commands(HTMLParser):
    """The command blocks of a page, in their order."""

    blocks: list[str] = field(default_factory=list)
    _inside: bool = False

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "pre" and ("class", "run") in attrs:
            self._inside = True
            self.blocks.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "pre"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.blocks[-1] += data


def printed(html: Path) -> list[str]:
    """The commands of a page as somebody copies them."""
    found = Commands()
    found.feed(html.read_text(encoding="utf-8"))
    return found.blocks


@dataclass
class Citizen:
    """Somebody with an empty home, a handful of programs, and what the office's servers give."""

    folder: Path
    tools: Path

    def gets_signers(self, site: Path) -> Citizen:
        """Download the one file that the pages ask for, as a browser does."""
        shutil.copy(site / "bukti/allowed_signers", self.folder)
        return self

    def runs(self, *blocks: str, **env: str) -> subprocess.CompletedProcess[str]:
        """All blocks in one shell that stops at the first failure."""
        return subprocess.run(
            ["sh", "-e", "-c", "\n".join(blocks)],
            cwd=self.folder,
            env={"PATH": str(self.tools), "HOME": str(self.folder / "rumah"), **env},
            capture_output=True,
            text=True,
        )


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("alat")
    for name in TOOLS:
        (folder / name).symlink_to(str(shutil.which(name)))
    return folder


@pytest.fixture
def citizen(tmp_path: Path, tools: Path) -> Citizen:
    folder = tmp_path / "warga"
    (folder / "rumah").mkdir(parents=True)
    return Citizen(folder, tools)


@dataclass
class Story:
    """An office with a past, its site and its repository, both served on this machine."""

    office: Office
    site: Path
    shared: Path
    """The bare repository behind the printed address."""

    def shows(self, commit: str) -> None:
        """What the public repository says from now on."""
        self.office.git("push", "-q", "--force", str(self.shared), f"{commit}:refs/heads/publish")
        self.office.git("update-server-info", cwd=self.shared)


def enacts(office: Office, change: object, *, by: Person | None = None, files: dict | None = None) -> None:
    draft = history.policy_change(office, change, signed_by=[office.head], files=files)  # type: ignore[arg-type]
    history.publish(office, history.merge(office, draft, by=by))


def publishes(office: Office, draft: str, *, by: Person | None = None) -> str:
    return history.publish(office, history.merge(office, draft, by=by))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """A head, a deputy with a term, a key that moves to him, one that is lost, a page that goes, refusals."""
    root = tmp_path_factory.mktemp("kantor")
    shared, site = root / "layan/kantor.git", root / "office.output"
    shared.parent.mkdir()
    with chromium.serving(shared.parent) as repositories, chromium.serving(site) as pages:
        address = f"http://127.0.0.1:{repositories.server_port}/kantor.git"
        settings = SITE_TOML.replace("https://percontohan.go.id", f"http://127.0.0.1:{pages.server_port}")
        office = Office(root, site=f'{settings}\n[site]\nrepository = "{address}"\n')
        publishes(office, office.announces("jadwal"))
        lives(office)
        assert office.sop("build", "--now", (office.now + timedelta(hours=1)).isoformat()).code == 0
        office.git("clone", "-q", "--bare", str(office.repo), str(shared), cwd=root)
        office.git("update-server-info", cwd=shared)
        yield Story(office, site, shared)


def lives(office: Office) -> None:
    """Everything after the first approval."""
    spare = Person(office.head.id, office.head.name, key("cadangan", "ecdsa", 256))
    big = Person(office.head.id, office.head.name, key("besar", "rsa", 3072))
    deputy = PolicyPerson(
        id=ACTING.id, name=ACTING.name, role="acting", start=office.now, keys=(ACTING.public,),
        until=office.now + timedelta(days=30), decree="800/1/2026",
    )  # fmt: skip

    def more_keys(old: Policy) -> Policy:
        head, *others = old.persons
        return replace(
            old, persons=(replace(head, keys=(*head.keys, spare.public, big.public)), *others, deputy)
        )

    def key_moves(old: Policy) -> Policy:
        head, *others, last = old.persons
        moved = replace(last, keys=(*last.keys, spare.public))
        return replace(old, persons=(replace(head, keys=head.keys[:1] + head.keys[2:]), *others, moved))

    def key_is_lost(old: Policy) -> Policy:
        lost = history.signing.from_file(big.key).fingerprint
        return replace(old, revoked=(Revoked(lost, "Hilang di pasar."),))

    enacts(office, more_keys)
    for number, person in enumerate((ACTING, spare, big), start=1):
        publishes(office, office.announces(f"warta-{number}"), by=person)
    enacts(office, key_moves)
    publishes(office, office.announces("pindah"), by=Person(ACTING.id, ACTING.name, spare.key))
    enacts(office, key_is_lost)
    refused = office.writes("content/pengumuman/2026-01-05-dapur/index.md", page(SECRET))
    history.decision(office, "return", refused, reason=f"{SECRET}: perbaiki")
    history.decision(office, "reject", refused, reason=f"{SECRET}: jangan")
    jadwal = "content/pengumuman/2026-01-05-jadwal/index.md"
    office.writes({jadwal: page("Jadwal baru")}, draft="ubah")
    witnesses(office, publishes(office, "ubah"), office.now, "sha256:" + "0" * 64)
    later = page("Yang masih disimpan", publish_at="2027-01-01")
    gone = {"content/pengumuman/2026-01-05-warta-1/index.md": None}
    office.writes({**gone, "content/pengumuman/2026-01-05-nanti/index.md": later}, draft="akhir")
    publishes(office, "akhir")
    # What is written after the newest approval is the next one's to tell.
    witnesses(office, office.tip("publish"), office.now, "sha256:" + "0" * 64)


def witnesses(office: Office, tip: str, at: datetime, output_digest: str) -> None:
    data = {
        "tip": tip,
        "first_seen": at.isoformat(timespec="seconds"),
        "content_digest": history.content_digest(office, tip),
        "output_digest": output_digest,
    }
    history.ledger_entry(office, "witness", by=office.witness, data=data, reason="", at=at)


def approvals(told: Story) -> list:
    return list(told.office.verify().approvals)


def test_every_approvals_commands_run_as_printed(told: Story, tmp_path: Path, tools: Path) -> None:
    for approval in approvals(told):
        folder = tmp_path / str(approval.sequence)
        (folder / "rumah").mkdir(parents=True)
        blocks = printed(told.site / f"bukti/{approval.sequence}/index.html")

        done = Citizen(folder, tools).gets_signers(told.site).runs(*blocks)

        assert done.returncode == 0, done.stderr
        good = f'Good "git" signature for {approval.approver} with '
        assert done.stdout.splitlines()[-1].startswith(good)
        assert good in done.stderr, "git verify-commit says it on standard error"
        assert approval.key_fingerprint in done.stderr
        assert f"Approval-Sequence: {approval.sequence}\n" in done.stdout
        assert all(path in done.stdout for path in approval.paths)


def test_a_pages_history_shows_its_approvals_and_no_other(told: Story, citizen: Citizen) -> None:
    begin = printed(told.site / "bukti/1/index.html")[0]
    log = printed(told.site / "pengumuman/2026-01-05-jadwal/index.html")[0]
    assert log == "git log --first-parent --show-signature -- content/pengumuman/2026-01-05-jadwal"

    done = citizen.gets_signers(told.site).runs(begin, log)

    assert done.returncode == 0, done.stderr
    touching = [one for one in approvals(told) if any("2026-01-05-jadwal" in path for path in one.paths)]
    assert [line.split()[1] for line in done.stdout.splitlines() if line.startswith("commit ")] == [
        one.commit for one in reversed(touching)
    ]
    assert done.stdout.count('Good "git" signature for camat@percontohan.go.id') == len(touching) == 2


@pytest.mark.parametrize("zone", ["Asia/Makassar", "America/Los_Angeles"])
def test_git_says_good_to_the_whole_history_wherever_it_is_read(
    told: Story, citizen: Citizen, zone: str
) -> None:
    begin, whole, policy = printed(told.site / "bukti/index.html")[:3]

    done = citizen.gets_signers(told.site).runs(
        begin, whole, "git log --first-parent --format=%G?", policy, TZ=zone
    )

    assert done.returncode == 0, done.stderr
    # Genesis is signed as well: by the head's key, which counts from that moment on.
    assert done.stdout.splitlines().count("G") == len(approvals(told)) + 1
    assert "No principal matched" not in done.stdout
    assert "[[person]]" in done.stdout


def forged(told: Story) -> str:
    return history.merge(told.office, told.office.announces("palsu"), by=told.office.stranger)


def altered(told: Story) -> str:
    """The newest approval's signature on other words."""
    raw = history.plumbing.run_git(["cat-file", "commit", told.office.tip("publish")], cwd=told.office.repo)
    return history.plumbing.write_raw_commit(told.office.repo, raw.replace(b"Setujui", b"Setujuj", 1))


def lost_key(told: Story) -> str:
    """Signed today with the key that was revoked."""
    big = Person(told.office.head.id, told.office.head.name, key("besar", "rsa", 3072))
    return history.merge(told.office, told.office.announces("hilang"), by=big)


def ended_term(told: Story) -> str:
    """Signed by the deputy when his term was over."""
    long_after = told.office.now + timedelta(days=60)
    return history.merge(told.office, told.office.announces("lampau"), by=ACTING, at=long_after)


@pytest.mark.parametrize("tampering", [forged, altered, lost_key, ended_term])
def test_the_same_commands_refuse_what_was_tampered_with(
    told: Story, citizen: Citizen, tampering: object
) -> None:
    newest = approvals(told)[-1]
    begin, verify, *_, by_hand = printed(told.site / f"bukti/{newest.sequence}/index.html")
    commit = tampering(told)  # type: ignore[operator]
    told.shows(commit)
    citizen.gets_signers(told.site)
    try:
        started = citizen.runs(begin)
        bad = citizen.runs("cd repositori", verify.replace(newest.commit, commit))
        raw = told.office.git("cat-file", "commit", commit)
        log = citizen.runs("cd repositori", "git log -1 --first-parent --show-signature")
    finally:
        told.shows(newest.commit)

    assert started.returncode == 0, started.stderr
    assert bad.returncode != 0
    assert 'Good "git" signature for camat' not in bad.stderr + log.stdout
    if tampering is altered:
        # Of the same length as what was signed, so that the printed cuts fit.
        done = citizen.runs("cd repositori", by_hand.replace(newest.commit, commit))
        assert "gpgsig" in raw
        assert done.returncode != 0


def test_a_changed_payload_or_other_keys_fail_with_ssh_keygen(told: Story, citizen: Citizen) -> None:
    begin, *_, by_hand = printed(told.site / "bukti/1/index.html")
    *cutting, checking = by_hand.splitlines()
    citizen.gets_signers(told.site)

    assert citizen.runs(begin, *cutting, checking).returncode == 0
    assert citizen.runs("cd repositori", "echo x >> ../isi", checking).returncode != 0
    signers = citizen.folder / "allowed_signers"
    theirs = f"camat@percontohan.go.id {told.office.stranger.public}\n"
    signers.write_text(theirs, encoding="utf-8")
    assert citizen.runs("cd repositori", *cutting, checking).returncode != 0


def test_until_there_is_an_address_a_copy_will_do(tmp_path: Path, citizen: Citizen) -> None:
    office = Office(tmp_path)
    publishes(office, office.announces("jam"))
    assert office.sop("build").code == 0
    site = tmp_path / "office.output"
    html = (site / "bukti/1/index.html").read_text(encoding="utf-8")
    assert "belum mengumumkan alamat repositorinya" in html
    assert json.loads((site / ".well-known/sop.json").read_bytes())["repository"] is None
    office.git("bundle", "create", str(citizen.folder / "salinan"), "--all")

    done = citizen.gets_signers(site).runs(*printed(site / "bukti/1/index.html"))

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].startswith('Good "git" signature for camat@percontohan.go.id')


def test_the_manifest_is_checked_as_printed(told: Story, citizen: Citizen) -> None:
    *_, fetch, check = printed(told.site / "bukti/index.html")
    fetching = shutil.which("wget")
    if fetching is None:
        if os.environ.get("SOP_REQUIRE_ALL") == "1":
            pytest.fail("wget is required (SOP_REQUIRE_ALL=1) and was not found")
        pytest.skip("NOT TESTED: wget was not found")
    own = citizen.folder / "alat"
    shutil.copytree(citizen.tools, own, symlinks=True)
    (own / "wget").symlink_to(fetching)

    done = Citizen(citizen.folder, own).runs(fetch, check)

    assert done.returncode == 0, done.stderr[-2000:]
    copy = citizen.folder / "situs"
    assert {p.relative_to(copy) for p in copy.rglob("*") if p.is_file()} == {
        p.relative_to(told.site) for p in told.site.rglob("*") if p.is_file()
    }
    (copy / "index.html").write_bytes((copy / "index.html").read_bytes() + b" ")
    assert citizen.runs("cd situs", check).returncode != 0


def test_nothing_of_a_refused_draft_becomes_public(told: Story) -> None:
    said = b"\n".join(path.read_bytes() for path in told.site.rglob("*") if path.is_file())
    html = (told.site / "bukti/penolakan/index.html").read_text(encoding="utf-8")

    assert SECRET.encode() not in said
    assert b"2026-01-05-dapur" not in said
    assert '<tr><th scope="row">Januari 2026</th><td>1</td><td>1</td><td>0</td></tr>' in html


def test_a_page_whose_hour_has_not_come_is_counted_and_not_named(told: Story) -> None:
    newest = approvals(told)[-1]
    html = (told.site / f"bukti/{newest.sequence}/index.html").read_text(encoding="utf-8")
    said = b"\n".join(path.read_bytes() for path in told.site.rglob("*") if path.is_file())

    assert "1 halaman yang belum tiba waktu tayangnya" in html
    assert "<code>content/pengumuman/2026-01-05-warta-1</code>" in html
    assert "Halaman yang dihapus" in html
    assert b"Yang masih disimpan" not in said
    assert b"2026-01-05-nanti" not in said


def test_the_policys_history_says_what_changed_and_who_signed(told: Story) -> None:
    html = (told.site / "bukti/kebijakan/index.html").read_text(encoding="utf-8")

    assert [f'id="v{n}"' in html for n in (1, 2, 3, 4, 5)] == [True, True, True, True, False]
    for words in (
        "Plt. Camat Percontohan menjadi pelaksana tugas, mulai",
        "Dasar kewenangan: 800/1/2026.",
        "Kunci baru Camat Percontohan (kepala kantor): SHA256:",
        "Kunci Camat Percontohan (kepala kantor) tidak dipakai lagi: SHA256:",
        "Alasan: Hilang di pasar.",
        "Perubahan kebijakan memerlukan 1 tanda tangan.",
        "Ditandatangani oleh Camat Percontohan.",
    ):
        assert words in html, words


def test_the_front_page_tells_how_far_the_witness_has_looked(told: Story) -> None:
    html = (told.site / "bukti/index.html").read_text(encoding="utf-8")

    assert f"sampai persetujuan nomor {len(approvals(told)) - 1}" in html


def test_what_machines_are_told(told: Story) -> None:
    note = json.loads((told.site / ".well-known/sop.json").read_bytes())
    trust = told.office.trust.read_text(encoding="utf-8")
    last = approvals(told)[-1]

    assert (note["tip"], note["sequence"], note["approvals"]) == (last.commit, last.sequence, last.sequence)
    assert note["content_digest"] == history.content_digest(told.office, last.commit)
    assert note["policy_version"] == 4
    assert note["repository"].endswith("/kantor.git")
    assert all(f'{name} = "{value}"' in trust for name, value in note["trust"].items())
    assert len(note["trust"]) == 4
    assert all((told.site / note[name][1:]).exists() for name in ("manifest", "allowed_signers", "proof"))


def test_a_boxs_words_name_role_letter_and_first_approval(told: Story) -> None:
    by_acting = (told.site / "pengumuman/2026-01-05-pindah/index.html").read_text(encoding="utf-8")
    changed = (told.site / "pengumuman/2026-01-05-jadwal/index.html").read_text(encoding="utf-8")
    opened = (told.site / "tentang-situs/index.html").read_text(encoding="utf-8")

    assert "Plt. Camat Percontohan (pelaksana tugas)" in by_acting
    assert "Dasar kewenangan: 800/1/2026." in by_acting
    assert "Ditandatangani sendiri dengan kuncinya." in by_acting
    assert "persetujuan nomor 1." in changed
    assert 'href="/bukti/0/"' in opened
    assert "Ditetapkan pada pembukaan situs" in opened


def test_an_older_approvals_page_stays_as_it_is(office: Office) -> None:
    publishes(office, office.announces("jam"))
    publishes(office, office.announces("libur"))
    site = office.root / "office.output"
    assert office.sop("build").code == 0
    before = {name: (site / f"bukti/{name}/index.html").read_bytes() for name in (0, 1, 2)}
    history.decision(office, "return", office.announces("lain"))
    publishes(office, office.announces("pasar"))
    assert office.sop("build").code == 0

    assert before == {name: (site / f"bukti/{name}/index.html").read_bytes() for name in (0, 1, 2)}


def test_what_a_witness_writes_does_not_change_what_it_saw(office: Office) -> None:
    tip = publishes(office, office.announces("jam"))
    at = office.now + timedelta(hours=1)
    first = office.sop("build", "--now", at.isoformat()).json["output_digest"]
    witnesses(office, tip, at, first)
    office.now = at

    assert office.sop("build", "--now", at.isoformat()).json["output_digest"] == first


def test_a_merge_by_the_forges_button_says_so_and_prints_no_command_that_would_fail(
    told: Story, tmp_path: Path, citizen: Citizen
) -> None:
    with verification(told.office.repo, told.office.trust, told.office.now) as verified:
        paths = export(verified, str(verified.verdict.verified_tip), tmp_path / "tree")
        settings_text = (tmp_path / "tree/site.toml").read_text(encoding="utf-8")
        settings = parse(settings_text.encode())
        verdict = verified.verdict
        last = replace(verdict.approvals[-1], assurance="forge")
        button = replace(verdict, approvals=(*verdict.approvals[:-1], last))
        public = publication.compose(button, paths)
        proof = evidence.gather(replace(verified, verdict=button), zone=settings.office.zone)
    note = Handover(settings, public, told.office.now, "{}\n", tmp_path / "drawn.json", proof)
    child.draw(tmp_path, tmp_path / "tree", tmp_path / "situs", note.to_json(settings_text))
    place = tmp_path / f"situs/bukti/{last.sequence}/index.html"
    html = place.read_text(encoding="utf-8")

    assert "Lewat layanan Git" in html
    assert "daftar penanda tangan kantor tidak dapat memeriksanya" in html
    assert not any(word in "".join(printed(place)) for word in ("verify", "allowed_signers"))
    assert citizen.runs(*printed(place)).returncode == 0


def test_proof_pages_stay_light_however_much_was_approved(tmp_path: Path) -> None:
    def title(number: int) -> str:
        return f"Judul {hashlib.sha256(str(number).encode()).hexdigest()} {'panjang ' * 8}"

    folders = [f"content/berita/2026-01-05-halaman-{number:04}-{'panjang-' * 6}x" for number in range(60)]
    for number, folder in enumerate(folders):
        (tmp_path / "tree" / folder).mkdir(parents=True)
        text = page(title(number), kind="news")
        (tmp_path / "tree" / folder / "index.md").write_text(text, encoding="utf-8")
    armor = "".join(hashlib.sha256(bytes(number)).hexdigest() for number in range(14))
    many = [values.approval_proof(number, *folders, signature=armor) for number in range(1, 40)]
    key = {"name": "Camat", "role": "head", "key": "SHA256:" + "Ab3" * 14}
    changed = (PolicyChange("key-added", key),) * 30
    policies = [
        PolicyProof(n, f"sha256:{armor[n : n + 64]}", "c" * 40, 0, MONDAY, 1, ("Camat",), changed)
        for n in range(1, 10)
    ]
    opening = Opening("c" * 40, MONDAY, "1", "2", "sha256:0", tuple(folders))
    proof = Proof(opening, tuple(many), tuple(policies))
    public = publication.Publication({folder: values.word() for folder in folders})
    note = Handover(values.SETTINGS, public, MONDAY, "{}\n", tmp_path / "drawn.json", proof)

    child.draw(tmp_path, tmp_path / "tree", tmp_path / "situs", note.to_json(SITE_TOML))

    pages = [*(tmp_path / "situs/bukti").rglob("*.html")]
    assert len(pages) == 43
    weights = {path: len(gzip.compress(path.read_bytes(), 9)) for path in pages}
    assert {path: weight for path, weight in weights.items() if weight > 14_000} == {}
