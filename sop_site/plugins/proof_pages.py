"""The pages under ``/bukti/``: the record of approvals, each approval, the policies, the refusals as numbers.

An approval's page names nothing that comes later, so that it stays as it is; titles are those of today.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sop_site import well_known
from sop_site.approval.policy_history import PolicyChange
from sop_site.plugins import commands
from sop_site.plugins.layout import Card, Crumb, Document, Site
from sop_site.plugins.lists import PER_PAGE, ListPage, stable_pages
from sop_site.plugins.shown import Shown
from sop_site.plugins.words import Clock, count, t
from sop_site.proof import ApprovalProof, ChangeKind, Opening, PolicyProof, Proof, RefusalCount

BASE = "/bukti/"
POLICIES = f"{BASE}kebijakan/"
REFUSALS = f"{BASE}penolakan/"
NAMED = 40
"""How many pages an approval's page names, so that it stays light; the rest is counted, and in a file."""
FILES_NAMED = 20
"""The same for other files, and for the changes of one policy."""
POLICIES_PER_PAGE = 5
LIST_NAME = "jalur.txt"
_KINDS: tuple[ChangeKind, ...] = ("added", "changed", "removed")
_ROLE_VALUES = ("role", "old")


def address(sequence: int) -> str:
    """Where an approval's own page stands; 0 is the opening."""
    return f"{BASE}{sequence}/"


@dataclass(frozen=True, slots=True)
class Named:
    """A page as an approval's page names it: by its present title, or by its path where it is gone."""

    title: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Group:
    """Pages that were changed in one way."""

    kind: str
    pages: tuple[Named, ...]
    more: int
    """How many are not named."""
    waiting: int
    """How many are approved and not yet due: their names are not public."""


@dataclass(frozen=True, slots=True)
class Year:
    """The approvals of one year, and the list's page on which the first of them stands."""

    year: int
    first: int
    last: int
    url: str


@dataclass(frozen=True)
class ProofPages:
    """Draws all of them from one proof; ``withheld`` are folders of pages that are not yet due."""

    site: Site
    proof: Proof
    withheld: frozenset[str]

    def documents(self) -> Iterator[Document]:
        """Every HTML file under ``/bukti/``."""
        known = {shown.folder: shown for shown in self.site.pages}
        policies = stable_pages(self.proof.policies[::-1], POLICIES, POLICIES_PER_PAGE)
        places = {
            policy.version: f"{page.url}#v{policy.version}" for page in policies for policy in page.items
        }
        newest = self.proof.approvals[::-1]
        lists = stable_pages(newest, BASE)
        yield self._front(lists, known)
        yield from (self._list(page, known) for page in lists[1:])
        if self.proof.opening is not None:
            yield self._opening(self.proof.opening, known)
        yield from (self._approval(approval, known, places) for approval in self.proof.approvals)
        yield from (self._policies(page) for page in policies)
        yield self._refusals()

    def files(self) -> Iterator[tuple[str, str]]:
        """Output path and text of what is there to be downloaded."""
        lines = [*(f"# {line}" for line in t("signers-header").splitlines()), *self.proof.allowed_signers]
        yield well_known.ALLOWED_SIGNERS, "".join(f"{line}\n" for line in lines)
        for approval in self.proof.approvals:
            if _is_long(approval):
                changed = [page.folder for page in approval.pages if page.folder not in self.withheld]
                text = "".join(f"{path}\n" for path in (*changed, *approval.others))
                yield f"{address(approval.sequence)[1:]}{LIST_NAME}", text

    def _front(self, lists: Sequence[ListPage[ApprovalProof]], known: Mapping[str, Shown]) -> Document:
        front, settings = lists[0], self.site.settings
        values = {
            **_titled(t("proof-title"), t("about-proof")),
            "crumbs": (Crumb(t("home"), "/"), Crumb(t("proof-title"))),
            "total": count(len(self.proof.approvals)),
            "policy": self.proof.policies[-1] if self.proof.policies else None,
            "sighting": self.proof.sighting,
            "cards": [self._card(approval, known) for approval in front.items],
            "older": front.older,
            "years": _years(self.proof.approvals, lists, self.site.clock),
            "repository": settings.site.repository,
            "signers": f"/{well_known.ALLOWED_SIGNERS}",
            "note": f"/{well_known.PATH}",
            "begin": commands.begin(settings.site.repository),
            "whole": commands.whole_history(),
            "in_force": commands.policy(),
            "fetch": commands.fetch_site(settings.office.url),
            "check": commands.check_site(),
        }
        return Document(BASE, "proof", values)

    def _list(self, page: ListPage[ApprovalProof], known: Mapping[str, Shown]) -> Document:
        title = t("list-part", what=t("proof-title"), number=page.number)
        values = {
            **_titled(title, t("about-proof-list")),
            "crumbs": (*_trail(), Crumb(title)),
            "cards": [self._card(approval, known) for approval in page.items],
            "newer": page.newer,
            "older": page.older,
        }
        return Document(page.url, "list", values, mapped=False)

    def _card(self, approval: ApprovalProof, known: Mapping[str, Shown]) -> Card:
        titles = [known[page.folder].page.title for page in approval.pages if page.folder in known]
        parts = [_counted(approval), f"“{titles[0]}”" if titles else ""]
        return Card(
            address(approval.sequence),
            t("approval-number", sequence=approval.sequence),
            ": ".join(part for part in parts if part),
            f"{self.site.clock.moment(approval.time)} · {approval.name} ({t(f'role-{approval.role}')})",
        )

    def _opening(self, opening: Opening, known: Mapping[str, Shown]) -> Document:
        title = t("opening-title")
        values = {
            **_titled(title, t("about-opening")),
            "crumbs": (*_trail(), Crumb(title)),
            "opening": opening,
            "group": self._group("opening", opening.pages, known),
        }
        return Document(address(0), "opening", values, mapped=False)

    def _approval(
        self, approval: ApprovalProof, known: Mapping[str, Shown], policies: Mapping[int, str]
    ) -> Document:
        title = t("approval-title", sequence=approval.sequence)
        groups, room = [], NAMED
        for kind in _KINDS:
            folders = [page.folder for page in approval.pages if page.kind == kind]
            groups.append(self._group(kind, folders, known, room))
            room -= len(groups[-1].pages)
        values = {
            **_titled(title, t("about-approval", sequence=approval.sequence, name=approval.name)),
            "crumbs": (*_trail(), Crumb(title)),
            "proof": approval,
            "groups": [group for group in groups if group.pages or group.more or group.waiting],
            "others": approval.others[:FILES_NAMED],
            "others_more": max(0, len(approval.others) - FILES_NAMED),
            "listed": f"{address(approval.sequence)}{LIST_NAME}" if _is_long(approval) else None,
            "policy_url": policies[approval.policy_version],
            "before": address(approval.sequence - 1),
            "signers": f"/{well_known.ALLOWED_SIGNERS}",
            "repository": self.site.settings.site.repository,
            "begin": commands.begin(self.site.settings.site.repository),
            "verify": commands.verify(approval),
            "contents": commands.contents(approval),
            "page_history": self._page_history(approval),
            "by_hand": commands.verify_by_hand(approval),
        }
        return Document(address(approval.sequence), "approval", values, mapped=False)

    def _page_history(self, approval: ApprovalProof) -> commands.Lines | None:
        """The history of the first page that it changed and that may be named."""
        folders = (page.folder for page in approval.pages if page.folder not in self.withheld)
        first = next(folders, None)
        return commands.page_history(first) if first else None

    def _group(
        self, kind: str, folders: Sequence[str], known: Mapping[str, Shown], room: int = NAMED
    ) -> Group:
        public = [folder for folder in folders if folder not in self.withheld]
        named = tuple(_named(folder, known.get(folder)) for folder in public[:room])
        return Group(kind, named, len(public) - len(named), len(folders) - len(public))

    def _policies(self, page: ListPage[PolicyProof]) -> Document:
        title = t("policies-title")
        numbered = t("list-part", what=title, number=page.number) if page.number else title
        values = {
            **_titled(numbered, t("about-policies")),
            "crumbs": (*_trail(), Crumb(numbered)),
            "policies": [(policy, self._changes(policy)) for policy in page.items],
            "newer": page.newer,
            "older": page.older,
        }
        return Document(page.url, "policies", values, mapped=False)

    def _changes(self, policy: PolicyProof) -> list[str]:
        said = [self._change(change) for change in policy.changes[:FILES_NAMED]]
        more = len(policy.changes) - len(said)
        return [*said, t("and-more", count=count(more))] if more else said

    def _change(self, change: PolicyChange) -> str:
        values = dict(change.values)
        for name in _ROLE_VALUES if change.code == "role-changed" else ("role",):
            if name in values:
                values[name] = t(f"role-{values[name]}")
        times = {name: self.site.clock.moment(moment) for name, moment in change.moments.items()}
        sentence = t(f"policy-{change.code}", **values, **times)
        if change.code.startswith("person-added") and values.get("decree"):
            sentence += " " + t("word-decree", decree=values["decree"])
        return sentence

    def _refusals(self) -> Document:
        title = t("refusals-title")
        values = {
            **_titled(title, t("about-refusals")),
            "crumbs": (*_trail(), Crumb(title)),
            "months": [(_month(entry), entry) for entry in reversed(self.proof.refusals)],
        }
        return Document(REFUSALS, "refusals", values, mapped=False)


def _titled(title: str, description: str) -> dict[str, str]:
    return {"title": title, "heading": title, "description": description}


def _trail() -> tuple[Crumb, ...]:
    return Crumb(t("home"), "/"), Crumb(t("proof-title"), BASE)


def _named(folder: str, shown: Shown | None) -> Named:
    return Named(folder, None) if shown is None else Named(shown.page.title, shown.url)


def _is_long(approval: ApprovalProof) -> bool:
    return len(approval.pages) > NAMED or len(approval.others) > FILES_NAMED


def _counted(approval: ApprovalProof) -> str:
    """Two new pages, one changed; a change of settings or policy where no page is among them."""
    counts = Counter(page.kind for page in approval.pages)
    parts = [t(f"counted-{kind}", count=count(counts[kind])) for kind in _KINDS if counts[kind]]
    return ", ".join(parts) if parts else t("counted-others")


def _years(
    approvals: Iterable[ApprovalProof], lists: Sequence[ListPage[ApprovalProof]], clock: Clock
) -> list[Year]:
    """Newest first; the list's numbered pages hold ``PER_PAGE`` approvals each, from the oldest on."""
    spans: dict[int, tuple[int, int]] = {}
    for place, approval in enumerate(approvals):
        year = clock.at(approval.time).year
        spans[year] = (spans.get(year, (place, place))[0], place)
    numbered = {page.number: page.url for page in lists}
    return [
        Year(year, first + 1, last + 1, numbered.get(first // PER_PAGE + 1, BASE))
        for year, (first, last) in sorted(spans.items(), reverse=True)
    ]


def _month(entry: RefusalCount) -> str:
    return t("month", name=t(f"month-{entry.month}"), year=entry.year)
