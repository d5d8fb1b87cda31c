"""A ledger forged, reordered, cut off, or written by who may not (protocol §6)."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.pipeline.attacks.armor import armor, rsa_key
from tests.pipeline.attacks.catalogue import Act, Attack, Catalogue, must_be_refused
from tests.pipeline.attacks.scene import (
    ACTING,
    DAILY,
    DAY,
    FILE,
    FOLDER,
    HEAD,
    OPERATOR,
    SECOND_ROOT,
    START,
    STRANGER,
    WITNESS,
    ZERO_DIGEST,
    Scene,
    canonical,
    moment,
    page,
)
from tests.pipeline.attacks.test_people import revoked

LEDGER = Catalogue("ledger")


def returned(**wrong: Any) -> Act:
    """One more ``return`` with something wrong in it."""
    return lambda scene: scene.record(scene.decision("return", **wrong))


def written(change: Callable[[bytes], bytes]) -> Act:
    """An entry whose file is changed as bytes."""
    return returned(text=change)


def replaced(old: str, new: str) -> Act:
    """The same by words."""
    return written(lambda raw: raw.replace(old.encode(), new.encode("utf-8", "surrogatepass"), 1))


def valued(**fields: Any) -> Act:
    """An entry with other values, canonical."""
    return returned(**fields)


def dated(at: object) -> Act:
    """An entry that says another time than its commit."""
    return written(lambda raw: re.sub(rb'"at":"[^"]*"', b'"at":' + canonical(at)[:-1], raw))


def with_data(data: object) -> Act:
    """A probe that holds something else."""
    return lambda scene: scene.record(
        scene.entry("probe", by=OPERATOR, reason="", text=lambda raw: raw.replace(b'"data":{}', _said(data)))
    )


def _said(data: object) -> bytes:
    return b'"data":' + (data if isinstance(data, bytes) else canonical(data)[:-1])


def sighted(**fields: Any) -> Act:
    """A witness entry with other data."""

    def act(scene: Scene) -> None:
        right = {
            "content_digest": scene.digest(scene.tree_of(scene.tip)),
            "first_seen": moment(scene.now),
            "output_digest": ZERO_DIGEST,
            "tip": scene.tip,
        }
        data = {name: value for name, value in {**right, **fields}.items() if value is not None}
        scene.record(scene.sighting(data=data))

    return act


def kind_by(kind: str, by: Any) -> Act:
    """An entry of a kind by somebody."""
    if kind == "witness":
        return lambda scene: scene.record(scene.sighting(by=by))
    if kind in ("return", "reject", "reopen"):
        return lambda scene: scene.record(scene.decision(kind, by=by))
    return lambda scene: scene.record(scene.entry(kind, by=by))


def _reversed(raw: bytes) -> bytes:
    value = json.loads(raw)
    pairs = dict(reversed(list(value.items())))
    return json.dumps(pairs, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


LEDGER.each(
    "LEDGER_GRAMMAR",
    [
        (
            "spaces_in_the_json",
            written(lambda raw: json.dumps(json.loads(raw), sort_keys=True).encode() + b"\n"),
        ),
        ("keys_out_of_order", written(_reversed)),
        ("no_line_feed", written(lambda raw: raw[:-1])),
        ("two_line_feeds", written(lambda raw: raw + b"\n")),
        ("bytes_after_the_line_feed", written(lambda raw: raw + b"x")),
        ("carriage_return", written(lambda raw: raw[:-1] + b"\r\n")),
        ("byte_order_mark", written(lambda raw: b"\xef\xbb\xbf" + raw)),
        ("not_utf8", written(lambda raw: raw.replace(b"Alasan", b"Al\xff"))),
        ("in_utf_16", written(lambda raw: raw.decode().encode("utf-16"))),
        ("empty", written(lambda _raw: b"")),
        ("null", written(lambda _raw: b"null\n")),
        ("list", written(lambda raw: b"[" + raw[:-1] + b"]\n")),
        ("text", written(lambda _raw: b'"return"\n')),
        ("two_objects", written(lambda raw: raw + raw)),
        ("comma_at_the_end", written(lambda raw: raw.replace(b"}\n", b",}\n"))),
        ("key_twice", replaced('"reason":', '"reason":"x","reason":')),
        ("key_twice_in_the_data", with_data(b'{"a":1,"a":1}')),
        ("key_unknown", replaced('"sequence":', '"semua":1,"sequence":')),
        ("key_missing", replaced('"reason":"Alasan.",', "")),
        ("escaped_letter", replaced("Alasan", "\\u0041lasan")),
        ("escaped_slash", replaced("Alasan.", "Alasan\\/")),
        ("escape_in_capitals", replaced("Alasan.", "Alasan\\u001B")),
        ("escape_where_a_short_one_is", replaced("Alasan.", "Alasan\\u000a")),
        ("escaped_delete", replaced("Alasan.", "Alasan\\u007f")),
        ("control_character_as_it_is", replaced("Alasan.", "Alasan\t")),
        ("lone_surrogate_escaped", replaced("Alasan.", "Alasan\\ud800")),
        ("lone_surrogate_as_bytes", replaced("Alasan.", "Alasan\ud800")),
        ("pair_of_surrogates_escaped", replaced("Alasan.", "Alasan\\ud83d\\ude00")),
        ("fraction", with_data(b'{"a":1.5}')),
        ("whole_fraction", with_data(b'{"a":1.0}')),
        ("exponent", with_data(b'{"a":1e3}')),
        ("minus_zero", with_data(b'{"a":-0}')),
        ("padded_number", with_data(b'{"a":01}')),
        ("number_with_a_plus", with_data(b'{"a":+1}')),
        ("not_a_number", with_data(b'{"a":NaN}')),
        ("infinity", with_data(b'{"a":Infinity}')),
        ("number_of_ten_thousand_digits", with_data(b'{"a":' + b"9" * 10_000 + b"}")),
        ("brackets_without_end", with_data(b"[" * 200_000)),
        ("brackets_of_great_depth", with_data(b'{"a":' + b"[" * 50_000 + b"]" * 50_000 + b"}")),
        ("data_keys_out_of_order", with_data(b'{"b":1,"a":1}')),
        ("data_a_list", with_data([])),
        ("data_null", with_data(None)),
        ("data_missing", valued(data={})),
        ("data_without_digest", valued(data={"note": "x"})),
        ("digest_out_of_form", valued(data={"content_digest": "0" * 64})),
        ("digest_of_another_draft", valued(data={"content_digest": ZERO_DIGEST})),
        ("reason_blank", valued(reason=" ")),
        ("reason_empty", valued(reason="")),
        ("reason_of_unseen_spaces", valued(reason="\u3000\u00a0")),
        ("reason_null", valued(reason=None)),
        ("reason_number", valued(reason=1)),
        ("reject_without_reason", lambda s: s.record(s.decision("reject", reason=""))),
        ("reopen_without_reason", lambda s: s.record(s.decision("reopen", reason="\n"))),
        ("draft_null", lambda s: s.record(s.entry("return", data={"content_digest": ZERO_DIGEST}))),
        ("draft_short", lambda s: s.record(_about(s, s.draft[:12]))),
        ("draft_in_capitals", lambda s: s.record(_about(s, s.draft.upper()))),
        ("draft_a_name", lambda s: s.record(_about(s, "draft/ketiga"))),
        ("kind_unknown", lambda s: s.record(s.entry("approve"))),
        ("kind_in_capitals", lambda s: s.record(s.entry("Return"))),
        ("kind_null", replaced('"kind":"return"', '"kind":null')),
        ("kind_a_list", replaced('"kind":"return"', '"kind":["return"]')),
        ("actor_null", valued(actor=None)),
        ("actor_another", valued(actor=OPERATOR.id)),
        ("actor_in_capitals", valued(actor=HEAD.id.upper())),
        ("sequence_text", replaced('"sequence":4', '"sequence":"4"')),
        ("sequence_true", replaced('"sequence":4', '"sequence":true')),
        ("sequence_zero", replaced('"sequence":4', '"sequence":0')),
        ("sequence_negative", replaced('"sequence":4', '"sequence":-4')),
        ("sequence_of_nine_digits", replaced('"sequence":4', '"sequence":100000000')),
        ("previous_without_kind", valued(previous="0" * 64)),
        ("previous_empty", valued(previous="")),
        ("publish_null", valued(publish=None)),
        ("publish_a_name", valued(publish="publish")),
        ("publish_short", lambda s: valued(publish=s.tip[:12])(s)),
        ("at_without_offset", dated("2026-01-05T09:10:00")),
        ("at_with_a_space", dated("2026-01-05 09:10:00+08:00")),
        ("at_in_small_letters", dated("2026-01-05t09:10:00+08:00")),
        ("at_with_fractions", dated("2026-01-05T09:10:00.0+08:00")),
        ("at_without_seconds", dated("2026-01-05T09:10+08:00")),
        ("at_with_a_leap_second", dated("2026-01-05T23:59:60+08:00")),
        ("at_at_hour_24", dated("2026-01-05T24:00:00+08:00")),
        ("at_on_30_february", dated("2026-02-30T09:10:00+08:00")),
        ("at_in_the_year_0", dated("0000-01-01T00:00:00+08:00")),
        ("at_in_the_first_hour_of_all", dated("0001-01-01T00:00:00+08:00")),
        ("at_in_other_digits", dated("٢٠٢٦-01-05T09:10:00+08:00")),
        ("at_a_number", dated(START)),
        ("at_a_second_beside_the_commit", lambda s: s.record(s.decision("return", committed=s.now + 61))),
        ("time_runs_backwards", lambda s: s.record(s.decision("return", at=s.now - DAY))),
        ("too_far_ahead", lambda s: s.record(s.decision("return", at=s.now + 60 + 601))),
        ("message_without_trailers", returned(message="Catat\n")),
        ("message_empty", returned(message="")),
        ("trailers_shuffled", returned(message="Catat\n\nLedger-Sequence: 4\nLedger-Version: 1\n")),
        ("trailer_missing", returned(message="Catat\n\nLedger-Sequence: 4\n")),
        (
            "trailer_twice",
            returned(message="Catat\n\nLedger-Version: 1\nLedger-Version: 1\nLedger-Sequence: 4\n"),
        ),
        ("version_2", returned(message="Catat\n\nLedger-Version: 2\nLedger-Sequence: 4\n")),
        ("foreign_trailer", returned(message="Catat\n\nLedger-Version: 1\nLedger-Sequence: 4\nNote: x\n")),
        (
            "approval_trailer_in_the_text",
            returned(message="Catat\n\nApproval-Version: 1\n\nLedger-Version: 1\nLedger-Sequence: 4\n"),
        ),
        (
            "approval_trailer_as_subject",
            returned(message="Approval-Version: 1\n\nLedger-Version: 1\nLedger-Sequence: 4\n"),
        ),
        ("witness_without_output", sighted(output_digest=None)),
        ("witness_with_more", sighted(more="x")),
        ("witness_of_a_short_tip", sighted(tip="0123456789ab")),
        ("witness_with_another_content", sighted(content_digest=ZERO_DIGEST)),
        ("witness_with_digest_out_of_form", sighted(output_digest="x")),
        ("witness_seen_without_offset", sighted(first_seen="2026-01-05T09:10:00")),
        ("witness_seen_as_a_number", sighted(first_seen=START)),
        ("witness_seen_before_the_tip", sighted(first_seen=moment(START))),
        ("witness_seen_after_it_was_written", sighted(first_seen=moment(START + DAY))),
    ],
    row=23,
)
LEDGER.each(
    "LEDGER_CHAIN",
    [
        ("sequence_skipped", valued(sequence=5)),
        ("sequence_again", valued(sequence=3)),
        ("file_of_another_kind", returned(name="00000004-reject.json")),
        ("file_of_another_sequence", returned(name="00000005-return.json")),
        ("file_without_zeros", returned(name="4-return.json")),
        ("file_of_another_ending", returned(name="00000004-return.txt")),
        (
            "file_not_utf8",
            lambda s: s.record(s.decision("return", tree=lambda t: _renamed(s, t, b"00000004-r\xff.json"))),
        ),
        ("trailer_of_another_sequence", returned(message="Catat\n\nLedger-Version: 1\nLedger-Sequence: 5\n")),
        ("trailer_padded", returned(message="Catat\n\nLedger-Version: 1\nLedger-Sequence: 04\n")),
        ("previous_null", valued(previous=None)),
        ("previous_of_nothing", valued(previous=ZERO_DIGEST)),
        ("previous_of_the_one_before", lambda s: valued(previous=_digest(s, 1))(s)),
        ("two_files_added", lambda s: s.record(s.decision("return", tree=lambda t: _more(s, t)))),
        ("an_old_file_removed", lambda s: s.record(s.decision("return", tree=lambda t: _fewer(s, t)))),
        ("an_old_file_changed", lambda s: s.record(s.decision("return", tree=lambda t: _other(s, t)))),
        ("an_old_file_renamed", lambda s: s.record(s.decision("return", tree=lambda t: _moved(s, t)))),
        ("a_file_beside_the_folder", lambda s: s.record(s.decision("return", tree=lambda t: _beside(s, t)))),
        (
            "the_folder_under_another_name",
            lambda s: s.record(s.decision("return", tree=lambda t: _called(s, t))),
        ),
        ("nothing_added", lambda s: s.record(s.decision("return", tree=lambda _t: s.tree_of(s.ledger[-1])))),
        ("an_executable_entry", lambda s: s.record(s.decision("return", tree=lambda t: _executable(s, t)))),
        ("an_entry_that_is_a_folder", lambda s: s.record(s.decision("return", tree=lambda t: _folder(s, t)))),
        ("an_empty_root", lambda s: s.record(s.decision("return", tree=lambda _t: s.raw_tree([])))),
        ("two_parents", lambda s: s.record(s.decision("return", parents=[s.ledger[-1], s.ledger[-2]]))),
        ("publish_as_second_parent", lambda s: s.record(s.decision("return", parents=[s.ledger[-1], s.tip]))),
        (
            "publish_older_than_the_entry_before",
            lambda s: (s.recorded(s.decision("return")), valued(publish=s.genesis)(s)),
        ),
    ],
    row=23,
)
LEDGER.each(
    "LEDGER_SIGNER",
    [
        *(
            (f"{kind}_by_{by.name.split()[0].casefold().strip('.')}", kind_by(kind, by))
            for kind, by in [
                ("return", OPERATOR),
                ("reject", WITNESS),
                ("reopen", SECOND_ROOT),
                ("reject", OPERATOR),
                ("witness", HEAD),
                ("witness", OPERATOR),
                ("witness", ACTING),
                ("countersign", OPERATOR),
                ("countersign", DAILY),
                ("countersign", WITNESS),
                ("archive", WITNESS),
                ("archive", DAILY),
                ("report", SECOND_ROOT),
                ("intake", DAILY),
                ("probe", HEAD),
                ("probe", ACTING),
                ("probe", DAILY),
            ]
        ),
    ],
    row=23,
)
LEDGER.each(
    "LEDGER_SIGNER UNKNOWN_KEY",
    [
        ("return_by_a_stranger", kind_by("return", STRANGER)),
        ("witness_by_a_stranger", kind_by("witness", STRANGER)),
        ("return_with_a_strangers_key", returned(key=STRANGER.key)),
    ],
    row=23,
)
LEDGER.each(
    "LEDGER_SIGNER PRINCIPAL_MISMATCH",
    [
        ("return_by_the_acting_head_under_the_heads_name", returned(key=ACTING.key)),
        (
            "return_under_a_strangers_address",
            lambda s: s.record(s.decision("return", email=STRANGER.id, actor=STRANGER.id)),
        ),
    ],
    row=23,
)
LEDGER.each(
    "LEDGER_SIGNER TERM",
    [
        ("return_after_the_term", lambda s: _after(s, ACTING)),
        ("return_by_the_daily_after_the_term", lambda s: _after(s, DAILY)),
    ],
    row=23,
)
LEDGER.each(
    "LEDGER_SIGNER OUT_OF_SCOPE",
    [
        ("daily_rejects_beyond_his_scope", lambda s: _beyond(s, "reject")),
        ("daily_reopens_beyond_his_scope", lambda s: _beyond(s, "reopen")),
        ("daily_reopens_what_is_nowhere", lambda s: s.record(_about(s, "1" * 40, kind="reopen", by=DAILY))),
    ],
    row=23,
)
LEDGER.each(
    "LEDGER_SIGNER REVOKED_KEY",
    [
        (
            "return_with_a_revoked_key",
            lambda s: (s.enacts(more=revoked(ACTING)), kind_by("return", ACTING)(s)),
        ),
        ("return_that_knows_nothing_of_the_revocation", lambda s: _unknowing(s)),
    ],
    row=13,
)
LEDGER.each(
    "LEDGER_SIGNER ROLLBACK",
    [
        ("publish_that_never_was", valued(publish="1" * 40)),
        ("publish_a_draft", lambda s: valued(publish=s.draft)(s)),
        ("publish_an_entry", lambda s: valued(publish=s.ledger[0])(s)),
    ],
    row=22,
)
LEDGER.each(
    "HEADER_GRAMMAR",
    [
        ("encoding_header", returned(edit=lambda raw: raw.replace(b"\n\n", b"\nencoding UTF-8\n\n", 1))),
        ("signature_twice", returned(after=lambda raw: raw.replace(b"\n\n", b"\ngpgsig x\n\n", 1))),
        ("author_another", returned(edit=lambda raw: raw.replace(b"author Camat", b"author Saksi", 1))),
        ("nul_in_the_subject", returned(message="Cat\0at\n\nLedger-Version: 1\nLedger-Sequence: 4\n")),
    ],
    row=21,
)
LEDGER.each(
    "LEDGER_SIGNER UNSIGNED",
    [("unsigned", returned(sign=lambda _p: None))],
    row=23,
)
LEDGER.each(
    "LEDGER_SIGNER BAD_SIGNATURE",
    [
        ("signed_for_another_entry", lambda s: _borrowed(s)),
        ("words_changed_after_signing", returned(after=lambda raw: raw.replace(b"Catat", b"Catut", 1))),
    ],
    row=6,
)
LEDGER.each(
    "LEDGER_SIGNER WRONG_NAMESPACE",
    [("signed_in_another_namespace", returned(sign=lambda p: armor(HEAD.key, p, namespace=b"sop-policy")))],
    row=7,
)
LEDGER.each(
    "LEDGER_SIGNER KEY_TYPE",
    [("signed_with_a_weak_key", returned(sign=lambda p: armor(rsa_key(2048), p)))],
    row=8,
)
LEDGER.each(
    "LEDGER_SIGNER SIGNATURE_GRAMMAR",
    [("armor_with_a_line_more", returned(sign=lambda p: armor(HEAD.key, p) + "\n"))],
    row=21,
)


def _about(scene: Scene, draft: str, *, kind: str = "return", by: Any = HEAD) -> str:
    return scene.entry(kind, by=by, draft=draft, data={"content_digest": ZERO_DIGEST})


def _digest(scene: Scene, place: int) -> str:
    value = json.loads(scene.entries[place][1])
    assert isinstance(value["previous"], str)
    return str(value["previous"])


def _inside(scene: Scene, tree: str) -> list[tuple[bytes, bytes, str]]:
    return scene.read_tree(scene.read_tree(tree)[0][2])


def _rooted(scene: Scene, entries: list[tuple[bytes, bytes, str]], name: bytes = b"entries") -> str:
    return scene.raw_tree([(FOLDER, name, scene.sorted_tree(entries))])


def _renamed(scene: Scene, tree: str, name: bytes) -> str:
    entries = _inside(scene, tree)
    return _rooted(scene, [*entries[:-1], (FILE, name, entries[-1][2])])


def _more(scene: Scene, tree: str) -> str:
    return _rooted(scene, [*_inside(scene, tree), (FILE, b"00000005-return.json", scene.put("blob", b"x"))])


def _fewer(scene: Scene, tree: str) -> str:
    return _rooted(scene, _inside(scene, tree)[1:])


def _other(scene: Scene, tree: str) -> str:
    (mode, name, _), *rest = _inside(scene, tree)
    return _rooted(scene, [(mode, name, scene.put("blob", b"x")), *rest])


def _moved(scene: Scene, tree: str) -> str:
    (mode, _, oid), *rest = _inside(scene, tree)
    return _rooted(scene, [(mode, b"00000001-reject.json", oid), *rest])


def _beside(scene: Scene, tree: str) -> str:
    return scene.sorted_tree([*scene.read_tree(tree), (FILE, b"README.md", scene.put("blob", b"x"))])


def _called(scene: Scene, tree: str) -> str:
    return _rooted(scene, _inside(scene, tree), b"Entries")


def _executable(scene: Scene, tree: str) -> str:
    entries = _inside(scene, tree)
    return _rooted(scene, [*entries[:-1], (b"100755", *entries[-1][1:])])


def _folder(scene: Scene, tree: str) -> str:
    entries = _inside(scene, tree)
    return _rooted(scene, [*entries[:-1], (FOLDER, entries[-1][1], scene.read_tree(tree)[0][2])])


def _after(scene: Scene, person: Any) -> None:
    scene.now = START + 90 * DAY
    scene.record(scene.decision("return", by=person, at=scene.now))


def _beyond(scene: Scene, kind: str) -> None:
    far = scene.writes({"content/halaman/profil/index.md": page("lain")})
    scene.record(scene.decision(kind, far, by=DAILY))


def _unknowing(scene: Scene) -> None:
    """Written on an older publish, after the revocation was approved."""
    before = scene.tip
    scene.enacts(more=revoked(ACTING))
    scene.record(scene.decision("return", by=ACTING, publish=before))


def _borrowed(scene: Scene) -> None:
    raw = scene.objects[scene.ledger[0]][1].partition(b"\n\n")[0]
    old = raw.partition(b"\ngpgsig ")[2].replace(b"\n ", b"\n") + b"\n"
    returned(sign=lambda _p: old)(scene)


@LEDGER.attack("OBJECT_MISSING", row=23)
def an_entry_file_that_is_nowhere(scene: Scene) -> None:
    scene.record(scene.decision("return"))
    scene.loose(scene.put("blob", scene.last_entry[1])).unlink()


@LEDGER.attack("OBJECT_MISSING", "LEDGER_ROLLBACK", row=23)
def an_entry_in_the_middle_that_is_nowhere(scene: Scene) -> None:
    scene.loose(scene.ledger[1]).unlink()
    scene.good = scene.chain[1]


@LEDGER.attack("OBJECT_CORRUPT", "LEDGER_ROLLBACK", row=23)
def a_ledger_that_is_a_file(scene: Scene) -> None:
    scene.record(scene.put("blob", b"x"))
    scene.good = scene.chain[1]


@LEDGER.attack("LEDGER_CHAIN", "LEDGER_ROLLBACK", row=23)
def an_entry_on_an_older_entry(scene: Scene) -> None:
    scene.record(scene.decision("return", parents=[scene.ledger[0]]))
    scene.good = scene.chain[1]


@LEDGER.attack("LEDGER_CHAIN", "LEDGER_ROLLBACK", row=23)
def a_fourth_entry_without_those_before(scene: Scene) -> None:
    scene.record(scene.decision("return", parents=[]))
    scene.good = scene.chain[1]


@LEDGER.attack("LEDGER_ROLLBACK", row=23)
def a_ledger_cut_short(scene: Scene) -> None:
    """Approval 2 named entry 3."""
    scene.record(scene.ledger[1])
    scene.good = scene.chain[1]


@LEDGER.attack("LEDGER_ROLLBACK", row=23)
def a_ledger_that_is_gone(scene: Scene) -> None:
    (scene.repo / "refs/heads/ledger").unlink()
    scene.good = scene.chain[1]


@LEDGER.attack("LEDGER_ROLLBACK", row=23)
def a_ledger_written_anew(scene: Scene) -> None:
    """Another first entry, right in everything; what the approvals named is not on it."""
    scene.ledger, scene.entries = [], []
    scene.record(scene.decision("return", publish=scene.genesis))
    scene.good = scene.chain[1]


@LEDGER.attack("LEDGER_ROLLBACK", row=23)
def a_ledger_that_forks_before_what_was_named(scene: Scene) -> None:
    scene.ledger, scene.entries = scene.ledger[:2], scene.entries[:2]
    scene.record(scene.decision("return", publish=scene.chain[1]))
    scene.good = scene.chain[1]


@LEDGER.attack("LEDGER_CHAIN", "LEDGER_GRAMMAR", "LEDGER_ROLLBACK", "LEDGER_SIGNER", "UNSIGNED", row=23)
def publish_as_the_ledger(scene: Scene) -> None:
    scene.record(scene.tip)
    scene.good = scene.chain[1]


@pytest.mark.parametrize("attack", LEDGER.attacks, ids=str)
def test_the_ledger_is_one_chain_of_rightful_entries(scene: Scene, attack: Attack) -> None:
    must_be_refused(attack, scene)
