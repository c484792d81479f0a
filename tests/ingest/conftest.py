"""WARC and ARC files as others write them, and an archive to take them in."""

import gc
import io
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.places import RULES_FOLDER
from pipelines.capture import Capture
from pipelines.catalogue.catalogue import Catalogue, catalogue_url, open_engine
from pipelines.jobs.ingest import Ingested, ingest
from pipelines.jobs.keep import Naming
from pipelines.rules import RuleBook
from pipelines.warc.reader import read_archive

DATE = "2024-05-06T07:08:09Z"
PARAGRAPH = "The council of the town decided on day {n} to mend the old bridge, and gave its reasons at length. "


def page(number: int = 1, day: int = 1) -> bytes:
    """An article that says enough to be read as one."""
    body = "".join(f"<p>{PARAGRAPH.format(n=f'{day} of case {number}, part {part}')}</p>" for part in range(9))
    return f"<html><head><title>Bridge {number}</title></head><body><article><h1>Bridge {number}</h1>{body}".encode()


def answer(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """An HTTP answer as it crosses the wire."""
    lines = (f"HTTP/1.1 {status}", "Content-Type: text/html; charset=utf-8", *headers)
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def chunked(body: bytes) -> bytes:
    """A body in chunks, as some keep it."""
    halves = body[: len(body) // 2], body[len(body) // 2 :]
    return b"".join(b"%x\r\n%s\r\n" % (len(half), half) for half in halves) + b"0\r\n\r\n"


def record(kind: str, url: str, block: bytes, date: str | None = DATE, version: str = "1.0", **fields: str) -> bytes:
    """A WARC record, its fields as they are given; a field of None is left out."""
    given: dict[str, str | None] = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<urn:uuid:{abs(hash((kind, url, block, date))):032x}>",
        "WARC-Date": date,
        "WARC-Target-URI": url,
        "Content-Type": f"application/http; msgtype={'request' if kind == 'request' else 'response'}",
        "Content-Length": str(len(block)),
        **{name.replace("_", "-"): value for name, value in fields.items()},
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in given.items() if value is not None)
    return f"WARC/{version}\r\n{head}\r\n".encode() + block + b"\r\n\r\n"


def arc(url: str, block: bytes, stamp: str = "20040506070809") -> bytes:
    """An ARC record."""
    return f"{url} 192.0.2.1 {stamp} text/html {len(block)}\n".encode() + block + b"\n"


ARC_HEAD = b"1 1 Example\nURL IP-address Archive-date Content-type Archive-length\n"
FILEDESC = (
    arc("filedesc://example.arc", ARC_HEAD).replace(b"192.0.2.1", b"0.0.0.0").replace(b"text/html", b"text/plain")
)


def by_warcio(path: Path, pages: dict[str, bytes], version: str) -> None:
    """A file as warcio writes it: a request and a response each, one gzip member a record."""
    with warnings.catch_warnings(), path.open("wb") as out:
        # warcio leaves its temporary files to the garbage collector.
        warnings.simplefilter("ignore", ResourceWarning)
        writer = WARCWriter(out, gzip=path.suffix == ".gz", warc_version=version)
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "somebody else"}))
        for url, body in pages.items():
            head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            response = writer.create_warc_record(url, "response", payload=io.BytesIO(body), http_headers=head)
            asked = StatusAndHeaders("GET / HTTP/1.1", [("Host", "a.example")], is_http_request=True)
            request = writer.create_warc_record(url, "request", http_headers=asked)
            writer.write_request_response_pair(request, response)
        del response, request
        gc.collect()


class Archive:
    """An archive and how files are taken into it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def take(self, *files: Path) -> Ingested:
        """Takes files in."""

        def watch(items: Any, _label: str) -> Any:
            return items

        return ingest(
            self.folder, catalogue_url(self.folder), RULES_FOLDER, no_leads, files,
            clock=lambda: self.now, software="test", workers=1, watch=watch,
        )  # fmt: skip

    def captures(self) -> list[Capture]:
        """What lies in the WARC files."""
        return [each for each in read_archive(self.folder) if isinstance(each, Capture)]

    def dump(self) -> list[str]:
        """The catalogue, row by row."""
        catalogue = Catalogue(open_engine(catalogue_url(self.folder)))
        try:
            return list(catalogue.dump())
        finally:
            catalogue.close()

    def texts(self) -> dict[str, bytes]:
        """Text files by name."""
        return {p.relative_to(self.folder).as_posix(): p.read_bytes() for p in self.folder.glob("text/**/*.txt")}


def no_leads(capture: Capture, _rules: RuleBook) -> Naming:
    """Copies of others hold no sources."""
    return Naming(capture=capture, leads=())


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    folder = tmp_path / "archive"
    folder.mkdir()
    return Archive(folder)


@pytest.fixture
def made(tmp_path: Path) -> Callable[[str, bytes], Path]:
    """Writes a file of others."""

    def make(name: str, content: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return make
