"""Rows of ids that are searched as they lie, and lines that are parsed when somebody asks."""

import pytest

from sop_site.approval.remembered import Ids, Places, Rows, Table

A, B, C = (letter * 20 for letter in (b"a", b"b", b"c"))


def test_a_value_is_found_in_its_own_column_and_at_whole_rows_only() -> None:
    table = Table(A + B + B + C, (20, 20))

    assert len(table) == 2
    assert (table.place(A), table.place(B), table.place(C)) == (0, 1, None)
    assert (table.place(B, 1), table.place(C, 1), table.place(A, 1)) == (0, 1, None)
    assert table.cell(1, 1) == C


def test_what_straddles_two_cells_is_no_value() -> None:
    straddling = A[:10] + B[:10]

    assert Table(A + B + straddling, (20,)).place(straddling) == 2
    assert Table(A + B, (20,)).place(straddling) is None


def test_a_value_of_another_length_is_not_there() -> None:
    assert Table(A + B, (20,)).place(A[:10]) is None
    assert Table(A + B, (20,)).place(b"") is None
    assert A.hex() * 2 not in Ids(Table(A + B, (20,)))


def test_new_places_stand_behind_the_old_ones() -> None:
    places = Places(Ids(Table(A + B, (20,))), {C.hex(): 2})

    assert dict(places) == {A.hex(): 0, B.hex(): 1, C.hex(): 2}
    assert len(places) == 3
    with pytest.raises(KeyError):
        places["00" * 20]


def test_rows_are_parsed_when_asked_for() -> None:
    parsed: list[bytes] = []

    def parse(line: bytes) -> int:
        parsed.append(line)
        return int(line)

    rows = Rows(b"1\n2\n3\n", 3, parse, ())
    assert len(rows) == 3
    assert not parsed
    assert rows[-1] == 3
    assert parsed == [b"3"]
    assert rows == (1, 2, 3)
    assert rows != (1, 2)
    grown = Rows(b"1\n", 1, parse, [5])
    assert (list(grown), grown[0], grown[-1], grown[0:2]) == ([1, 5], 1, 5, (1, 5))
    assert not Rows(b"", 0, parse, ())
