"""This computer's own addresses and free ports; nothing is sent and nobody is asked."""

import errno
import fcntl
import ipaddress
import socket
import struct
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from sop_site.errors import AnswerIsNo

HERE = "127.0.0.1"
DEFAULT_PORT = 8764
"""Beside the desk's 8765 and the intake's 8766."""
_ADDRESS_OF = 0x8915
"""Linux's SIOCGIFADDR."""
_ROUTES = Path("/proc/net/route")
_WAITING = 64


def office_addresses(routes: Path = _ROUTES) -> list[str]:
    """IPv4 addresses by which others in the network reach this computer, the usual way out first."""
    found: list[tuple[bool, int, str]] = []
    usual = _way_out(routes)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        for number, name in socket.if_nameindex():
            request = struct.pack("256s", name.encode()[:15])
            with suppress(OSError):
                answer = fcntl.ioctl(asking.fileno(), _ADDRESS_OF, request)
                address = ipaddress.ip_address(answer[20:24])
                if not (address.is_loopback or address.is_link_local or address.is_unspecified):
                    found.append((name != usual, number, str(address)))
    return [address for _, _, address in sorted(found)]


def _way_out(routes: Path) -> str | None:
    """Name of the interface with the default route."""
    with suppress(OSError):
        for line in routes.read_text(encoding="ascii").splitlines()[1:]:
            name, destination, *_ = line.split()
            if destination == "00000000":
                return name
    return None


def listen(addresses: Sequence[str], port: int | None) -> list[socket.socket]:
    """Sockets that listen at every address on one port: ``port``, else the usual one, else a free one.

    ``AnswerIsNo`` where a port that was asked for is taken, or an address is not this computer's.
    """
    for address in addresses:
        _refuse_unfit(address, again=addresses.count(address) > 1)
    tries = [port] if port is not None else [DEFAULT_PORT, *[0] * 20]
    for number in tries:
        try:
            return _bound(addresses, number)
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise AnswerIsNo("preview-host-unusable", host=", ".join(addresses[1:]) or HERE) from error
    raise AnswerIsNo("preview-port-taken", port=str(port or DEFAULT_PORT))


def _refuse_unfit(address: str, *, again: bool) -> None:
    """``AnswerIsNo`` for names, which would have to be looked up, and for "every address there is"."""
    try:
        unfit = ipaddress.IPv4Address(address).is_unspecified or again
    except ValueError:
        unfit = True
    if unfit:
        raise AnswerIsNo("preview-host-unusable", host=address or "–")


def _bound(addresses: Sequence[str], port: int) -> list[socket.socket]:
    made: list[socket.socket] = []
    try:
        for address in addresses:
            one = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            made.append(one)
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.bind((address, port))
            one.listen(_WAITING)
            port = port or one.getsockname()[1]
    except OSError:
        for one in made:
            one.close()
        raise
    return made
