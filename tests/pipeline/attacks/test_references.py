"""References and repositories that show something else than they hold (protocol §9)."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.office import EMPTY_ENV
from tests.pipeline.attacks.catalogue import Act, Attack, Catalogue, must_be_refused
from tests.pipeline.attacks.scene import HEAD, LEDGER, PUBLISH, STRANGER, Scene

AROUND = Catalogue("references and repositories")


def git(scene: Scene, *words: str) -> str:
    """Stock git in the repository."""
    done = subprocess.run(["git", *words], cwd=scene.repo, env=EMPTY_ENV, capture_output=True, check=True)
    return done.stdout.decode().strip()


def twin(name: str) -> Act:
    """One more reference."""
    return lambda scene: scene.ref(name, scene.draft)


def placed(name: str, text: str | Callable[[Scene], str]) -> Act:
    """A file in the git folder."""

    def act(scene: Scene) -> None:
        file = scene.repo / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text if isinstance(text, str) else text(scene))

    return act


def nobody_knows(act: Act) -> Act:
    """The attack leaves nothing that could be good."""

    def both(scene: Scene) -> None:
        act(scene)
        scene.good = None

    return both


AROUND.each(
    "REF_AMBIGUOUS",
    [
        ("tag_publish", twin("refs/tags/publish")),
        ("tag_ledger", twin("refs/tags/ledger")),
        ("tag_heads_publish", twin("refs/tags/heads/publish")),
        ("tag_refs_heads_publish", twin("refs/tags/refs/heads/publish")),
        ("branch_heads_publish", twin("refs/heads/heads/publish")),
        ("branch_refs_heads_ledger", twin("refs/heads/refs/heads/ledger")),
        ("remote_publish", twin("refs/remotes/publish")),
        ("remote_publish_head", twin("refs/remotes/publish/HEAD")),
        ("remote_heads_publish", twin("refs/remotes/heads/publish")),
        ("ref_without_kind", twin("refs/publish")),
        ("ref_at_the_top", twin("publish")),
        ("ref_at_the_top_in_heads", twin("heads/publish")),
        ("ref_at_the_top_ledger", twin("ledger")),
        ("tag_publish_packed", lambda s: _packed(s, f"{s.draft} refs/tags/publish")),
        ("twin_as_a_link", lambda s: _linked(s, "refs/tags/publish", "../heads/publish")),
        ("twin_as_a_symbolic_reference", placed("refs/tags/publish", f"ref: {LEDGER}\n")),
    ],
    row=24,
)
AROUND.each(
    "REF_AMBIGUOUS LEDGER_ROLLBACK",
    [
        ("ledger_a_symbolic_reference", lambda s: _from_one(s, placed(LEDGER, f"ref: {PUBLISH}\n"))),
        ("ledger_a_link", lambda s: _from_one(s, lambda t: _linked(t, LEDGER, "publish"))),
        ("ledger_out_of_form", lambda s: _from_one(s, placed(LEDGER, "x\n"))),
        ("ledger_cut_short", lambda s: _from_one(s, lambda t: t.ref(LEDGER, t.ledger[-1][:39]))),
    ],
    row=24,
)
AROUND.each(
    "REF_AMBIGUOUS REF_MISSING",
    [
        ("publish_a_symbolic_reference", nobody_knows(placed(PUBLISH, "ref: refs/heads/draft/ketiga\n"))),
        ("publish_a_link", nobody_knows(lambda s: _linked(s, PUBLISH, "draft/ketiga"))),
        ("publish_out_of_form", nobody_knows(placed(PUBLISH, "not an id\n"))),
        ("publish_in_capitals", nobody_knows(lambda s: s.ref(PUBLISH, s.tip.upper()))),
        ("publish_empty", nobody_knows(placed(PUBLISH, ""))),
        ("publish_with_words_after_it", nobody_knows(lambda s: s.ref(PUBLISH, s.tip + " x"))),
    ],
    row=24,
)
AROUND.each(
    "REF_MISSING",
    [
        ("publish_gone", nobody_knows(lambda s: (s.repo / PUBLISH).unlink())),
        ("publish_a_folder", nobody_knows(lambda s: _folder(s))),
        (
            "publish_in_other_letters",
            nobody_knows(lambda s: (s.repo / PUBLISH).rename(s.repo / "refs/heads/Publish")),
        ),
        (
            "publish_locked_only",
            nobody_knows(lambda s: (s.repo / PUBLISH).rename(s.repo / "refs/heads/publish.lock")),
        ),
    ],
    row=24,
)
AROUND.each(
    "REPO_UNSAFE",
    [
        ("replacement_of_the_tip", lambda s: s.ref(f"refs/replace/{s.tip}", s.draft)),
        ("replacement_of_something_else", lambda s: s.ref(f"refs/replace/{'1' * 40}", s.draft)),
        ("replacement_packed", lambda s: _packed(s, f"{s.draft} refs/replace/{s.tip}")),
        ("grafts", placed("info/grafts", lambda s: f"{s.tip}\n")),
        ("grafts_that_change_nothing", placed("info/grafts", "# none\n")),
        ("shallow", placed("shallow", lambda s: f"{s.tip}\n")),
        ("shallow_elsewhere", placed("shallow", "1" * 40 + "\n")),
        ("alternates", placed("objects/info/alternates", "/tidak/ada\n")),
        ("alternates_inside", placed("objects/info/alternates", "../lain\n")),
        ("alternates_by_http", placed("objects/info/http-alternates", "http://127.0.0.1:9/\n")),
        ("promisor_pack", placed("objects/pack/pack-" + "1" * 40 + ".promisor", "")),
        ("tag_publish_packed_far_below", lambda s: _far_below(s)),
        ("partial_clone", lambda s: s.configure("[extensions]\n\tpartialClone = origin\n")),
        ("promisor_remote", lambda s: s.configure('[remote "x"]\n\turl = /x\n\tpromisor = true\n')),
        (
            "promisor_remote_by_filter",
            lambda s: s.configure('[remote "x"]\n\turl = /x\n\tpartialCloneFilter = blob:none\n'),
        ),
    ],
    row=24,
)
AROUND.each(
    "TRUST_MISMATCH",
    [
        (f"trust_with_another_{name}", nobody_knows(act))
        for name, act in [
            ("genesis", lambda s: s.pin(s.genesis, genesis="1" * 40)),
            ("genesis_of_the_other_format", lambda s: s.pin(s.genesis, genesis="1" * 64)),
            ("genesis_on_the_chain", lambda s: s.pin(s.tip)),
            ("hash_of_genesis", lambda s: s.pin(s.genesis, genesis_sha256="0" * 64)),
            ("policy", lambda s: s.pin(s.genesis, policy_sha256="0" * 64)),
            ("content", lambda s: s.pin(s.genesis, content_digest="sha256:" + "0" * 64)),
            ("genesis_in_capitals", lambda s: s.pin(s.genesis, genesis=s.genesis.upper())),
            ("genesis_cut_short", lambda s: s.pin(s.genesis, genesis=s.genesis[:12])),
            ("hash_with_its_kind", lambda s: s.pin(s.genesis, genesis_sha256="sha256:" + "0" * 64)),
            ("content_without_kind", lambda s: s.pin(s.genesis, content_digest="0" * 64)),
            ("key_more", lambda s: s.pin(s.genesis, note="x")),
            ("key_less", lambda s: _trust(s, lambda t: "".join(t.splitlines(keepends=True)[:3]))),
            ("form", lambda s: _trust(s, lambda t: "x")),
            ("encoding", lambda s: s.trust.write_bytes(b"\xff" + s.trust.read_bytes())),
            ("table", lambda s: _trust(s, lambda t: "[office]\n" + t)),
            (
                "number",
                lambda s: _trust(s, lambda t: t.replace('content_digest = "', 'content_digest = 1 # "')),
            ),
            ("nothing", lambda s: s.trust.write_bytes(b"")),
            ("hundred_kib", lambda s: _trust(s, lambda t: t + "#" * 100_000)),
        ]
    ],
    row=20,
)


def _linked(scene: Scene, name: str, target: str) -> None:
    file = scene.repo / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    file.symlink_to(target)


def _packed(scene: Scene, *lines: str) -> None:
    (scene.repo / "packed-refs").write_text(
        "# pack-refs with: peeled fully-peeled sorted\n" + "\n".join(lines) + "\n"
    )


def _far_below(scene: Scene) -> None:
    """Behind more references than anybody reads."""
    with (scene.repo / "packed-refs").open("w") as file:
        for number in range(700_000):
            file.write(
                f"{scene.draft} refs/notes/catatan-yang-tidak-berguna-dan-panjang-sekali-{number:012}\n"
            )
        file.write(f"{scene.draft} refs/tags/publish\n")


def _from_one(scene: Scene, act: Act) -> None:
    """Approval 2 named an entry; nothing after approval 1 can stand."""
    act(scene)
    scene.good = scene.chain[1]


def _pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def _folder(scene: Scene) -> None:
    (scene.repo / PUBLISH).unlink()
    scene.ref(PUBLISH + "/x", scene.tip)


def _trust(scene: Scene, change: Callable[[str], str]) -> None:
    scene.trust.write_text(change(scene.trust.read_text()))


@AROUND.attack("REPO_UNSAFE", "UNSIGNED", row=24)
def an_unsigned_approval_with_its_signature_in_a_replacement(scene: Scene) -> None:
    bad = scene.publish(scene.approval(sign=lambda _p: None))
    scene.ref(f"refs/replace/{bad}", scene.tip)


@AROUND.attack("REPO_UNSAFE", "UNKNOWN_KEY", row=24)
def a_strangers_approval_cut_out_by_a_graft(scene: Scene) -> None:
    good = scene.good
    scene.accepted(scene.approval(by=STRANGER))
    last = scene.publish(scene.approval(scene.announces("sesudah"), by=HEAD))
    placed("info/grafts", f"{last} {scene.chain[-2]}\n")(scene)
    scene.good = good


@AROUND.attack("REPO_UNSAFE", "UNKNOWN_KEY", row=24)
def a_strangers_approval_cut_off_by_a_shallow_mark(scene: Scene) -> None:
    good = scene.good
    scene.accepted(scene.approval(by=STRANGER))
    scene.publish(scene.approval(scene.announces("sesudah"), by=HEAD))
    placed("shallow", f"{scene.tip}\n")(scene)
    scene.good = good


@AROUND.attack("REPO_UNSAFE", "OBJECT_MISSING", row=24)
def objects_that_lie_in_an_alternate(scene: Scene) -> None:
    """git would show a complete history; nobody gave it to the verifier."""
    elsewhere = scene.root / "lain" / "objects"
    file = scene.loose(
        scene.put("blob", scene.file(scene.tip, "content/pengumuman/2026-01-05-kedua/index.md"))
    )
    there = elsewhere / file.parent.name / file.name
    there.parent.mkdir(parents=True)
    file.rename(there)
    placed("objects/info/alternates", f"{elsewhere}\n")(scene)
    scene.good = scene.chain[1]


@AROUND.attack("REPO_UNSAFE", row=24)
def a_pipe_in_the_place_of_a_page(scene: Scene) -> None:
    """Whoever opens it waits for ever."""
    _pipe(scene.loose(scene.put("blob", scene.file(scene.tip, "site.toml"))))
    scene.good = None


@AROUND.attack("REPO_UNSAFE", row=24)
def a_device_in_the_place_of_a_pack(scene: Scene) -> None:
    (scene.repo / "objects/pack").mkdir()
    (scene.repo / f"objects/pack/pack-{'1' * 40}.idx").symlink_to("/dev/zero")
    scene.good = None


@AROUND.attack("REF_AMBIGUOUS", "LEDGER_ROLLBACK", row=24)
def a_ledger_that_points_to_itself(scene: Scene) -> None:
    placed(LEDGER, f"ref: {LEDGER}\n")(scene)
    scene.good = scene.chain[1]


@AROUND.attack("UNKNOWN_KEY", row=24)
def a_commit_graph_that_lies_about_parents(scene: Scene) -> None:
    """Made for another history under the same id, so that the stranger's approval is skipped."""
    good = scene.good
    scene.accepted(scene.approval(by=STRANGER))
    scene.publish(scene.approval(scene.announces("sesudah")))
    git(scene, "commit-graph", "write", "--reachable")
    graph = scene.repo / "objects/info/commit-graph"
    raw = graph.read_bytes()
    graph.chmod(0o644)
    graph.write_bytes(raw[:-200] + bytes(200))
    scene.good = good


@AROUND.attack("REF_MISSING", "REF_AMBIGUOUS", row=24)
def a_publish_that_points_to_itself(scene: Scene) -> None:
    placed(PUBLISH, f"ref: {PUBLISH}\n")(scene)
    scene.good = None


@pytest.mark.parametrize("attack", AROUND.attacks, ids=str)
def test_nothing_around_the_objects_changes_what_they_say(scene: Scene, attack: Attack) -> None:
    must_be_refused(attack, scene)


def test_the_lists_of_names_are_those_of_git(scene: Scene) -> None:
    """What git itself takes for publish where several stand is why they are refused."""
    twin("refs/tags/publish")(scene)

    assert git(scene, "rev-parse", "publish") == scene.draft != scene.tip
    assert Path(scene.repo / PUBLISH).is_file()
