"""The fields of the policy file: each function takes a TOML value and gives it back typed, or refuses it."""

import base64
import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sop_site.approval import digests, openpgp, openpgp_armor, public_keys
from sop_site.approval.public_keys import KeyTypeRefused
from sop_site.approval.ssh_wire import Malformed

_EMAIL = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?")
_FINGERPRINT = re.compile(r"SHA256:[A-Za-z0-9+/]{43}")
_FORGE_ADDRESS = re.compile(r"[^\s<>@\x00-\x1f\x7f]+@[^\s<>@\x00-\x1f\x7f]+")
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class FieldWrong(ValueError):
    """A field that is not as the policy's grammar wants it; the text names field and reason."""


def keys(place: str, table: Mapping[str, Any], required: set[str], optional: set[str]) -> None:
    """All required keys and no unknown one."""
    missing, unknown = required - table.keys(), table.keys() - required - optional
    if missing or unknown:
        raise FieldWrong(f"{place}: missing {sorted(missing)}, unknown {sorted(unknown)[:8]}")


def table(place: str, value: object) -> dict[str, Any]:
    """A TOML table."""
    if not isinstance(value, dict):
        raise FieldWrong(f"{place} is no table")
    return value


def tables(place: str, value: object) -> list[dict[str, Any]]:
    """An array of tables."""
    if not isinstance(value, list):
        raise FieldWrong(f"{place} is no array of tables")
    return [table(place, entry) for entry in value]


def string(place: str, value: object) -> str:
    """Any string."""
    if not isinstance(value, str):
        raise FieldWrong(f"{place} is no string")
    return value


def words(place: str, value: object) -> str:
    """A string that says something, on one line."""
    text = string(place, value)
    if not text.strip() or _CONTROL.search(text):
        raise FieldWrong(f"{place} is blank or holds control characters")
    return text


def strings(place: str, value: object) -> tuple[str, ...]:
    """An array of strings with at least one."""
    if not isinstance(value, list) or not value:
        raise FieldWrong(f"{place} is no array with at least one string")
    return tuple(string(place, entry) for entry in value)


def integer(place: str, value: object, *, lowest: int, highest: int | None = None) -> int:
    """An integer within bounds; TOML's booleans are none."""
    if type(value) is not int or value < lowest or (highest is not None and value > highest):
        raise FieldWrong(f"{place} is no integer from {lowest} to {highest or 'any'}")
    return value


def boolean(place: str, value: object) -> bool:
    """true or false."""
    if not isinstance(value, bool):
        raise FieldWrong(f"{place} is neither true nor false")
    return value


def moment(place: str, value: object) -> datetime:
    """A TOML offset date-time."""
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise FieldWrong(f"{place} is no date and time with an offset")
    return value


def digest(place: str, value: object) -> str:
    """``sha256:`` and 64 lower-case hex digits."""
    if not digests.is_text(value):
        raise FieldWrong(f"{place} is no digest")
    return str(value)


def email(place: str, value: object) -> str:
    """An id: shaped like an e-mail address, ASCII, lower case."""
    if not isinstance(value, str) or not _EMAIL.fullmatch(value):
        raise FieldWrong(f"{place} is not shaped like an e-mail address in lower case")
    return value


def commit(place: str, value: object) -> str:
    """A full commit id."""
    if not isinstance(value, str) or not _COMMIT.fullmatch(value):
        raise FieldWrong(f"{place} is no commit id")
    return value


def fingerprint(place: str, value: object) -> str:
    """An OpenSSH fingerprint."""
    if not isinstance(value, str) or not _FINGERPRINT.fullmatch(value):
        raise FieldWrong(f"{place} is no OpenSSH fingerprint")
    return value


def forge_key(armored: str) -> str:
    """The full OpenPGP fingerprint of one armored public key, in upper-case hex."""
    try:
        return openpgp.parse_key(openpgp_armor.of_key(armored)).fingerprint
    except openpgp_armor.Malformed as error:
        raise FieldWrong(f"github.public_keys: {error}") from error


def forge_address(value: object) -> str:
    """An author's e-mail address as the forge writes it, capitals included."""
    if not isinstance(value, str) or not _FORGE_ADDRESS.fullmatch(value):
        raise FieldWrong("github.authors: not an e-mail address")
    return value


def key_line(value: str) -> str:
    """Type and base64, one space between; the blob is a key of that type which may ever sign."""
    kind, _, encoded = value.partition(" ")
    try:
        blob = base64.b64decode(encoded, validate=True)
        if base64.b64encode(blob).decode("ascii") != encoded or public_keys.key_type(blob) != kind:
            raise FieldWrong("person.keys: type and bytes of a key do not fit")
        public_keys.parse(blob)
    except FieldWrong:
        raise
    except (ValueError, Malformed, KeyTypeRefused) as error:
        # base64 says ValueError, and not its own error, of letters that are not ASCII.
        raise FieldWrong(f"person.keys: {error}") from error
    return value


def fingerprint_of(line: str) -> str:
    """OpenSSH fingerprint of a two-field line."""
    return public_keys.fingerprint(base64.b64decode(line.split(" ")[1]))


def scope(value: str) -> str:
    """An exact path, or a folder followed by ``/**``; no other wildcard."""
    path = value.removesuffix("/**")
    parts = path.split("/")
    if _CONTROL.search(path) or "*" in path or any(part in ("", ".", "..") for part in parts):
        raise FieldWrong("person.scope is neither a path nor a folder followed by /**")
    return value


def unique(place: str, values: Sequence[str]) -> None:
    """No value twice."""
    if len(set(values)) != len(values):
        raise FieldWrong(f"{place} stands twice")


def quoted(value: object) -> str:
    """A value as TOML: strings, booleans, moments, arrays and inline tables of strings."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{quoted(key)} = {quoted(entry)}" for key, entry in value.items()) + " }"
    if isinstance(value, tuple):
        return "[" + ", ".join(quoted(entry) for entry in value) + "]"
    # A JSON string is a TOML basic string once the one character that only JSON leaves bare is escaped.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
