"""Addresses and ports of this computer, found without asking anybody."""

import ipaddress
import socket
from pathlib import Path

import pytest

from pipeline.preview import network
from sop_site.errors import AnswerIsNo


def test_the_addresses_are_this_computers_and_lead_here_from_outside() -> None:
    for address in network.office_addresses():
        found = ipaddress.ip_address(address)
        assert not found.is_loopback
        with socket.socket() as one:
            one.bind((address, 0))


def test_a_computer_without_a_network_has_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(socket, "if_nameindex", lambda: [(1, "lo"), (7, "tidak-ada")])

    assert network.office_addresses(tmp_path / "route") == []


def test_the_usual_way_out_is_the_one_with_the_default_route(tmp_path: Path) -> None:
    routes = tmp_path / "route"
    routes.write_text(
        "Iface\tDestination\tGateway\nwlan0\t0001A8C0\t00000000\neth0\t00000000\t0101A8C0\n", encoding="ascii"
    )

    assert network._way_out(routes) == "eth0"
    assert network._way_out(tmp_path / "tidak-ada") is None


def test_the_usual_port_is_left_to_whoever_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as other:
        other.bind((network.HERE, 0))
        other.listen()
        monkeypatch.setattr(network, "DEFAULT_PORT", other.getsockname()[1])

        (one,) = network.listen([network.HERE], None)

        with one:
            assert one.getsockname()[1] != other.getsockname()[1]


def test_a_port_that_was_asked_for_is_not_exchanged() -> None:
    with socket.socket() as other:
        other.bind((network.HERE, 0))
        other.listen()

        with pytest.raises(AnswerIsNo, match="preview-port-taken"):
            network.listen([network.HERE], other.getsockname()[1])


def test_all_addresses_share_one_port() -> None:
    sockets = network.listen([network.HERE, "127.0.0.2", "127.0.0.3"], 0)

    assert len({one.getsockname()[1] for one in sockets}) == 1
    for one in sockets:
        one.close()


@pytest.mark.parametrize("address", ["192.0.2.1", "256.1.1.1", "bukan alamat", "", "0.0.0.0", "127.0.0.1"])
def test_a_foreign_address_is_refused(address: str) -> None:
    with pytest.raises(AnswerIsNo, match="preview-host-unusable"):
        network.listen([network.HERE, address], 0)
