"""The same file gives the same bytes: in another folder, under another name, zone, locale, home and load."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pipeline.media import planted

pytest.importorskip("av")
pytest.importorskip("pillow_heif")

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = """
import hashlib, json, sys
from pathlib import Path
from pipeline.media.batch import clean_all
from pipeline.media.gathering import gather
with gather([Path(sys.argv[1])]) as gathered:
    assert not gathered.refused, gathered.refused
    made = clean_all(gathered.files, keep=sys.argv[2] == "keep", advance=lambda _: None)
    print(json.dumps({source.name: [one.name, hashlib.sha256(one.data).hexdigest(),
                      one.poster and hashlib.sha256(one.poster.data).hexdigest()]
                      for source, one in zip(gathered.files, made)}))
"""


def cleaned(folder: Path, how: str, **env: str) -> dict[str, list[str]]:
    known = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(folder), how],
        env=known | env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("how", ["keep", "convert"])
def test_every_kind_of_file_gives_the_same_bytes_everywhere(tmp_path: Path, how: str) -> None:
    if how == "convert" and shutil.which("soffice") is None:
        pytest.skip("LibreOffice was not found: conversion is NOT tested here")
    planted.all_files(tmp_path, office=how == "convert")
    first = tmp_path / "masuk"
    other = tmp_path / "tempat lain" / "dengan spasi"
    shutil.copytree(first, other, copy_function=shutil.copyfile)
    (tmp_path / "rumah").mkdir()

    here = cleaned(first, how, TZ="UTC", LC_ALL="C.UTF-8", HOME=str(tmp_path / "rumah"))
    there = cleaned(
        other, how, TZ="Pacific/Kiritimati", LC_ALL="tr_TR.UTF-8", LANG="tr_TR.UTF-8", HOME="/nonexistent",
        PYTHONHASHSEED="7",
    )  # fmt: skip

    assert here == there
    assert len(here) >= (2 if how == "convert" else 15)


def test_the_number_of_processors_changes_nothing(tmp_path: Path) -> None:
    if not hasattr(os, "sched_setaffinity") or len(os.sched_getaffinity(0)) < 2:
        pytest.skip("one processor only: NOT tested here")
    sources = {name: make(tmp_path) for name, make in planted.FILMS.items() if name == "film.mkv"}
    sources["a.jpg"] = planted.jpeg()
    place = tmp_path / "masuk"
    place.mkdir()
    for name, data in sources.items():
        (place / name).write_bytes(data)
    all_of_them = os.sched_getaffinity(0)
    many = cleaned(place, "keep")
    os.sched_setaffinity(0, {min(all_of_them)})
    try:
        one = cleaned(place, "keep")
    finally:
        os.sched_setaffinity(0, all_of_them)

    assert one == many
    assert hashlib.sha256(b"").hexdigest() not in str(one)
