"""What the capture tests share: crawls in a process of their own, and the raw records of an archive."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme
from attrs import frozen
from fastwarc.warc import ArchiveIterator

ROOT = Path(__file__).parents[2]


@frozen
class Raw:
    """One record as FastWARC reads it."""

    type: str
    headers: dict[str, str]
    block: bytes


def raw_records(archive: Path) -> list[Raw]:
    """The records of an archive, read by FastWARC and not by us."""
    found = []
    for path in sorted(archive.rglob("*.warc.gz")):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, parse_http=False):
                headers = dict(record.headers.astuples())
                found.append(Raw(headers["WARC-Type"], headers, record.reader.read()))
    return found


Crawl = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def crawl() -> Crawl:
    """Runs a crawl of given requests; gives what Scrapy made of them, by number, and its counts."""

    def run(
        archive: Path,
        requests: list[dict[str, Any]],
        environment: dict[str, str] | None = None,
        timeout_s: float = 60,
        **settings: Any,
    ) -> dict[str, Any]:
        asked = {"archive": str(archive), "requests": requests, "settings": settings}
        clean = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        ended = subprocess.run(
            [sys.executable, "-m", "tests.capture.crawl"],
            input=json.dumps(asked).encode(),
            cwd=ROOT,
            env={**clean, **(environment or {})},
            stdout=subprocess.PIPE,
            timeout=timeout_s,
            check=True,
        )
        told: dict[str, Any] = json.loads(ended.stdout)
        return told

    return run


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="session")
def trust(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment in which our authority is the only trusted one."""
    folder = tmp_path_factory.mktemp("trust")
    empty = folder / "empty"
    empty.mkdir()
    with authority.cert_pem.tempfile(dir=str(folder)) as certificate:
        yield {"SSL_CERT_FILE": certificate, "SSL_CERT_DIR": str(empty)}
