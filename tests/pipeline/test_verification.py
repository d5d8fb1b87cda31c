"""The verifier on real histories: a good one is accepted, and each tampered one is refused with its code."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from sop_site.approval import message
from tests import history
from tests.office import WITA, Office, key, page

pytestmark = pytest.mark.git

Attack = Callable[[Office, str], str | None]


@pytest.fixture
def drafted(office: Office) -> str:
    """A draft ready for approval, in an office that has one approval already."""
    first = office.announces("pertama")
    history.publish(office, history.merge(office, first))
    return office.announces("kedua")


def test_a_correct_merge_is_accepted_with_everything_the_public_will_see(office: Office) -> None:
    draft = office.announces("jadwal")
    tip = office.tip(f"draft/{draft}")
    commit = history.publish(office, history.merge(office, draft))

    verdict = office.verify()

    assert verdict.ok
    (approval,) = verdict.approvals
    assert (approval.commit, approval.draft, approval.sequence) == (commit, tip, 1)
    assert approval.paths == (f"content/pengumuman/{draft}/index.md",)
    assert (approval.approver, approval.role, approval.assurance) == (office.head.id, "head", "personal")
    assert approval.time == office.now
    assert approval.content_digest == history.content_digest(office, commit)
    assert verdict.verified_tip == verdict.tip == commit


def test_what_is_accepted_stock_git_calls_good(office: Office, tmp_path: Path) -> None:
    commit = history.publish(office, history.merge(office, office.announces("jadwal")))
    signers = tmp_path / "allowed_signers"
    signers.write_text(f'{office.head.id} namespaces="git" {office.head.public}\n')

    state = office.git("-c", f"gpg.ssh.allowedSignersFile={signers}", "log", "-1", "--format=%G?", commit)

    assert state == "G"


@pytest.mark.parametrize("kind", ["ecdsa", "rsa"])
def test_keys_of_the_other_admitted_types_verify(tmp_path: Path, kind: str) -> None:
    bits = {"ecdsa": 256, "rsa": 3072}[kind]
    office = Office(tmp_path, head_key=key("camat", kind, bits))
    history.publish(office, history.merge(office, office.announces("jadwal")))

    assert office.codes() == []


def unsigned(office: Office, draft: str) -> str:
    return history.store(office, history.payload(office, office.tip(f"draft/{draft}")), None)


def stranger(office: Office, draft: str) -> str:
    return history.merge(office, draft, by=office.stranger)


def operator(office: Office, draft: str) -> str:
    return history.merge(office, draft, by=office.operator)


def false_flag(office: Office, draft: str) -> str:
    signed = history.payload(office, office.tip(f"draft/{draft}"))
    return history.store(office, signed, history.sign(signed, office.operator.key))


def fast_forward(office: Office, draft: str) -> str:
    return office.tip(f"draft/{draft}")


def squash(office: Office, draft: str) -> str:
    return history.merge(office, draft, parents=[office.tip("publish")])


def octopus(office: Office, draft: str) -> str:
    tip = office.tip(f"draft/{draft}")
    other = office.tip(f"draft/{office.announces('ketiga')}")
    return history.merge(office, draft, parents=[office.tip("publish"), tip, other])


def same_parent_twice(office: Office, draft: str) -> str:
    publish = office.tip("publish")
    tree = office.git("rev-parse", f"{publish}^{{tree}}")
    return history.merge(office, draft, parents=[publish, publish], tree=tree)


def evil_merge(office: Office, draft: str) -> str:
    tip = office.tip(f"draft/{draft}")
    tree = office.tree(tip, {"content/pengumuman/2026-01-05-gelap/index.md": page("Selundupan")})
    return history.merge(office, draft, tree=tree)


def stale(office: Office, draft: str) -> str:
    other = office.announces("lebih-dulu")
    history.publish(office, history.merge(office, other))
    return history.merge(office, draft)


def orphan(office: Office, draft: str) -> str:
    tree = office.git("rev-parse", f"draft/{draft}^{{tree}}")
    alone = office.commits(tree, [], "Tanpa asal", office.operator)
    return history.merge(office, alone)


def foxtrot(office: Office, draft: str) -> str:
    tip = office.tip(f"draft/{draft}")
    publish = office.tip("publish")
    return history.merge(office, draft, parents=[tip, publish])


def changed_after_signing(office: Office, draft: str) -> str:
    signed = history.payload(office, office.tip(f"draft/{draft}"))
    armor = history.sign(signed, office.head.key)
    return history.store(office, signed.replace(b"Setujui", b"setujui", 1), armor)


def other_namespace(office: Office, draft: str) -> str:
    signed = history.payload(office, office.tip(f"draft/{draft}"))
    return history.store(office, signed, history.sign(signed, office.head.key, "file"))


def rewrapped_armor(office: Office, draft: str) -> str:
    signed = history.payload(office, office.tip(f"draft/{draft}"))
    lines = history.sign(signed, office.head.key).splitlines()
    return history.store(office, signed, "\n".join([lines[0], "".join(lines[1:-1]), lines[-1], ""]))


def second_signature_header(office: Office, draft: str) -> str:
    signed = history.payload(office, office.tip(f"draft/{draft}"))
    armor = history.sign(signed, office.head.key)
    once = history.commits.with_signature(signed, armor)
    return history.plumbing.write_raw_commit(office.repo, history.commits.with_signature(once, armor))


def encoding_header(office: Office, draft: str) -> str:
    signed = history.payload(office, office.tip(f"draft/{draft}"))
    signed = signed.replace(b"\n\n", b"\nencoding UTF-8\n\n", 1)
    return history.store(office, signed, history.sign(signed, office.head.key))


def wrong_sequence(office: Office, draft: str) -> str:
    return history.merge(office, draft, sequence="7")


def other_office(office: Office, draft: str) -> str:
    return history.merge(office, draft, genesis="0" * 40)


def other_digest(office: Office, draft: str) -> str:
    return history.merge(office, draft, digest="sha256:" + "0" * 64)


def trailer_in_text(office: Office, draft: str) -> str:
    tip = office.tip(f"draft/{draft}")
    trailers = history.trailers(office, tip, office.tip("publish"))
    words = message.approval_message("Setujui", "", trailers)
    return history.merge(office, draft, text=words.replace("\n\n", "\n\nApproval-Note: x\n\n", 1))


def no_trailers(office: Office, draft: str) -> str:
    return history.merge(office, draft, text="Setujui\n")


def ledger_that_never_was(office: Office, draft: str) -> str:
    return history.merge(office, draft, ledger="1" * 40)


def yesterday(office: Office, draft: str) -> str:
    return history.merge(office, draft, at=office.now - timedelta(days=1))


def tomorrow(office: Office, draft: str) -> str:
    return history.merge(office, draft, at=office.now + timedelta(days=1))


def before_the_term(office: Office, draft: str) -> str:
    return history.merge(office, draft, at=datetime(2020, 1, 1, tzinfo=WITA))


def own_draft(office: Office, _draft: str) -> str:
    path = "content/pengumuman/2026-01-05-sendiri/index.md"
    return history.merge(office, office.writes(path, page("Tulisan sendiri"), by=office.head))


def own_text_as_a_merge_of_publish_with_itself(office: Office, _draft: str) -> str:
    path = "content/pengumuman/2026-01-05-sendiri/index.md"
    publish = office.tip("publish")
    tree = office.tree(publish, {path: page("Tulisan sendiri")})
    return history.merge(office, office.commits(tree, [publish, f"{publish}^1"], "Gabung", office.head))


def code_smuggled(office: Office, draft: str) -> str:
    office.writes("pelicanconf.py", "print('milik orang lain')\n", draft=draft)
    return history.merge(office, draft)


def symbolic_link(office: Office, draft: str) -> str:
    tip = office.tip(f"draft/{draft}")
    tree = _tree_with(office, tip, "120000", "content/tautan", b"/etc/passwd")
    return history.merge(
        office, office.commits(tree, [tip], "Tautan", office.operator), digest="sha256:" + "0" * 64
    )


def executable(office: Office, draft: str) -> str:
    tip = office.tip(f"draft/{draft}")
    tree = _tree_with(office, tip, "100755", "content/jalan.sh", b"#!/bin/sh\n")
    return history.merge(
        office, office.commits(tree, [tip], "Program", office.operator), digest="sha256:" + "0" * 64
    )


def two_spellings(office: Office, draft: str) -> str:
    folder = "content/pengumuman/2026-01-05-kedua"
    office.writes({f"{folder}/FOTO.jpg": b"1", f"{folder}/foto.jpg": b"2"}, draft=draft)
    return history.merge(office, draft)


def windows_name(office: Office, draft: str) -> str:
    office.writes("content/pengumuman/2026-01-05-kedua/aux.md", b"x", draft=draft)
    return history.merge(office, draft)


def refused_before(office: Office, draft: str) -> str:
    history.decision(office, "reject", draft)
    return history.merge(office, draft)


def refused_by_content(office: Office, draft: str) -> str:
    history.decision(office, "reject", draft)
    tip = office.tip(f"draft/{draft}")
    again = office.commits(f"{tip}^{{tree}}", [office.tip("publish")], "Coba lagi", office.operator)
    return history.merge(office, again)


def returned_before(office: Office, draft: str) -> str:
    history.decision(office, "return", draft)
    return history.merge(office, draft)


def refusal_left_unnamed(office: Office, draft: str) -> str:
    history.decision(office, "reject", draft)
    return history.merge(office, draft, ledger="none")


def _tree_with(office: Office, base: str, mode: str, path: str, data: bytes) -> str:
    index = {"GIT_INDEX_FILE": str(office.root / "serangan.index")}
    blob = office.git("hash-object", "-w", "--stdin", data=data)
    office.git("read-tree", base, **index)
    office.git("update-index", "--add", "--cacheinfo", f"{mode},{blob},{path}", **index)
    return office.git("write-tree", **index)


ATTACKS: list[tuple[Attack, str]] = [
    (unsigned, "UNSIGNED"),
    (stranger, "UNKNOWN_KEY"),
    (operator, "NOT_AN_APPROVER"),
    (false_flag, "PRINCIPAL_MISMATCH"),
    (fast_forward, "NOT_A_MERGE"),
    (squash, "NOT_A_MERGE"),
    (octopus, "OCTOPUS"),
    (same_parent_twice, "DUPLICATE_PARENT"),
    (evil_merge, "TREE_DIFFERS"),
    (stale, "UNRELATED_DRAFT"),
    (orphan, "UNRELATED_DRAFT"),
    (foxtrot, "NOT_A_MERGE"),
    (changed_after_signing, "BAD_SIGNATURE"),
    (other_namespace, "WRONG_NAMESPACE"),
    (rewrapped_armor, "SIGNATURE_GRAMMAR"),
    (second_signature_header, "HEADER_GRAMMAR"),
    (encoding_header, "HEADER_GRAMMAR"),
    (wrong_sequence, "REPLAY"),
    (other_office, "REPLAY"),
    (other_digest, "TRAILER_MISMATCH"),
    (trailer_in_text, "MESSAGE_GRAMMAR"),
    (no_trailers, "MESSAGE_GRAMMAR"),
    (ledger_that_never_was, "LEDGER_ROLLBACK"),
    (yesterday, "CLOCK"),
    (tomorrow, "CLOCK"),
    (before_the_term, "TERM"),
    (own_draft, "SELF_APPROVAL"),
    (own_text_as_a_merge_of_publish_with_itself, "SELF_APPROVAL"),
    (code_smuggled, "PROTECTED_CHANGE"),
    (symbolic_link, "TREE_POLICY"),
    (executable, "TREE_POLICY"),
    (two_spellings, "TREE_POLICY"),
    (windows_name, "TREE_POLICY"),
    (refused_before, "DRAFT_BARRED"),
    (refused_by_content, "DRAFT_BARRED"),
    (returned_before, "DRAFT_BARRED"),
    (refusal_left_unnamed, "DRAFT_BARRED"),
]


@pytest.mark.parametrize(("attack", "code"), ATTACKS, ids=[attack.__name__ for attack, _ in ATTACKS])
def test_a_tampered_history_is_refused_and_the_last_good_approval_named(
    office: Office, drafted: str, attack: Attack, code: str
) -> None:
    good = {office.tip("publish")}
    bad = attack(office, drafted)
    good.add(office.git("rev-parse", f"{bad}^1"))
    history.publish(office, bad)

    verdict = office.verify()

    assert code in {refusal.code for refusal in verdict.refusals}
    assert not verdict.ok
    assert verdict.verified_tip in good


def test_a_reopened_draft_may_be_approved(office: Office, drafted: str) -> None:
    history.decision(office, "reject", drafted)
    history.decision(office, "reopen", drafted)
    history.publish(office, history.merge(office, drafted))

    assert office.codes() == []


def test_a_repaired_draft_is_not_barred_by_its_earlier_return(office: Office, drafted: str) -> None:
    history.decision(office, "return", drafted)
    office.writes(f"content/pengumuman/{drafted}/index.md", page("Sudah diperbaiki"), draft=drafted)
    history.publish(office, history.merge(office, drafted))

    assert office.codes() == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"by": "stranger"}, "LEDGER_SIGNER"),
        ({"by": "operator"}, "LEDGER_SIGNER"),
        ({"sequence": 5}, "LEDGER_CHAIN"),
        ({"previous": "sha256:" + "0" * 64}, "LEDGER_CHAIN"),
        ({"actor": "operator1@percontohan.go.id"}, "LEDGER_GRAMMAR"),
        ({"publish": "1" * 40}, "ROLLBACK"),
        ({"data": {"content_digest": "sha256:" + "0" * 64}}, "LEDGER_GRAMMAR"),
        ({"at": datetime(2027, 1, 1, tzinfo=WITA)}, "LEDGER_GRAMMAR"),
    ],
)
def test_a_ledger_entry_out_of_order_bars_everything(
    office: Office, drafted: str, change: dict[str, object], code: str
) -> None:
    history.decision(office, "return", drafted)
    tip = office.tip(f"draft/{drafted}")
    given = {"data": {"content_digest": history.content_digest(office, tip)}, **change}
    by = getattr(office, str(given.pop("by", "head")))
    history.ledger_entry(office, "return", by=by, draft=tip, **given)  # type: ignore[arg-type]

    assert code in office.codes()


def test_an_entry_that_knows_less_than_the_one_before_is_judged_by_its_signer_too(
    office: Office, drafted: str
) -> None:
    older = office.git("rev-parse", "publish^1")
    history.decision(office, "return", drafted)
    history.decision(office, "return", drafted, by=office.operator, publish=older)

    assert office.codes() == ["LEDGER_CHAIN", "LEDGER_SIGNER"]


def test_a_time_that_no_clock_shows_hides_no_refusal(office: Office, drafted: str) -> None:
    """The approval names the entry that bars it; when it was given does not matter then."""
    history.decision(office, "reject", drafted)
    signed = history.payload(office, office.tip(f"draft/{drafted}"))
    signed = signed.replace(b" +0800", b" +0860")
    history.publish(office, history.store(office, signed, history.sign(signed, office.head.key)))

    assert office.codes() == ["CLOCK", "DRAFT_BARRED"]


def test_a_page_that_remains_when_the_pages_after_it_go_is_approved_as_it_is(office: Office) -> None:
    pages = ("content/halaman/z/index.md", "content/halaman/a/index.md")
    gone = dict.fromkeys(office.git("ls-tree", "-r", "--name-only", "publish", "content/halaman").split())
    for draft, files in (
        ("satu", {**gone, pages[0]: page("Z")}),
        ("dua", {pages[1]: page("A")}),
        ("tiga", {pages[0]: None}),
    ):
        history.publish(office, history.merge(office, office.writes(files, draft=draft)))

    assert office.codes() == []


def test_a_publish_branch_that_lost_an_approval_is_a_rollback(office: Office, drafted: str) -> None:
    before = office.tip("publish")
    seen = history.publish(office, history.merge(office, drafted))
    data = {
        "tip": seen,
        "first_seen": office.now.isoformat(),
        "content_digest": history.content_digest(office, seen),
        "output_digest": "sha256:" + "0" * 64,
    }
    history.ledger_entry(office, "witness", by=office.witness, data=data, reason="", publish=seen)
    assert office.codes() == []

    history.publish(office, before)

    assert "ROLLBACK" in office.codes()


def test_a_ledger_cut_short_is_noticed(office: Office, drafted: str) -> None:
    other = office.announces("lain")
    first = history.decision(office, "reject", other)
    history.decision(office, "reopen", other)
    history.publish(office, history.merge(office, drafted))
    assert office.codes() == []

    office.git("update-ref", history.LEDGER, first)

    assert office.codes() == ["LEDGER_ROLLBACK"]


def test_another_trust_file_refuses_the_same_history(office: Office, tmp_path: Path) -> None:
    other = tmp_path / "lain.trust.toml"
    other.write_text(office.trust.read_text().replace('policy_sha256 = "', 'policy_sha256 = "0')[:-2] + '"\n')
    broken = office.verify(trust=other)
    assert [refusal.code for refusal in broken.refusals] == ["TRUST_MISMATCH"]
    assert broken.verified_tip is None

    lines = office.trust.read_text().splitlines()
    lines[-1] = f'content_digest = "sha256:{"0" * 64}"'
    other.write_text("\n".join(lines) + "\n")
    assert [refusal.code for refusal in office.verify(trust=other).refusals] == ["TRUST_MISMATCH"]


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda office: office.git("update-ref", "-d", history.PUBLISH), "REF_MISSING"),
        (lambda office: office.git("tag", "publish", "HEAD"), "REF_AMBIGUOUS"),
        (lambda office: office.git("update-ref", "refs/heads/heads/publish", "HEAD"), "REF_AMBIGUOUS"),
        (
            lambda office: _packed(office, f"{office.tip('publish').upper()} refs/tags/publish"),
            "REF_AMBIGUOUS",
        ),
        (
            lambda office: _packed(office, f"{office.tip('publish')}\trefs/heads/heads/ledger"),
            "REF_AMBIGUOUS",
        ),
        (lambda office: (office.repo / ".git" / "ledger").write_text("0" * 40), "REF_AMBIGUOUS"),
        (lambda office: office.git("symbolic-ref", history.LEDGER, history.PUBLISH), "REF_AMBIGUOUS"),
        (lambda office: office.git("replace", "HEAD", "HEAD^{tree}", "-f"), "REPO_UNSAFE"),
        (lambda office: _info(office, "grafts", office.tip("publish")), "REPO_UNSAFE"),
        (lambda office: _info(office, "../objects/info/alternates", "/tidak/ada"), "REPO_UNSAFE"),
    ],
)
def test_a_repository_that_may_show_something_else_is_refused(
    office: Office, spoil: Callable[[Office], object], code: str
) -> None:
    office.git("switch", "-q", "--detach")
    spoil(office)

    assert code in office.codes()


def _packed(office: Office, line: str) -> None:
    office.git("pack-refs", "--all")
    with (office.repo / ".git" / "packed-refs").open("a") as file:
        file.write(line + "\n")


def _info(office: Office, name: str, text: str) -> None:
    path = office.repo / ".git" / "info" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n")


def test_missing_and_damaged_objects_are_told_apart(office: Office) -> None:
    draft = office.announces("jadwal")
    history.publish(office, history.merge(office, draft))
    blob = office.git("rev-parse", f"publish:content/pengumuman/{draft}/index.md")
    file = office.repo / ".git" / "objects" / blob[:2] / blob[2:]
    kept = file.read_bytes()

    file.unlink()
    assert "OBJECT_MISSING" in office.codes()

    other = office.git("hash-object", "-w", "--stdin", data=b"lain")
    file.write_bytes((file.parents[1] / other[:2] / other[2:]).read_bytes())
    assert "OBJECT_CORRUPT" in office.codes()

    file.chmod(0o644)
    file.write_bytes(kept)
    assert office.codes() == []


def test_configuration_and_hooks_of_the_repository_under_test_never_run(
    office: Office, tmp_path: Path
) -> None:
    history.publish(office, history.merge(office, office.announces("jadwal")))
    ran = tmp_path / "dijalankan"
    trap = tmp_path / "jebakan"
    trap.write_text(f"#!/bin/sh\ntouch {ran}\nexec true\n")
    trap.chmod(0o755)
    for name in ("gpg.ssh.program", "core.fsmonitor", "core.sshCommand", "filter.x.smudge", "core.hooksPath"):
        office.git("config", name, str(trap))

    assert office.verify().ok
    assert not ran.exists()


def test_a_chain_that_breaks_leaves_genesis_as_the_last_good_commit(office: Office, drafted: str) -> None:
    genesis = office.git("rev-list", "--max-parents=0", "publish")
    broken = office.tip("publish")
    history.publish(office, history.merge(office, drafted))
    file = office.repo / ".git" / "objects" / broken[:2] / broken[2:]
    kept = file.read_bytes()
    file.unlink()

    verdict = office.verify()

    assert [(refusal.code, refusal.commit) for refusal in verdict.refusals] == [("OBJECT_MISSING", broken)]
    assert verdict.verified_tip == genesis
    file.write_bytes(kept)
    assert office.verify().ok


def _merged_by_hand(office: Office, bomb: str) -> str:
    """A signed merge of something whose digest nobody can compute."""
    first = office.tip("publish")
    words = message.approval_message("Setujui", "", history.trailers(office, first, first))
    return history.merge(office, bomb, text=words)


def test_a_tree_without_end_is_refused_in_bounded_time(office: Office, drafted: str) -> None:
    tree = office.git("mktree", data=b"")
    for _ in range(14):
        entries = "".join(f"040000 tree {tree}\t{name}\n" for name in "abcdefghij")
        tree = office.git("mktree", data=entries.encode())
    root = office.git("mktree", data=f"040000 tree {tree}\tcontent\n".encode())
    bomb = office.commits(root, [office.tip("publish")], "Bom", office.operator)
    history.publish(office, _merged_by_hand(office, bomb))

    assert {"TREE_POLICY", "LIMIT"} & set(office.codes())


def test_publish_as_a_link_to_another_branch_is_ambiguous(office: Office, drafted: str) -> None:
    ref = office.repo / ".git" / "refs" / "heads" / "publish"
    ref.unlink()
    ref.symlink_to(f"refs/heads/draft/{drafted}")

    assert "REF_AMBIGUOUS" in office.codes()


def test_a_damaged_draft_makes_no_other_draft_unavailable(office: Office, drafted: str) -> None:
    history.ledger_entry(
        office, "reject", draft=office.tip(f"draft/{drafted}"), data={"content_digest": "sha256:" + "0" * 64}
    )
    tree = office.git("rev-parse", "publish^{tree}")
    raw = f"tree {tree}\nauthor A <a@b.id> x\ncommitter A <a@b.id> 1 +0000\n\nx\n".encode()
    broken = office.git("hash-object", "-t", "commit", "-w", "--stdin", "--literally", data=raw)
    (office.repo / ".git/refs/heads/draft/zz").write_text(broken + "\n")

    assert "LEDGER_GRAMMAR" in office.codes()


def test_a_parent_line_that_goes_on_is_out_of_grammar(office: Office, drafted: str) -> None:
    signed = history.payload(office, office.tip(f"draft/{drafted}"))
    signed = signed.replace(b"\nauthor", b"\n sisipan\nauthor", 1)
    raw = history.commits.with_signature(signed, history.sign(signed, office.head.key))
    commit = office.git("hash-object", "-t", "commit", "-w", "--stdin", "--literally", data=raw)
    history.publish(office, commit)

    assert "HEADER_GRAMMAR" in office.codes()


@pytest.mark.parametrize("moment", [datetime.max.replace(tzinfo=WITA, microsecond=0)])
def test_the_last_day_of_all_calendars_is_a_day_like_any_other(
    office: Office, drafted: str, moment: datetime
) -> None:
    assert office.verify(now=moment).ok
