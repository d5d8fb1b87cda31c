"""What changed from one policy to the next, told so that a citizen can be told."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sop_site.approval.policy import Person, Policy, Revoked, Webauthn
from sop_site.approval.policy_history import changes
from tests.office import MONDAY, key

KEYS = [" ".join(key(f"riwayat-{n}").with_suffix(".pub").read_text().split()[:2]) for n in range(3)]
HEAD = Person("camat@kantor.go.id", "Camat", "head", MONDAY, (KEYS[0],), root=True)
CLERK = Person("operator@kantor.go.id", "Operator 1", "operator", MONDAY, (KEYS[1],))
FIRST = Policy(1, "", 1, True, "sha256:0", (HEAD, CLERK))
LATER = MONDAY + timedelta(days=9)


def head(**changed: object) -> Policy:
    return replace(FIRST, persons=(replace(HEAD, **changed), CLERK))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("new", "codes"),
    [
        (FIRST, []),
        (replace(FIRST, persons=(HEAD,)), ["person-removed"]),
        (head(name="Camat Baru"), ["name-changed"]),
        (head(role="root-only"), ["role-changed"]),
        (head(root=False), ["root-off"]),
        (head(until=LATER), ["term-until"]),
        (head(start=LATER), ["term-from"]),
        (head(decree="800/1"), ["decree-changed"]),
        (head(scope=("content/berita/**",)), ["scope-changed"]),
        (head(keys=(KEYS[0], KEYS[2])), ["key-added"]),
        (head(keys=(KEYS[2],)), ["key-added", "key-removed"]),
        (replace(FIRST, revoked=(Revoked(HEAD.fingerprints[0], "Hilang"),)), ["key-revoked"]),
        (replace(FIRST, revoked=(Revoked(HEAD.fingerprints[0], "Dicuri", "a" * 40),)), ["key-compromised"]),
        (replace(FIRST, threshold=2), ["threshold-changed"]),
        (replace(FIRST, separation=False), ["separation-off"]),
        (replace(FIRST, protected="sha256:1"), ["protected"]),
        (replace(FIRST, webauthn=Webauthn("kantor.go.id", ("https://kantor.go.id",))), ["passkeys-on"]),
    ],
)
def test_each_step_has_its_own_code(new: Policy, codes: list[str]) -> None:
    assert [change.code for change in changes(FIRST, new)] == codes


def test_the_first_policy_is_told_whole() -> None:
    assert [change.code for change in changes(None, FIRST)] == [
        "person-added", "person-added", "threshold", "separation-on",
    ]  # fmt: skip


def test_a_revocation_that_was_told_is_not_told_again() -> None:
    once = replace(FIRST, revoked=(Revoked(HEAD.fingerprints[0], "Hilang"),))

    assert changes(once, once) == ()
    assert [change.code for change in changes(once, FIRST)] == ["key-restored"]
    (change,) = changes(FIRST, once)
    assert change.values["name"] == "Camat"
