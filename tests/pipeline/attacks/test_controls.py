"""Offices that are in order, however unusual: the verifier must not cry wolf."""

import subprocess
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from tests.office import EMPTY_ENV
from tests.pipeline.attacks.armor import armor, ecdsa_key, rsa_key
from tests.pipeline.attacks.catalogue import Act, must_pass, verify
from tests.pipeline.attacks.scene import (
    ACTING,
    DAILY,
    DAY,
    FILE,
    FOLDER,
    HEAD,
    LEDGER,
    OPERATOR,
    PEOPLE,
    PUBLISH,
    SECOND_ROOT,
    STRANGER,
    THIRD_ROOT,
    WITA,
    WITNESS,
    Scene,
    moment,
    opened,
    page,
    person_table,
    stand_in,
)
from tests.pipeline.attacks.test_people import TERM_END, revoked
from tests.pipeline.attacks.test_references import git
from tests.pipeline.attacks.test_signatures import listed

HEAD_TABLE = person_table(HEAD, "head", root="true")
ROOTS = [HEAD, SECOND_ROOT]


def approved(**given: object) -> Act:
    """One more approval, with something unusual about it."""
    return lambda scene: scene.accepted(scene.approval(**given))


def nothing(scene: Scene) -> None:
    """The office as it was found."""


def after(act: Act) -> Act:
    """Something unusual, and then an approval as ever."""
    return lambda scene: (act(scene), scene.accepted(scene.approval()))


def drafted(files: dict[str, bytes | None]) -> Act:
    """Unusual files."""
    return lambda scene: scene.accepted(scene.approval(scene.writes(files)))


def enacted(**given: object) -> Act:
    """An unusual policy, and an approval under it."""
    return after(lambda scene: scene.enacts(**{"signers": ROOTS, **given}))


def _key(scene: Scene, key: object, **more: object) -> None:
    listed(scene, key)  # type: ignore[arg-type]
    scene.accepted(scene.approval(sign=lambda p: armor(key, p, **more)))  # type: ignore[arg-type]


def _high_s(scene: Scene) -> None:
    """OpenSSH writes both halves of s; the twin of a signature is another commit, as good as the first."""
    for number in range(4):
        scene.accepted(scene.approval(scene.announces(f"lagi-{number}"), key=ecdsa_key("camat")))


def _graph(scene: Scene) -> None:
    git(scene, "commit-graph", "write", "--reachable")


def _packed(scene: Scene) -> None:
    git(scene, "repack", "-q", "-a", "-d", "--write-bitmap-index")
    git(scene, "pack-refs", "--all")


def _many_packs(scene: Scene) -> None:
    for number in range(3):
        scene.accepted(scene.approval(scene.announces(f"kemasan-{number}")))
        git(scene, "repack", "-q", "-d")
    git(scene, "multi-pack-index", "write")


def _every_kind(scene: Scene) -> None:
    draft = scene.announces("lain")
    for kind in ("return", "reopen", "reject", "reopen"):
        scene.recorded(scene.decision(kind, draft))
    scene.recorded(scene.sighting())
    for kind, by in [("countersign", HEAD), ("archive", OPERATOR), ("report", ACTING), ("intake", OPERATOR),
                     ("probe", WITNESS), ("archive", HEAD), ("countersign", ACTING)]:  # fmt: skip
        scene.recorded(scene.entry(kind, by=by, reason="", data={"jumlah": 1, "daftar": [None, True, {}]}))
    scene.recorded(scene.decision("return", draft, by=DAILY))


def _long_reason(scene: Scene) -> None:
    reason = 'Perlu dilengkapi – ᬓ᭄ᬱᬩᬸᬮᬾᬮᬾᬂ 🙂 \u2028 \\ / " \x7f ' + "panjang " * 20_000
    scene.recorded(scene.decision("return", scene.announces("lain"), reason=reason))


def _unavailable(scene: Scene) -> None:
    draft = scene.announces("lain")
    scene.recorded(scene.decision("reject", draft))
    (scene.repo / "refs/heads/draft/lain").unlink()
    scene.loose(draft).unlink()


def _odd_drafts(scene: Scene) -> None:
    """Drafts that nobody approves may be as broken as they like."""
    scene.ref("refs/heads/draft/nihil", "1" * 40)
    scene.ref("refs/heads/draft/halaman", scene.put("blob", b"x"))
    scene.ref("refs/heads/draft/kacau", scene.put("commit", b"kacau\n"))
    scene.announces("tautan", edit=lambda raw: raw.replace(b"author ", b"author  ", 1))
    tree = scene.with_entry(scene.tree_of(scene.tip), b"content/x", (b"120000", scene.put("blob", b"/")))
    scene.writes(tree=tree, name="tautan-simbolik")


def _other_refs(scene: Scene) -> None:
    scene.ref("refs/notes/commits", scene.put("commit", b"kacau\n"))
    scene.ref("refs/tags/v1", scene.draft)
    scene.ref("refs/heads/main", scene.genesis)
    scene.ref("refs/remotes/origin/publish", scene.genesis)
    scene.ref("refs/heads/publish-lama", scene.genesis)
    scene.ref("refs/stash", scene.draft)
    scene.ref("refs/heads/draft/publish", scene.draft)


def _publish_folder(scene: Scene) -> None:
    """git leaves such a folder behind when it packs references."""
    git(scene, "pack-refs", "--all")
    (scene.repo / PUBLISH).mkdir()


def _merged_draft(scene: Scene) -> None:
    """An old draft that took publish in, by the head's own hand."""
    old = scene.announces("lama", base=scene.chain[0])
    tree = scene.with_files(
        scene.tree_of(scene.tip), {"content/pengumuman/2026-01-05-lama/index.md": page("lama")}
    )
    scene.accepted(scene.approval(scene.writes(tree=tree, parents=[old, scene.tip], by=HEAD)))


def _signed_draft(scene: Scene) -> None:
    """A draft's commit with odd headers that git admits."""

    def edit(raw: bytes) -> bytes:
        return raw.replace(b"\n\n", b"\nencoding ISO-8859-1\ngpgsig x\n y\n\n", 1).replace(
            b"Simpan", b"S\xe4"
        )

    scene.accepted(scene.approval(scene.announces("aneh", edit=edit)))


def _octopus_draft(scene: Scene) -> None:
    parents = [scene.draft, scene.announces("a"), scene.announces("b")]
    scene.accepted(scene.approval(scene.writes(tree=scene.tree_of(scene.draft), parents=parents)))


def _nothing_changed(scene: Scene) -> None:
    scene.accepted(scene.approval(scene.writes({})))


def _reopened(scene: Scene) -> None:
    for kind in ("reject", "reopen"):
        scene.recorded(scene.decision(kind))
    scene.accepted(scene.approval())


def _returned_and_repaired(scene: Scene) -> None:
    scene.recorded(scene.decision("return"))
    scene.accepted(scene.approval(scene.announces("ketiga-baru", base=scene.draft)))


def _refused_after_it_was_seen(scene: Scene) -> None:
    scene.accepted(scene.approval())
    scene.recorded(scene.sighting())
    scene.recorded(scene.decision("reject", at=scene.now))


def _last_second(scene: Scene) -> None:
    scene.now = TERM_END - 61
    scene.accepted(scene.approval(by=ACTING, at=TERM_END - 1))


def _first_second(scene: Scene) -> None:
    begin = scene.now + 900
    later = stand_in(ACTING, "acting", start=moment(begin))
    scene.enacts(people=PEOPLE.replace(stand_in(ACTING, "acting"), later), signers=ROOTS)
    scene.now = begin
    scene.accepted(scene.approval(by=ACTING, at=begin))


def _clock_at_the_last_moment(scene: Scene) -> None:
    scene.accepted(scene.approval(by=ACTING))
    scene.now = TERM_END + DAY - 60


def _seen_at_the_last_moment(scene: Scene) -> None:
    tip = scene.accepted(scene.approval(by=ACTING))
    scene.now = TERM_END + DAY
    scene.recorded(scene.sighting(tip, seen=scene.now))
    scene.now += 400 * DAY


def _seen_by_a_descendant(scene: Scene) -> None:
    scene.accepted(scene.approval(by=ACTING))
    scene.accepted(scene.approval(scene.announces("sesudah")))
    scene.recorded(scene.sighting())
    scene.now += 400 * DAY


def _in_the_future(scene: Scene) -> None:
    scene.accepted(scene.approval(at=scene.now + 60 + 600))


def _same_second(scene: Scene) -> None:
    scene.accepted(scene.approval(at=scene.now))
    scene.accepted(scene.approval(scene.writes({"content/a/b/index.md": b"x"}), at=scene.now))


def _head_without_witness(scene: Scene) -> None:
    scene.accepted(scene.approval())
    scene.now += 3000 * DAY


def _two_of_three(scene: Scene) -> None:
    people = PEOPLE + person_table(THIRD_ROOT, "root-only", root="true")
    scene.enacts(people=people, signers=ROOTS)
    scene.enacts(threshold=2, signers=[HEAD, THIRD_ROOT])
    scene.enacts(threshold=2, signers=[SECOND_ROOT, THIRD_ROOT], more=revoked(STRANGER))


def _foreign_signature(scene: Scene) -> None:
    """Valid signatures by others are not counted, and no error."""
    scene.enacts(signers=[HEAD, OPERATOR, STRANGER, ACTING])


def _stolen_later(scene: Scene) -> None:
    scene.accepted(scene.approval(by=ACTING))
    scene.enacts(more=revoked(ACTING, scene.tip))


def _own_loss(scene: Scene) -> None:
    """A lost key is revoked from now on; what it signed before stands."""
    scene.accepted(scene.approval(by=ACTING))
    scene.enacts(more=revoked(ACTING))
    scene.accepted(scene.approval())


def _daily(scene: Scene) -> None:
    scene.accepted(scene.approval(by=DAILY))
    scene.recorded(scene.decision("return", scene.announces("lain"), by=DAILY))


def _no_ledger(scene: Scene) -> None:
    (scene.repo / LEDGER).unlink()
    scene.publish(scene.genesis)
    scene.chain, scene.ledger, scene.entries = scene.chain[:1], [], []
    scene.accepted(scene.approval(scene.announces("pertama-lagi")))


def _only_genesis(scene: Scene) -> None:
    (scene.repo / LEDGER).unlink()
    scene.good = scene.publish(scene.genesis)


def _config(text: str) -> Act:
    return lambda scene: (scene.repo / "config").write_text(text)


def _wide(scene: Scene) -> None:
    blob = scene.put("blob", b"x")
    folder = scene.raw_tree([(FILE, b"%06d" % number, blob) for number in range(5_000)])
    tree = scene.with_entry(scene.tree_of(scene.tip), b"content/luas", (FOLDER, folder))
    scene.accepted(scene.approval(scene.writes(tree=tree)))


def _long_path(scene: Scene) -> None:
    front = "content/" + ("a" * 200 + "/") * 4 + "b" * 100 + "/"
    drafted({front + "c" * (1024 - len(front)): b"x"})(scene)


CONTROLS: dict[str, Act] = {
    "as_it_was_found": nothing,
    "one_more_approval": approved(),
    "genesis_alone": _only_genesis,
    "no_ledger": _no_ledger,
    "ecdsa_key": lambda s: _key(s, ecdsa_key("camat")),
    "ecdsa_of_either_half": lambda s: (listed(s, ecdsa_key("camat")), _high_s(s)),
    "rsa_key_of_3072_bits": lambda s: _key(s, rsa_key(3072)),
    "rsa_key_with_sha256_inside": lambda s: _key(s, rsa_key(3072), kind="rsa-sha2-256"),
    "hash_sha256": approved(sign=lambda p: armor(HEAD.key, p, hashed="sha256")),
    "text_in_the_message": approved(text="Catatan Camat.\n\nDua paragraf: dengan titik dua."),
    "text_that_looks_like_git": approved(
        text="Signed-off-by: x\n\n approval-version: 1\n\nCo-authored-by: y"
    ),
    "long_text": approved(text="kata " * 50_000),
    "subject_in_balinese": approved(subject="ᬓ᭄ᬱᬩᬸᬮᬾᬮᬾᬂ 🙂"),
    "subject_of_one_dot": approved(subject="."),
    "zone_of_minus_zero": approved(zone="-0000"),
    "zone_of_utc": approved(zone="+0000"),
    "zone_of_fourteen_hours": approved(zone="+1400"),
    "zone_of_minus_fourteen_hours": approved(zone="-1400"),
    "zone_of_odd_minutes": approved(zone="+0559"),
    "same_second": _same_second,
    "ten_minutes_ahead": _in_the_future,
    "last_second_of_a_term": _last_second,
    "first_second_of_a_term": _first_second,
    "clock_at_the_last_moment_of_grace": _clock_at_the_last_moment,
    "seen_at_the_last_moment_of_grace": _seen_at_the_last_moment,
    "seen_by_a_descendant": _seen_by_a_descendant,
    "head_whom_no_witness_saw": _head_without_witness,
    "daily_within_scope": _daily,
    "reopened": _reopened,
    "returned_and_repaired": _returned_and_repaired,
    "refused_after_it_was_seen": _refused_after_it_was_seen,
    "every_kind_of_entry": after(_every_kind),
    "long_reason": after(_long_reason),
    "entry_in_another_zone": after(
        lambda s: s.recorded(s.entry("probe", by=OPERATOR, reason="", zone="-0330"))
    ),
    "entry_ten_minutes_ahead": lambda s: s.recorded(
        s.decision("return", s.announces("x"), at=s.now + 60 + 600)
    ),
    "refused_draft_that_is_gone": after(_unavailable),
    "odd_drafts": after(_odd_drafts),
    "draft_that_took_publish_in": _merged_draft,
    "draft_with_odd_headers": _signed_draft,
    "draft_of_three_parents": _octopus_draft,
    "draft_that_changes_nothing": _nothing_changed,
    "draft_by_a_stranger": lambda s: s.accepted(s.approval(s.announces("surat", by=STRANGER))),
    "page_removed": drafted({"content/pengumuman/2026-01-05-pertama/index.md": None}),
    "all_pages_but_one_removed": drafted(
        {f"content/pengumuman/2026-01-05-{n}/index.md": None for n in ("buka", "pertama", "kedua")}
    ),
    "balinese_names": drafted({"content/halaman/ᬓ᭄ᬱᬩᬸᬮᬾᬮᬾᬂ/index.md": b"x"}),
    "emoji_name": drafted({"content/halaman/🌺/🙂.md": b"x"}),
    "name_of_255_bytes": drafted({"content/halaman/" + "a" * 255: b"x"}),
    "sixteen_components": drafted({"content/" + "a/" * 14 + "x": b"x"}),
    "path_of_1024_bytes": _long_path,
    "names_almost_reserved": drafted(
        {
            f"content/halaman/{n}": b"x"
            for n in ("console", "com", "com10", "nulll", "git", ".gitignore", "git~", "a.git")
        }
    ),
    "name_with_dots_and_spaces": drafted({"content/halaman/a .. b...c": b"x"}),
    "empty_page": drafted({"content/halaman/kosong/index.md": b""}),
    "binary_page": drafted({"content/halaman/gambar/x.jpg": bytes(range(256)) * 400}),
    "five_thousand_files": _wide,
    "page_of_64_mib": drafted({"content/halaman/besar/x.bin": b"a" * (64 * 1024**2)}),
    "policy_without_separation": enacted(separation="false"),
    "own_draft_without_separation": lambda s: (
        s.enacts(separation="false", signers=ROOTS),
        s.accepted(s.approval(s.announces("sendiri", by=HEAD))),
    ),
    "policy_with_passkeys": enacted(
        more='\n[webauthn]\nrp_id = "percontohan.go.id"\norigins = ["https://percontohan.go.id"]\n'
    ),
    "policy_with_comments": enacted(text=lambda t: "# kebijakan\n" + t.replace("\n", " # baris\n", 1)),
    "policy_in_another_zone": enacted(
        people=PEOPLE.replace(
            HEAD_TABLE, person_table(HEAD, "head", root="true", start="2025-01-05T01:00:00Z")
        )
    ),
    "policy_of_256_kib": enacted(raw=lambda data: data + b"#" * (256 * 1024 - len(data))),
    "keys_of_every_kind_in_the_policy": lambda s: listed(s, rsa_key(3072)),
    "threshold_of_two": enacted(threshold=2),
    "two_of_three": after(_two_of_three),
    "signatures_by_others_beside": after(_foreign_signature),
    "revoked_key_of_somebody_else": enacted(more=revoked(STRANGER)),
    "key_stolen_after_its_last_approval": after(_stolen_later),
    "key_lost": _own_loss,
    "settings_changed_with_a_policy": enacted(
        files={"site.toml": b'[office]\nname = "Baru"\n', ".github/x.yml": b"x"}
    ),
    "change_approved_by_the_acting_head": after(lambda s: s.enacts(by=ACTING)),
    "commit_graph": after(_graph),
    "packed": after(_packed),
    "many_packs": _many_packs,
    "unrelated_references": after(_other_refs),
    "folder_beside_publish": _publish_folder,
    "kept_pack": after(
        lambda s: (
            _packed(s),
            [p.with_suffix(".keep").touch() for p in (s.repo / "objects/pack").glob("*.pack")],
        )
    ),
    "broken_configuration": after(_config("[core\n")),
    "configuration_gone": after(lambda s: (s.repo / "config").unlink()),
    "configuration_of_another_format": after(
        _config("[core]\nrepositoryformatversion = 1\n[extensions]\nobjectformat = sha256\n")
    ),
    "hidden_references": after(
        lambda s: s.configure("[transfer]\n\thideRefs = refs/heads\n[uploadpack]\n\thideRefs = refs\n")
    ),
    "work_tree_elsewhere": after(lambda s: s.configure("\tworktree = /tidak/ada\n")),
    "unused_lock": after(lambda s: (s.repo / "refs/heads/publish.lock").touch()),
}


def _leap_day(scene: Scene) -> None:
    scene.now = int(datetime(2028, 2, 29, 23, 59, 59, tzinfo=WITA).timestamp())
    scene.accepted(scene.approval(at=scene.now))


def _end_of_years(scene: Scene) -> None:
    scene.now = int(datetime(2037, 12, 31, 23, 59, tzinfo=WITA).timestamp())
    scene.accepted(scene.approval(at=scene.now))
    scene.now += 100 * 365 * DAY
    scene.accepted(scene.approval(scene.announces("abad"), at=scene.now))


CONTROLS |= {"leap_day": _leap_day, "after_2038": _end_of_years}


@pytest.mark.parametrize("act", CONTROLS.values(), ids=CONTROLS)
def test_what_is_in_order_passes(scene: Scene, act: Act) -> None:
    must_pass(act, scene)


SHA256: dict[str, Act] = {
    "as_it_was_found": nothing,
    "one_more_approval": approved(),
    "policy": enacted(threshold=2),
    "every_kind": after(_every_kind),
    "packed": after(_packed),
    "reopened": _reopened,
}


@pytest.mark.parametrize("act", SHA256.values(), ids=SHA256)
def test_what_is_in_order_passes_with_long_ids(tmp_path: Path, act: Act) -> None:
    must_pass(act, opened(tmp_path, "sha256"))


def _linked(scene: Scene) -> Path:
    """A work tree that hangs on the bare repository."""
    git(scene, "worktree", "add", "-q", "--detach", str(scene.root / "kerja"), "publish")
    return scene.root / "kerja"


def _separate(scene: Scene) -> Path:
    """A folder whose ``.git`` is a file that names the repository."""
    work = scene.root / "terpisah"
    work.mkdir()
    (work / ".git").write_text(f"gitdir: {scene.repo}\n")
    return work


def _cloned(scene: Scene) -> Path:
    """Another clone, with a work tree, by stock git."""
    work = scene.root / "salinan"
    subprocess.run(
        ["git", "clone", "-q", "--mirror", str(scene.repo), str(work / ".git")], env=EMPTY_ENV, check=True
    )
    return work


@pytest.mark.parametrize("place", [_linked, _separate, _cloned])
def test_a_repository_may_lie_in_any_of_gits_ways(scene: Scene, place: Callable[[Scene], Path]) -> None:
    scene.accepted(scene.approval())
    work = place(scene)

    said = verify(scene, "--trust", str(scene.trust), repo=work)

    assert (said.exit, said.told["verified_tip"]) == (0, scene.good), said.why
