"""Offices written as raw objects in pure Python: neither git nor the product has a say in what lies there.

scene = opened(tmp_path)                            →  genesis, two approvals, a ledger of three, a draft
scene.publish(scene.approval())                     →  a third approval, correct in everything
scene.publish(scene.approval(by=STRANGER))          →  one thing at a time is made wrong
"""

from __future__ import annotations

import atexit
import functools
import hashlib
import json
import shutil
import tempfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from tests.pipeline.attacks.armor import Key, armor, ed25519_key

WITA = timezone(timedelta(hours=8))
START = int(datetime(2026, 1, 5, 9, 0, tzinfo=WITA).timestamp())
DAY = 86_400
PUBLISH, LEDGER = "refs/heads/publish", "refs/heads/ledger"
FILE, FOLDER = b"100644", b"40000"
ENTRIES = "entries"
ZERO_DIGEST = "sha256:" + "0" * 64

Bytes = Callable[[bytes], bytes]


def same(data: bytes) -> bytes:
    """The change that changes nothing."""
    return data


def moment(epoch: int, zone: timezone = WITA) -> str:
    """RFC 3339, as it stands in ledger entries and on command lines."""
    return datetime.fromtimestamp(epoch, zone).isoformat()


def digest_of(data: bytes) -> str:
    """``sha256:…`` of some bytes."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


@dataclass(frozen=True)
class Person:
    """Somebody with a key; the policy says who of them may do what."""

    id: str
    name: str
    key: Key


HEAD = Person("camat@percontohan.go.id", "Camat Percontohan", ed25519_key("camat"))
SECOND_ROOT = Person("kominfo@percontohan.go.id", "Akar Kedua", ed25519_key("akar kedua"))
THIRD_ROOT = Person("sekda@percontohan.go.id", "Akar Ketiga", ed25519_key("akar ketiga"))
ACTING = Person("plt@percontohan.go.id", "Plt. Camat", ed25519_key("plt"))
DAILY = Person("plh@percontohan.go.id", "Plh. Camat", ed25519_key("plh"))
OPERATOR = Person("operator1@percontohan.go.id", "Operator 1", ed25519_key("operator"))
WITNESS = Person("saksi@percontohan.go.id", "Saksi", ed25519_key("saksi"))
STRANGER = Person("orang@lain.example", "Orang Lain", ed25519_key("orang lain"))


def person_table(person: Person, role: str, *, keys: Sequence[str] = (), **more: object) -> str:
    """A ``[[person]]`` of the policy; ``more`` are raw TOML values (``start`` is ``from``)."""
    fields = {"id": json.dumps(person.id), "name": json.dumps(person.name), "role": json.dumps(role)}
    fields["from"] = str(more.pop("start", moment(START - 365 * DAY)))
    fields |= {name: str(value) for name, value in more.items()}
    fields["keys"] = json.dumps(list(keys or [person.key.line]))
    return "\n[[person]]\n" + "".join(f"{name} = {value}\n" for name, value in fields.items())


def stand_in(person: Person, role: str, days: int = 90, **more: object) -> str:
    """A Plt. or Plh. from the office's first day on."""
    given = {"decree": '"800/1/2026"', "start": moment(START), "until": moment(START + days * DAY), **more}
    return person_table(person, role, **given)


PEOPLE = "".join(
    (
        person_table(HEAD, "head", root="true"),
        person_table(SECOND_ROOT, "root-only", root="true"),
        stand_in(ACTING, "acting"),
        stand_in(DAILY, "daily", scope='["content/pengumuman/**"]'),
        person_table(OPERATOR, "operator"),
        person_table(WITNESS, "witness"),
    )
)


def policy_text(
    *,
    version: object = 1,
    previous: str = "",
    threshold: object = 1,
    separation: object = "true",
    protected: str = ZERO_DIGEST,
    people: str = PEOPLE,
    more: str = "",
) -> str:
    """A policy file; values stand in it as they are given."""
    return (
        f"version = {version}\nprevious = {json.dumps(previous)}\nthreshold = {threshold}\n"
        f"separation = {separation}\nprotected = {json.dumps(protected)}\n{people}{more}"
    )


def page(title: str) -> bytes:
    """A page; the verifier does not read it."""
    return f"---\nkind: announcement\ntitle: {title}\ndate: 2026-01-05\n---\nIsi {title}.\n".encode()


OPENING = {
    "content/halaman/profil/index.md": page("Profil"),
    "content/pengumuman/2026-01-05-buka/index.md": page("Buka"),
    "site.toml": b'[office]\nname = "Kecamatan Percontohan"\n',
    ".github/workflows/site.yml": b"on: push\n",
}


@dataclass
class Scene:
    """One office: its objects in memory and on disk, and what the next correct step must follow."""

    root: Path
    form: str = "sha1"
    now: int = START
    objects: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    chain: list[str] = field(default_factory=list)
    ledger: list[str] = field(default_factory=list)
    entries: list[tuple[str, bytes]] = field(default_factory=list)
    digests: dict[tuple[str, tuple[bytes, ...]], bytes] = field(default_factory=dict)
    good: str | None = None
    """What ``sop verify`` must name as the last good commit."""
    draft: str = ""
    """A draft's tip, ready for approval."""
    version: int = 1
    """Of the present policy, whose people are ``people``."""
    people: str = PEOPLE
    pinned: str = ""
    """The genesis that the trust file names."""
    last_entry: tuple[str, bytes] = ("", b"")
    """Name and bytes of the ledger entry written last."""

    @property
    def repo(self) -> Path:
        """The bare repository."""
        return self.root / "kantor.git"

    @property
    def trust(self) -> Path:
        """The trust file."""
        return self.root / "kantor.git.trust.toml"

    @property
    def genesis(self) -> str:
        """Id of the first commit."""
        return self.chain[0]

    @property
    def tip(self) -> str:
        """The newest approval."""
        return self.chain[-1]

    @property
    def zero(self) -> str:
        """An id that nothing has."""
        return "0" * len(self.genesis)

    # What lies in the repository.

    def put(self, kind: str, data: bytes) -> str:
        """Store an object, whatever it is; its id."""
        oid = hashlib.new(self.form, f"{kind} {len(data)}\0".encode() + data).hexdigest()
        if oid not in self.objects:
            self.objects[oid] = (kind, data)
            self.lay(oid, kind, data)
        return oid

    def lay(self, oid: str, kind: str, data: bytes) -> None:
        """Put bytes under an id that need not be theirs."""
        file = self.loose(oid)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(zlib.compress(f"{kind} {len(data)}\0".encode() + data, 1))

    def put_zeros(self, size: int) -> str:
        """Store a blob of so many zeros without ever holding it; its id."""
        head, piece = f"blob {size}\0".encode(), bytes(1 << 20)
        hashed, packer = hashlib.new(self.form, head), zlib.compressobj(1)
        packed = [packer.compress(head)]
        for _ in range(size >> 20):
            hashed.update(piece)
            packed.append(packer.compress(piece))
        file = self.loose(hashed.hexdigest())
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"".join([*packed, packer.flush()]))
        return hashed.hexdigest()

    def loose(self, oid: str) -> Path:
        """Where an object lies."""
        return self.repo / "objects" / oid[:2] / oid[2:]

    def ref(self, name: str, value: str) -> None:
        """Write a reference's file."""
        file = self.repo / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(value + "\n")

    # Trees.

    def raw_tree(self, entries: Sequence[tuple[bytes, bytes, str]]) -> str:
        """A tree of ``(mode, name, id)`` in the order given."""
        return self.put("tree", b"".join(m + b" " + n + b"\0" + bytes.fromhex(o) for m, n, o in entries))

    def sorted_tree(self, entries: Sequence[tuple[bytes, bytes, str]]) -> str:
        """The same in git's order."""
        return self.raw_tree(sorted(entries, key=lambda e: e[1] + b"/" if e[0] == FOLDER else e[1]))

    def read_tree(self, oid: str) -> list[tuple[bytes, bytes, str]]:
        """The entries of a tree."""
        data, found, width, place = self.objects[oid][1], [], len(oid) // 2, 0
        while (end := data.find(b"\0", place)) >= 0:
            mode, _, name = data[place:end].partition(b" ")
            place = end + 1 + width
            found.append((mode, name, data[end + 1 : place].hex()))
        return found

    def with_entry(self, tree: str | None, path: bytes, entry: tuple[bytes, str] | None) -> str:
        """A tree with one path put (mode, id) or removed (``None``)."""
        name, _, below = path.partition(b"/")
        known = {n: (m, o) for m, n, o in self.read_tree(tree)} if tree else {}
        if below:
            old = known.get(name)
            inside = self.with_entry(old[1] if old and old[0] == FOLDER else None, below, entry)
            known[name] = (FOLDER, inside)
            if not self.objects[inside][1]:
                del known[name]
        elif entry is None:
            known.pop(name, None)
        else:
            known[name] = entry
        return self.sorted_tree([(m, n, o) for n, (m, o) in known.items()])

    def with_files(self, tree: str | None, files: Mapping[str, bytes | None]) -> str:
        """A tree with files put or removed."""
        for path, data in files.items():
            entry = None if data is None else (FILE, self.put("blob", data))
            tree = self.with_entry(tree, path.encode(), entry)
        assert tree is not None
        return tree

    def tree_of(self, commit: str) -> str:
        """Root tree of a commit."""
        return self.objects[commit][1].split(b"\n", 1)[0].removeprefix(b"tree ").decode()

    def file(self, commit: str, path: str) -> bytes:
        """A file's bytes at a commit."""
        oid = self.tree_of(commit)
        for name in path.encode().split(b"/"):
            oid = next(o for _, n, o in self.read_tree(oid) if n == name)
        return self.objects[oid][1]

    def digest(self, tree: str, without: tuple[bytes, ...] = ()) -> str:
        """Merkle digest (protocol §2)."""
        return "sha256:" + self._digest(tree, without).hex()

    def _digest(self, oid: str, without: tuple[bytes, ...] = ()) -> bytes:
        key = (oid, without)
        if key not in self.digests:
            data = self.objects.get(oid, ("", b""))[1]
            if oid in self.objects and self.objects[oid][0] == "tree":
                kept = (entry for entry in self.read_tree(oid) if entry[1] not in without)
                data = b"".join(m.rjust(6, b"0") + b" " + n + b"\0" + self._digest(o) for m, n, o in kept)
            self.digests[key] = hashlib.sha256(data).digest()
        return self.digests[key]

    def protected(self, tree: str) -> str:
        """Protected digest (protocol §2)."""
        return self.digest(tree, (b"content", b"governance"))

    # Commits.

    def tick(self, seconds: int = 60) -> int:
        """A little later."""
        self.now += seconds
        return self.now

    def writes(
        self,
        files: Mapping[str, bytes | None] | None = None,
        *,
        name: str = "naskah",
        base: str | None = None,
        parents: Sequence[str] | None = None,
        tree: str | None = None,
        by: Person = OPERATOR,
        message: bytes = b"Simpan naskah\n",
        edit: Bytes = same,
    ) -> str:
        """A draft's commit on ``base`` (the newest approval), unsigned; its branch moves to it."""
        start = base or self.tip
        made = tree or self.with_files(self.tree_of(start), files or {})
        who = f"{by.name} <{by.id}> {self.tick()} +0800".encode()
        lines = [b"tree " + made.encode()]
        lines += [b"parent " + parent.encode() for parent in ([start] if parents is None else parents)]
        lines += [b"author " + who, b"committer " + who, b"", message]
        commit = self.put("commit", edit(b"\n".join(lines)))
        self.ref(f"refs/heads/draft/{name}", commit)
        return commit

    def announces(self, name: str, *, more: Mapping[str, bytes | None] | None = None, **wrong: Any) -> str:
        """A draft with one announcement."""
        files = {f"content/pengumuman/2026-01-05-{name}/index.md": page(name), **(more or {})}
        return self.writes(files, name=name, **wrong)

    def trailers(self, tree: str, second: str, first: str, /, **changed: str | None) -> list[tuple[str, str]]:
        """The trailers of a correct approval, single values changed (``None`` leaves one out)."""
        place = self.chain.index(first) if first in self.chain else len(self.chain) - 1
        right = {
            "Version": "1",
            "Sequence": str(place + 1),
            "Ref": PUBLISH,
            "Genesis": self.genesis,
            "Draft": second,
            "Digest": self.digest(tree),
            "Policy": digest_of(self.file(self.chain[place], "governance/policy.toml")),
            "Ledger": self.ledger[-1] if self.ledger else "none",
        }
        given = {**right, **{name.capitalize(): value for name, value in changed.items()}}
        return [(f"Approval-{name}", value) for name, value in given.items() if value is not None]

    def payload(
        self,
        of: str | None = None,
        *,
        by: Person = HEAD,
        first: str | None = None,
        parents: Sequence[str] | None = None,
        tree: str | None = None,
        at: int | str | None = None,
        zone: str = "+0800",
        email: str | None = None,
        author: str | None = None,
        subject: str = "Setujui",
        text: str = "",
        message: Bytes = same,
        edit: Bytes = same,
        **changed: str | None,
    ) -> bytes:
        """What an approval signs."""
        second = of or self.draft
        onto = first or self.tip
        made = tree or self.tree_of(second)
        when = self.tick() if at is None else at
        who = f"{by.name} <{email or by.id}> {when} {zone}"
        named = parents[1] if parents and len(parents) > 1 else second
        paragraph = "\n".join(f"{k}: {v}" for k, v in self.trailers(made, named, onto, **changed))
        words = "\n\n".join(part for part in (subject, text, paragraph) if part) + "\n"
        lines = [f"tree {made}", *(f"parent {p}" for p in ([onto, second] if parents is None else parents))]
        lines += [f"author {author or who}", f"committer {who}"]
        return edit("\n".join(lines).encode() + b"\n\n" + message(words.encode()))

    def seal(
        self, payload: bytes, armored: str | bytes | None, *, header: str | None = None, after: Bytes = same
    ) -> str:
        """Store a commit with a signature header as git would fold it, or with none."""
        name = (header or {"sha1": "gpgsig", "sha256": "gpgsig-sha256"}[self.form]).encode()
        head, _, body = payload.partition(b"\n\n")
        if armored is not None:
            value = armored.encode() if isinstance(armored, str) else armored
            head += b"\n" + name + b" " + value.removesuffix(b"\n").replace(b"\n", b"\n ")
        return self.put("commit", after(head + b"\n\n" + body))

    def approval(
        self,
        of: str | None = None,
        *,
        by: Person = HEAD,
        key: Key | None = None,
        sign: Callable[[bytes], str | bytes | None] | None = None,
        header: str | None = None,
        after: Bytes = same,
        **wrong: Any,
    ) -> str:
        """A signed merge of a draft onto the newest approval, correct unless told otherwise."""
        made = self.payload(of, by=by, **wrong)
        return self.seal(made, sign(made) if sign else armor(key or by.key, made), header=header, after=after)

    def publish(self, commit: str) -> str:
        """Point publish at a commit, as a push would."""
        self.ref(PUBLISH, commit)
        return commit

    def accepted(self, commit: str) -> str:
        """A correct approval: publish moves, and the office goes on from there."""
        self.publish(commit)
        self.chain.append(commit)
        self.good = commit
        return commit

    # Policy changes.

    def policy_change(
        self,
        text: Callable[[str], str] = str,
        *,
        signers: Sequence[Person] = (HEAD,),
        files: Mapping[str, bytes | None] | None = None,
        raw: Bytes = same,
        people: str | None = None,
        namespace: bytes = b"sop-policy",
        signatures: Mapping[str, bytes] | None = None,
        signed: bytes | None = None,
        **fields: Any,
    ) -> str:
        """A draft with the next policy and the signatures over it, correct unless told otherwise."""
        old = self.file(self.tip, "governance/policy.toml")
        bare = self.with_files(self.tree_of(self.tip), files or {})
        given = {
            "version": self.version + 1,
            "previous": digest_of(old),
            "protected": self.protected(bare),
            "people": people if people is not None else self.people,
            **fields,
        }
        data = raw(text(policy_text(**given)).encode())
        over = data if signed is None else signed
        made: dict[str, bytes | None] = dict.fromkeys(self.standing_signatures())
        for number, person in enumerate(signers, start=1):
            made[f"governance/signatures/{number}.sig"] = armor(
                person.key, over, namespace=namespace
            ).encode()
        for name, value in (signatures or {}).items():
            made[f"governance/signatures/{name}"] = value
        return self.writes(
            tree=self.with_files(bare, {**made, "governance/policy.toml": data}), name="kebijakan"
        )

    def standing_signatures(self) -> list[str]:
        """Signature files over the present policy."""
        governance = next(o for _, n, o in self.read_tree(self.tree_of(self.tip)) if n == b"governance")
        folder = next((o for _, n, o in self.read_tree(governance) if n == b"signatures"), None)
        names = [n.decode() for _, n, _ in self.read_tree(folder)] if folder else []
        return [f"governance/signatures/{name}" for name in names]

    def enacts(self, *, by: Person = HEAD, **given: Any) -> str:
        """A correct change of policy, approved; a new draft waits."""
        commit = self.accepted(self.approval(self.policy_change(**given), by=by))
        self.version += 1
        self.people = given.get("people") or self.people
        self.draft = self.announces("sesudah")
        return commit

    # The ledger.

    def entry(
        self,
        kind: str,
        *,
        by: Person = HEAD,
        key: Key | None = None,
        draft: str | None = None,
        data: Mapping[str, Any] | None = None,
        reason: str = "Alasan.",
        at: int | None = None,
        committed: int | None = None,
        zone: str = "+0800",
        email: str | None = None,
        text: Bytes = same,
        name: str | None = None,
        tree: Callable[[str], str] = str,
        parents: Sequence[str] | None = None,
        message: str | None = None,
        edit: Bytes = same,
        sign: Callable[[bytes], str | bytes | None] | None = None,
        after: Bytes = same,
        **fields: Any,
    ) -> str:
        """A ledger commit that follows the newest one, correct unless told otherwise; nothing moves."""
        number = len(self.ledger) + 1
        when = self.tick() if at is None else at
        written = {
            "actor": by.id, "at": moment(when), "data": dict(data or {}), "draft": draft, "kind": kind,
            "previous": digest_of(self.entries[-1][1]) if self.entries else None, "publish": self.tip,
            "reason": reason, "sequence": number, **fields,
        }  # fmt: skip
        raw = text(canonical(written))
        file = (name or f"{written['sequence']:08d}-{kind}.json").encode()
        listed = [(FILE, known.encode(), self.put("blob", was)) for known, was in self.entries]
        folder = self.raw_tree(sorted([*listed, (FILE, file, self.put("blob", raw))], key=lambda e: e[1]))
        made = tree(self.raw_tree([(FOLDER, ENTRIES.encode(), folder)]))
        who = f"{by.name} <{email or by.id}> {when if committed is None else committed} {zone}"
        before = ([self.ledger[-1]] if self.ledger else []) if parents is None else parents
        lines = [f"tree {made}", *(f"parent {p}" for p in before), f"author {who}", f"committer {who}"]
        words = message if message is not None else f"Catat\n\nLedger-Version: 1\nLedger-Sequence: {number}\n"
        payload = edit("\n".join(lines).encode() + b"\n\n" + words.encode())
        self.last_entry = (file.decode("utf-8", "replace"), raw)
        signed = sign(payload) if sign else armor(key or by.key, payload)
        return self.seal(payload, signed, after=after)

    def record(self, commit: str) -> str:
        """Point the ledger at a commit."""
        self.ref(LEDGER, commit)
        return commit

    def recorded(self, commit: str) -> str:
        """A correct entry: the ledger moves, and goes on from there."""
        self.record(commit)
        self.ledger.append(commit)
        self.entries.append(self.last_entry)
        return commit

    def decision(self, kind: str, draft: str | None = None, **wrong: Any) -> str:
        """A ``return``, ``reject`` or ``reopen`` of a draft, not yet on the ledger."""
        about = draft or self.draft
        data = {"content_digest": self.digest(self.tree_of(about))}
        return self.entry(kind, **{"draft": about, "data": data, **wrong})

    def sighting(self, tip: str | None = None, *, seen: int | None = None, **wrong: Any) -> str:
        """A witness entry, not yet on the ledger."""
        about = tip or self.tip
        data = {
            "content_digest": self.digest(self.tree_of(about)),
            "first_seen": moment(self.now if seen is None else seen),
            "output_digest": ZERO_DIGEST,
            "tip": about,
        }
        return self.entry("witness", **{"by": WITNESS, "data": data, "reason": "", **wrong})

    # Opening and copying.

    def open(self, *, text: Callable[[str], str] = str, files: Mapping[str, bytes] | None = None) -> None:
        """Repository, genesis and trust file."""
        for folder in ("objects", "refs/heads"):
            (self.repo / folder).mkdir(parents=True)
        (self.repo / "HEAD").write_text(f"ref: {PUBLISH}\n")
        self.configure("")
        tree = self.with_files(None, {**OPENING, **(files or {})})
        policy = text(policy_text(protected=self.protected(tree), people=self.people)).encode()
        tree = self.with_files(tree, {"governance/policy.toml": policy})
        who = f"{HEAD.name} <{HEAD.id}> {self.now} +0800"
        raw = f"tree {tree}\nauthor {who}\ncommitter {who}\n\nBuka kantor\n".encode()
        self.pin(self.put("commit", raw))
        self.accepted(self.pinned)

    def pin(self, genesis: str, /, **wrong: str) -> None:
        """Write the trust file for a genesis."""
        self.pinned = genesis
        values = {
            "genesis": genesis,
            "genesis_sha256": hashlib.sha256(self.objects[genesis][1]).hexdigest(),
            "policy_sha256": hashlib.sha256(self.file(genesis, "governance/policy.toml")).hexdigest(),
            "content_digest": self.digest(self.tree_of(genesis)),
            **wrong,
        }
        self.trust.write_text("".join(f'{name} = "{value}"\n' for name, value in values.items()))

    def configure(self, more: str) -> None:
        """The repository's configuration, with lines added."""
        form = "\trepositoryformatversion = 0\n"
        if self.form == "sha256":
            form = "\trepositoryformatversion = 1\n[extensions]\n\tobjectformat = sha256\n[core]\n"
        (self.repo / "config").write_text(f"[core]\n{form}\tbare = true\n{more}")

    def settle(self) -> None:
        """What happened before the attack: two approvals, three entries, and a draft waits."""
        self.accepted(self.approval(self.announces("pertama")))
        self.recorded(self.decision("return", self.announces("ditolak")))
        self.recorded(self.sighting())
        self.recorded(self.entry("probe", by=OPERATOR, data={"sites": []}, reason=""))
        self.accepted(self.approval(self.announces("kedua")))
        self.draft = self.announces("ketiga")

    def copy(self, root: Path) -> Scene:
        """The same office in another folder."""
        shutil.copytree(self.repo, root / self.repo.name)
        shutil.copyfile(self.trust, root / self.trust.name)
        return Scene(**{**vars(self), "root": root, "objects": dict(self.objects), "chain": [*self.chain],
                        "ledger": [*self.ledger], "entries": [*self.entries]})  # fmt: skip


def canonical(value: object) -> bytes:
    """A ledger entry's bytes (protocol §6)."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass") + b"\n"


@functools.cache
def _made(form: str) -> Scene:
    folder = Path(tempfile.mkdtemp(prefix="sop-serangan-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    scene = Scene(folder, form)
    scene.open()
    scene.settle()
    return scene


def opened(root: Path, form: str = "sha1") -> Scene:
    """A fresh copy of the office that is made once in each test process."""
    return _made(form).copy(root)
