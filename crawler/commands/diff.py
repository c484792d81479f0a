"""`scrapy diff URL [A B]`: what changed between two versions of an article, word by word."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from html import escape
from typing import ClassVar

from rich.console import Console
from rich.text import Text as Line

from crawler.command import DONE, shown
from crawler.command import Command as Verb
from crawler.commands.history import minute
from crawler.places import existing_catalogue
from pipelines.errors import PressmarkError
from pipelines.jobs.history import History, Version, history_of
from pipelines.text.compare import BlockChange, Op, compare, runs
from pipelines.text.edits import kind_of

WIDTH = 80
STYLES: dict[Op, str] = {"same": "", "gone": "red strike", "come": "bold green"}
MARKS: dict[Op, tuple[str, str]] = {"same": ("", ""), "gone": ("[-", "-]"), "come": ("{+", "+}")}
"""Where there is no colour, as `wdiff` writes them."""


class Command(Verb):
    """Two versions, compared."""

    arguments: ClassVar[range] = range(1, 4)

    def syntax(self) -> str:
        return "URL [A B] [--html]"

    def short_desc(self) -> str:
        return "Show what changed between two versions of an article (the last two), word by word"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--html", action="store_true", help="print an HTML page")

    def act(self, args: list[str], opts: argparse.Namespace) -> int:
        catalogue = existing_catalogue(self.settings)
        try:
            history = history_of(catalogue, args[0])
        finally:
            catalogue.close()
        if len(args) == 1 and len(history.versions) == 1:
            print(f"{shown(history.url)} has one version, captured {minute(history.versions[0].captured_at)} UTC")
            return DONE
        old, new = chosen(history, args[1:])
        if opts.html:
            sys.stdout.write(as_html(history, old, new))
        else:
            tell(history, old, new)
        return DONE


def chosen(history: History, numbers: Sequence[str]) -> tuple[Version, Version]:
    """The two versions of those numbers, or the last two; raises PressmarkError where there are none such."""
    if not numbers:
        return history.versions[-2], history.versions[-1]
    if len(numbers) != 2:
        raise PressmarkError("which versions? Give both numbers: scrapy diff URL A B")
    by_number = {str(version.number): version for version in history.versions}
    for number in numbers:
        if number not in by_number:
            raise PressmarkError(f"no version {number}: {history.url} has 1 to {len(history.versions)}")
    return by_number[numbers[0]], by_number[numbers[1]]


def title(history: History, old: Version, new: Version) -> str:
    """What is compared, and what kind of edit it was."""
    kind = kind_of(old.text, new.text) or "nothing of headline and body"
    times = f"{minute(old.captured_at)} → {minute(new.captured_at)} UTC"
    return f"{history.url}\nversion {old.number} → {new.number} ({times}): {kind}"


def tell(history: History, old: Version, new: Version) -> None:
    """The changed blocks, in colour on a terminal."""
    console = Console(highlight=False, markup=False, soft_wrap=False)
    console.width = min(WIDTH, console.width) if console.is_terminal else WIDTH
    console.print(Line(shown(title(history, old, new)), style="bold"), overflow="fold")
    for block in told(compare(old.text, new.text)):
        console.print()
        console.print(_line(block, console.is_terminal) if block else Line("…", style="dim"))


def told(blocks: Sequence[BlockChange]) -> Iterator[BlockChange | None]:
    """The changed blocks; None where blocks between them are left out."""
    left_out = False
    for block in blocks:
        if not block.changed:
            left_out = True
            continue
        if left_out:
            yield None
        left_out = False
        yield block
    if left_out:
        yield None


def _line(block: BlockChange, coloured: bool) -> Line:
    line = Line(overflow="fold")
    for op, text in runs(block):
        words = text.rstrip()
        opening, closing = ("", "") if coloured else MARKS[op]
        line.append(shown(f"{opening}{words}{closing}"), style=STYLES[op])
        line.append(" " if text != words or op == "gone" else "")
    line.rstrip()
    return line


def as_html(history: History, old: Version, new: Version) -> str:
    """A page that shows all blocks, with what went and what came marked."""
    tags: dict[Op, tuple[str, str]] = {"same": ("", ""), "gone": ("<del>", "</del>"), "come": ("<ins>", "</ins>")}
    paragraphs = [
        "".join(f"{tags[op][0]}{escape(shown(text))}{tags[op][1]}" for op, text in runs(block))
        for block in compare(old.text, new.text)
    ]
    headline, *body = paragraphs
    told = escape(shown(title(history, old, new))).replace("\n", "<br>\n")
    lines = "\n".join(f"<p>{paragraph}</p>" for paragraph in body)
    return f"""<!DOCTYPE html>
<html>
<head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{escape(shown(new.headline or history.url))}</title>
<style>
body {{ max-width: 42em; margin: 2em auto; padding: 0 1em; font: 1.05em/1.5 serif; }}
.told {{ color: #555; font: 0.8em/1.4 sans-serif; overflow-wrap: anywhere; }}
del {{ background: #fdd; color: #900; }}
ins {{ background: #dfd; color: #060; text-decoration: none; }}
</style></head>
<body><p class="told">{told}</p>
<h1>{headline}</h1>
{lines}
</body>
</html>
"""
