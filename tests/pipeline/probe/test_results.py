"""Results on disk: whole lines, in order, and what is not yet on the ledger."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline.probe import ProbeResult, results

AT = datetime(2026, 1, 5, tzinfo=UTC)


def result(minute: int) -> ProbeResult:
    return ProbeResult(
        "Portal", "https://portal.example/", AT + timedelta(minutes=minute), "ok", 200, {"whole": 5}
    )


def test_what_was_kept_is_read_back(tmp_path: Path) -> None:
    results.append(tmp_path / "a", [result(0)])
    results.append(tmp_path / "a", [result(5)])

    assert results.read(tmp_path / "a") == [result(0), result(5)]


def test_a_torn_line_costs_only_itself(tmp_path: Path) -> None:
    results.append(tmp_path, [result(0)])
    with (tmp_path / "results.jsonl").open("ab") as file:
        file.write(b'{"at": "2026')
    results.append(tmp_path, [result(5)])

    assert results.read(tmp_path) == [result(0), result(5)]


def test_only_what_is_new_waits_for_the_ledger(tmp_path: Path) -> None:
    assert results.unrecorded(tmp_path) == []
    results.append(tmp_path, [result(0)])
    results.mark_recorded(tmp_path, [result(0)])
    results.append(tmp_path, [result(5)])

    assert results.unrecorded(tmp_path) == [result(5)]


def test_results_lie_beside_the_repository(tmp_path: Path) -> None:
    assert results.folder_of(tmp_path / "office") == (tmp_path / "office.probe").resolve()
