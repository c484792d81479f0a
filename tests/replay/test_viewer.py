"""A WACZ opens in ReplayWeb.page, read in parts over HTTP as a viewer on a page of its own does."""

import json
import os
import re
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.replay.browser import CHROMIUM, browser
from tests.replay.conftest import Crawled

VIEWER = Path(os.environ.get("REPLAYWEBPAGE", "nowhere"))
ONE_OF_EACH_OUTLET = 4

pytestmark = [
    pytest.mark.prove,
    pytest.mark.xdist_group("replay"),
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium here (Debian: apt-get install chromium)"),
    pytest.mark.skipif(
        not (VIEWER / "sw.js").exists(),
        reason="no viewer here: REPLAYWEBPAGE names the unpacked folder of `npm pack replaywebpage`",
    ),
]


class _Handler(SimpleHTTPRequestHandler):
    """The viewer's files, and the WACZ in the parts that are asked for."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *arguments: Any, wacz: bytes, **more: Any) -> None:
        self.wacz = wacz
        super().__init__(*arguments, directory=str(VIEWER), **more)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Says nothing."""

    def do_GET(self) -> None:
        """A file, or a part of the WACZ."""
        if self.path != "/news.wacz":
            super().do_GET()
            return
        size = len(self.wacz)
        asked = re.fullmatch(r"bytes=(\d*)-(\d*)", self.headers.get("Range") or "")
        first, last = 0, size - 1
        if asked and asked[1]:
            first, last = int(asked[1]), min(int(asked[2] or last), last)
        elif asked:
            first = max(0, size - int(asked[2]))
        self.send_response(206 if asked else 200)
        if asked:
            self.send_header("Content-Range", f"bytes {first}-{last}/{size}")
        self.send_header("Content-Length", str(last + 1 - first))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(self.wacz[first : last + 1])

    def do_HEAD(self) -> None:
        """The same without its body."""
        if self.path == "/news.wacz":
            self.do_GET()
        else:
            super().do_HEAD()


@contextmanager
def viewer(wacz: Path) -> Iterator[str]:
    """The viewer served on loopback with the WACZ beside it; gives its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, wacz=wacz.read_bytes())) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


def test_articles_of_a_wacz_open_in_replayweb_page(complete: Crawled, tmp_path: Path) -> None:
    wacz = tmp_path / "news.wacz"
    assert complete.scrapy("export", "--format", "wacz", str(wacz)).status == 0
    with zipfile.ZipFile(wacz) as packed:
        _, *pages = map(json.loads, packed.read("pages/pages.jsonl").splitlines())
    by_host = {page["url"].split("/")[2]: page for page in pages}
    chosen = list(by_host.values())[:ONE_OF_EACH_OUTLET]
    with viewer(wacz) as address, browser(tmp_path / "profile") as chromium:
        for page in chosen:
            stamp = "".join(filter(str.isdigit, page["ts"]))
            view = f"?source={address}news.wacz#view=resource&url={page['url']}&ts={stamp}"
            loaded = chromium.load(address + view, quiet_s=5.0)
            assert page["title"] in loaded.text.replace("\xa0", " ")
            assert "scripted" in loaded.classes
            assert loaded.widths.count(0) == 0
    print(f"\n{len(chosen)} articles of a WACZ opened in ReplayWeb.page")
    assert len(chosen) == ONE_OF_EACH_OUTLET
