"""Who may approve what, when, and until when (protocol §4.5, §4.6, §6 terms)."""

import pytest

from tests.pipeline.attacks.catalogue import Attack, Catalogue, must_be_refused
from tests.pipeline.attacks.scene import (
    ACTING,
    DAILY,
    DAY,
    HEAD,
    OPERATOR,
    PEOPLE,
    SECOND_ROOT,
    START,
    STRANGER,
    WITNESS,
    Person,
    Scene,
    moment,
    page,
    person_table,
    stand_in,
)

PERSONS = Catalogue("persons")
TERM_END = START + 90 * DAY


def revoked(person: Person, since: str | None = None) -> str:
    """A ``[[revoked]]`` table for somebody's first key."""
    more = f'compromised_since = "{since}"\n' if since else ""
    return f'\n[[revoked]]\nkey = "{person.key.fingerprint}"\nreason = "Hilang"\n{more}'


PERSONS.each(
    "NOT_AN_APPROVER",
    [
        ("by_the_operator", lambda s: s.publish(s.approval(_by_another(s), by=OPERATOR))),
        ("by_the_witness", lambda s: s.publish(s.approval(by=WITNESS))),
        ("by_a_root_person", lambda s: s.publish(s.approval(by=SECOND_ROOT))),
    ],
    row=5,
)
PERSONS.each(
    "PRINCIPAL_MISMATCH",
    [
        ("another_address", lambda s: s.publish(s.approval(email=STRANGER.id))),
        ("address_in_capitals", lambda s: s.publish(s.approval(email=HEAD.id.upper()))),
        ("address_with_a_dot_more", lambda s: s.publish(s.approval(email=HEAD.id + "."))),
        ("no_address", lambda s: s.publish(s.approval(email="-"))),
        ("address_of_the_acting_head", lambda s: s.publish(s.approval(email=ACTING.id))),
        ("head_key_under_the_operators_address", lambda s: s.publish(s.approval(email=OPERATOR.id))),
        ("acting_key_under_the_heads_address", lambda s: s.publish(s.approval(by=ACTING, email=HEAD.id))),
    ],
    row=4,
)
PERSONS.each(
    "NOT_AN_APPROVER PRINCIPAL_MISMATCH",
    [
        (
            "operator_key_under_the_heads_name",
            lambda s: s.publish(s.approval(_by_another(s), key=OPERATOR.key)),
        ),
        ("witness_key_under_the_heads_name", lambda s: s.publish(s.approval(key=WITNESS.key))),
        ("root_key_under_the_heads_name", lambda s: s.publish(s.approval(key=SECOND_ROOT.key))),
    ],
    row=5,
)
PERSONS.each(
    "TERM",
    [
        ("acting_at_the_very_end", lambda s: _late(s, ACTING, TERM_END)),
        ("acting_a_day_late", lambda s: _late(s, ACTING, TERM_END + DAY - 60)),
        ("daily_at_the_very_end", lambda s: _late(s, DAILY, TERM_END)),
        ("head_at_the_end_of_his_term", lambda s: _after_the_heads_term(s, 0)),
        ("head_long_after_his_term", lambda s: _after_the_heads_term(s, 500 * DAY)),
        ("a_second_before_the_term", lambda s: _too_early(s)),
    ],
    row=10,
)
PERSONS.each(
    "TERM TERM_UNWITNESSED",
    [
        ("acting_a_week_late", lambda s: _late(s, ACTING, TERM_END + 7 * DAY)),
        ("daily_a_year_late", lambda s: _late(s, DAILY, TERM_END + 365 * DAY)),
    ],
    row=10,
)
PERSONS.each(
    "TERM_UNWITNESSED",
    [
        ("acting_dated_back", lambda s: _dated_back(s, ACTING, TERM_END + DAY - 59)),
        ("daily_dated_back", lambda s: _dated_back(s, DAILY, TERM_END + DAY - 59)),
        ("acting_dated_back_by_a_year", lambda s: _dated_back(s, ACTING, TERM_END + 365 * DAY)),
        ("seen_a_second_too_late", lambda s: _seen(s, TERM_END + DAY + 1)),
        ("seen_a_month_too_late", lambda s: _seen(s, TERM_END + 30 * DAY)),
    ],
    row=11,
)
PERSONS.each(
    "CLOCK",
    [
        ("a_second_before_the_previous", lambda s: s.publish(s.approval(at=_time_of(s, s.tip) - 1))),
        ("on_the_first_day", lambda s: s.publish(s.approval(at=START))),
        ("a_second_too_far_ahead", lambda s: s.publish(s.approval(at=s.now + 60 + 601))),
        ("a_year_ahead", lambda s: s.publish(s.approval(at=s.now + 365 * DAY))),
        ("in_the_year_9999", lambda s: s.publish(s.approval(at=253_402_214_399))),
    ],
    row=12,
)
PERSONS.each(
    "CLOCK TERM",
    [
        ("in_1970", lambda s: s.publish(s.approval(at=0))),
        ("in_1970_by_the_acting_head", lambda s: s.publish(s.approval(at=0, by=ACTING))),
    ],
    row=12,
)
PERSONS.each(
    "OUT_OF_SCOPE",
    [
        ("daily_beside_his_scope", lambda s: _daily(s, {"content/halaman/profil/index.md": page("baru")})),
        ("daily_removes_beside_his_scope", lambda s: _daily(s, {"content/halaman/profil/index.md": None})),
        (
            "daily_in_a_folder_of_like_name",
            lambda s: _daily(s, {"content/pengumuman2/x/index.md": page("x")}),
        ),
        ("daily_replaces_his_folder_by_a_file", lambda s: _folder_to_file(s)),
    ],
    row=5,
)
PERSONS.each(
    "OUT_OF_SCOPE PROTECTED_CHANGE",
    [
        ("daily_changes_the_settings", lambda s: _daily(s, {"site.toml": b"x = 1\n"})),
        ("daily_adds_a_program", lambda s: _daily(s, {"plugins/x.py": b"x = 1\n"})),
    ],
    row=17,
)


def _by_another(scene: Scene) -> str:
    """The operator must not fail for approving his own draft."""
    return scene.announces("orang-lain", by=STRANGER)


def _time_of(scene: Scene, commit: str) -> int:
    line = next(x for x in scene.objects[commit][1].split(b"\n") if x.startswith(b"committer "))
    return int(line.split()[-2])


def _late(scene: Scene, person: Person, at: int) -> None:
    scene.now = at
    scene.publish(scene.approval(by=person, at=at))


def _after_the_heads_term(scene: Scene, more: int) -> None:
    """The head's own term ended; stand-ins are bound to a witness, he is not."""
    end = scene.now + 600
    mine = person_table(HEAD, "head", root="true")
    scene.enacts(people=PEOPLE.replace(mine, person_table(HEAD, "head", root="true", until=moment(end))))
    scene.now = end + more
    scene.publish(scene.approval(at=scene.now))


def _too_early(scene: Scene) -> None:
    begin = scene.now + 900
    later = stand_in(ACTING, "acting", start=moment(begin))
    scene.enacts(people=PEOPLE.replace(stand_in(ACTING, "acting"), later), signers=[HEAD, SECOND_ROOT])
    scene.now = begin
    scene.publish(scene.approval(by=ACTING, at=begin - 1))


def _dated_back(scene: Scene, person: Person, now: int) -> None:
    """The approval says a time within the term; the verifier's clock is long past it."""
    scene.publish(scene.approval(by=person))
    scene.now = now


def _seen(scene: Scene, seen: int) -> None:
    tip = scene.approval(by=ACTING)
    scene.publish(tip)
    scene.chain.append(tip)
    scene.now = seen
    scene.recorded(scene.sighting(seen=seen))


def _daily(scene: Scene, files: dict[str, bytes | None]) -> None:
    scene.publish(scene.approval(scene.writes(files), by=DAILY))


def _folder_to_file(scene: Scene) -> None:
    tree = scene.with_files(scene.tree_of(scene.tip), {"content/halaman/profil/index.md": None})
    tree = scene.with_entry(tree, b"content/pengumuman", (b"100644", scene.put("blob", b"x")))
    scene.publish(scene.approval(scene.writes(tree=tree), by=DAILY))


@PERSONS.attack("REVOKED_KEY", row=13)
def a_key_revoked_before(scene: Scene) -> None:
    scene.enacts(more=revoked(ACTING))
    scene.publish(scene.approval(by=ACTING))


@PERSONS.attack("REVOKED_KEY", row=13)
def a_key_revoked_in_the_very_change_before(scene: Scene) -> None:
    scene.enacts(more=revoked(DAILY))
    scene.publish(scene.approval(scene.announces("langsung"), by=DAILY))


@PERSONS.attack("REVOKED_KEY", "UNKNOWN_KEY", row=13)
def a_key_revoked_and_taken_away(scene: Scene) -> None:
    scene.enacts(more=revoked(ACTING), people=PEOPLE.replace(stand_in(ACTING, "acting"), ""))
    scene.publish(scene.approval(by=ACTING))


@PERSONS.attack("UNKNOWN_KEY", row=18)
def a_key_that_was_taken_away(scene: Scene) -> None:
    scene.enacts(people=PEOPLE.replace(stand_in(ACTING, "acting"), ""))
    scene.publish(scene.approval(by=ACTING))


@PERSONS.attack("REVOKED_KEY", row=13)
def an_approval_after_the_theft(scene: Scene) -> None:
    safe = scene.accepted(scene.approval(scene.announces("asli"), by=ACTING))
    scene.accepted(scene.approval(scene.announces("palsu"), by=ACTING))
    scene.enacts(more=revoked(ACTING, safe))
    scene.good = safe


@PERSONS.attack("REVOKED_KEY", row=13)
def two_approvals_after_the_theft_and_an_honest_one(scene: Scene) -> None:
    safe = scene.tip
    scene.accepted(scene.approval(scene.announces("palsu"), by=ACTING))
    scene.accepted(scene.approval(scene.announces("jujur")))
    scene.accepted(scene.approval(scene.announces("palsu-lagi"), by=ACTING))
    scene.enacts(more=revoked(ACTING, safe))
    scene.good = safe


@PERSONS.attack("REVOKED_KEY", row=13)
def a_theft_known_since_genesis(scene: Scene) -> None:
    """The head's own key: everything that he ever approved is void."""
    scene.enacts(more=revoked(HEAD, scene.genesis), signers=[SECOND_ROOT], by=ACTING)
    scene.good = scene.genesis


@PERSONS.attack("REVOKED_KEY", row=13)
def the_stolen_key_brings_its_own_revocation(scene: Scene) -> None:
    """It signs the change that says since when it was stolen: that approval comes after as well."""
    safe = scene.tip
    scene.enacts(more=revoked(HEAD, safe), signers=[SECOND_ROOT])
    scene.good = safe


@PERSONS.attack("OUT_OF_SCOPE", row=5)
def daily_removes_a_page_by_an_old_draft(scene: Scene) -> None:
    """publish taken in with its newer pages dropped: each page dropped is a change."""
    scene.accepted(scene.approval(scene.writes({"content/halaman/baru/index.md": page("baru")})))
    tree = scene.tree_of(scene.draft)
    dropped = scene.writes(tree=tree, parents=[scene.draft, scene.tip], name="ketiga")
    scene.publish(scene.approval(dropped, by=DAILY))


@PERSONS.attack("UNKNOWN_KEY", "PROTECTED_CHANGE", "POLICY_THRESHOLD", row=18)
def a_key_that_the_draft_itself_lists(scene: Scene) -> None:
    mine = person_table(STRANGER, "head", root="true")
    draft = scene.policy_change(people=PEOPLE + mine, signers=[STRANGER])
    scene.publish(scene.approval(draft, by=STRANGER))


@PERSONS.attack("UNKNOWN_KEY", row=18)
def a_key_that_the_draft_itself_lists_properly_signed(scene: Scene) -> None:
    """The change is in order, the approval is not yet by anybody the old policy knows."""
    mine = person_table(STRANGER, "head")
    draft = scene.policy_change(people=PEOPLE + mine, signers=[HEAD, SECOND_ROOT])
    scene.publish(scene.approval(draft, by=STRANGER))


@pytest.mark.parametrize("attack", PERSONS.attacks, ids=str)
def test_only_those_named_may_and_only_in_their_time(scene: Scene, attack: Attack) -> None:
    must_be_refused(attack, scene, ask_git=True)
