"""``sop preview``: the site with a draft on top, as the public would see it, before anybody approves it."""

import json
import os
import signal
import sys
import tempfile
import threading
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click

from pipeline.desk import Desk
from pipeline.files import write_atomic
from pipeline.preview import codes, network, serving
from pipeline.preview.door import MINUTES, Door
from pipeline.preview.showcase import Showcase
from pipeline.preview.sources import Office
from pipeline.references import DRAFTS
from pipeline.repository import Repository
from sop_site.errors import AnswerIsNo


@click.command("preview", help="Lihat draf seperti nanti tayang / see a draft as the public would.")
@click.argument("draft", required=False)
@click.option("--phone", is_flag=True, help="Juga untuk HP di jaringan kantor / for telephones too.")
@click.option("--host", metavar="ALAMAT", help="Alamat IPv4 komputer ini untuk HP / its address for them.")
@click.option("--port", type=click.IntRange(0, 65535), help="Nomor pintu, biasanya 8764 / port.")
@click.option("--qr", type=click.Path(path_type=Path, dir_okay=False), help="Simpan kode QR (SVG) / save it.")
@click.pass_obj
def command(
    desk: Desk, draft: str | None, phone: bool, host: str | None, port: int | None, qr: Path | None
) -> None:
    """Serve until stopped; nothing is left behind, neither in the repository nor on the disk."""
    with (
        Repository(desk.repo()) as repo,
        tempfile.TemporaryDirectory(prefix="sop-pratinjau-") as scratch,
        closing(Office(repo, draft or _open_draft(repo), Path(scratch))) as office,
    ):
        show = Showcase(office, desk.clock)
        addresses = _addresses(phone or qr is not None, host)
        sockets = network.listen([network.HERE, *addresses], port)
        spot = _Spot(show, Door(time.monotonic), addresses, sockets[0].getsockname()[1])
        app = serving.application(show, spot.door, addresses, spot.port)
        server = serving.server(app, sockets)
        watcher = threading.Thread(target=show.watch, name="pengamat")
        _end_politely(show)
        watcher.start()
        try:
            # From its first word on, to be asked to stop is how a preview ends.
            with suppress(KeyboardInterrupt):
                _tell(desk, spot, port, qr)
                server.run()
        finally:
            show.stop()
            watcher.join()
            server.close()


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a preview is served."""

    show: Showcase
    door: Door
    addresses: list[str]
    port: int

    @property
    def url(self) -> str:
        return f"http://{network.HERE}:{self.port}{self.show.pages.first()}"

    def links(self) -> list[str]:
        """A fresh one-time link at every address."""
        return serving.links(self.addresses, self.port, self.door.new_link()) if self.addresses else []


def _end_politely(show: Showcase) -> None:
    """When asked to stop, first let those go who wait for a change: the server waits for them."""

    def stop(_number: int, _frame: FrameType | None) -> NoReturn:
        show.stop()
        raise KeyboardInterrupt

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)


def _open_draft(repo: Repository) -> str:
    """The draft in the work tree."""
    shown = repo.checked_out() or ""
    if not shown.startswith(DRAFTS):
        raise AnswerIsNo("preview-no-draft")
    return shown.removeprefix(DRAFTS)


def _addresses(phone: bool, host: str | None) -> list[str]:
    if host is not None:
        return [host]
    found = network.office_addresses() if phone else []
    if phone and not found:
        raise AnswerIsNo("preview-no-network")
    return found


def _tell(desk: Desk, spot: _Spot, wanted: int | None, qr: Path | None) -> None:
    """Say where it is, on one JSON line or in words; on a terminal Enter then makes a new link."""
    links = spot.links()
    if qr is not None and links:
        _save(qr, links[0])
    if desk.json:
        data = {
            "ok": True, "command": "preview", "url": spot.url, "phone_url": links[0] if links else None,
            "phone_urls": links, "draft": spot.show.draft, "live": spot.show.live,
        }  # fmt: skip
        click.echo(json.dumps(data, ensure_ascii=False))
    else:
        if wanted is None and spot.port != network.DEFAULT_PORT:
            taken = {"wanted": str(network.DEFAULT_PORT), "port": str(spot.port)}
            click.echo(desk.say("preview-other-port", **taken))
        click.echo(desk.say("preview-ready", draft=spot.show.draft, url=spot.url))
        click.echo(desk.say("preview-live" if spot.show.live else "preview-tip-only"))
        _tell_link(desk, links)
        if qr is not None:
            click.echo(desk.say("preview-qr-saved", path=qr))
        click.echo(desk.say("preview-how-to-stop"))
    sys.stdout.flush()
    if links and desk.can_ask():
        threading.Thread(target=_on_enter, args=(desk, spot, qr), daemon=True, name="tautan-baru").start()


def _tell_link(desk: Desk, links: list[str]) -> None:
    if not links:
        return
    colours = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    click.echo(desk.say("preview-phone", url=links[0]))
    for line in codes.for_terminal(links[0], colours=colours):
        click.echo(line)
    for other in links[1:]:
        click.echo(desk.say("preview-phone-also", url=other))
    click.echo(desk.say("preview-phone-once", minutes=MINUTES))


def _on_enter(desk: Desk, spot: _Spot, qr: Path | None) -> None:
    """Another link for each line that is entered; a terminal that is closed ends it."""
    for _ in sys.stdin:
        links = spot.links()
        if qr is not None:
            _save(qr, links[0])
        _tell_link(desk, links)


def _save(path: Path, link: str) -> None:
    # Whoever reads the file can be the one that the link lets in.
    write_atomic(path, codes.as_svg(link).encode(), mode=0o600)
