"""Signatures made here, judged by OpenSSH and git; and keys that cannot or must not sign."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import plumbing, signing
from pipeline.gitenv import run_git
from sop_site.approval import commit as commits
from sop_site.approval import sshsig
from sop_site.errors import AnswerIsNo
from tests.office import MONDAY, key

KINDS = [("ed25519", 0), ("ecdsa", 256), ("rsa", 3072)]
WHO = "camat@percontohan.go.id"
PAYLOADS = [b"", b"halo\n", b"\x00\xff" * 50_000]

pytestmark = pytest.mark.git


@pytest.fixture
def agent(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An ssh-agent of the test's own, empty at first."""
    # Not under tmp_path: a socket's name has room for a hundred characters only.
    with tempfile.TemporaryDirectory(prefix="sop-agen-") as folder:
        socket = f"{folder}/agen"
        running = subprocess.Popen(["ssh-agent", "-D", "-a", socket], stdout=subprocess.PIPE)
        assert running.stdout is not None
        running.stdout.readline()
        monkeypatch.setenv("SSH_AUTH_SOCK", socket)
        yield
        running.terminate()
        running.wait()
        running.stdout.close()


def add_to_agent(path: Path, passphrase: str = "") -> None:
    with tempfile.TemporaryDirectory(prefix="sop-sandi-") as folder:
        says = Path(folder) / "sandi"
        says.write_text(f"#!/bin/sh\necho {passphrase}\n")
        says.chmod(0o700)
        env = {**os.environ, "SSH_ASKPASS": str(says), "SSH_ASKPASS_REQUIRE": "force"}
        subprocess.run(["ssh-add", "-q", str(path)], env=env, check=True, stdin=subprocess.DEVNULL)


def openssh_accepts(tmp_path: Path, public: str, armor: str, payload: bytes, namespace: str) -> bool:
    (tmp_path / "pemilik").write_text(f"{WHO} {public}\n")
    (tmp_path / "tanda").write_text(armor)
    command = ["ssh-keygen", "-Y", "verify", "-n", namespace, "-I", WHO, "-f", str(tmp_path / "pemilik"),
               "-s", str(tmp_path / "tanda")]  # fmt: skip
    return subprocess.run(command, input=payload, capture_output=True).returncode == 0


@pytest.mark.parametrize(("kind", "bits"), KINDS)
@pytest.mark.parametrize("payload", PAYLOADS, ids=["empty", "short", "long"])
def test_openssh_accepts_what_a_key_file_signs(tmp_path: Path, kind: str, bits: int, payload: bytes) -> None:
    signer = signing.from_file(key("penanda", kind, bits))
    armor = signer.sign(payload, "git")

    assert openssh_accepts(tmp_path, signer.public, armor, payload, "git")
    assert not openssh_accepts(tmp_path, signer.public, armor, payload + b"x", "git")
    assert not openssh_accepts(tmp_path, signer.public, armor, payload, "sop-policy")
    assert sshsig.verify(sshsig.parse(armor.encode()), payload)


def test_ecdsa_numbers_of_every_size_are_written_as_openssh_reads_them(tmp_path: Path) -> None:
    signer = signing.from_file(key("penanda", "ecdsa", 256))

    for turn in range(12):
        payload = f"putaran {turn}".encode()
        assert openssh_accepts(tmp_path, signer.public, signer.sign(payload, "git"), payload, "git")


@pytest.mark.parametrize(("kind", "bits"), KINDS)
@pytest.mark.parametrize("form", ["sha1", "sha256"])
def test_git_accepts_a_commit_that_is_signed_here(tmp_path: Path, kind: str, bits: int, form: str) -> None:
    repo = tmp_path / "repo"
    run_git(["init", "-q", f"--object-format={form}", str(repo)])
    signer = signing.from_file(key("penanda", kind, bits))
    tree = plumbing.write_tree(repo, None, {"a": b"isi\n"})
    payload = commits.build_payload(
        tree=tree, parents=[], name="Camat", email=WHO, when=MONDAY, message="Uji\n"
    )
    raw = commits.with_signature(payload, signer.sign(payload, "git"), form)
    commit = plumbing.write_raw_commit(repo, raw)
    (tmp_path / "pemilik").write_text(f"{WHO} {signer.public}\n")
    trusting = ["-c", "gpg.format=ssh", "-c", f"gpg.ssh.allowedSignersFile={tmp_path / 'pemilik'}"]

    run_git([*trusting, "verify-commit", commit], cwd=repo)
    assert (
        run_git([*trusting, "log", "-1", "--format=%G? %GS", commit], cwd=repo).decode().strip() == f"G {WHO}"
    )
    run_git(["fsck", "--strict"], cwd=repo)


def test_the_armor_is_the_one_that_openssh_itself_writes(tmp_path: Path) -> None:
    path, payload = key("penanda", "ed25519", 0), b"sama\n"
    written = subprocess.run(
        ["ssh-keygen", "-Y", "sign", "-q", "-n", "git", "-f", str(path)],
        input=payload, capture_output=True, check=True,
    )  # fmt: skip

    assert signing.from_file(path).sign(payload, "git") == written.stdout.decode()


def test_a_new_key_is_one_that_openssh_reads(tmp_path: Path) -> None:
    private, public = signing.new_key("head")
    path = tmp_path / "head"
    path.write_bytes(private)
    path.chmod(0o600)

    derived = subprocess.run(["ssh-keygen", "-y", "-f", str(path)], capture_output=True, check=True)
    assert derived.stdout.decode().split()[:2] == public.decode().split()[:2]
    assert public.endswith(b" head\n")


def test_the_agent_signs_with_a_key_that_is_unlocked_there(tmp_path: Path, agent: None) -> None:
    locked = key("terkunci", "ed25519", passphrase="rahasia-uji")
    add_to_agent(locked, "rahasia-uji")

    for signer in (signing.from_file(locked), signing.from_file(locked.with_name(locked.name + ".pub"))):
        assert signer.source == "ssh-agent"
        armor = signer.sign(b"halo", "git")
        assert openssh_accepts(tmp_path, signer.public, armor, b"halo", "git")
    assert [signer.public for signer in signing.in_agent()] == [signer.public]


def test_a_locked_key_without_agent_is_said_to_be_locked() -> None:
    with pytest.raises(AnswerIsNo) as no:
        signing.from_file(key("terkunci", "ed25519", passphrase="rahasia-uji"))

    assert no.value.code == "key-locked"
    assert signing.in_agent() == []


def test_an_agent_that_does_not_hold_the_key_does_not_help(agent: None) -> None:
    add_to_agent(key("penanda", "ed25519", 0))

    with pytest.raises(AnswerIsNo, match="key-locked"):
        signing.from_file(key("terkunci", "ed25519", passphrase="rahasia-uji"))


@pytest.mark.parametrize(("kind", "bits"), [("ecdsa", 384), ("rsa", 2048)])
def test_a_key_whose_signature_nobody_would_accept_does_not_sign(kind: str, bits: int) -> None:
    with pytest.raises(AnswerIsNo, match="key-kind"):
        signing.from_file(key("lemah", kind, bits))


def test_a_key_that_is_not_there_or_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "catatan.txt").write_text("bukan kunci\n")

    with pytest.raises(AnswerIsNo, match="key-missing"):
        signing.from_file(tmp_path / "tidak-ada")
    with pytest.raises(AnswerIsNo, match="key-unreadable"):
        signing.from_file(tmp_path / "catatan.txt")
