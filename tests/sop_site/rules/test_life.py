"""The life of a page: what holds it back, and which addresses it may claim."""

from dataclasses import replace
from typing import Any

import pytest

from sop_site.rules import life, links
from sop_site.rules.inputs import PageInput
from tests.sop_site.rules import values

TUA, LAMA, REKA = "2026-01-03-tua", "2026-01-04-lama", "2026-01-04-reka"
AT_LAMA = f"/berita/{LAMA}/"
HERE = "content/berita/2026-01-05-kerja-bakti/index.md"


def public(page_id: str = "2026-01-05-kerja-bakti", **front: str) -> Any:
    """The page as the public knows it, under an id that may be an earlier one."""
    return values.given(path=f"content/berita/{page_id}/index.md", **front).page


def told(before: Any, moved: dict[str, str] | None = None, *, compared: bool = True, **front: str) -> Any:
    around = {"moved": moved or {}, "is_compared": compared}
    page = values.given(public=before, around=around, **front)
    return [(found.code, found.severity) for rule in life.RULES for found in rule(page)]


@pytest.mark.parametrize(
    ("before", "now", "found"),
    [
        (None, "2026-03-01", []),
        ("", "", []),
        ("", "2026-03-01", [("publish-at-public", "error")]),
        ("2026-03-01", "2026-03-01", []),
        ("2026-03-01", "2026-02-01", []),
        ("2026-03-01", "2026-03-02", [("publish-at-later", "warning")]),
        ("2026-03-01", "", []),
    ],
)
def test_a_public_page_is_not_put_off_unsaid(before: str | None, now: str, found: list[Any]) -> None:
    known = None if before is None else public(publish_at=before)

    assert told(known, publish_at=now) == found


@pytest.mark.parametrize(
    ("ids", "before", "moved", "found"),
    [
        (f"[{LAMA}]", public(LAMA), {}, []),
        (f"[{TUA}, {LAMA}]", public(LAMA, moved_from=f"[{TUA}]"), {}, []),
        (f"[{LAMA}]", public(moved_from=f"[{LAMA}]"), {AT_LAMA: HERE}, []),
        ("[2026-01-05-kerja-bakti]", public(), {}, [("moved-from-itself", "error")]),
        (f"[{LAMA}, {LAMA}]", public(LAMA), {}, [("moved-from-itself", "error")]),
        ("[2026-01-05-lain]", public("2026-01-05-lain"), {}, [("moved-from-standing", "error")]),
        (
            f"[{LAMA}]", public(LAMA), {AT_LAMA: "content/berita/x/index.md"},
            [("moved-from-twice", "error")],
        ),
        (f"[{REKA}]", public(), {}, [("moved-from-unknown", "error")]),
        (f"[{REKA}]", None, {}, [("moved-from-unknown", "error")]),
        ("", public(moved_from=f"[{LAMA}]"), {}, [("moved-from-dropped", "warning")]),
        # A page that went back to the id that it had first.
        ("[2026-01-06-baru]", public("2026-01-06-baru", moved_from="[2026-01-05-kerja-bakti]"), {}, []),
    ],
)  # fmt: skip
def test_a_page_claims_its_own_addresses_only(
    ids: str, before: Any, moved: dict[str, str], found: list[Any]
) -> None:
    assert told(before, moved, moved_from=ids) == found


def test_a_menu_entry_without_a_page_is_no_obstacle() -> None:
    page = values.given(kind="page", path="content/halaman/tentang/index.md", section="profil",
                        moved_from="[profil]")  # fmt: skip
    before = values.given(kind="page", path="content/halaman/profil/index.md", section="profil").page
    around = replace(page.around, addresses=frozenset({"/profil/"}), is_compared=True)

    assert list(life.earlier_addresses_are_its_own(replace(page, public=before, around=around))) == []


def test_where_nothing_is_compared_an_earlier_id_is_believed() -> None:
    assert told(None, compared=False, moved_from=f"[{LAMA}]") == []


@pytest.mark.parametrize(
    ("owner", "found"), [(HERE, []), ("content/berita/y/index.md", ["address-taken-by-move"])]
)
def test_a_new_page_does_not_take_a_signpost_away(owner: str, found: list[str]) -> None:
    moved = {"/berita/2026-01-05-kerja-bakti/": owner}

    assert [code for code, _ in told(None, moved)] == found


def linked(target: str) -> PageInput:
    return values.given(f"[Kerja bakti]({target})", around={"moved": {"/berita/2026-01-01-a/": HERE}})


def test_a_link_to_an_earlier_address_is_told_and_holds() -> None:
    (found,) = links.lead_somewhere(linked("/berita/2026-01-01-a/#jadwal"))

    assert (found.code, found.severity) == ("link-moved", "warning")
    assert [one.code for one in links.lead_somewhere(linked("/berita/2026-01-01-b/"))] == ["link-dead"]


@pytest.mark.parametrize(
    ("path", "works"),
    [
        ("/dokumen/2026-01-01-a/", True),
        ("/dokumen/2026-01-01-a/rencana.pdf", True),
        ("/agenda/2026-01-01-b/acara.ics", True),
        ("/agenda/2026-01-01-b/foto.jpg", False),
        ("/dokumen/2026-01-01-c/rencana.pdf", False),
        ("/dokumen/", False),
    ],
)
def test_of_what_moved_the_files_that_letters_name_stay(path: str, works: bool) -> None:
    moved = {"/dokumen/2026-01-01-a/": "x", "/agenda/2026-01-01-b/": "y"}

    assert life.leads_on(path, moved) == works
