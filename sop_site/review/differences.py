"""Two texts compared as a reader would: which paragraphs came, went, moved or changed, and in which words."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Literal

from sop_site.review.drawing import Piece, Text

Change = Literal["same", "added", "removed", "changed", "moved"]
MOST_BLOCKS = 400
"""Paragraphs compared on each side; the rest is counted and said to be left out."""
MOST_WORDS = 1_500
"""Words of one paragraph that are compared; a longer one is shown whole on both sides."""
_ALIKE = 0.5
_WINDOW = 8
_TELLING = 20
"""Characters that a paragraph has at least to be recognised elsewhere; a shorter one is there by chance."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph before and after; ``None`` on the side where it does not stand."""

    change: Change
    before: Text | None
    after: Text | None

    @property
    def shows_nothing(self) -> bool:
        """Whether it changed in no word: white space, layout, or a number that is shown covered."""
        sides = (*(self.before or ()), *(self.after or ()))
        return self.change == "changed" and not any(piece.is_marked for piece in sides)


@dataclass(frozen=True, slots=True)
class Difference:
    """All paragraphs, in the order of the text as it would be."""

    blocks: tuple[Block, ...]
    left_out: int = 0
    """How many paragraphs were not looked at because there are too many."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return not self.left_out and all(block.change == "same" for block in self.blocks)


def compare(before: Sequence[str], after: Sequence[str], draw: Callable[[str], Text]) -> Difference:
    """Paragraphs against paragraphs; ``draw`` makes the pieces that are compared word by word and shown."""
    start = _common(before, after)
    end = _common(before[start:][::-1], after[start:][::-1])
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    left_out = max(0, len(old) - MOST_BLOCKS) + max(0, len(new) - MOST_BLOCKS)
    old, new = old[:MOST_BLOCKS], new[:MOST_BLOCKS]
    middle = [_block(one, other, kind, draw) for kind, one, other in _aligned(old, new)]
    # Before and after a long text that stayed, a few of its paragraphs are enough.
    head, tail = before[:start], before[len(before) - end :] if end else ()
    kept = [_block(one, one, "same", draw) for one in head[:MOST_BLOCKS]]
    rest = [_block(one, one, "same", draw) for one in tail[:MOST_BLOCKS]]
    return Difference((*kept, *middle, *rest), left_out)


def mark(before: Text, after: Text) -> tuple[Text, Text]:
    """Both texts, the words that only one of them has marked on their side."""
    old, new = _words(before), _words(after)
    if max(len(old), len(new)) > MOST_WORDS:
        return _marked(before, set(old)), _marked(after, set(new))
    matcher = SequenceMatcher(None, [before[i].text for i in old], [after[i].text for i in new])
    gone, come = set(old), set(new)
    for one, other, size in matcher.get_matching_blocks():
        gone -= set(old[one : one + size])
        come -= set(new[other : other + size])
    return _marked(before, gone), _marked(after, come)


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many paragraphs both begin with."""
    for number, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return number
    return min(len(one), len(other))


def _aligned(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[Change, str | None, str | None]]:
    codes = SequenceMatcher(None, old, new).get_opcodes()
    gone = [i for kind, i1, i2, _, _ in codes if kind != "equal" for i in range(i1, i2)]
    come = [j for kind, _, _, j1, j2 in codes if kind != "equal" for j in range(j1, j2)]
    moved = _moved(old, new, gone, come)
    left = set(moved.values())
    for kind, i1, i2, j1, j2 in codes:
        if kind == "equal":
            yield from (("same", text, text) for text in old[i1:i2])
            continue
        removed = [old[i] for i in range(i1, i2) if i not in left]
        yield from _paired(removed, [(new[j], j in moved) for j in range(j1, j2)])


def _moved(old: Sequence[str], new: Sequence[str], gone: list[int], come: list[int]) -> dict[int, int]:
    """Place after → place before of paragraphs that only went elsewhere."""
    places: dict[str, list[int]] = defaultdict(list)
    for i in gone:
        places[old[i]].append(i)
    return {j: places[new[j]].pop(0) for j in come if len(new[j]) >= _TELLING and places[new[j]]}


def _paired(
    removed: list[str], added: list[tuple[str, bool]]
) -> Iterator[tuple[Change, str | None, str | None]]:
    """Each new paragraph beside the one that it was made from, where there is one nearby."""
    place = 0
    for text, is_moved in added:
        if is_moved:
            yield "moved", text, text
            continue
        near = removed[place : place + _WINDOW]
        likeness = [_likeness(one, text) for one in near]
        best = max(range(len(near)), key=likeness.__getitem__, default=0)
        if near and likeness[best] >= _ALIKE:
            yield from (("removed", one, None) for one in near[:best])
            yield "changed", near[best], text
            place += best + 1
        else:
            yield "added", None, text
    yield from (("removed", one, None) for one in removed[place:])


def _likeness(one: str, other: str) -> float:
    """Share of words that two paragraphs have in common, whatever their order (0 to 1)."""
    return SequenceMatcher(None, one.split()[:MOST_WORDS], other.split()[:MOST_WORDS]).quick_ratio()


def _block(before: str | None, after: str | None, change: Change, draw: Callable[[str], Text]) -> Block:
    old = None if before is None else draw(before)
    new = old if before == after else None if after is None else draw(after)
    if change == "changed" and old is not None and new is not None:
        old, new = mark(old, new)
    return Block(change, old, new)


def _words(text: Text) -> list[int]:
    return [number for number, piece in enumerate(text) if piece.is_word]


def _marked(text: Text, places: set[int]) -> Text:
    """The pieces with those at ``places`` marked, and the space between two of them too."""
    found: list[Piece] = []
    for number, piece in enumerate(text):
        between = not piece.is_tag and not piece.is_word and {number - 1, number + 1} <= places
        found.append(replace(piece, is_marked=True) if number in places or between else piece)
    return tuple(found)
