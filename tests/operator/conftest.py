"""An archive of pages that mean harm, and commands typed at it."""

import json
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import escape
from importlib import import_module
from pathlib import Path

import pytest
from attrs import frozen
from scrapy.utils.project import get_project_settings

from crawler.command import Command
from pipelines.capture import Exchange
from pipelines.warc.writer import WarcWriter
from tests.corpus.archived import Clock, catalogued

SITE = "https://evil.example/2026/"
NASTY = (
    "=cmd() \x1b]0;owned\x07 \x1b[31m \x9b31m \u202eevil\u2066 \u2028 \x00 <script>alert(1)</script> "
    "<img src=x onerror=alert(2)> \"q\" 'a' --- ../../etc !!python/object:os.system [bold]x[/bold] %s {x} |p| \ud800"
)
"""What acts on a terminal, in HTML, in a spreadsheet, in YAML, in a path or in a format."""


@frozen(kw_only=True)
class Ran:
    """What a command printed, and its exit status."""

    status: int | None
    out: str
    err: str


Type = Callable[..., Ran]


def page(headline: str, said: str = "", **structured: object) -> bytes:
    """A page with an article that says enough to be kept."""
    paragraphs = "".join(
        f"<p>Sentence number {n} {escape(said)} tells enough about the council and its bridge to be an article.</p>"
        for n in range(9)
    )
    told = json.dumps({"@type": "NewsArticle", "headline": headline, **structured}).replace("<", "\\u003c")
    return (
        f'<html lang="en"><head><meta charset="utf-8"><title>{escape(headline)}</title>'
        f'<script type="application/ld+json">{told}</script></head>'
        f"<body><article><h1>{escape(headline)}</h1>{paragraphs}</article></body></html>"
    ).encode("utf-8", "surrogatepass")


PAGES = {
    "plain": (page("Plain"), page("Plain, again", "now")),
    "nasty": (
        page(NASTY, NASTY, author={"@type": "Person", "name": NASTY}, keywords=[NASTY], articleSection=NASTY),
        page(f"{NASTY} two", f"{NASTY} now", author=NASTY),
    ),
    "long": (page("L" * 10_000),),
    "far": (page("Far", datePublished="9999-12-31T23:59:59-12:00", dateModified="0001-01-01T00:00:00+14:00"),),
    "first": (page("First", datePublished="0001-01-01T00:00:00+14:00"),),
    "leap": (page("Leap", datePublished="2024-02-29T23:30:00+02:00"),),
}
"""The versions of each page, by the last part of its URL."""


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of those pages, in a folder with a space and letters beyond ASCII in its name."""
    folder = tmp_path_factory.mktemp("hostile") / "архів é"
    clock = Clock(datetime(2026, 3, 1, tzinfo=UTC))
    writer = WarcWriter(folder, "urls", clock=clock, warcinfo={"software": "test"}, rotate_age_s=1e12)
    for name, versions in PAGES.items():
        for body in versions:
            clock.now += timedelta(hours=1)
            head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
            writer.write(
                Exchange(
                    url=SITE + name, method="GET", started_at=clock.now, role="article",
                    request=b"GET / HTTP/1.1\r\n\r\n", response=head + body,
                )
            )  # fmt: skip
    writer.close()
    catalogued(folder).close()
    return folder


@pytest.fixture
def typed(hostile: Path, capsys: pytest.CaptureFixture[str]) -> Type:
    """Types a command at an archive (the hostile one) in this process."""

    def run(verb: str, *words: str, archive: Path = hostile) -> Ran:
        command: Command = import_module(f"crawler.commands.{verb}").Command()
        command.settings = get_project_settings()
        command.settings.set("ARCHIVE_DIR", str(archive), priority="cmdline")
        parser = ArgumentParser()
        command.add_options(parser)
        opts, args = parser.parse_known_args(list(words))
        command.exitcode = 0
        command.run(args, opts)
        printed = capsys.readouterr()
        return Ran(status=command.exitcode, out=printed.out, err=printed.err)

    return run
