"""One newsstand for the module's tests, and a client that reaches it as a crawler would: by its proxy alone."""

import gzip
import http.client
import ssl
from collections.abc import Callable, Iterator
from email.message import Message
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from attrs import frozen

from newsstand.seeds import pinned_seeds
from newsstand.server import Newsstand
from newsstand.world import World

SHARED = Path(__file__).resolve().parents[3] / "shared"


@frozen(kw_only=True)
class Got:
    """An answer as a client has it, its body decoded."""

    status: int
    headers: Message
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


Fetch = Callable[..., Got]


def fetch_through(newsstand: Newsstand, url: str, *, method: str = "GET", **headers: str) -> Got:
    """One request on a connection of its own, certificates checked against the newsstand's authority alone."""
    parts = urlsplit(url)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        trust = ssl.create_default_context(cafile=str(newsstand.ca_file))
        connection = http.client.HTTPSConnection("127.0.0.1", newsstand.port, context=trust, timeout=10)
        connection.set_tunnel(parts.hostname or "", 443)
    else:
        connection = http.client.HTTPConnection("127.0.0.1", newsstand.port, timeout=10)
        target = url
    try:
        connection.request(method, target, headers=sent)
        answer = connection.getresponse()
        body = answer.read()
    finally:
        connection.close()
    if answer.headers.get("Content-Encoding") == "gzip" and body:
        body = gzip.decompress(body)
    return Got(status=answer.status, headers=answer.headers, body=body)


@pytest.fixture(scope="session")
def seeds() -> Path:
    folder = SHARED / "seeds"
    if not folder.is_dir():
        pytest.skip("the seeds do not lie beside the project")
    return folder


@pytest.fixture(scope="session")
def captures() -> Path:
    folder = SHARED / "pages"
    if not folder.is_dir():
        pytest.skip("the captured pages do not lie beside the project")
    return folder


@pytest.fixture(scope="session")
def world() -> World:
    return World(pinned=pinned_seeds(SHARED / "seeds"))


@pytest.fixture(scope="session")
def newsstand(world: World) -> Iterator[Newsstand]:
    with Newsstand(world) as running:
        yield running


@pytest.fixture(scope="session")
def fetch(newsstand: Newsstand) -> Fetch:
    return lambda url, **more: fetch_through(newsstand, url, **more)
