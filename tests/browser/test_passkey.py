"""A head with nothing but a browser: Chromium makes a passkey and signs a real approval with it."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from sop_site.approval import passkeys
from sop_site.approval.passkeys import Assertion
from sop_site.approval.policy import Person, Policy
from sop_site.approval.webauthn import Webauthn
from sop_site.errors import AnswerIsNo
from tests import history
from tests.browser import chromium, devtools
from tests.browser.devtools import Tab
from tests.office import Office

pytestmark = [pytest.mark.browser, pytest.mark.git]

ASKED = bytes(range(32))
COMMON = """
const bytes = text => Uint8Array.from(atob(text), sign => sign.charCodeAt(0));
const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer)));
"""
CREATE = """(async () => { %s
  const made = await navigator.credentials.create({publicKey: {
    challenge: bytes("%s"), rp: {id: "localhost", name: "Kantor"},
    user: {id: new Uint8Array([1]), name: "camat", displayName: "Camat"},
    pubKeyCredParams: [{type: "public-key", alg: -7}],
    authenticatorSelection: {userVerification: "required", residentKey: "required"}}});
  return {id: text(made.rawId), clientData: text(made.response.clientDataJSON),
    data: text(made.response.getAuthenticatorData()), key: text(made.response.getPublicKey())};
})()"""
GET = """(async () => { %s
  const said = await navigator.credentials.get({publicKey: {
    challenge: bytes("%s"), rpId: "localhost", userVerification: "%s",
    allowCredentials: [{type: "public-key", id: bytes("%s")}]}});
  return {clientData: text(said.response.clientDataJSON), data: text(said.response.authenticatorData),
    signature: text(said.response.signature)};
})()"""


@dataclass
class Desk:
    """A page on localhost in a browser that has an authenticator."""

    tab: Tab
    origin: str
    authenticator: str

    @property
    def rules(self) -> Webauthn:
        """The table of a policy that admits this page."""
        return Webauthn("localhost", (self.origin,))

    def registers(self) -> dict[str, bytes]:
        """What the browser answers when a passkey is made."""
        return _bytes(self.tab.runs(CREATE % (COMMON, _text(ASKED))))

    def signs(self, challenge: bytes, credential: bytes, verification: str = "required") -> Assertion:
        """What the browser answers when the passkey signs."""
        said = _bytes(self.tab.runs(GET % (COMMON, _text(challenge), verification, _text(credential))))
        return Assertion(said["clientData"], said["data"], said["signature"])


def _bytes(found: dict[str, str]) -> dict[str, bytes]:
    return {name: base64.b64decode(value) for name, value in found.items()}


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """One for each test, with no passkey yet."""
    chromium.program()
    (tmp_path / "meja").mkdir()
    (tmp_path / "meja" / "index.html").write_text("<!doctype html><title>Meja</title>")
    with devtools.tab() as tab, chromium.serving(tmp_path / "meja") as server:
        origin = f"http://localhost:{server.server_port}"
        tab.send("WebAuthn.enable")
        added = tab.send("WebAuthn.addVirtualAuthenticator", options=devtools.AUTHENTICATOR)
        tab.opens(f"{origin}/")
        yield Desk(tab, origin, added["authenticatorId"])


def test_an_approval_signed_in_a_browser_is_accepted_here_and_by_stock_git(
    desk: Desk, tmp_path: Path
) -> None:
    made = desk.registers()
    passkey = passkeys.register(made["clientData"], made["data"], challenge=ASKED, rules=desk.rules)
    assert passkey.public == passkeys.line_from_spki(made["key"], "localhost")
    assert passkey.credential_id == made["id"]

    office = Office(tmp_path)

    def admitting(policy: Policy) -> Policy:
        def given(person: Person) -> Person:
            return replace(person, keys=(*person.keys, passkey.public)) if person.role == "head" else person

        return replace(policy, webauthn=desk.rules, persons=tuple(given(person) for person in policy.persons))

    change = history.policy_change(office, admitting, signed_by=[office.head])
    history.publish(office, history.merge(office, change))
    payload = history.payload(office, office.tip(f"draft/{office.announces('jadwal')}"))
    said = desk.signs(passkeys.challenge(payload, "git"), passkey.credential_id)
    armor = passkeys.armor(passkey.public, said, payload, "git", desk.rules)
    commit = history.publish(office, history.store(office, payload, armor))

    assert office.codes() == []
    assert office.verify().verified_tip == commit
    (tmp_path / "pemilik").write_text(f'{office.head.id} namespaces="git" {passkey.public}\n')
    office.git("-c", f"gpg.ssh.allowedSignersFile={tmp_path / 'pemilik'}", "verify-commit", commit)


def test_a_browser_that_did_not_verify_its_user_is_sent_back(desk: Desk) -> None:
    made = desk.registers()
    public = passkeys.line_from_spki(made["key"], "localhost")
    desk.tab.send("WebAuthn.setUserVerified", authenticatorId=desk.authenticator, isUserVerified=False)
    said = desk.signs(passkeys.challenge(b"isi", "git"), made["id"], verification="discouraged")

    with pytest.raises(AnswerIsNo, match="passkey-verification"):
        passkeys.armor(public, said, b"isi", "git", desk.rules)
