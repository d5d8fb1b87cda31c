"""Keys for changes of policy: the public line of a key that is handed in, and root keys that can sign now."""

from collections.abc import Iterator, Set
from pathlib import Path

from pipeline import keys, signing
from pipeline.signing import Signer
from sop_site.approval import policy_fields
from sop_site.approval.policy_fields import FieldWrong
from sop_site.errors import AnswerIsNo

_KINDS = ("ssh-", "ecdsa-", "sk-")
_LONGEST = 64 * 1024


def public_line(given: str) -> str:
    """The two-field line of a key given as itself or as a file; of a private one its public half is read.

    ``AnswerIsNo`` where it is no key that may ever sign.
    """
    text = given if given.startswith(_KINDS) else _from_file(Path(given))
    fields = text.split()
    try:
        if len(fields) < 2:
            raise FieldWrong("no public key line")
        return policy_fields.key_line(f"{fields[0]} {fields[1]}")
    except FieldWrong as error:
        raise AnswerIsNo("policy-key-unfit", key=given[:80], detail=str(error)) from error


def name_of(given: str) -> str:
    """What ``sop policy revoke`` is told: an id or fingerprint as it stands, a key or its file as a line."""
    if given.startswith(_KINDS) or (not given.startswith("SHA256:") and Path(given).is_file()):
        return public_line(given)
    return given


def at_hand(repo: Path, wanted: Set[str]) -> Iterator[Signer]:
    """Signers for the fingerprints ``wanted``: key files beside the repository first, then ssh-agent."""
    found: set[str] = set()
    folder = keys.folder_of(repo)
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.suffix in (".pub", ".age") or not path.is_file():
            continue
        try:
            line = signing.public_line(path)
            if line is None or signing.fingerprint_of(line) not in wanted - found:
                continue
            signer = signing.from_file(path)
        except AnswerIsNo:
            # Locked, unreadable or of another kind: somebody else's, or for its holder to open.
            continue
        found.add(signer.fingerprint)
        yield signer
    for signer in signing.in_agent():
        if signer.fingerprint in wanted - found:
            yield signer


def _from_file(path: Path) -> str:
    try:
        text = path.read_bytes()[:_LONGEST].decode("utf-8", "replace")
    except OSError as error:
        raise AnswerIsNo("key-missing", path=path) from error
    if text.startswith(_KINDS):
        return text
    return signing.public_line(path) or ""
