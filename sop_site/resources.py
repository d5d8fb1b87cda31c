"""Where the package's data lie: in the wheel under ``sop_site/data``, in a checkout beside the packages."""

import shutil
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_DATA = _PACKAGE / "data"
_CHECKOUT = _PACKAGE.parent
CODE_ONLY = ("kode.yml",)
"""Files below ``.github/`` that are about this program and not about an office's content."""


def _carried(name: str) -> Path:
    """The wheel's copy of a top-level file or folder, else the checkout's own."""
    packed = _DATA / name
    return packed if packed.exists() else _CHECKOUT / name


def theme(name: str = "kecamatan") -> Path:
    """Folder of a theme (``templates/``, ``static/``)."""
    return _carried("themes") / name


def pelican_settings(name: str = "pelicanconf.py") -> Path:
    """The Pelican settings file that renders an approved tree."""
    return _carried(name)


def fonts() -> Path:
    """Folder of the font files that typeset documents embed."""
    return _DATA / "fonts"


def data(name: str) -> Path:
    """A file or folder of the package's data, ``/`` separated."""
    return _DATA / name


def text(name: str) -> str:
    """The text of one data file."""
    return data(name).read_text(encoding="utf-8")


def copy_skeleton(target: Path) -> None:
    """Write what a new repository starts with (``site.toml``, ``content/``, ``.github/``) into ``target``."""
    packed = _DATA / "skeleton"
    shutil.copytree(packed, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".github"))
    forge = packed / ".github"
    source = forge if forge.exists() else _CHECKOUT / ".github"
    ignored = shutil.ignore_patterns(*CODE_ONLY)
    shutil.copytree(source, target / ".github", dirs_exist_ok=True, ignore=ignored)
