"""Opening an office: what a new repository is made of, and that it appears whole or not at all."""

import hashlib
import subprocess
from pathlib import Path

import pyrage
import pytest

from pipeline import founding, plumbing
from pipeline.verification import verification
from sop_site.approval import policy, trust
from sop_site.approval.policy import Policy
from sop_site.errors import AnswerIsNo, SettingsUnreadable
from tests import history
from tests.office import EMPTY_ENV, MONDAY, SITE_TOML, Office, key

pytestmark = pytest.mark.git


def settings(folder: Path, text: str = SITE_TOML) -> Path:
    path = folder / "pengaturan.toml"
    path.write_text(text, encoding="utf-8")
    return path


def found(folder: Path, **changed: object) -> founding.Founded:
    office = changed.pop("office", None) or settings(folder)
    given: dict[str, object] = {"office": office, "key": None, "now": MONDAY, **changed}
    return founding.found(folder / "kantor", **given)  # type: ignore[arg-type]


def git(repo: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", *words], cwd=repo, env=EMPTY_ENV, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != "pengaturan.toml")


def test_genesis_is_a_signed_root_commit_of_the_head_on_publish(tmp_path: Path) -> None:
    made = found(tmp_path)

    assert git(made.repo, "symbolic-ref", "HEAD") == "refs/heads/publish"
    assert git(made.repo, "rev-list", "--all") == made.genesis
    facts = git(made.repo, "show", "-s", "--format=<%P> %ce %cI")
    assert facts == "<> camat@percontohan.go.id 2026-01-05T09:00:00+08:00"
    owner = (made.keys / "head.pub").read_text()
    (tmp_path / "pemilik").write_text(f"camat@percontohan.go.id {owner}")
    git(made.repo, "-c", "gpg.format=ssh", "-c", f"gpg.ssh.allowedSignersFile={tmp_path / 'pemilik'}",
        "verify-commit", made.genesis)  # fmt: skip


@pytest.mark.parametrize("form", ["sha1", "sha256"])
def test_the_verifier_accepts_it_in_both_object_formats(tmp_path: Path, form: str) -> None:
    made = found(tmp_path, object_format=form)

    with verification(made.repo, None, MONDAY) as judged:
        assert judged.verdict.refusals == ()
        assert judged.verdict.verified_tip == made.genesis
    assert len(made.genesis) == {"sha1": 40, "sha256": 64}[form]


def test_the_work_tree_shows_publish_and_nothing_is_pending(tmp_path: Path) -> None:
    made = found(tmp_path)

    assert git(made.repo, "status", "--porcelain") == ""
    assert (made.repo / "site.toml").read_text(encoding="utf-8") == SITE_TOML
    assert (made.repo / ".github").is_dir()
    assert (made.repo / "content/halaman/tentang-situs/index.md").is_file()


def test_the_first_policy_names_head_operator_and_witness(office: Office) -> None:
    rules = policy.parse((office.repo / policy.PATH).read_bytes())

    assert isinstance(rules, Policy)
    assert [(person.role, person.root) for person in rules.persons] == [
        ("head", True), ("operator", False), ("witness", False),
    ]  # fmt: skip
    assert [person.id for person in rules.persons] == [
        "camat@percontohan.go.id", "operator1@percontohan.go.id", "saksi@percontohan.go.id",
    ]  # fmt: skip
    assert (rules.version, rules.previous, rules.threshold, rules.separation) == (1, "", 1, True)
    assert rules.webauthn is not None
    assert rules.webauthn.rp_id == "localhost"
    assert all(person.in_term(MONDAY) for person in rules.persons)
    assert rules.protected == history.protected_digest(office, "publish")
    assert [person.keys for person in rules.persons] == [
        (who.public,) for who in (office.head, office.operator, office.witness)
    ]


def test_the_trust_file_pins_what_stock_tools_compute(office: Office) -> None:
    pinned = trust.parse(office.trust.read_bytes())
    genesis = office.tip("publish")
    raw = plumbing.run_git(["cat-file", "commit", genesis], cwd=office.repo)

    assert pinned.genesis == genesis
    assert pinned.genesis_sha256 == hashlib.sha256(raw).hexdigest()
    assert pinned.policy_sha256 == hashlib.sha256((office.repo / policy.PATH).read_bytes()).hexdigest()
    assert pinned.content_digest == history.content_digest(office, genesis)


def test_keys_are_for_their_owner_alone_and_not_in_the_repository(tmp_path: Path) -> None:
    made = found(tmp_path)
    private = ["head", "operator", "witness", "intake-head.age", "intake-sealed.age"]

    assert made.keys.stat().st_mode & 0o777 == 0o700
    assert [oct((made.keys / name).stat().st_mode & 0o777) for name in private] == ["0o600"] * 5
    for name in private[3:]:
        lines = (made.keys / name).read_text().splitlines()
        identity = pyrage.x25519.Identity.from_str(lines[1])
        assert lines[0] == f"# public key: {identity.to_public()}"
    secrets = [(made.keys / name).read_bytes().splitlines()[1] for name in private]
    held = [path.read_bytes() for path in made.repo.rglob("*") if path.is_file()]
    assert not any(secret in data for secret in secrets for data in held)


@pytest.mark.parametrize(("kind", "bits"), [("ed25519", 0), ("ecdsa", 256), ("rsa", 3072)])
def test_the_head_may_bring_a_key(tmp_path: Path, kind: str, bits: int) -> None:
    own = key("camat", kind, bits)
    made = found(tmp_path, key=own)

    assert not (made.keys / "head").exists()
    assert (made.keys / "head.pub").read_text().split()[:2] == own.with_name(
        own.name + ".pub"
    ).read_text().split()[:2]
    with verification(made.repo, None, MONDAY) as judged:
        assert judged.verdict.ok


def test_keys_that_stand_there_are_used_again(tmp_path: Path) -> None:
    first = found(tmp_path)
    before = {path.name: path.read_bytes() for path in first.keys.iterdir()}
    for gone in (first.repo, first.trust):
        gone.rename(tmp_path / f"lama-{gone.name}")
    again = found(tmp_path)

    assert {path.name: path.read_bytes() for path in again.keys.iterdir()} == before
    with verification(again.repo, None, MONDAY) as judged:
        assert judged.verdict.ok


def test_an_empty_folder_is_filled_and_a_full_one_left_alone(tmp_path: Path) -> None:
    (tmp_path / "kantor").mkdir()
    made = found(tmp_path)
    before = git(made.repo, "rev-parse", "HEAD")

    with pytest.raises(AnswerIsNo, match="init-exists"):
        found(tmp_path)
    assert git(made.repo, "rev-parse", "HEAD") == before
    made.repo.rename(tmp_path / "dipindahkan")
    with pytest.raises(AnswerIsNo, match="init-exists"):
        found(tmp_path)
    assert not made.repo.exists()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[office\n", "settings-not-toml"),
        ('[office]\nname = "Kantor"\n', "settings-invalid"),
        (SITE_TOML.replace("camat@percontohan.go.id", "Camat@Percontohan.go.id"), "init-policy"),
    ],
)
def test_settings_that_are_not_in_order_leave_nothing_behind(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(SettingsUnreadable, match=code):
        found(tmp_path, office=settings(tmp_path, text))

    assert left_in(tmp_path) == []


@pytest.mark.parametrize("step", ["_furnish", "_open", "pin", "_put_in_place"])
def test_whatever_stops_it_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(founding, step, stopped)
        with pytest.raises(KeyboardInterrupt):
            found(tmp_path)

    assert left_in(tmp_path) == []
    assert left_in(found(tmp_path).repo.parent) == ["kantor", "kantor.keys", "kantor.trust.toml"]


def test_a_failure_at_the_last_rename_takes_the_first_ones_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename

    def unless_last(path: Path, target: Path) -> Path:
        if target.name == "kantor":
            raise OSError("disk")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", unless_last)
    with pytest.raises(OSError, match="disk"):
        found(tmp_path)

    assert left_in(tmp_path) == []


def test_plain_git_works_at_once_as_the_operator_where_git_knows_nobody(tmp_path: Path) -> None:
    made = found(tmp_path)

    git(made.repo, "commit", "--allow-empty", "-q", "-m", "Catatan")
    assert git(made.repo, "log", "-1", "--format=%an <%ae>") == "Operator 1 <operator1@percontohan.go.id>"


def test_who_is_known_to_git_stays_who_he_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = tmp_path / "gitconfig"
    known.write_text("[user]\n\tname = Operator 2\n\temail = operator2@percontohan.go.id\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(known))
    made = found(tmp_path)

    assert "user.email" not in git(made.repo, "config", "--local", "--list")
