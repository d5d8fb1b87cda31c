"""Tells stories on real git: an office with its people, keys, drafts, decisions and history.

office.writes("content/berita/x/index.md", text)   →  a draft
office.submits("x"); office.approves("x")          →  through the commands themselves
office.merges("x", by=office.stranger)             →  history as an attacker would write it
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import io
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

from pipeline import cli
from pipeline.desk import Desk

if TYPE_CHECKING:
    from sop_site.approval.chain import Verdict

WITA = timezone(timedelta(hours=8))
MONDAY = datetime(2026, 1, 5, 9, 0, tzinfo=WITA)
EMPTY_ENV = {
    "PATH": os.environ["PATH"],
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "HOME": os.devnull,
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
}
SITE_TOML = """\
[office]
name = "Kecamatan Percontohan"
url = "https://percontohan.go.id"
email = "kantor@percontohan.go.id"
phone = "(0362) 21985"

[head]
id = "camat@percontohan.go.id"
name = "Camat Percontohan"
title = "CAMAT PERCONTOHAN"

[[unit]]
id = "pelayanan"
name = "Seksi Pelayanan Umum"

[[topic]]
id = "kependudukan"
name = "Administrasi Kependudukan"

[[topic]]
id = "lingkungan"
name = "Lingkungan"

[[village]]
id = "banyuning"
name = "Kelurahan Banyuning"
"""


@dataclass(frozen=True)
class Person:
    """Someone who writes, signs or tries to."""

    id: str
    name: str
    key: Path

    @property
    def public(self) -> str:
        """The two-field public line, as it stands in a policy."""
        return " ".join(self.key.with_name(self.key.name + ".pub").read_text().split()[:2])


@dataclass(frozen=True)
class Result:
    """What a command gave back."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one JSON object on standard output."""
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found


@functools.cache
def key_cabinet() -> Path:
    """Where keys that ``ssh-keygen`` made lie, once per test run."""
    folder = Path(tempfile.mkdtemp(prefix="sop-test-keys-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def key(name: str, kind: str = "ed25519", bits: int = 0, passphrase: str = "") -> Path:
    """A private key file made by OpenSSH itself."""
    # However the caller writes his arguments, one key has one place in the cache.
    return _key(name, kind, bits, passphrase)


@functools.cache
def _key(name: str, kind: str, bits: int, passphrase: str) -> Path:
    path = key_cabinet() / f"{name}-{kind}{bits or ''}"
    size = ["-b", str(bits)] if bits else []
    command = ["ssh-keygen", "-q", "-t", kind, *size, "-N", passphrase, "-C", name, "-f", str(path)]
    subprocess.run(command, check=True, capture_output=True)
    return path


def page(
    title: str, day: str = "2026-01-05", *, kind: str = "announcement", body: str = "", **front: str
) -> str:
    """A page that passes every check; ``front`` adds or replaces front matter lines (raw YAML)."""
    fields = {
        "kind": kind,
        "title": json.dumps(title, ensure_ascii=False),
        "date": day,
        "summary": json.dumps(f"{title}: ringkasan singkat untuk warga kecamatan.", ensure_ascii=False),
        "topics": "[kependudukan]",
        "unit": "pelayanan",
    }
    if kind == "announcement":
        fields["expires_at"] = "2027-12-31"
    fields |= front
    head = "".join(f"{name}: {value}\n" for name, value in fields.items() if value)
    return f"---\n{head}---\n{body or 'Warga dapat datang ke kantor kecamatan pada hari kerja.'}\n"


class Office:
    """One office in a folder of its own; its clock moves one minute with every act."""

    def __init__(
        self,
        root: Path,
        *,
        site: str = SITE_TOML,
        start: datetime = MONDAY,
        head_key: Path | None = None,
        object_format: str = "sha1",
    ) -> None:
        self.root, self.now = root, start
        self.repo = root / "office"
        self.trust = root / "office.trust.toml"
        self.keys = root / "office.keys"
        settings = root / "site.toml"
        settings.write_text(site, encoding="utf-8")
        cut = ["--key", str(head_key)] if head_key else []
        form = ["--object-format", object_format]
        opened = self.sop("init", str(self.repo), "--office", str(settings), *cut, *form, repo=False)
        assert opened.code == 0, opened.err
        self.head = Person("camat@percontohan.go.id", "Camat Percontohan", head_key or self.keys / "head")
        self.operator = Person("operator1@percontohan.go.id", "Operator 1", self.keys / "operator")
        self.witness = Person("saksi@percontohan.go.id", "Saksi", self.keys / "witness")

    def copied_to(self, root: Path) -> Office:
        """The same office in another folder, with a life of its own; quicker than opening one."""
        shutil.copytree(self.root, root, symlinks=True)
        own = self.seen_from(root / self.repo.name)
        own.root, own.trust, own.keys = root, root / self.trust.name, root / self.keys.name
        return own

    def seen_from(self, clone: Path) -> Office:
        """The same office at work in another clone."""
        own = object.__new__(Office)
        own.__dict__ |= {**self.__dict__, "repo": clone}
        return own

    @functools.cached_property
    def stranger(self) -> Person:
        """Somebody whose key no policy names."""
        return Person("orang@lain.example", "Orang Lain", key("stranger"))

    def sop(
        self, *arguments: str, repo: bool = True, as_json: bool = True, at: datetime | None = None
    ) -> Result:
        """Run one command in this process, on this office's clock."""
        self.now = at or self.now + timedelta(minutes=1)
        words = [*(["--json"] if as_json else []), *(["--repo", str(self.repo)] if repo else []), *arguments]
        out, err = io.StringIO(), io.StringIO()
        desk = functools.partial(Desk, clock=lambda: self.now)
        with (
            mock.patch.object(cli, "Desk", desk),
            mock.patch.object(cli.signal, "signal"),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            code = cli.run(words)
        return Result(code, out.getvalue(), err.getvalue())

    def git(self, *arguments: str, data: bytes | None = None, cwd: Path | None = None, **env: str) -> str:
        """Stock git in this repository, with an environment from nothing."""
        done = subprocess.run(
            ["git", *arguments],
            cwd=cwd or self.repo,
            input=data,
            env={**EMPTY_ENV, **env},
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode("utf-8", "replace").strip()

    def tip(self, ref: str) -> str:
        """Commit id of a full ref or of ``publish``, ``ledger``, ``draft/x``."""
        full = ref if ref.startswith("refs/") else f"refs/heads/{ref}"
        return self.git("rev-parse", "--verify", full)

    def writes(
        self,
        path: str | Mapping[str, str | bytes | None],
        data: str | bytes | None = None,
        *,
        draft: str | None = None,
        by: Person | None = None,
        message: str = "Simpan naskah",
    ) -> str:
        """Commit files to a draft (new ones start at ``publish``) with plain git; ``None`` removes. → id."""
        files = {path: data} if isinstance(path, str) else dict(path)
        draft = draft or next(iter(files)).split("/")[-2]
        ref = f"refs/heads/draft/{draft}"
        known = self.git("for-each-ref", "--format=%(objectname)", ref)
        # Whoever goes on with an approved draft begins at what is public now, as the commands do.
        done = known and not self.git("rev-list", "-n", "1", known, "^refs/heads/publish")
        parent = known if known and not done else self.tip("publish")
        tree = self.tree(parent, files)
        tip = self.commits(tree, [parent], message, by or self.operator)
        self.git("update-ref", ref, tip, known or "0" * len(parent))
        if not self.is_bare and self.git("rev-parse", "--symbolic-full-name", "HEAD") == ref:
            self.git("reset", "-q", "--hard")
        return draft

    @functools.cached_property
    def is_bare(self) -> bool:
        """Whether there is no work tree."""
        return self.git("rev-parse", "--is-bare-repository") == "true"

    def tree(self, base: str, files: Mapping[str, str | bytes | None]) -> str:
        """Id of the tree of ``base`` with files put or removed."""
        index = {"GIT_INDEX_FILE": str(self.root / "cerita.index")}
        self.git("read-tree", base, **index)
        for name, content in files.items():
            if content is None:
                self.git("rm", "-q", "-r", "--cached", "--", name, **index)
            else:
                raw = content.encode() if isinstance(content, str) else content
                blob = self.git("hash-object", "-w", "--stdin", data=raw)
                self.git("update-index", "--add", "--cacheinfo", f"100644,{blob},{name}", **index)
        return self.git("write-tree", **index)

    def commits(self, tree: str, parents: Sequence[str], message: str, by: Person) -> str:
        """An unsigned commit by plain git."""
        self.now += timedelta(minutes=1)
        when = f"{int(self.now.timestamp())} +0800"
        who = {
            "GIT_AUTHOR_NAME": by.name, "GIT_AUTHOR_EMAIL": by.id, "GIT_AUTHOR_DATE": when,
            "GIT_COMMITTER_NAME": by.name, "GIT_COMMITTER_EMAIL": by.id, "GIT_COMMITTER_DATE": when,
        }  # fmt: skip
        given = [word for parent in parents for word in ("-p", parent)]
        return self.git("commit-tree", tree, *given, data=message.encode(), **who)

    def announces(self, name: str, title: str | None = None, **front: str) -> str:
        """A draft with one valid announcement, committed with plain git. → draft id ``2026-01-05-<name>``."""
        draft = f"2026-01-05-{name}"
        return self.writes(
            f"content/pengumuman/{draft}/index.md", page(title or f"Pengumuman {name}", **front)
        )

    def submits(self, draft: str, *options: str) -> Result:
        """``sop submit``, which must succeed."""
        return self._succeeds("submit", draft, *options)

    def approves(self, draft: str, *options: str) -> Result:
        """``sop approve``, which must succeed."""
        return self._succeeds("approve", draft, *options)

    def returns(self, draft: str, reason: str = "Tambahkan jam pelayanan.") -> Result:
        """``sop return``, which must succeed."""
        return self._succeeds("return", draft, "--reason", reason)

    def rejects(self, draft: str, reason: str = "Tidak layak ditayangkan.") -> Result:
        """``sop reject``, which must succeed."""
        return self._succeeds("reject", draft, "--reason", reason)

    def reopens(self, draft: str, reason: str = "Sudah dibicarakan ulang.") -> Result:
        """``sop reopen``, which must succeed."""
        return self._succeeds("reopen", draft, "--reason", reason)

    def _succeeds(self, *arguments: str) -> Result:
        done = self.sop(*arguments)
        assert done.code == 0, done.out + done.err
        return done

    def verify(self, *, trust: Path | None = None, now: datetime | None = None) -> Verdict:
        """The verifier's verdict on this repository, which a memory of earlier ones may never change."""
        from pipeline.verification import verification

        with verification(self.repo, trust or self.trust, now or self.now) as verified:
            found = verified.verdict
        with verification(self.repo, trust or self.trust, now or self.now, full=True) as verified:
            assert found == verified.verdict
        return found

    def codes(self) -> list[str]:
        """Reason codes of all refusals, sorted."""
        return sorted({refusal.code for refusal in self.verify().refusals})
