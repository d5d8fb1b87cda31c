"""Pages as they come in, and what becomes of them."""

from sop_site.fixing import Fixed, fix
from sop_site.fixing.raw import decoded
from tests.office import page

NEWS = "content/berita/2026-01-05-kerja-bakti/index.md"
TITLE = "Kerja bakti di pantai bersama warga"


def fixed(body: str, *, path: str = NEWS, **front: str) -> Fixed:
    """A news page with this body after all repairs."""
    return fix(path, page(TITLE, kind="news", body=body, **front).encode())


def body_of(text: bytes) -> str:
    """What stands below the head, without the line end that every file has."""
    opened = decoded(text)
    assert opened is not None
    return opened[0].split("\n---\n", 1)[1].rstrip("\n")


def after(body: str, **front: str) -> str:
    """A body after all repairs."""
    return body_of(fixed(body, **front).data)


def head_after(lines: str, *, path: str = NEWS) -> str:
    """The lines of a head after all repairs."""
    text = fix(path, f"---\n{lines}\n---\nIsi.\n".encode()).data.decode()
    return text.removeprefix("---\n").partition("\n---\n")[0]
