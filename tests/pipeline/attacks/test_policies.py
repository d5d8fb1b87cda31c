"""Policies that give themselves power, or that two readers read differently (protocol §3)."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.pipeline.attacks.armor import armor, ecdsa_key, ed25519_key, rsa_key
from tests.pipeline.attacks.catalogue import Act, Attack, Catalogue, must_be_refused
from tests.pipeline.attacks.scene import (
    ACTING,
    DAY,
    FILE,
    HEAD,
    OPERATOR,
    PEOPLE,
    SECOND_ROOT,
    START,
    STRANGER,
    THIRD_ROOT,
    ZERO_DIGEST,
    Scene,
    digest_of,
    moment,
    person_table,
    stand_in,
)
from tests.pipeline.attacks.test_people import revoked

POLICIES = Catalogue("policies")
ROOTS = [HEAD, SECOND_ROOT]
HEAD_TABLE = person_table(HEAD, "head", root="true")
ACTING_TABLE = stand_in(ACTING, "acting")


def changing(**given: Any) -> Act:
    """An approval of a policy change with something wrong in it, signed by both root persons."""
    return lambda scene: scene.publish(scene.approval(scene.policy_change(**{"signers": ROOTS, **given})))


def text(old: str, new: str) -> Act:
    """A change of the policy's text."""
    return changing(text=lambda words: words.replace(old, new, 1))


def raw(change: Callable[[bytes], bytes]) -> Act:
    """A change of the policy's bytes."""
    return changing(raw=change)


def people(old: str, new: str) -> Act:
    """Other persons."""
    assert old in PEOPLE
    return changing(people=PEOPLE.replace(old, new, 1))


def also(table: str) -> Act:
    """One more table at the end."""
    return changing(more=table)


def quiet(files: Mapping[str, bytes | None]) -> Act:
    """Protected files changed under an ordinary approval."""
    return lambda scene: scene.publish(scene.approval(scene.announces("diam", more=files)))


def key_line(line: str) -> Act:
    """The head's key line in another form."""
    return people(HEAD.key.line, line)


def _without(table: str, key: str) -> str:
    return "".join(line for line in table.splitlines(keepends=True) if not line.startswith(key))


def _comments(data: bytes, size: int) -> bytes:
    return data + b"#" * (size - len(data))


POLICIES.each(
    "PROTECTED_CHANGE POLICY_GRAMMAR",
    [
        ("byte_order_mark", raw(lambda data: b"\xef\xbb\xbf" + data)),
        ("carriage_returns", raw(lambda data: data.replace(b"\n", b"\r\n"))),
        ("one_carriage_return", raw(lambda data: data + b"# x\r\n")),
        ("not_utf8", raw(lambda data: data + b"# \xff\n")),
        ("nul", raw(lambda data: data + b"# \0\n")),
        ("one_byte_too_large", raw(lambda data: _comments(data, 256 * 1024 + 1))),
        ("empty_file", raw(lambda data: b"")),
        ("not_toml", raw(lambda data: data + b"}\n")),
        ("json", raw(lambda data: b'{"version": 2}')),
        ("endless_brackets", raw(lambda data: data + b"x = " + b"[" * 100_000)),
        ("endless_tables", raw(lambda data: data + b"x = " + b"{a=" * 50_000)),
        ("endless_dotted_key", raw(lambda data: data + b"a" + b".a" * 100_000 + b" = 1\n")),
        ("endless_dotted_table", raw(lambda data: data + b"[a" + b".a" * 100_000 + b"]\n")),
        (
            "many_dotted_keys",
            raw(lambda data: data + b"".join(b"a" + b".b" * 120 + b".c%d = 1\n" % n for n in range(200))),
        ),
        ("number_of_ten_thousand_digits", text("version = 2", "version = " + "9" * 10_000)),
        ("key_twice", text("version = 2", "version = 2\nversion = 2")),
        ("unknown_key", text("version = 2", "version = 2\nnote = 1")),
        ("version_missing", text("version = 2\n", "")),
        ("version_true", text("version = 2", "version = true")),
        ("version_fraction", text("version = 2", "version = 2.0")),
        ("version_text", text("version = 2", 'version = "2"')),
        ("version_zero", text("version = 2", "version = 0")),
        ("version_negative", text("version = 2", "version = -2")),
        ("previous_missing", raw(lambda data: _without_line(data, b"previous"))),
        ("previous_in_capitals", raw(lambda data: data.replace(b"sha256:", b"SHA256:", 1))),
        ("previous_cut_short", changing(previous="sha256:00")),
        ("threshold_zero", changing(threshold=0)),
        ("threshold_three_of_two", changing(threshold=3)),
        ("threshold_true", changing(threshold="true")),
        ("threshold_fraction", changing(threshold="1.0")),
        ("threshold_text", changing(threshold='"1"')),
        ("threshold_missing", raw(lambda data: _without_line(data, b"threshold"))),
        ("separation_one", changing(separation=1)),
        ("separation_text", changing(separation='"true"')),
        ("separation_missing", raw(lambda data: _without_line(data, b"separation"))),
        ("protected_missing", raw(lambda data: _without_line(data, b"protected"))),
        ("protected_without_kind", changing(protected="0" * 64)),
        ("nobody", changing(people="")),
        ("person_a_table_and_no_list", raw(lambda data: data.replace(b"[[person]]", b"[person]", 1))),
        ("person_text", changing(people='person = "camat"\n')),
        ("person_unknown_key", people(HEAD_TABLE, HEAD_TABLE + 'phone = "x"\n')),
        ("person_without_keys", people(HEAD_TABLE, HEAD_TABLE.replace("keys =", "# keys ="))),
        ("person_with_no_key", people(f'keys = ["{HEAD.key.line}"]', "keys = []")),
        ("person_without_name", people(f'name = "{HEAD.name}"\n', "")),
        ("person_with_blank_name", people(f'name = "{HEAD.name}"', 'name = " "')),
        ("person_with_a_line_feed_in_the_name", people(f'name = "{HEAD.name}"', 'name = "a\\nb"')),
        ("person_without_from", people(HEAD_TABLE, _without(HEAD_TABLE, "from"))),
        ("person_without_role", people(HEAD_TABLE, _without(HEAD_TABLE, "role"))),
        ("person_of_unknown_role", people('role = "acting"', 'role = "deputy"')),
        ("person_of_role_in_capitals", people('role = "acting"', 'role = "Acting"')),
        ("id_twice", people(f'id = "{ACTING.id}"', f'id = "{HEAD.id}"')),
        ("id_in_capitals", people(f'id = "{ACTING.id}"', f'id = "{ACTING.id.upper()}"')),
        ("id_without_at", people(f'id = "{ACTING.id}"', 'id = "plt"')),
        ("id_with_two_ats", people(f'id = "{ACTING.id}"', 'id = "a@b@c.id"')),
        ("id_with_a_space", people(f'id = "{ACTING.id}"', 'id = "a @b.id"')),
        ("id_not_ascii", people(f'id = "{ACTING.id}"', 'id = "сamat@percontohan.go.id"')),
        ("id_with_a_line_feed", people(f'id = "{ACTING.id}"', f'id = "{ACTING.id}\\n"')),
        ("id_empty", people(f'id = "{ACTING.id}"', 'id = ""')),
        ("key_of_two_persons", people(ACTING.key.line, HEAD.key.line)),
        ("key_twice_for_one_person", key_line(f'{HEAD.key.line}", "{HEAD.key.line}')),
        ("key_with_a_comment", key_line(HEAD.key.line + " camat")),
        ("key_with_a_space_after_it", key_line(HEAD.key.line + " ")),
        ("key_with_options", key_line(f'namespaces=\\"git\\" {HEAD.key.line}')),
        ("key_with_two_spaces", key_line(HEAD.key.line.replace(" ", "  "))),
        ("key_with_a_tab", key_line(HEAD.key.line.replace(" ", "\\t"))),
        ("key_of_another_type_than_it_says", key_line(HEAD.key.line.replace("ssh-ed25519", "ssh-rsa"))),
        ("key_cut_short", key_line(HEAD.key.line[:-4])),
        ("key_not_base64", key_line(HEAD.key.line[:-1] + "!")),
        ("key_with_its_unused_bits_set", key_line(ecdsa_key("camat").line[:-2] + "B=")),
        ("key_that_is_a_fingerprint", key_line(HEAD.key.fingerprint)),
        (
            "key_that_is_a_certificate",
            key_line("ssh-ed25519-cert-v01@openssh.com AAAAIHNzaC1lZDI1NTE5LWNlcnQtdjAxQG9wZW5zc2guY29t"),
        ),
        ("key_rsa_of_2048_bits", lambda s: key_line(rsa_key(2048).line)(s)),
        ("acting_without_until", people(ACTING_TABLE, _without(ACTING_TABLE, "until"))),
        ("acting_without_decree", people(ACTING_TABLE, _without(ACTING_TABLE, "decree"))),
        ("acting_with_blank_decree", people('decree = "800/1/2026"', 'decree = ""')),
        ("acting_with_a_scope", people('role = "acting"', 'role = "acting"\nscope = ["content/berita/**"]')),
        ("acting_who_is_root", people('role = "acting"', 'role = "acting"\nroot = true')),
        ("operator_who_is_root", people('role = "operator"', 'role = "operator"\nroot = true')),
        ("witness_who_is_root", people('role = "witness"', 'role = "witness"\nroot = true')),
        ("root_as_text", people("root = true", 'root = "true"')),
        ("root_as_number", people("root = true", "root = 1")),
        ("daily_without_scope", people('scope = ["content/pengumuman/**"]\n', "")),
        ("scope_empty", people('["content/pengumuman/**"]', "[]")),
        ("scope_everything", people('["content/pengumuman/**"]', '["**"]')),
        ("scope_root_and_stars", people('["content/pengumuman/**"]', '["/**"]')),
        ("scope_upwards", people('["content/pengumuman/**"]', '["content/../**"]')),
        ("scope_with_a_star_inside", people('["content/pengumuman/**"]', '["content/*/x"]')),
        ("scope_with_one_star", people('["content/pengumuman/**"]', '["content/*"]')),
        ("scope_with_stars_in_the_middle", people('["content/pengumuman/**"]', '["content/**/index.md"]')),
        ("scope_absolute", people('["content/pengumuman/**"]', '["/content/**"]')),
        ("scope_with_a_slash_too_many", people('["content/pengumuman/**"]', '["content//**"]')),
        ("scope_that_is_text", people('["content/pengumuman/**"]', '"content/**"')),
        ("from_without_offset", people(f"from = {moment(START)}", "from = 2026-01-05T09:00:00")),
        ("from_a_day_alone", people(f"from = {moment(START)}", "from = 2026-01-05")),
        ("from_a_time_alone", people(f"from = {moment(START)}", "from = 09:00:00")),
        ("from_as_text", people(f"from = {moment(START)}", f'from = "{moment(START)}"')),
        ("from_as_number", people(f"from = {moment(START)}", f"from = {START}")),
        ("until_before_from", people(moment(START + 90 * DAY), moment(START - 1))),
        ("until_equal_to_from", people(moment(START + 90 * DAY), moment(START))),
        ("revoked_without_reason", also(f'\n[[revoked]]\nkey = "{ACTING.key.fingerprint}"\n')),
        (
            "revoked_with_blank_reason",
            also(f'\n[[revoked]]\nkey = "{ACTING.key.fingerprint}"\nreason = " "\n'),
        ),
        ("revoked_without_key", also('\n[[revoked]]\nreason = "x"\n')),
        ("revoked_by_md5", also('\n[[revoked]]\nkey = "MD5:00:11"\nreason = "x"\n')),
        ("revoked_by_key_line", also(f'\n[[revoked]]\nkey = "{ACTING.key.line}"\nreason = "x"\n')),
        ("revoked_twice", also(revoked(ACTING) + revoked(ACTING))),
        ("revoked_unknown_key", also(revoked(ACTING) + 'by = "x"\n')),
        ("compromised_since_a_name", also(revoked(ACTING, "publish"))),
        ("compromised_since_a_short_id", also(revoked(ACTING, "0123456789ab"))),
        ("compromised_since_nothing", also(revoked(ACTING).rstrip() + '\ncompromised_since = ""\n')),
        ("foreign_file_beside_the_policy", lambda s: _and(s, {"governance/catatan.txt": b"x"})),
        ("foreign_folder_beside_the_policy", lambda s: _and(s, {"governance/lain/x.sig": b"x"})),
        ("foreign_file_among_the_signatures", lambda s: _and(s, {"governance/signatures/catatan.txt": b"x"})),
        ("folder_among_the_signatures", lambda s: _and(s, {"governance/signatures/x/1.sig": b"x"})),
        ("signature_in_capitals", lambda s: _and(s, {"governance/signatures/9.SIG": b"x"})),
        ("signature_that_is_none", lambda s: _and(s, {"governance/signatures/9.sig": b"x"})),
        ("signature_empty", lambda s: _and(s, {"governance/signatures/9.sig": b""})),
        ("signature_over_the_old_policy", lambda s: _old_signature(s)),
        ("signature_with_a_line_more", lambda s: _armored(s, lambda a: a + b"\n")),
        (
            "signature_rewrapped",
            lambda s: _armored(
                s, lambda a: a.replace(b"\nU", b"\t").replace(b"\n", b"", 1).replace(b"\t", b"\nU")
            ),
        ),
        ("signature_by_a_weak_key", lambda s: _signed_by_weak(s)),
        ("two_hundred_and_fifty_seven_signatures", lambda s: _many(s)),
        ("policy_in_capitals", lambda s: _renamed(s)),
    ],
    row=18,
)
POLICIES.each(
    "PROTECTED_CHANGE POLICY_CHAIN",
    [
        ("version_skipped", changing(version=3)),
        ("version_kept", changing(version=1)),
        ("version_of_the_far_future", changing(version=10**30)),
        ("previous_empty", changing(previous="")),
        ("previous_of_nothing", changing(previous=ZERO_DIGEST)),
        ("protected_of_nothing", changing(protected=ZERO_DIGEST)),
        ("protected_files_changed_after_the_digest", lambda s: _and(s, {"site.toml": b"x = 1\n"})),
        ("compromised_since_a_stranger", also(revoked(ACTING, "1" * 40))),
        ("compromised_since_a_draft", lambda s: also(revoked(ACTING, s.draft))(s)),
        ("compromised_since_an_entry", lambda s: also(revoked(ACTING, s.ledger[0]))(s)),
        ("an_old_policy_again", lambda s: _old_again(s)),
        ("the_policy_after_the_next", lambda s: _skipped(s)),
    ],
    row=19,
)
POLICIES.each(
    "PROTECTED_CHANGE POLICY_THRESHOLD",
    [
        ("unsigned", changing(signers=[])),
        ("signed_by_the_operator", changing(signers=[OPERATOR])),
        ("signed_by_a_stranger", changing(signers=[STRANGER])),
        ("signed_by_the_acting_head", changing(signers=[ACTING])),
        ("signed_by_one_who_becomes_root_now", lambda s: _new_root_alone(s)),
        ("signed_by_one_who_stops_being_root", lambda s: _leaving_root_alone(s)),
        ("new_threshold_not_reached", changing(threshold=2, signers=[HEAD])),
        ("old_threshold_not_reached", lambda s: _lowered(s)),
        ("two_keys_of_one_person", lambda s: _two_keys(s)),
        ("the_same_signature_twice", lambda s: _same_twice(s)),
        ("signed_with_a_revoked_key", lambda s: _revoked_signer(s)),
        ("signed_with_a_key_that_it_revokes", changing(more=revoked(HEAD), signers=[HEAD])),
        ("his_own_term_made_longer", lambda s: _own_term(s)),
        ("a_stand_ins_term_made_longer_by_nobody_else", lambda s: _new_head(s)),
        ("an_operator_made_head_by_himself", lambda s: _promoted(s)),
    ],
    row=19,
)
POLICIES.each(
    "PROTECTED_CHANGE",
    [
        ("workflow_changed", quiet({".github/workflows/site.yml": b"on: pull_request_target\n"})),
        ("workflow_added", quiet({".github/workflows/lain.yml": b"on: push\n"})),
        ("workflow_removed", quiet({".github/workflows/site.yml": None})),
        ("settings_changed", quiet({"site.toml": b'[office]\nname = "Lain"\n'})),
        ("settings_removed", quiet({"site.toml": None})),
        ("configuration_of_the_renderer", quiet({"pelicanconf.py": b"import os\n"})),
        ("theme_added", quiet({"themes/lain/base.html": b"x"})),
        ("file_at_the_top", quiet({"README.md": b"x"})),
        ("folder_of_like_name", quiet({"contents/x.md": b"x"})),
        ("folder_in_other_letters", quiet({"kontent/x.md": b"x"})),
        ("signature_files_alone", lambda s: s.publish(s.approval(_signature_files(s)))),
    ],
    row=17,
)


def _without_line(data: bytes, key: bytes) -> bytes:
    return b"\n".join(line for line in data.split(b"\n") if not line.startswith(key + b" "))


def _and(scene: Scene, files: Mapping[str, bytes | None]) -> None:
    """A change in order, and one more commit on its draft."""
    good = scene.policy_change(signers=ROOTS)
    scene.publish(scene.approval(scene.writes(files, base=good)))


def _renamed(scene: Scene) -> None:
    good = scene.policy_change(signers=ROOTS)
    data = scene.file(good, "governance/policy.toml")
    scene.publish(
        scene.approval(
            scene.writes({"governance/policy.toml": None, "governance/Policy.toml": data}, base=good)
        )
    )


def _old_signature(scene: Scene) -> None:
    old = scene.file(scene.tip, "governance/policy.toml")
    made = armor(HEAD.key, old, namespace=b"sop-policy").encode()
    changing(signatures={"9.sig": made})(scene)


SIGNED = "governance/signatures/1.sig"


def _armored(scene: Scene, change: Callable[[bytes], bytes]) -> None:
    good = scene.policy_change(signers=ROOTS)
    scene.publish(scene.approval(scene.writes({SIGNED: change(scene.file(good, SIGNED))}, base=good)))


def _signed_by_weak(scene: Scene) -> None:
    good = scene.policy_change(signers=ROOTS)
    data = scene.file(good, "governance/policy.toml")
    made = armor(rsa_key(2048), data, namespace=b"sop-policy").encode()
    scene.publish(scene.approval(scene.writes({"governance/signatures/9.sig": made}, base=good)))


def _many(scene: Scene) -> None:
    good = scene.policy_change(signers=ROOTS)
    data = scene.file(good, SIGNED)
    files = {f"governance/signatures/{number:03}.sig": data for number in range(257)}
    scene.publish(scene.approval(scene.writes(files, base=good)))


def _old_again(scene: Scene) -> None:
    """The first policy brought back with its own (missing) signatures, then properly signed anew."""
    first = scene.file(scene.genesis, "governance/policy.toml")
    scene.enacts(people=PEOPLE.replace(ACTING_TABLE, ""))
    draft = scene.policy_change(signers=ROOTS, raw=lambda _data: first)
    scene.publish(scene.approval(draft))


def _skipped(scene: Scene) -> None:
    """A policy prepared for one state, approved in another."""
    prepared = scene.file(scene.policy_change(), "governance/policy.toml")
    scene.enacts(threshold=2, signers=ROOTS)
    scene.publish(scene.approval(scene.policy_change(signers=ROOTS, raw=lambda _data: prepared)))


def _new_root_alone(scene: Scene) -> None:
    added = PEOPLE + person_table(THIRD_ROOT, "root-only", root="true")
    changing(people=added, signers=[THIRD_ROOT])(scene)


def _leaving_root_alone(scene: Scene) -> None:
    gone = PEOPLE.replace(person_table(SECOND_ROOT, "root-only", root="true"), "")
    changing(people=gone, signers=[SECOND_ROOT])(scene)


def _lowered(scene: Scene) -> None:
    scene.enacts(threshold=2, signers=ROOTS)
    changing(threshold=1, signers=[SECOND_ROOT])(scene)


def _two_keys(scene: Scene) -> None:
    second = ed25519_key("camat, kunci kedua")
    table = person_table(HEAD, "head", root="true", keys=[HEAD.key.line, second.line])
    scene.enacts(people=PEOPLE.replace(HEAD_TABLE, table), threshold=2, signers=ROOTS)
    draft = scene.policy_change(threshold=2, signers=[HEAD])
    data = scene.file(draft, "governance/policy.toml")
    made = armor(second, data, namespace=b"sop-policy").encode()
    scene.publish(scene.approval(scene.writes({"governance/signatures/2.sig": made}, base=draft)))


def _same_twice(scene: Scene) -> None:
    scene.enacts(threshold=2, signers=ROOTS)
    draft = scene.policy_change(threshold=2, signers=[HEAD, HEAD])
    scene.publish(scene.approval(draft))


def _revoked_signer(scene: Scene) -> None:
    scene.enacts(more=revoked(SECOND_ROOT))
    changing(more=revoked(SECOND_ROOT), signers=[SECOND_ROOT])(scene)


def _own_term(scene: Scene) -> None:
    longer = person_table(HEAD, "head", root="true", start=moment(START - 400 * DAY))
    changing(people=PEOPLE.replace(HEAD_TABLE, longer), signers=[HEAD])(scene)


def _new_head(scene: Scene) -> None:
    """With two root persons the one who is concerned is the only one who signed."""
    second = person_table(SECOND_ROOT, "root-only", root="true")
    promoted = person_table(SECOND_ROOT, "head", root="true")
    changing(people=PEOPLE.replace(second, promoted), signers=[SECOND_ROOT])(scene)


def _promoted(scene: Scene) -> None:
    table = person_table(OPERATOR, "operator")
    changing(people=PEOPLE.replace(table, person_table(OPERATOR, "head")), signers=[OPERATOR])(scene)


def _signature_files(scene: Scene) -> str:
    policy = scene.file(scene.tip, "governance/policy.toml")
    made = armor(HEAD.key, policy, namespace=b"sop-policy").encode()
    return scene.writes({"governance/signatures/1.sig": made})


@POLICIES.attack("PROTECTED_CHANGE", "POLICY_GRAMMAR", row=18)
def policy_removed(scene: Scene) -> None:
    scene.publish(scene.approval(scene.writes({"governance/policy.toml": None})))


@POLICIES.attack("PROTECTED_CHANGE", "POLICY_GRAMMAR", row=18)
def governance_a_file(scene: Scene) -> None:
    tree = scene.with_files(scene.tree_of(scene.tip), {"governance/policy.toml": None})
    tree = scene.with_entry(tree, b"governance", (FILE, scene.put("blob", b"x")))
    scene.publish(scene.approval(scene.writes(tree=tree)))


@POLICIES.attack("PROTECTED_CHANGE", "POLICY_GRAMMAR", "POLICY_THRESHOLD", row=18)
def signatures_a_file(scene: Scene) -> None:
    good = scene.policy_change(signers=[])
    scene.publish(scene.approval(scene.writes({"governance/signatures": b"x"}, base=good)))


@POLICIES.attack("PROTECTED_CHANGE", "POLICY_GRAMMAR", "POLICY_THRESHOLD", row=18)
def signatures_in_the_namespace_of_commits(scene: Scene) -> None:
    changing(namespace=b"git")(scene)


@POLICIES.attack("PROTECTED_CHANGE", row=17)
def content_a_file(scene: Scene) -> None:
    tree = scene.tree_of(scene.tip)
    rest = [entry for entry in scene.read_tree(tree) if entry[1] != b"content"]
    scene.publish(
        scene.approval(
            scene.writes(tree=scene.sorted_tree([*rest, (FILE, b"content", scene.put("blob", b"x"))]))
        )
    )


@POLICIES.attack("TREE_POLICY", "PROTECTED_CHANGE", row=17)
def a_protected_file_made_a_program(scene: Scene) -> None:
    data = scene.put("blob", scene.file(scene.tip, "site.toml"))
    tree = scene.with_entry(scene.tree_of(scene.draft), b"site.toml", (b"100755", data))
    scene.publish(scene.approval(scene.writes(tree=tree)))


@POLICIES.attack("PROTECTED_CHANGE", row=17)
def a_protected_file_smuggled_by_the_merge_of_publish(scene: Scene) -> None:
    """The draft took publish in and kept its own settings."""
    files = {"site.toml": b"x = 1\n"}
    old = scene.announces("lama", more=files)
    scene.accepted(scene.approval(scene.draft))
    tree = scene.with_files(scene.tree_of(scene.tip), files)
    scene.publish(scene.approval(scene.writes(tree=tree, parents=[old, scene.tip])))


@POLICIES.attack("TRUST_MISMATCH", row=18)
def the_first_policy_replaced(scene: Scene) -> None:
    """A trust file whose digest of the policy is another one."""
    scene.pin(scene.genesis, policy_sha256=digest_of(b"lain").removeprefix("sha256:"))
    scene.good = None


@pytest.mark.parametrize("attack", POLICIES.attacks, ids=str)
def test_power_comes_from_the_policy_before(scene: Scene, attack: Attack) -> None:
    must_be_refused(attack, scene)
