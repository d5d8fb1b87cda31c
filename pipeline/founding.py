"""Opens an office: repository with its genesis, keys and trust file, whole or not at all."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone
from pathlib import Path

import pyrage

from pipeline import plumbing, signing
from pipeline.digesting import protected_digest
from pipeline.files import folder_beside, write_atomic
from pipeline.gitenv import run_git
from pipeline.pinning import pin
from pipeline.plumbing import RefMove
from pipeline.references import PUBLISH
from pipeline.repository import Repository
from pipeline.signing import Signer
from sop_site import resources, skeleton
from sop_site import settings as office_settings
from sop_site.approval import commit as commits
from sop_site.approval import policy, trust
from sop_site.approval.authority import NAMESPACE
from sop_site.approval.policy import Person, Policy
from sop_site.approval.webauthn import Webauthn
from sop_site.errors import AnswerIsNo, SettingsUnreadable
from sop_site.settings import Settings

ROLES = ("head", "operator", "witness")
AGE_IDENTITIES = ("intake-head.age", "intake-sealed.age")


@dataclass(frozen=True, slots=True)
class Founded:
    """What was made, and where."""

    repo: Path
    trust: Path
    keys: Path
    genesis: str


def found(
    target: Path, *, office: Path | None, key: Path | None, now: datetime, object_format: str = "sha1"
) -> Founded:
    """A new content repository at ``target``; ``AnswerIsNo`` if anything there would be overwritten."""
    trust_file = target.with_name(target.name + ".trust.toml")
    keys = target.with_name(target.name + ".keys")
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise AnswerIsNo("init-exists", path=target)
    if trust_file.exists():
        raise AnswerIsNo("init-exists", path=trust_file)
    for folder in target.parents:
        if (folder / policy.PATH).is_file():
            raise AnswerIsNo("init-inside-office", path=folder)
    with folder_beside(target) as staging:
        signers = _cut_keys(staging / "keys", keys, key)
        repo = staging / "repo"
        repo.mkdir()
        settings = _furnish(repo, office)
        genesis = _open(repo, settings, signers, now, object_format)
        write_atomic(staging / "trust.toml", trust.render(pin(repo, genesis)))
        repo.chmod(0o755)
        fresh_keys = [] if keys.exists() else [(staging / "keys", keys)]
        _put_in_place([*fresh_keys, (staging / "trust.toml", trust_file), (repo, target)])
    return Founded(target, trust_file, keys, genesis)


def _put_in_place(moves: Sequence[tuple[Path, Path]]) -> None:
    """Rename one after the other; whatever stops it, what already stood in its place is taken back."""
    done: list[tuple[Path, Path]] = []
    try:
        for fresh, place in moves:
            fresh.rename(place)
            done.append((fresh, place))
    except BaseException:
        for fresh, place in reversed(done):
            place.rename(fresh)
        raise


def _cut_keys(fresh: Path, standing: Path, head_key: Path | None) -> dict[str, Signer]:
    """The signer of each role; keys that already stand beside the target are used again, never replaced."""
    if standing.exists():
        head = head_key or standing / "head"
        return {role: signing.from_file(head if role == "head" else standing / role) for role in ROLES}
    fresh.mkdir(mode=0o700)
    for role in ROLES:
        if role == "head" and head_key is not None:
            continue
        private, public = signing.new_key(role)
        write_atomic(fresh / role, private, 0o600)
        write_atomic(fresh / f"{role}.pub", public)
    for name in AGE_IDENTITIES:
        identity = pyrage.x25519.Identity.generate()
        text = f"# public key: {identity.to_public()}\n{identity}\n"
        write_atomic(fresh / name, text.encode(), 0o600)
    signers = {role: signing.from_file(fresh / role) for role in ROLES if (fresh / role).exists()}
    if head_key is not None:
        signers["head"] = signing.from_file(head_key)
        write_atomic(fresh / "head.pub", f"{signers['head'].public} head\n".encode())
    return signers


def _furnish(repo: Path, office: Path | None) -> Settings:
    """Skeleton and settings; ``SettingsUnreadable`` if the office's file is not in order."""
    resources.copy_skeleton(repo)
    if office is not None:
        try:
            data = office.read_bytes()
        except OSError as error:
            raise SettingsUnreadable("office-file-missing", path=office) from error
        write_atomic(repo / "site.toml", data)
    settings = office_settings.parse((repo / "site.toml").read_bytes())
    _fit_pages(repo / "content", settings)
    return settings


def _fit_pages(content: Path, settings: Settings) -> None:
    """The skeleton's pages name units and menus that this office has, or are left out."""
    for page in sorted(content.rglob("index.md")):
        text = skeleton.fitted(page.read_text(encoding="utf-8"), settings)
        if text is None:
            shutil.rmtree(page.parent)
        else:
            write_atomic(page, text.encode())


def _open(
    repo: Path, settings: Settings, signers: Mapping[str, Signer], now: datetime, object_format: str
) -> str:
    """Genesis: skeleton, settings and first policy in one root commit, signed by the head."""
    plain = ["-c", "core.autocrlf=false", "-c", "core.fileMode=false"]
    run_git(
        ["init", "-q", "--template=", "--initial-branch=publish", f"--object-format={object_format}"],
        cwd=repo,
    )
    # Blobs are written as the files lie there: no setting of anybody's git may change a byte.
    files = {path.relative_to(repo).as_posix(): path.read_bytes() for path in _files(repo)}
    tree = plumbing.write_tree(repo, None, files)
    people = _people(settings, signers, now)
    rules = Policy(
        version=1, previous="", threshold=1, separation=True, protected=protected_digest(repo, tree),
        persons=people, webauthn=Webauthn("localhost", ("http://localhost:8765", "https://localhost:8765")),
    )  # fmt: skip
    data = policy.render(rules)
    parsed = policy.parse(data)
    if not isinstance(parsed, Policy):
        raise SettingsUnreadable("init-policy", detail=parsed[0].detail)
    tree = plumbing.write_tree(repo, tree, {policy.PATH: data})
    head, local = people[0], now.astimezone(settings.office.zone)
    payload = commits.build_payload(
        tree=tree, parents=[], name=head.name, email=head.id, when=local,
        message=f"Pembukaan repositori konten {settings.office.name}\n",
    )  # fmt: skip
    armor = signers["head"].sign(payload, NAMESPACE)
    genesis = plumbing.write_raw_commit(repo, commits.with_signature(payload, armor, object_format))
    plumbing.move_refs(repo, [RefMove(PUBLISH, genesis, None)], "pembukaan")
    run_git([*plain, "reset", "-q", "--hard"], cwd=repo)
    _introduce(repo, people[1])
    return genesis


def _introduce(repo: Path, operator: Person) -> None:
    """Where git knows nobody on this machine, it is the operator who writes; plain git then works at once."""
    with Repository(repo) as clone:
        known = clone.identity()
    if known is None:
        run_git(["config", "user.name", operator.name], cwd=repo)
        run_git(["config", "user.email", operator.id], cwd=repo)


def _files(repo: Path) -> list[Path]:
    return sorted(
        path for path in repo.rglob("*") if path.is_file() and ".git" not in path.relative_to(repo).parts
    )


def _people(settings: Settings, signers: Mapping[str, Signer], now: datetime) -> tuple[Person, ...]:
    """Head, Operator 1 and the witness, each from this day on; the ids live under the head's own domain."""
    domain = settings.head.id.partition("@")[2]
    start = datetime.combine(now.astimezone(settings.office.zone), time(), settings.office.zone)
    # An offset, not a zone: the policy is read by programs that know no time zones.
    start = start.replace(tzinfo=timezone(start.utcoffset() or timedelta()))
    return (
        Person(settings.head.id, settings.head.name, "head", start, (signers["head"].public,), root=True),
        Person(f"operator1@{domain}", "Operator 1", "operator", start, (signers["operator"].public,)),
        Person(f"saksi@{domain}", "Saksi (mesin penerbit)", "witness", start, (signers["witness"].public,)),
    )
