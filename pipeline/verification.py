"""Runs a verification: an own bare repository, a fetch by full name, and the verdict on raw objects (§9)."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline import under_test
from pipeline.gitenv import GitFailed, run_git
from pipeline.objects import GitObjects
from pipeline.references import DRAFTS, LEDGER, PUBLISH
from pipeline.taking import take, take_drafts
from pipeline.under_test import UnderTest
from sop_site.answers import Refusal
from sop_site.approval import chain
from sop_site.approval import trust as trusts
from sop_site.approval.chain import Verdict
from sop_site.approval.store import ObjectStore
from sop_site.approval.trust import Trust, TrustMalformed
from sop_site.errors import SettingsUnreadable

VARIABLE = "SOP_TRUST"
_REPACKED = 5
"""How often a repository may be repacked while its objects are taken."""


@dataclass(frozen=True, slots=True)
class Verification:
    """A verdict, and the verifier's own objects for as long as the ``with`` lasts."""

    verdict: Verdict
    store: ObjectStore
    bare: Path
    object_format: str
    seconds: float
    """Wall time of fetch and judgement."""


def trust_path(repo: Path, given: Path | None) -> Path:
    """The trust file: as given, else ``$SOP_TRUST``, else ``<repo>.trust.toml`` beside the repository."""
    if given is not None:
        return given
    if named := os.environ.get(VARIABLE):
        return Path(named)
    place = repo.resolve()
    return place.with_name(f"{place.name}.trust.toml")


def read_trust(path: Path) -> Trust | None:
    """The trust file's values, ``None`` where they are out of form; ``SettingsUnreadable`` without a file."""
    try:
        return trusts.parse(path.read_bytes())
    except TrustMalformed:
        return None
    except OSError as error:
        raise SettingsUnreadable("trust-missing", path=path) from error


@contextmanager
def verification(
    repo: Path,
    trust: Path | None,
    now: datetime,
    full: bool = False,
    *,
    publish_tip: str | None = None,
    ledger_tip: str | None = None,
) -> Iterator[Verification]:
    """Verify a repository from genesis; everything is read anew in every run, so that ``full`` adds nothing.

    ``publish_tip`` and ``ledger_tip`` name commits to judge in the place of the branches' own: what would
    be so, before a reference moves. ``SettingsUnreadable`` without a trust file, ``RepositoryUnusable``
    where there is no repository.
    """
    began = time.monotonic()
    pinned = read_trust(trust_path(repo, trust))
    found = under_test.look(repo.absolute())
    around = tuple(under_test.problems(found))
    tips = (publish_tip or found.tip(PUBLISH), ledger_tip or found.tip(LEDGER))
    obstacle = under_test.obstacle(found.folder / "objects")
    with TemporaryDirectory(prefix="sop-periksa-") as name:
        bare = Path(name) / "milik-pemeriksa.git"
        run_git(["init", "-q", "--bare", "--template=", f"--object-format={found.object_format}", str(bare)])
        if obstacle is not None:
            with GitObjects(bare, found.object_format) as store:
                stopped = Refusal("REPO_UNSAFE", None, f"objects/{obstacle} is neither file nor folder")
                verdict = chain.with_refusals(chain.refused([stopped], *tips), around)
                yield Verification(verdict, store, bare, found.object_format, time.monotonic() - began)
                return
        if _fetch(bare, found, tips):
            with GitObjects(bare, found.object_format) as store:
                store.read_all_ahead()
                verdict = _judge(store, pinned, tips, now)
                if not any(refusal.code == "OBJECT_MISSING" for refusal in verdict.refusals):
                    verdict = chain.with_refusals(verdict, around)
                    yield Verification(verdict, store, bare, found.object_format, time.monotonic() - began)
                    return
        # What git would not hand over is looked at where it lies: is it missing, or something else?
        with GitObjects(bare, found.object_format, found.folder / "objects") as store:
            verdict = chain.with_refusals(_judge(store, pinned, tips, now), around)
            if verdict.ok:
                unfetched = Refusal(
                    "OBJECT_CORRUPT", tips[0], "git could not take over and check the objects"
                )
                verdict = chain.with_refusals(verdict, [unfetched])
            yield Verification(verdict, store, bare, found.object_format, time.monotonic() - began)


def _judge(
    store: ObjectStore, pinned: Trust | None, tips: tuple[str | None, str | None], now: datetime
) -> Verdict:
    if pinned is None:
        return chain.refused([Refusal("TRUST_MISMATCH", None, "the trust file is out of form")], *tips)
    if tips[0] is None:
        return chain.refused([Refusal("REF_MISSING", None, PUBLISH)], *tips)
    return chain.judge(store, pinned, tips[0], tips[1], now)


def _fetch(bare: Path, found: UnderTest, tips: tuple[str | None, str | None]) -> bool:
    """Bring what the tips need into our own repository; False where git will not hand it over or take it."""
    objects = found.folder / "objects"
    wanted = [tip for tip in tips if tip]
    if not wanted:
        return True
    if not _took(bare, objects, wanted):
        return False
    drafts = [tip for name in sorted(found.refs) if name.startswith(DRAFTS) and (tip := found.tip(name))]
    if tips[1] and drafts:
        take_drafts(bare, objects, drafts, wanted)
    return True


def _took(bare: Path, objects: Path, wanted: list[str]) -> bool:
    """Whether git handed over what is wanted; asked anew where somebody repacked under its hands."""
    for _ in range(_REPACKED):
        packs = under_test.pack_names(objects)
        try:
            take(bare, objects, wanted)
            return True
        except GitFailed:
            if under_test.pack_names(objects) == packs:
                return False
    return False
