"""What all commands share: exit status, errors as one line, JSON or a table, progress."""

import argparse
import io
import json
import re
import sys
import time
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any, ClassVar, TypeVar
from unicodedata import category

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from scrapy.settings import Settings
from sqlalchemy.exc import DBAPIError

from pipelines.dates import has_a_day
from pipelines.errors import PressmarkError

DONE, FOUND, WRONG = 0, 1, 2
"""Exit status: done and clean; done but something was found wrong; wrong usage."""

PLAIN_S = 10.0
"""Seconds between two lines of progress where there is no terminal."""

_OPTION = re.compile(r"--.*|-\S+", re.DOTALL)
"""What is meant as an option; `-word another` is a search, `-` standard input."""
_NUMBER = re.compile(r"[0-9]{1,9}")
_ACTING = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
"""What JSON leaves as it is though it moves a terminal's cursor, turns its text round, or cannot be printed."""

T = TypeVar("T")


class Command(ScrapyCommand):
    """A verb of the project: subclasses say how many arguments they take and act; errors become one line."""

    requires_project = True
    requires_crawler_process = False
    arguments: ClassVar[range] = range(1)
    """How many positional arguments are right."""
    settings: Settings

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Acts, and turns what went wrong into an exit status."""
        unknown = [arg for arg in args if _OPTION.fullmatch(arg)]
        if unknown:
            raise UsageError(f"unknown option {unknown[0]}", print_help=False)
        if len(args) not in self.arguments:
            given = "nothing" if not args else " ".join(args)
            raise UsageError(f"{given} was given where it takes: {self.syntax()}", print_help=False)
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                # A terminal or locale that lacks a letter gets its escape, not an error.
                stream.reconfigure(errors="backslashreplace")
        try:
            self.exitcode = self.act(args, opts)
        except PressmarkError as error:
            self.exitcode = self._wrong(str(error))
        except KeyboardInterrupt:
            print(f"\nscrapy {self.verb}: interrupted", file=sys.stderr)
            self.exitcode = FOUND
        except BrokenPipeError:
            # The reader of our output went away (`| head`): nothing is wrong with the archive.
            sys.stderr.close()
            self.exitcode = DONE
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            self.exitcode = self._wrong(f"{place}{error.strerror or error}")
        except DBAPIError as error:
            said = str(error.orig).strip().partition("\n")[0]
            self.exitcode = self._wrong(
                f"the catalogue: {said}; `scrapy verify` says more, `scrapy rebuild` makes it anew"
            )
        except UnicodeEncodeError as error:
            self.exitcode = self._wrong(f"{error.object!r} is no text that UTF-8 can hold")

    def _wrong(self, what: str) -> int:
        """Tells what went wrong in one line, and gives the exit status of that."""
        print(f"scrapy {self.verb}: {shown(what)}", file=sys.stderr)
        return WRONG

    @property
    def verb(self) -> str:
        """The command's name as typed."""
        return type(self).__module__.rpartition(".")[2]

    @abstractmethod
    def act(self, args: list[str], opts: argparse.Namespace) -> int:
        """Does the work and returns the exit status."""


def day(text: str) -> date:
    """An option's day; argparse tells what is wrong with another text."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day: write it as YYYY-MM-DD") from None


def moment(text: str) -> datetime:
    """An option's instant, in UTC where it names no offset."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no instant: write it as 2026-01-31T12:00:00Z") from None
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    if not has_a_day(found):
        raise argparse.ArgumentTypeError(f"{text!r} is of no year that the archive could tell")
    return found


def processes(text: str) -> int:
    """An option's number of worker processes."""
    if not _NUMBER.fullmatch(text) or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of processes: 1 or more")
    return int(text)


def limit(text: str) -> int | None:
    """An option's number at most; None for 0, which means all."""
    if not _NUMBER.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no number: 0 (all) or more")
    return int(text) or None


def print_json(value: Any) -> None:
    """One JSON document on standard output."""
    print(json_text(value, indent=2))


def json_text(value: Any, indent: int | None = None) -> str:
    """JSON for terminals, files and pipes: what acts on a terminal or ends a line elsewhere stands escaped."""
    told = json.dumps(value, ensure_ascii=False, indent=indent, default=_plain)
    return _ACTING.sub(lambda found: f"\\u{ord(found[0]):04x}", told)


def _plain(value: Any) -> str:
    """What JSON has no kind for: instants as RFC 3339 has them, all else as it is printed."""
    return value.isoformat() if isinstance(value, datetime) else str(value)


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]], title: str | None = None) -> None:
    """A table on standard output; control characters of pages stay out of the terminal."""
    headed = any(columns)
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, show_header=headed, padding=(0, 1, 0, 0))
    for name in columns:
        # The last column may run on; the others are short and stay whole.
        table.add_column(name, overflow="fold", no_wrap=name != columns[-1])
    for row in rows:
        table.add_row(*(shown(cell) for cell in row))
    console = Console(highlight=False, markup=False)
    if console.is_terminal:
        console.print(table)
        return
    # A file or a pipe has no width: lines are as long as they need to be, and no longer.
    console.width = 1000
    with console.capture() as captured:
        console.print(table)
    print("\n".join(line.rstrip() for line in captured.get().splitlines()).strip("\n"))


def shown(value: object) -> str:
    """A value for a terminal: control and direction characters escaped, None as a dash."""
    if value is None:
        return "–"
    text = str(value)
    return "".join(c if c.isprintable() or c == "\n" or category(c) == "Zs" else repr(c)[1:-1] for c in text)


def progress(items: Iterable[T], label: str, total: int | None = None) -> Iterator[T]:
    """The items, with a bar on a terminal and a plain line now and then elsewhere; on standard error."""
    console = Console(stderr=True)
    if console.is_terminal:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=console, transient=True) as bar:
            yield from bar.track(items, total=total, description=label)
        return
    told = time.monotonic()
    for number, item in enumerate(items, 1):
        yield item
        if time.monotonic() - told > PLAIN_S:
            told = time.monotonic()
            print(f"{label}: {number}" + (f" of {total}" if total else ""), file=sys.stderr)
