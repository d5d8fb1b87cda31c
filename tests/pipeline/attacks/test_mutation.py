"""Any byte of anything changed: refused, or without meaning; never a traceback, a wait or a flood."""

import multiprocessing
import os
import resource
import shutil
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.verification import verification
from tests.pipeline.attacks.armor import armor
from tests.pipeline.attacks.catalogue import must_pass
from tests.pipeline.attacks.scene import HEAD, LEDGER, PUBLISH, SECOND_ROOT, WITA, Scene, opened

SECONDS, MEMORY = 60, 1 << 30
FULL = bool(os.environ.get("SOP_FULL"))
PROPERTY = settings(
    max_examples=1_500 if FULL else 25,
    derandomize=not FULL,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
CHANGES = st.one_of(
    st.tuples(st.just("turn"), st.integers(1, 255)),
    st.tuples(st.just("drop"), st.integers(1, 40)),
    st.tuples(st.just("add"), st.binary(min_size=1, max_size=40)),
    st.tuples(st.just("cut"), st.just(0)),
    st.tuples(st.just("twice"), st.integers(1, 80)),
)
Answer = tuple[bool, str | None, tuple[str, ...], tuple[str, ...]]
"""Whether it is accepted, the last good commit, the payloads accepted, and the codes of the refusals."""


@pytest.fixture(scope="module")
def office() -> Iterator[Scene]:
    """A small office with a change of policy, an approval on top, and a ledger of four."""
    root = Path(tempfile.mkdtemp(prefix="sop-mutasi-"))
    scene = opened(root)
    scene.enacts(signers=[HEAD, SECOND_ROOT])
    scene.accepted(scene.approval())
    scene.recorded(scene.decision("return", scene.announces("lain")))
    must_pass(lambda _scene: None, scene)
    yield scene
    shutil.rmtree(root)


@contextmanager
def copied(scene: Scene) -> Iterator[Scene]:
    root = Path(tempfile.mkdtemp(prefix="sop-mutasi-"))
    try:
        yield scene.copy(root)
    finally:
        shutil.rmtree(root)


def answer(scene: Scene) -> Answer:
    """The verdict from a child with a minute and a gibibyte."""
    ours, theirs = multiprocessing.Pipe(duplex=False)
    child = multiprocessing.get_context("fork").Process(target=_judge, args=(scene, theirs))
    child.start()
    theirs.close()
    try:
        told: Any = ours.recv() if ours.poll(SECONDS) else "no answer in time"
    except EOFError:
        told = "the child died"
    child.kill()
    child.join()
    assert not isinstance(told, str), told
    return told  # type: ignore[no-any-return]


def _judge(scene: Scene, to: Connection) -> None:
    # What a forked child inherits is not its own doing: the limit counts from there.
    inherited = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (inherited + MEMORY, inherited + MEMORY))
    now = datetime.fromtimestamp(scene.now + 60, WITA)
    try:
        with verification(scene.repo, scene.trust, now) as verified:
            verdict = verified.verdict
        payloads = tuple(approval.payload_sha256 for approval in verdict.approvals)
        codes = tuple(refusal.code for refusal in verdict.refusals)
        to.send((verdict.ok, verdict.verified_tip, payloads, codes))
    except BaseException:
        to.send(traceback.format_exc())
    finally:
        os._exit(0)


def changed(data: bytes, place: int, change: tuple[str, Any]) -> bytes:
    """One change somewhere in the data."""
    at = place % max(len(data), 1)
    kind, how = change
    if kind == "turn":
        return data[:at] + bytes([data[at] ^ how]) + data[at + 1 :] if data else b"x"
    if kind == "drop":
        return data[:at] + data[at + how :]
    if kind == "add":
        return data[:at] + how + data[at:]
    if kind == "cut":
        return data[:at]
    return data[:at] + data[at : at + how] * 2 + data[at + how :]


def must_be_refused_or_the_same(scene: Scene, before: Answer) -> None:
    after = answer(scene)
    if after[0]:
        assert after == before
    else:
        assert after[3]
        assert set(after[2]) <= set(before[2])


def reachable(scene: Scene) -> list[str]:
    """Every object that publish and the ledger stand on, in the order in which they are found."""
    found: dict[str, None] = {}
    waiting = [scene.tip, scene.ledger[-1]]
    while waiting:
        oid = waiting.pop()
        if oid in found or oid not in scene.objects:
            continue
        found[oid] = None
        kind, data = scene.objects[oid]
        if kind == "tree":
            waiting += [child for _, _, child in scene.read_tree(oid)]
        elif kind == "commit":
            head = data.split(b"\n\n")[0].split(b"\n")
            waiting += [line.split()[1].decode() for line in head if line.startswith((b"tree ", b"parent "))]
    return list(found)


def restored(scene: Scene, old: str, data: bytes) -> None:
    """Store changed bytes under their own id, and let everything that stood on the old id stand on it."""
    renamed = {old: scene.put(scene.objects[old][0], data)}
    waiting = [old]
    while waiting:
        was = waiting.pop()
        now = renamed[was]
        for oid in reachable(scene):
            kind, known = scene.objects[oid]
            latest = scene.objects[renamed.get(oid, oid)][1]
            if kind == "tree" and bytes.fromhex(was) in known:
                fresh = latest.replace(bytes.fromhex(was), bytes.fromhex(now))
            elif kind == "commit" and was.encode() in known.split(b"\ngpgsig ")[0]:
                # Trailers keep naming what was signed.
                front, sign, rest = latest.partition(b"\nauthor ")
                fresh = front.replace(was.encode(), now.encode()) + sign + rest
            else:
                continue
            if fresh != latest:
                renamed[oid] = scene.put(kind, fresh)
                waiting.append(oid)
    scene.ref(PUBLISH, renamed.get(scene.tip, scene.tip))
    scene.ref(LEDGER, renamed.get(scene.ledger[-1], scene.ledger[-1]))


def _what(office: Scene) -> Callable[[int], str]:
    objects = reachable(office)
    return lambda number: objects[number % len(objects)]


@PROPERTY
@given(st.integers(0, 10**6), st.integers(0, 10**6), CHANGES)
def test_changed_bytes_under_the_old_id(
    office: Scene, number: int, place: int, change: tuple[str, Any]
) -> None:
    before, oid = answer_once(office), _what(office)(number)
    kind, data = office.objects[oid]
    with copied(office) as scene:
        scene.lay(oid, kind, changed(data, place, change))
        must_be_refused_or_the_same(scene, before)


@PROPERTY
@given(st.integers(0, 10**6), st.integers(0, 10**6), CHANGES)
def test_changed_bytes_of_the_very_file(
    office: Scene, number: int, place: int, change: tuple[str, Any]
) -> None:
    """As they lie on the disk, packed: some of the packer's bits mean nothing."""
    before, oid = answer_once(office), _what(office)(number)
    with copied(office) as scene:
        file = scene.loose(oid)
        file.write_bytes(changed(file.read_bytes(), place, change))
        must_be_refused_or_the_same(scene, before)


@PROPERTY
@given(st.integers(0, 10**6), st.integers(0, 10**6), CHANGES)
def test_changed_bytes_under_their_own_id(
    office: Scene, number: int, place: int, change: tuple[str, Any]
) -> None:
    before, oid = answer_once(office), _what(office)(number)
    _, data = office.objects[oid]
    with copied(office) as scene:
        restored(scene, oid, changed(data, place, change))
        must_be_refused_or_the_same(scene, before)


@PROPERTY
@given(st.integers(0, 10**6), CHANGES)
def test_a_changed_trust_file(office: Scene, place: int, change: tuple[str, Any]) -> None:
    before = answer_once(office)
    with copied(office) as scene:
        scene.trust.write_bytes(changed(scene.trust.read_bytes(), place, change))
        must_be_refused_or_the_same(scene, before)


@PROPERTY
@given(st.sampled_from(["policy", "entry", "payload", "message", "armor"]), st.integers(0, 10**6), CHANGES)
def test_changed_before_it_was_signed(office: Scene, what: str, place: int, change: tuple[str, Any]) -> None:
    """By those who may sign: it may be accepted, but it is answered, and it adds one at most."""
    before = answer_once(office)

    def edit(data: bytes) -> bytes:
        return changed(data, place, change)

    with copied(office) as scene:
        if what == "policy":
            scene.publish(scene.approval(scene.policy_change(raw=edit, signers=[HEAD, SECOND_ROOT])))
        elif what == "entry":
            scene.record(scene.decision("return", text=edit))
        elif what == "armor":
            scene.publish(scene.approval(sign=lambda payload: edit(armor(HEAD.key, payload).encode())))
        else:
            scene.publish(scene.approval(**{"edit" if what == "payload" else "message": edit}))
        after = answer(scene)

    assert len(after[2]) <= len(before[2]) + 1
    assert after[0] or after[3]


@PROPERTY
@given(st.sampled_from(["config", "packed-refs", PUBLISH, LEDGER, "HEAD"]), st.integers(0, 10**6), CHANGES)
def test_a_changed_file_of_the_git_folder(
    office: Scene, name: str, place: int, change: tuple[str, Any]
) -> None:
    before = answer_once(office)
    with copied(office) as scene:
        file = scene.repo / name
        text = file.read_bytes() if file.exists() else f"{scene.tip} refs/heads/lain\n".encode()
        file.write_bytes(changed(text, place, change))
        must_be_refused_or_the_same(scene, before)


_KNOWN: dict[Path, Answer] = {}


def answer_once(office: Scene) -> Answer:
    """The verdict on the office as it is."""
    if office.root not in _KNOWN:
        _KNOWN[office.root] = answer(office)
    assert _KNOWN[office.root][0]
    return _KNOWN[office.root]
