"""Programs that a repository or its surroundings would have us start: none ever runs (protocol §9)."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import history
from tests.office import EMPTY_ENV, Office
from tests.pipeline.attacks.catalogue import verify
from tests.pipeline.attacks.scene import Scene, moment

PROGRAMS = (
    "core.fsmonitor", "core.sshCommand", "core.askPass", "core.editor", "core.pager", "core.gitProxy",
    "core.alternateRefsCommand", "sequence.editor", "gpg.program", "gpg.ssh.program", "gpg.openpgp.program",
    "gpg.x509.program", "gpg.ssh.defaultKeyCommand", "diff.external", "diff.x.command", "diff.x.textconv",
    "merge.x.driver", "credential.helper", "uploadpack.packObjectsHook", "pager.log", "pager.config",
    "pager.status", "pager.diff", "interactive.diffFilter", "trailer.x.command", "trailer.x.cmd",
    "tar.x.command", "receive.procReceiveRefs", "filter.x.clean", "filter.x.smudge", "filter.x.process",
)  # fmt: skip
ALIASES = ("log", "status", "diff", "fetch", "cat-file", "rev-parse", "ls-tree", "merge-tree", "pack-objects")
HOOKS = (
    "pre-commit", "commit-msg", "post-commit", "post-checkout", "post-merge", "pre-push", "pre-receive",
    "update", "post-receive", "post-update", "reference-transaction", "push-to-checkout", "pre-auto-gc",
    "post-rewrite",
    "fsmonitor-watchman", "post-index-change", "pre-merge-commit", "prepare-commit-msg", "proc-receive",
)  # fmt: skip
SETTINGS = {
    "log.showSignature": "true",
    "commit.gpgSign": "true",
    "merge.default": "x",
    "protocol.ext.allow": "always",
    "safe.directory": "*",
    "transfer.hideRefs": "refs/notes",
    "uploadpack.hideRefs": "refs/notes",
    "extensions.worktreeConfig": "true",
    "remote.lain.uploadpack": "{trap}",
    "remote.lain.receivepack": "{trap}",
    "remote.lain.url": "ext::{trap} %S",
    "url.ext::{trap} .insteadOf": "/",
    "i18n.logOutputEncoding": "utf-16",
    "color.ui": "always",
    "core.quotePath": "true",
    "core.autocrlf": "true",
    "core.attributesFile": "{attributes}",
    "diff.noprefix": "true",
    "log.date": "relative",
    "status.showUntrackedFiles": "no",
}
VARIABLES = (
    "GIT_SSH_COMMAND", "GIT_SSH", "GIT_ASKPASS", "SSH_ASKPASS", "GIT_EDITOR", "GIT_PAGER",
    "GIT_EXTERNAL_DIFF", "GIT_PROXY_COMMAND", "GIT_SEQUENCE_EDITOR",
)  # fmt: skip


class Traps:
    """Programs that leave a file behind when they are started."""

    def __init__(self, root: Path) -> None:
        self.folder, self.ran = root / "jebakan", root / "dijalankan"
        self.folder.mkdir()
        self.ran.mkdir()

    def set(self, name: str, at: Path | None = None) -> str:
        """A program by that name."""
        file = (at or self.folder) / name.replace("/", "-").replace(" ", "-")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"#!/bin/sh\n: > {self.ran}/{file.name}\nexit 0\n")
        file.chmod(0o755)
        return str(file)

    def sprung(self) -> list[str]:
        """Which have run since the last question."""
        found = sorted(file.name for file in self.ran.iterdir())
        for name in found:
            (self.ran / name).unlink()
        return found


@pytest.fixture(scope="module")
def trapped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, Traps]]:
    """An office in order, in whose git folder everything that can start a program does."""
    root = tmp_path_factory.mktemp("terjebak")
    office, traps = Office(root), Traps(root)
    history.publish(office, history.merge(office, office.announces("pertama")))
    office.announces("kedua")
    office.announces("lain")
    for name in PROGRAMS:
        office.git("config", name, traps.set(name))
    for name in ALIASES:
        office.git("config", f"alias.{name}", "!" + traps.set(f"alias.{name}"))
    attributes = root / "atribut"
    attributes.write_text("* filter=x diff=x merge=x\n")
    for name, value in SETTINGS.items():
        given = {"trap": traps.set(f"setting.{name[:12]}"), "attributes": str(attributes)}
        office.git("config", name.format(**given), value.format(**given))
    for name in HOOKS:
        traps.set(name, root / "kait")
        traps.set(name, office.repo / ".git" / "hooks")
    office.git("config", "core.hooksPath", str(root / "kait"))
    more = root / "lagi"
    more.write_text(
        f'[core]\n\tfsmonitor = {traps.set("included")}\n[gpg "ssh"]\n\tprogram = {traps.set("too")}\n'
    )
    office.git("config", "include.path", str(more))
    traps.sprung()
    yield office, traps
    shutil.rmtree(root, ignore_errors=True)


@pytest.mark.parametrize(
    "words",
    [
        ("verify",),
        ("verify", "--full"),
        ("queue",),
        ("review", "2026-01-05-kedua"),
        ("check", "2026-01-05-kedua"),
        ("build", "--output", "{root}/situs"),
        ("return", "2026-01-05-lain", "--reason", "Lengkapi."),
        ("archive", "create", "--to", "{root}"),
        ("report", "2026-01"),
    ],
    ids=lambda words: words[0],
)
def test_no_command_starts_what_a_repository_names(
    trapped: tuple[Office, Traps], words: tuple[str, ...]
) -> None:
    office, traps = trapped

    done = office.sop(*(word.format(root=office.root) for word in words))

    assert traps.sprung() == []
    assert done.code == 0, done.out + done.err


def test_approving_starts_no_hook_and_no_program(trapped: tuple[Office, Traps]) -> None:
    """Filters aside: the work tree is the operator's own, and so is what he lets change its files."""
    office, traps = trapped
    for name in ("clean", "smudge", "process"):
        office.git("config", "--unset", f"filter.x.{name}")

    done = office.sop("approve", "2026-01-05-kedua")

    assert traps.sprung() == []
    assert done.code == 0, done.out + done.err


def test_what_stands_in_the_environment_has_no_say(scene: Scene, tmp_path: Path) -> None:
    """Another repository, other objects, other configuration, other programs: the verdict is this one's."""
    traps, tip = Traps(tmp_path), scene.accepted(scene.approval())
    (tmp_path / "lain.git").mkdir()
    config = {
        "core.fsmonitor": "true",
        "gpg.ssh.program": traps.set("config"),
        "core.pager": traps.set("pager"),
    }
    hostile = {
        **{name: traps.set(name) for name in VARIABLES},
        "GIT_DIR": str(tmp_path / "lain.git"),
        "GIT_WORK_TREE": str(tmp_path),
        "GIT_COMMON_DIR": str(tmp_path / "lain.git"),
        "GIT_INDEX_FILE": str(tmp_path / "indeks"),
        "GIT_OBJECT_DIRECTORY": str(tmp_path / "lain.git"),
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": str(tmp_path / "lain.git"),
        "GIT_NAMESPACE": "lain",
        "GIT_REPLACE_REF_BASE": "refs/heads/draft/",
        "GIT_GRAFT_FILE": str(tmp_path / "cangkok"),
        "GIT_SHALLOW_FILE": str(tmp_path / "dangkal"),
        "GIT_EXEC_PATH": str(tmp_path / "kosong"),
        "GIT_TEMPLATE_DIR": str(tmp_path / "kosong"),
        "GIT_DEFAULT_HASH": "sha256",
        "GIT_DEFAULT_REF_FORMAT": "reftable",
        "GIT_CONFIG_COUNT": str(len(config)),
        **{f"GIT_CONFIG_KEY_{n}": key for n, key in enumerate(config)},
        **{f"GIT_CONFIG_VALUE_{n}": value for n, value in enumerate(config.values())},
        "GIT_CONFIG_PARAMETERS": "'core.fsmonitor'='true'",
        "GIT_CONFIG_GLOBAL": str(tmp_path / "global"),
        "GIT_CONFIG_SYSTEM": str(tmp_path / "sistem"),
        "GIT_TRACE": str(tmp_path / "jejak"),
        "GIT_LITERAL_PATHSPECS": "1",
        "GIT_ATTR_SOURCE": "HEAD",
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_PROTOCOL_FROM_USER": "0",
        "GIT_CEILING_DIRECTORIES": "/",
    }
    (tmp_path / "cangkok").write_text(f"{tip}\n")
    (tmp_path / "dangkal").write_text(f"{tip}\n")
    words = ["--json", "--repo", str(scene.repo), "verify", "--now", moment(scene.now + 60)]
    env = {**EMPTY_ENV, "HOME": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path), **hostile}
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", *words], env=env, cwd=scene.root, capture_output=True, check=False
    )

    assert (done.returncode, traps.sprung()) == (0, []), done.stderr.decode()
    assert f'"verified_tip": "{tip}"' in done.stdout.decode()
    assert not (tmp_path / "jejak").exists()


@pytest.mark.parametrize(
    "text",
    [
        "[core\n",
        "[core]\n\tbare = maybe\n",
        "[core]\n\trepositoryformatversion = 99\n",
        "[extensions]\n\tnoSuchThing = true\n[core]\n\trepositoryformatversion = 1\n",
        "[extensions]\n\trefStorage = reftable\n[core]\n\trepositoryformatversion = 1\n",
        "[core]\n\tworktree = /tidak/ada\n\tbare = false\n",
        "[core]\n\tbigFileThreshold = 1\n\tcompression = 0\n\tlooseCompression = 99\n",
        "[pack]\n\tpackSizeLimit = 1\n\twindowMemory = 1\n\tthreads = 100000\n",
        "[include]\n\tpath = config\n",
        "[fsck]\n\tskipList = /etc/passwd\n[transfer]\n\tfsckObjects = false\n",
        "\0\0\0",
    ],
)
def test_a_configuration_that_stops_git_does_not_stop_the_verifier(scene: Scene, text: str) -> None:
    scene.accepted(scene.approval())
    (scene.repo / "config").write_text(text)

    said = verify(scene)

    assert (said.exit, said.told["verified_tip"]) == (0, scene.good), said.why
