"""Runs a verification: an own bare repository, a fetch by full name, and the verdict on raw objects (§9)."""

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline import caching, memory, own_repository, under_test
from pipeline.gitenv import GitFailed
from pipeline.memory import Keeper
from pipeline.objects import GitObjects
from pipeline.references import LEDGER, PUBLISH
from pipeline.taking import show, take, take_drafts
from pipeline.under_test import UnderTest
from sop_site.answers import Refusal
from sop_site.approval import chain, continuing, digests
from sop_site.approval import trust as trusts
from sop_site.approval.chain import Judged, Verdict
from sop_site.approval.governance import GovernanceReader
from sop_site.approval.remembered import CannotContinue, Ids, growth
from sop_site.approval.store import ObjectStore, StoreFault
from sop_site.approval.tree_reading import Folders
from sop_site.approval.trust import Trust, TrustMalformed
from sop_site.errors import MediumFailed, SettingsUnreadable, SopError

VARIABLE = "SOP_TRUST"
_REPACKED = 5
"""How often a repository may be repacked while its objects are taken."""
Tips = tuple[str | None, str | None]
"""Of publish and of the ledger."""


@dataclass(frozen=True, slots=True)
class Verification:
    """A verdict, and the verifier's own objects for as long as the ``with`` lasts."""

    verdict: Verdict
    store: ObjectStore
    object_format: str
    seconds: float
    """Wall time of fetch and judgement."""
    remembered: bool = False
    """Whether it went on from what an earlier run had verified."""


@dataclass(frozen=True, slots=True)
class _Case:
    """What one verification is about."""

    found: UnderTest
    objects: Path
    """The folder of the objects under test."""
    pinned: Trust | None
    tips: Tips
    around: tuple[Refusal, ...]
    """What is wrong around the history."""
    now: datetime


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
    to_read: bool = False,
) -> Iterator[Verification]:
    """Verify a repository, going on from what an earlier run remembered unless ``full`` says not to.

    Whoever goes on to read what was approved from the store says ``to_read``: all of that is then read and
    hashed again, also what was remembered as good.

    ``publish_tip`` and ``ledger_tip`` name commits to judge in the place of the branches' own: what would
    be so, before a reference moves. ``SettingsUnreadable`` without a trust file, ``RepositoryUnusable``
    where there is no repository.
    """
    began = time.monotonic()
    pinned = read_trust(trust_path(repo, trust))
    found = under_test.look(repo.absolute())
    tips = (publish_tip or found.tip(PUBLISH), ledger_tip or found.tip(LEDGER))
    around = tuple(under_test.problems(found))
    with ExitStack() as stack:
        work = Path(stack.enter_context(TemporaryDirectory(prefix="sop-periksa-")))
        obstacle = under_test.obstacle(found.folder / "objects")
        if obstacle is not None:
            stopped = Refusal("REPO_UNSAFE", None, f"objects/{obstacle} is neither file nor folder")
            bare = own_repository.make(work / "kosong.git", found.object_format)
            nothing = stack.enter_context(GitObjects(bare, found.object_format))
            verdict = chain.refused([*around, stopped], *tips)
            yield Verification(verdict, nothing, found.object_format, time.monotonic() - began)
            return
        case = _Case(found, found.folder / "objects", pinned, tips, around, now)
        keeper = None
        if not (full or caching.is_off() or case.around or pinned is None):
            keeper = stack.enter_context(memory.held(found, repo, pinned))
        outcome = None
        if keeper is not None and keeper.objects is not None:
            outcome = _continued(stack, case, keeper, work / "lanjutan.git", to_read)
        remembered = outcome is not None
        verdict, store = outcome or _from_genesis(stack, case, keeper, work / "milik-pemeriksa.git")
        yield Verification(verdict, store, found.object_format, time.monotonic() - began, remembered)


def _continued(
    stack: ExitStack, case: _Case, keeper: Keeper, bare: Path, to_read: bool
) -> tuple[Verdict, ObjectStore] | None:
    """A good verdict on top of what is remembered, ``None`` where it must be judged from genesis."""
    found = case.found
    publish, ledger = case.tips
    if publish is None:
        return None
    own_repository.make(bare, found.object_format, keeper.objects)
    store = stack.enter_context(GitObjects(bare, found.object_format))
    try:
        kept = keeper.memory(store)
        drafts = found.drafts() if ledger else []
        known = [tip for tip in (kept.summary.tip, kept.summary.ledger_tip) if tip]
        # Not what came as a draft: git's own checks are still to be made of that.
        wanted = [tip for tip in (publish, ledger) if tip and tip not in known]
        # What lies beside objects and packs can keep something back here, or add what is not asked for.
        # Both end at genesis, where git is shown nothing of it: 256 links cost more than an approval.
        if wanted:
            take(bare, case.objects, wanted, known)
        here, reached = {*known, *kept.summary.drafts}, Ids(kept.reached)
        new = [tip for tip in drafts if tip not in here and tip not in reached]
        if new and set(take_drafts(bare, case.objects, new, [*known, *wanted])) != set(new):
            raise CannotContinue("a draft cannot be taken over")
        judged = continuing.judge(store, kept, publish, ledger, drafts, case.now)
        if to_read:
            _read_again(store, judged)
    except (CannotContinue, SopError, StoreFault, OSError):
        return None
    grown = growth(judged, kept, drafts)
    if grown is not None:
        keeper.save(grown, store)
        keeper.pack(bare)
    return judged.verdict, store


def _read_again(store: GitObjects, judged: Judged) -> None:
    """What a site is drawn from is here: approvals, policies, and every file, which come to their digest."""
    assert judged.findings is not None
    store.read_all_ahead()
    stand, reader = judged.findings.last.stand, GovernanceReader(store)
    digest = Folders(store).read(stand.tree).digest
    if digest is None or digests.text(digest) != stand.content_digest:
        raise CannotContinue("the tree is not the one that was approved")
    for approval in judged.verdict.approvals:
        store.commit(approval.commit)
        if any(path.startswith("governance/") for path in approval.paths):
            reader.in_tree(approval.tree)


def _from_genesis(
    stack: ExitStack, case: _Case, keeper: Keeper | None, bare: Path
) -> tuple[Verdict, ObjectStore]:
    """The whole history judged from nothing, in a repository that is kept if there is a memory to make."""
    found, tips = case.found, case.tips
    drafts = None
    if keeper is not None:
        drafts = _fetched_to_keep(keeper, bare, case)
    if drafts is None:
        keeper, bare = None, bare.with_name("tanpa-ingatan.git")
        own_repository.make(bare, found.object_format)
        drafts = _fetch(bare, case)
    if drafts is not None:
        store = stack.enter_context(GitObjects(bare, found.object_format))
        store.read_all_ahead()
        judged = _judge(store, case)
        if not any(refusal.code == "OBJECT_MISSING" for refusal in judged.verdict.refusals):
            if keeper is not None and (grown := growth(judged, None, drafts)) is not None:
                keeper.save(grown, store)
            return chain.with_refusals(judged.verdict, case.around), store
        store.close()
    # What git would not hand over is looked at where it lies: is it missing, or something else?
    lying = show(case.objects, bare.with_name("terletak"))
    store = stack.enter_context(GitObjects(bare, found.object_format, lying))
    verdict = chain.with_refusals(_judge(store, case).verdict, case.around)
    if verdict.ok:
        unfetched = Refusal("OBJECT_CORRUPT", tips[0], "git could not take over and check the objects")
        verdict = chain.with_refusals(verdict, [unfetched])
    return verdict, store


def _fetched_to_keep(keeper: Keeper, bare: Path, case: _Case) -> list[str] | None:
    """As ``_fetch``, into the memory; ``None`` too where that has no room."""
    try:
        own_repository.make(bare, case.found.object_format, keeper.begin())
        return _fetch(bare, case)
    except (OSError, MediumFailed):
        return None


def _judge(store: ObjectStore, case: _Case) -> Judged:
    if case.pinned is None:
        refusal = Refusal("TRUST_MISMATCH", None, "the trust file is out of form")
        return Judged(chain.refused([refusal], *case.tips))
    if case.tips[0] is None:
        return Judged(chain.refused([Refusal("REF_MISSING", None, PUBLISH)], *case.tips))
    return chain.judge(store, case.pinned, case.tips[0], case.tips[1], case.now)


def _fetch(bare: Path, case: _Case) -> list[str] | None:
    """Bring what the tips need into our own repository; ``None`` where git will not hand it over or take it.

    The tips of the drafts that came too.
    """
    wanted = [tip for tip in case.tips if tip]
    if not wanted:
        return []
    objects = _handed_over(bare, case, wanted)
    if objects is None:
        return None
    return take_drafts(bare, objects, case.found.drafts(), wanted) if case.tips[1] else []


def _handed_over(bare: Path, case: _Case, wanted: list[str]) -> Path | None:
    """The objects that git was shown and took; asked anew where somebody repacked under its hands."""
    for turn in range(_REPACKED):
        packs = under_test.pack_names(case.objects)
        objects = show(case.objects, bare.with_name(f"{bare.name}-{turn}"))
        try:
            take(bare, objects, wanted)
            return objects
        except GitFailed:
            if under_test.pack_names(case.objects) == packs:
                return None
    return None
