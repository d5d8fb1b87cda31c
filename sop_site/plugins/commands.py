"""The commands that proof pages print: git and ssh-keygen alone, with the office's own values.

Each tuple is one block of lines; blocks are run in one shell, in their order, beginning in the folder that
holds the allowed-signers file. Tests run them as printed. Whatever comes from the repository is quoted.
"""

import shlex
from datetime import UTC

from sop_site import manifest
from sop_site.approval.allowed_signers import NAMESPACE, principal, stamp
from sop_site.proof import ApprovalProof

SIGNERS = "allowed_signers"
"""Name under which the file is saved."""
COPY = "salinan"
"""What stands for the repository's address until the office publishes one: a folder or a bundle file."""
_CLONE = "repositori"

Lines = tuple[str, ...]


def begin(repository: str | None) -> Lines:
    """Clone (without an address, the copy that the office handed over) and say whose signatures count."""
    return (
        f"git clone --branch publish {shlex.quote(repository or COPY)} {_CLONE}",
        f"cd {_CLONE}",
        f"git config gpg.ssh.allowedSignersFile ../{SIGNERS}",
    )


def page_history(folder: str, *former: str) -> Lines:
    """Every approval of one page with its signature (protocol §11), also where it lay before it was moved."""
    return (f"git log --first-parent --show-signature -- {shlex.join((folder, *former))}",)


def whole_history() -> Lines:
    """Every approval with its signature."""
    return ("git log --first-parent --show-signature",)


def verify(approval: ApprovalProof) -> Lines:
    """The signature of one approval, by git."""
    return (f"git verify-commit {approval.commit}",)


def contents(approval: ApprovalProof) -> Lines:
    """What the approval says, and which files it changed."""
    return (
        f"git show --no-patch --format=fuller {approval.commit}",
        f"git diff --name-status --no-renames {approval.parent} {approval.commit}",
    )


def verify_by_hand(approval: ApprovalProof) -> Lines:
    """The same signature by ssh-keygen: the commit is cut into what was signed and the signature on it."""
    ends = approval.signature_ends
    # The armor's lines each begin with one space; of the first line only the header's name is left away.
    armor = ends - approval.signature_begins - len(approval.signature_header)
    when = stamp(approval.time.astimezone(UTC))
    return (
        f"git cat-file commit {approval.commit} > ../persetujuan",
        f"head -c {approval.signature_begins} ../persetujuan > ../isi",
        f"tail -c +{ends + 1} ../persetujuan >> ../isi",
        f"head -c {ends} ../persetujuan | tail -c {armor} | cut -c 2- > ../isi.sig",
        f"ssh-keygen -Y verify -n {NAMESPACE} -f ../{SIGNERS} -I {shlex.quote(principal(approval.approver))} "
        f"-O verify-time={when} -s ../isi.sig < ../isi",
    )


def policy() -> Lines:
    """The policy that is in force."""
    return ("git show publish:governance/policy.toml",)


def fetch_site(url: str) -> Lines:
    """A copy of every published file; wget writes nothing outside its folder, whatever the manifest says."""
    return (
        "mkdir situs && cd situs",
        f"wget {shlex.quote(f'{url}/{manifest.NAME}')}",
        f"cut -c 67- {manifest.NAME} | wget -x -nH -B {shlex.quote(f'{url}/')} -i -",
    )


def check_site() -> Lines:
    """Every file of the copy against the manifest."""
    return (f"sha256sum --quiet -c {manifest.NAME}",)
