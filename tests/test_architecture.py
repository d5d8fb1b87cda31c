"""The house's plan as a test: who may import what, and what the knowing half may never call."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted([*ROOT.glob("sop_site/**/*.py"), *ROOT.glob("pipeline/**/*.py")])

# Beside the standard library. The longest matching prefix decides; each outside thing has one address.
MAY_IMPORT: dict[str, set[str]] = {
    "sop_site": {"sop_site", "pydantic"},
    "sop_site.messages": {"sop_site", "fluent"},
    "sop_site.approval": {"sop_site", "cryptography"},
    "sop_site.content": {"sop_site", "pydantic", "pydantic_core", "yaml", "markdown"},
    "sop_site.rules": {"sop_site", "markdown"},
    "sop_site.report": {"sop_site", "jinja2", "babel"},
    # Draws what a draft changes as one page, with dates as Indonesian is written.
    "sop_site.review": {"sop_site", "jinja2", "markupsafe", "babel"},
    "sop_site.plugins": {"sop_site", "pelican", "markdown", "markupsafe", "jinja2", "babel"},
    "pipeline": {"pipeline", "sop_site"},
    "pipeline.cli": {"pipeline", "sop_site", "click"},
    "pipeline.desk": {"pipeline", "sop_site", "click"},
    "pipeline.options": {"sop_site", "click"},
    # Tells in our words what Click found wrong with a command.
    "pipeline.usage": {"sop_site", "click"},
    "pipeline.progress": {"rich"},
    "pipeline.commands": {"pipeline", "sop_site", "click"},
    "pipeline.repository": {"pipeline", "sop_site", "git"},
    "pipeline.signing": {"pipeline", "sop_site", "cryptography"},
    "pipeline.founding": {"pipeline", "sop_site", "pyrage"},
    "pipeline.media": {"pipeline", "sop_site", "PIL", "pillow_heif", "pikepdf", "pypdfium2", "av", "lxml"},
    "pipeline.typesetting": {"pipeline", "sop_site", "typst"},
    "pipeline.archive": {"pipeline", "sop_site", "bagit"},
    "pipeline.probe": {"pipeline", "sop_site", "cryptography"},
    "pipeline.audit": {"pipeline", "sop_site", "requests"},
    # Everything that serves pages on this machine, and the code that leads a telephone there.
    "pipeline.preview": {"pipeline", "sop_site", "flask", "waitress", "segno"},
}
# No clock, no randomness, no environment, no process, no network, no terminal in what only knows.
ASKS_OUTSIDE = {
    *("subprocess", "socket", "urllib.request", "http.client", "requests"),
    *("random", "secrets", "tempfile", "shutil"),
}
MAY_READ_FILES = {"sop_site.resources", "sop_site.messages"}
FORBIDDEN_CALLS = {"print", "input", "open", "exec", "eval"}
FORBIDDEN_ATTRIBUTES = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("date", "today"),
    ("time", "time"),
    ("os", "environ"),
    ("os", "getenv"),
    ("sys", "exit"),
}


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: imports are absolute"
            yield node.lineno, node.module or ""


def allowed_for(module: str) -> set[str]:
    prefixes = [key for key in MAY_IMPORT if module == key or module.startswith(key + ".")]
    return MAY_IMPORT[max(prefixes, key=len)]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_imports_only_what_its_place_allows(path: Path) -> None:
    module = name_of(path)
    strangers = [
        f"{path.name}:{line} imports {target}"
        for line, target in imports(ast.parse(path.read_text(encoding="utf-8")))
        if target.split(".")[0] not in sys.stdlib_module_names | allowed_for(module)
    ]

    assert strangers == []


@pytest.mark.parametrize(
    "path", [path for path in MODULES if name_of(path).startswith("sop_site")], ids=name_of
)
def test_what_only_knows_asks_nothing_outside(path: Path) -> None:
    module, tree = name_of(path), ast.parse(path.read_text(encoding="utf-8"))
    # Plugins run inside Pelican and hand it files; resources and messages read the package's own data.
    if module in MAY_READ_FILES or module.startswith("sop_site.plugins"):
        return
    asked = [f"imports {target}" for _, target in imports(tree) if target in ASKS_OUTSIDE]
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FORBIDDEN_CALLS:
            asked.append(f"calls {node.func.id} in line {node.lineno}")
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and (node.value.id, node.attr) in FORBIDDEN_ATTRIBUTES
        ):
            asked.append(f"uses {node.value.id}.{node.attr} in line {node.lineno}")

    assert asked == []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_every_module_begins_with_a_sentence(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))

    assert docstring is not None
    assert docstring.splitlines()[0].rstrip().endswith((".", ":", "…"))


def test_only_the_command_line_ends_the_program() -> None:
    guilty = []
    for path in MODULES:
        if name_of(path) in ("pipeline.cli", "pipeline.media.child"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and ast.unparse(node) in ("sys.exit", "os._exit"):
                guilty.append(f"{path.name}:{node.lineno}")

    assert guilty == []


def test_pelican_is_imported_by_the_plugins_alone() -> None:
    users = {
        name_of(path)
        for path in MODULES
        for _, target in imports(ast.parse(path.read_text(encoding="utf-8")))
        if target.split(".")[0] == "pelican"
    }

    assert all(user.startswith("sop_site.plugins") for user in users), users
