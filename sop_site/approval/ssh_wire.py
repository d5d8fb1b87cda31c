"""SSH's way to write fields one after another (RFC 4251 §5): strings, positive mpints, names."""


class Malformed(ValueError):
    """Bytes that are not what the format says; the text is a short English reason."""


def string(data: bytes) -> bytes:
    """A field: its length in four bytes, and the bytes."""
    return len(data).to_bytes(4, "big") + data


def mpint(number: int) -> bytes:
    """A number that is not negative: big-endian, with a zero byte before a set top bit."""
    return string(number.to_bytes(number.bit_length() // 8 + 1, "big") if number else b"")


def take(data: bytes) -> tuple[bytes, bytes]:
    """The leading string and what follows it."""
    length = int.from_bytes(data[:4], "big")
    if len(data) < 4 or len(data) - 4 < length:
        raise Malformed("a field is cut short")
    return data[4 : 4 + length], data[4 + length :]


def take_exactly(data: bytes, length: int) -> tuple[bytes, bytes]:
    """The leading bytes of a field without a length of its own, and what follows."""
    if len(data) < length:
        raise Malformed("a field is cut short")
    return data[:length], data[length:]


def take_mpint(data: bytes) -> tuple[int, bytes]:
    """The leading positive mpint in its only encoding, and what follows it."""
    raw, rest = take(data)
    number = int.from_bytes(raw, "big")
    if not number or raw[0] & 0x80 or raw != number.to_bytes(number.bit_length() // 8 + 1, "big"):
        raise Malformed("not a positive mpint")
    return number, rest


def end(rest: bytes) -> None:
    """Nothing may follow."""
    if rest:
        raise Malformed("bytes after the end")


def name(data: bytes) -> str:
    """A name of a type or algorithm, which is ASCII."""
    try:
        return data.decode("ascii")
    except UnicodeDecodeError as error:
        raise Malformed("a name is not ASCII") from error
