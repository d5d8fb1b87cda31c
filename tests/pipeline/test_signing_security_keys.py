"""Security keys that sign here: in ssh-agent, in a file with the device, and with a device that is silent."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import signing
from sop_site.approval import sshsig
from sop_site.approval.policy import Person, Policy
from sop_site.errors import AnswerIsNo
from tests import authenticator, history
from tests.authenticator import SK_ECDSA, SK_ED25519, SecurityKey
from tests.office import Office

PAYLOAD = b"\x00\xff" * 50_000
KINDS = [SK_ED25519, SK_ECDSA]

pytestmark = pytest.mark.git


@pytest.mark.parametrize("kind", KINDS)
def test_the_agent_signs_with_a_security_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    key = SecurityKey(kind)
    (tmp_path / "kunci.pub").write_text(f"{key.public} kunci keamanan\n")
    with authenticator.agent(SecurityKey(), key) as socket:
        monkeypatch.setenv("SSH_AUTH_SOCK", socket)
        signer = signing.from_file(tmp_path / "kunci.pub")
        armor = signer.sign(PAYLOAD, "git")

    assert (signer.public, signer.source) == (key.public, "ssh-agent")
    assert sshsig.verify(sshsig.parse(armor.encode()), PAYLOAD)
    assert authenticator.openssh_says(tmp_path, key.public, armor, PAYLOAD)


@pytest.mark.parametrize("kind", KINDS)
def test_a_security_keys_file_signs_with_the_device(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    key = SecurityKey(kind)
    monkeypatch.setenv("SSH_SK_HELPER", str(key.helper(tmp_path)))
    signer = signing.from_file(key.write(tmp_path / "kunci"))
    armor = signer.sign(PAYLOAD, "git")

    assert (signer.public, signer.source) == (key.public, "kunci")
    assert sshsig.verify(sshsig.parse(armor.encode()), PAYLOAD)
    assert authenticator.openssh_says(tmp_path, key.public, armor, PAYLOAD)


def test_a_security_keys_file_signs_through_the_agent_that_holds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = SecurityKey()
    with authenticator.agent(key) as socket:
        monkeypatch.setenv("SSH_AUTH_SOCK", socket)
        signer = signing.from_file(key.write(tmp_path / "kunci"))

        assert signer.source == "ssh-agent"
        assert sshsig.verify(sshsig.parse(signer.sign(b"x", "git").encode()), b"x")


@pytest.mark.parametrize("kind", KINDS)
def test_a_device_that_does_not_answer_is_asked_for(tmp_path: Path, kind: str) -> None:
    signer = signing.from_file(SecurityKey(kind).write(tmp_path / "kunci"))

    with pytest.raises(AnswerIsNo, match="security-key-silent"):
        signer.sign(PAYLOAD, "git")


def test_a_device_that_waits_too_long_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asleep = tmp_path / "perangkat"
    asleep.write_text("#!/bin/sh\nexec sleep 60\n")
    asleep.chmod(0o700)
    monkeypatch.setenv("SSH_SK_HELPER", str(asleep))
    monkeypatch.setattr(signing, "PATIENCE", 0.3)
    signer = signing.from_file(SecurityKey().write(tmp_path / "kunci"))

    with pytest.raises(AnswerIsNo, match="security-key-silent"):
        signer.sign(b"x", "git")


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_that_signs_untouched_is_said_to_be_of_no_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    key = SecurityKey(kind, flags=0)
    monkeypatch.setenv("SSH_SK_HELPER", str(key.helper(tmp_path)))
    by_file = signing.from_file(key.write(tmp_path / "kunci", flags=0))
    with authenticator.agent(key) as socket:
        monkeypatch.setenv("SSH_AUTH_SOCK", socket)
        (by_agent,) = signing.in_agent()

        for signer in (by_file, by_agent):
            with pytest.raises(AnswerIsNo, match="security-key-untouched"):
                signer.sign(b"x", "git")


def test_a_locked_security_keys_file_is_said_to_be_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = SecurityKey()
    path = key.write(tmp_path / "kunci")
    locking = ["ssh-keygen", "-q", "-p", "-f", str(path), "-P", "", "-N", "rahasia-uji"]
    subprocess.run(locking, check=True, capture_output=True)

    with pytest.raises(AnswerIsNo, match="key-locked"):
        signing.from_file(path)
    with authenticator.agent(key) as socket:
        monkeypatch.setenv("SSH_AUTH_SOCK", socket)
        assert signing.from_file(path).source == "ssh-agent"


def test_a_file_that_holds_a_key_which_no_policy_takes_does_not_sign(tmp_path: Path) -> None:
    path = SecurityKey(application="").write(tmp_path / "kunci")

    with pytest.raises(AnswerIsNo, match="key-kind"):
        signing.from_file(path)


@pytest.mark.parametrize("kind", KINDS)
def test_the_head_approves_with_a_security_key(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    key = SecurityKey(kind)

    def given(person: Person) -> Person:
        return replace(person, keys=(*person.keys, key.public)) if person.role == "head" else person

    def listing(policy: Policy) -> Policy:
        return replace(policy, persons=tuple(given(person) for person in policy.persons))

    history.publish(
        office, history.merge(office, history.policy_change(office, listing, signed_by=[office.head]))
    )
    monkeypatch.setenv("SSH_SK_HELPER", str(key.helper(tmp_path)))
    path = key.write(tmp_path / "kunci")
    office.approves(office.announces("jadwal"), "--key", str(path))

    assert office.codes() == []

    monkeypatch.delenv("SSH_SK_HELPER")
    silent = office.sop("approve", office.announces("lain"), "--key", str(path))
    assert silent.code == 1
    assert silent.json["error"]["code"] == "security-key-silent"
