"""Which trees may be public at all: names, modes, sizes and numbers (protocol §5).

Facts are kept by tree id, so that the next approval pays for the folders that differ and no others.
"""

from dataclasses import dataclass, field

from sop_site.approval import path_names
from sop_site.approval.digests import FILE, FOLDER
from sop_site.approval.reasons import Reasons
from sop_site.approval.store import FILE_LIMIT, BlobFacts, ObjectStore, TreeEntry

ENTRIES_LIMIT = 200_000
BYTES_LIMIT = 4 * 1024**3
PATH_BYTES = 1_024
COMPONENTS = 16
_PROBLEMS_KEPT = 8

Problem = tuple[str, str]


@dataclass(frozen=True, slots=True)
class TreeFacts:
    """What is below a folder, all depths together."""

    entries: int
    size: int
    """Bytes of all files."""
    height: int
    """Components of the deepest path below it."""
    longest: int
    """Bytes of the longest path below it."""
    problems: tuple[Problem, ...]


@dataclass(slots=True)
class TreePolicy:
    """Judges trees of one store, remembering each folder by its id."""

    store: ObjectStore
    _known: dict[str, TreeFacts] = field(default_factory=dict)

    def judge(self, root: str, reasons: Reasons) -> bool:
        """Note ``TREE_POLICY`` and ``LIMIT`` for a root tree; whether it may be public."""
        facts = self._facts(root)
        for code, detail in facts.problems:
            reasons.add(code, detail)
        if facts.height > COMPONENTS:
            reasons.add("TREE_POLICY", f"a path of more than {COMPONENTS} components")
        if facts.longest > PATH_BYTES:
            reasons.add("TREE_POLICY", f"a path longer than {PATH_BYTES} bytes")
        if facts.entries > ENTRIES_LIMIT:
            reasons.add("LIMIT", f"more than {ENTRIES_LIMIT} files and folders")
        if facts.size > BYTES_LIMIT:
            reasons.add("LIMIT", f"more than {BYTES_LIMIT} bytes")
        return not ("TREE_POLICY" in reasons or "LIMIT" in reasons)

    def _facts(self, root: str) -> TreeFacts:
        """Facts of a root: folders are loaded level by level, then summed from the deepest up."""
        known = self._known.get(root)
        if known is not None:
            return known
        loaded: dict[str, tuple[TreeEntry, ...]] = {}
        levels: list[list[str]] = [[root]]
        entries = 0
        while levels[-1]:
            if len(levels) > COMPONENTS:
                return _refused("TREE_POLICY", f"a path of more than {COMPONENTS} components")
            level = self.store.trees(levels[-1])
            loaded |= level
            entries += sum(len(tree) for tree in level.values())
            if entries > ENTRIES_LIMIT:
                return _refused("LIMIT", f"more than {ENTRIES_LIMIT} files and folders")
            children = {e.oid for tree in level.values() for e in tree if e.mode == FOLDER}
            levels.append([oid for oid in children if oid not in self._known and oid not in loaded])
        blobs = self.store.blob_facts(e.oid for tree in loaded.values() for e in tree if e.mode == FILE)
        self._sum(root, loaded, blobs)
        return self._known[root]

    def _sum(self, oid: str, loaded: dict[str, tuple[TreeEntry, ...]], blobs: dict[str, BlobFacts]) -> None:
        """Post-order over what was loaded; its depth is bounded by ``COMPONENTS``."""
        for entry in loaded[oid]:
            if entry.mode == FOLDER and entry.oid not in self._known:
                self._sum(entry.oid, loaded, blobs)
        self._known[oid] = self._of_folder(loaded[oid], blobs)

    def _of_folder(self, entries: tuple[TreeEntry, ...], blobs: dict[str, BlobFacts]) -> TreeFacts:
        count, size, height, longest = len(entries), 0, 0, 0
        problems = _name_problems(entries)
        for mode, name, oid in entries:
            if mode == FOLDER:
                below = self._known[oid]
                count += below.entries
                size += below.size
                height = max(height, 1 + below.height)
                longest = max(longest, len(name) + 1 + below.longest)
                problems += below.problems
            elif mode == FILE:
                size += blobs[oid].size
                height = max(height, 1)
                longest = max(longest, len(name))
                if blobs[oid].size > FILE_LIMIT:
                    problems.append(("LIMIT", f"a file larger than {FILE_LIMIT} bytes"))
            else:
                problems.append(("TREE_POLICY", f"mode {mode}"))
        return TreeFacts(count, size, height, longest, tuple(dict.fromkeys(problems))[:_PROBLEMS_KEPT])


def _name_problems(entries: tuple[TreeEntry, ...]) -> list[Problem]:
    found = {problem for entry in entries if (problem := path_names.problem(entry.name))}
    if not entries:
        found.add("an empty folder")
    # Folders of different spelling collide themselves, so that looking at siblings is enough.
    if len({path_names.folded(entry.name) for entry in entries}) != len(entries):
        found.add("two names in one folder are equal after case folding")
    return [("TREE_POLICY", problem) for problem in sorted(found)]


def _refused(code: str, detail: str) -> TreeFacts:
    return TreeFacts(0, 0, 0, 0, ((code, detail),))
