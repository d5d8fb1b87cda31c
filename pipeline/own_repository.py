"""A bare repository of the verifier's own: made by writing its few files, and nothing else is in it."""

from pathlib import Path

_CONFIG = {
    "sha1": "[core]\n\trepositoryformatversion = 0\n\tbare = true\n",
    "sha256": "[core]\n\trepositoryformatversion = 1\n\tbare = true\n[extensions]\n\tobjectformat = sha256\n",
}


def make(bare: Path, object_format: str, objects: Path | None = None) -> Path:
    """An empty repository at ``bare``; its objects lie in ``objects`` if that is given, else within it."""
    (bare / "refs").mkdir(parents=True)
    (bare / "HEAD").write_text("ref: refs/heads/publish\n", encoding="ascii")
    (bare / "config").write_text(_CONFIG[object_format], encoding="ascii")
    if objects is None:
        (bare / "objects").mkdir()
    else:
        (bare / "objects").symlink_to(objects, target_is_directory=True)
    return bare
