"""Words that promise more than they hold: trailers and the grammar around them (protocol §4.7)."""

import pytest

from tests.pipeline.attacks.catalogue import Act, Attack, Catalogue, must_be_refused
from tests.pipeline.attacks.scene import ZERO_DIGEST, Scene

MESSAGES = Catalogue("messages")


def worded(old: bytes, new: bytes) -> Act:
    """An approval whose message has one change, signed as it is."""
    return lambda scene: scene.publish(scene.approval(message=lambda words: words.replace(old, new, 1)))


def saying(**changed: str | None) -> Act:
    """An approval with other values in its trailers."""
    return lambda scene: scene.publish(scene.approval(**changed))


def _shuffled(words: bytes) -> bytes:
    lines = words.split(b"\n")
    lines[-3], lines[-2] = lines[-2], lines[-3]
    return b"\n".join(lines)


MESSAGES.each(
    "MESSAGE_GRAMMAR",
    [
        ("no_message", lambda s: s.publish(s.approval(message=lambda _w: b""))),
        ("subject_alone", lambda s: s.publish(s.approval(message=lambda _w: b"Setujui\n"))),
        ("no_subject", worded(b"Setujui\n\n", b"")),
        ("blank_subject", worded(b"Setujui", b" ")),
        ("empty_subject", worded(b"Setujui", b"")),
        ("no_blank_line_after_the_subject", worded(b"Setujui\n\n", b"Setujui\n")),
        ("subject_of_two_lines", worded(b"Setujui\n", b"Setujui\nlagi\n")),
        ("trailers_after_text_without_blank_line", worded(b"Setujui\n\n", b"Setujui\n\nteks\n")),
        ("no_line_feed_at_the_end", lambda s: s.publish(s.approval(message=lambda w: w[:-1]))),
        ("two_line_feeds_at_the_end", lambda s: s.publish(s.approval(message=lambda w: w + b"\n"))),
        ("text_after_the_trailers", lambda s: s.publish(s.approval(message=lambda w: w + b"\nteks\n"))),
        ("foreign_trailer_among_them", worded(b"Approval-Ref", b"Signed-off-by: x\nApproval-Ref")),
        ("foreign_trailer_at_the_end", lambda s: s.publish(s.approval(message=lambda w: w + b"Note: x\n"))),
        ("unknown_trailer", worded(b"Approval-Ref", b"Approval-Note: x\nApproval-Ref")),
        ("trailer_twice", worded(b"Approval-Version: 1\n", b"Approval-Version: 1\nApproval-Version: 1\n")),
        ("trailers_shuffled", lambda s: s.publish(s.approval(message=_shuffled))),
        ("trailer_in_the_subject", worded(b"Setujui", b"Approval-Version: 1")),
        ("trailer_in_the_text", worded(b"Setujui\n", b"Setujui\n\nApproval-Draft: x\n")),
        ("ledger_trailer_in_the_text", worded(b"Setujui\n", b"Setujui\n\nLedger-Version: 1\n")),
        ("trailer_in_small_letters", worded(b"Approval-Ref", b"approval-ref")),
        ("trailer_indented", worded(b"Approval-Ref", b" Approval-Ref")),
        ("trailer_goes_on", worded(b"refs/heads/publish\n", b"refs/heads/publish\n x\n")),
        ("no_space_after_the_colon", worded(b"Approval-Ref: ", b"Approval-Ref:")),
        ("two_spaces_after_the_colon", worded(b"Approval-Ref: ", b"Approval-Ref:  ")),
        ("space_before_the_colon", worded(b"Approval-Ref:", b"Approval-Ref :")),
        ("space_after_the_value", worded(b"publish\n", b"publish \n")),
        ("tab_after_the_value", worded(b"publish\n", b"publish\t\n")),
        ("value_empty", saying(ref="")),
        *(
            (f"without_{name}", saying(**{name: None}))
            for name in ("version", "sequence", "ref", "genesis", "draft", "digest", "policy", "ledger")
        ),
    ],
)
MESSAGES.each(
    "TRAILER_MISMATCH",
    [
        ("version_2", saying(version="2")),
        ("version_in_other_digits", saying(version="١")),
        ("version_padded", saying(version="01")),
        ("other_draft", lambda s: s.publish(_other_draft(s))),
        ("draft_cut_short", lambda s: s.publish(_said(s, "Draft", s.draft[:12]))),
        ("draft_in_capitals", lambda s: s.publish(_said(s, "Draft", s.draft.upper()))),
        ("other_digest", saying(digest=ZERO_DIGEST)),
        (
            "digest_without_its_kind",
            lambda s: s.publish(_said(s, "Digest", s.digest(s.tree_of(s.draft))[7:])),
        ),
        ("digest_in_capitals", lambda s: s.publish(_said(s, "Digest", s.digest(s.tree_of(s.draft)).upper()))),
        ("digest_of_the_previous_tree", lambda s: s.publish(_said(s, "Digest", s.digest(s.tree_of(s.tip))))),
        ("other_policy", saying(policy=ZERO_DIGEST)),
        ("ledger_cut_short", lambda s: s.publish(_said(s, "Ledger", s.ledger[-1][:12]))),
        ("ledger_by_name", saying(ledger="refs/heads/ledger")),
        ("ledger_none_in_capitals", saying(ledger="None")),
        ("ledger_in_capitals", lambda s: s.publish(_said(s, "Ledger", s.ledger[-1].upper()))),
        ("ledger_of_the_right_length_but_no_id", saying(ledger="x" * 40)),
    ],
)
MESSAGES.each(
    "TRAILER_MISMATCH REPLAY",
    [
        ("sequence_of_the_previous", saying(sequence="2")),
        ("sequence_of_the_next", saying(sequence="4")),
        ("sequence_zero", saying(sequence="0")),
        ("sequence_negative", saying(sequence="-3")),
        ("sequence_padded", saying(sequence="03")),
        ("sequence_with_a_sign", saying(sequence="+3")),
        ("sequence_in_other_digits", saying(sequence="٣")),
        ("ref_of_another_branch", saying(ref="refs/heads/main")),
        ("ref_short", saying(ref="publish")),
        ("ref_of_a_remote", saying(ref="refs/remotes/origin/publish")),
        ("ref_in_capitals", saying(ref="refs/heads/Publish")),
        ("genesis_of_another_office", saying(genesis="1" * 40)),
        ("genesis_in_the_other_format", saying(genesis="1" * 64)),
        ("genesis_cut_short", lambda s: s.publish(_said(s, "Genesis", s.genesis[:12]))),
        ("genesis_in_capitals", lambda s: s.publish(_said(s, "Genesis", s.genesis.upper()))),
    ],
    row=20,
)
MESSAGES.each(
    "LEDGER_ROLLBACK",
    [
        ("ledger_that_never_was", saying(ledger="1" * 40)),
        ("ledger_named_from_publish", lambda s: s.publish(_said(s, "Ledger", s.tip))),
        ("ledger_older_than_the_previous_named", lambda s: s.publish(_said(s, "Ledger", s.ledger[0]))),
        ("ledger_forgotten", saying(ledger="none")),
    ],
    row=23,
)


def _said(scene: Scene, name: str, value: str) -> str:
    return scene.approval(**{name.lower(): value})


def _other_draft(scene: Scene) -> str:
    return _said(scene, "Draft", scene.announces("lain"))


@pytest.mark.parametrize("attack", MESSAGES.attacks, ids=str)
def test_words_bind_what_they_say(scene: Scene, attack: Attack) -> None:
    must_be_refused(attack, scene, ask_git=True)
