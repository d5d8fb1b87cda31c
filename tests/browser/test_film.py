"""A film that was taken in plays in a browser, to its end."""

from pathlib import Path

import pytest

from pipeline.media import clean
from tests.browser import chromium, devtools
from tests.pipeline.media import raw

pytest.importorskip("av")

# Counted from what the browser decoded, since it shows no picture without a window.
PLAYED = """new Promise(done => {
  const film = document.createElement("video");
  film.muted = true;
  film.onerror = () => done(["error", film.error.message, 0]);
  film.onended = () => done(["ended", film.videoWidth + "x" + film.videoHeight,
                             film.getVideoPlaybackQuality().totalVideoFrames]);
  film.src = "FILM";
  document.body.append(film);
  film.play().catch(no => done(["refused", String(film.error && film.error.message || no), 0]));
})"""


def test_a_film_that_was_taken_in_plays_to_its_end(tmp_path: Path) -> None:
    (tmp_path / "halaman.html").write_text("<!doctype html><title>Film</title><body></body>")
    copied = raw.film(tmp_path / "kamera.mov", "mov", "libx264", "aac")
    encoded = raw.film(tmp_path / "lama.mkv", "matroska", "libvpx-vp9", "libopus")
    for source in (copied, encoded):
        raw.written(tmp_path, f"{source.stem}.mp4", clean(source).data)

    with chromium.serving(tmp_path) as server, devtools.tab() as tab:
        tab.opens(f"http://127.0.0.1:{server.server_port}/halaman.html")
        for source in (copied, encoded):
            how, what, frames = tab.runs(PLAYED.replace("FILM", f"{source.stem}.mp4"))
            assert (how, what) == ("ended", "320x180")
            assert frames >= 10
