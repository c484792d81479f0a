"""`scrapy origins URL`: where a text came from, and who copied it."""

import argparse
from collections.abc import Iterable, Iterator, Sized
from typing import Any, ClassVar

from attrs import asdict

from crawler.command import DONE, print_json, progress, shown
from crawler.command import Command as Verb
from crawler.places import existing_catalogue
from pipelines.catalogue.catalogue import Catalogue
from pipelines.catalogue.queries import find_article
from pipelines.errors import PressmarkError
from pipelines.jobs.origins import Node, origin_tree
from pipelines.jobs.stories import Member
from pipelines.jobs.trace import ensure_traced
from pipelines.tracing.changes import Changes
from pipelines.urls import normalised_url

LONGEST_SENTENCE = 150
"""Characters of a sentence that are shown: it is to be recognised, not read."""


class Command(Verb):
    """The tree of a text's copies."""

    arguments: ClassVar[range] = range(1, 2)

    def syntax(self) -> str:
        return "URL [--full] [--json]"

    def short_desc(self) -> str:
        return "Show where an article's text came from, and who copied it"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--full", action="store_true", help="show the sentences that each copy cut, added, changed")
        parser.add_argument("--json", action="store_true", help="print as JSON")

    def act(self, args: list[str], opts: argparse.Namespace) -> int:
        catalogue = existing_catalogue(self.settings)
        article = asked_article(catalogue, args[0])
        ensure_traced(catalogue, watch)
        tree = origin_tree(catalogue, article)
        catalogue.close()
        if opts.json:
            print_json(asdict(tree))
        else:
            print("\n".join(tree_lines(tree, article, opts.full)))
        return DONE


def asked_article(catalogue: Catalogue, url: str) -> str:
    """The id of the article that an operator names; raises PressmarkError where the archive holds none of that URL."""
    try:
        found = find_article(catalogue, normalised_url(url))
    except ValueError as error:
        raise PressmarkError(f"{error}; give the article's address") from error
    if found is None:
        raise PressmarkError(f"the archive holds no article of {url}; `scrapy search WORDS` finds what it holds")
    return found


def watch(items: Iterable[Any], label: str) -> Iterable[Any]:
    """Progress of one step of tracing."""
    return progress(items, label, len(items) if isinstance(items, Sized) else None)


def tree_lines(tree: Node, asked: str, full: bool) -> list[str]:
    """The tree for a terminal."""
    lines = list(_lines(tree, asked, full, "", ""))
    if tree.copies:
        return lines
    return [*lines, "", "No other article in the archive has its text."]


def _lines(node: Node, asked: str, full: bool, first: str, indent: str) -> Iterator[str]:
    mark = "  ← asked for" if node.id == asked else ""
    yield f"{first}{moment(node)}  {shown(node.outlet)}  {shown(node.headline)}{mark}"
    beside = indent + ("│  " if node.copies and node.main else "   ")
    yield f"{beside}{shown(node.url)}"
    for said in _said(node):
        yield f"{beside}{shown(said)}"
    if full and node.changes:
        yield from (f"{beside}{line}" for line in _sentences(node.changes))
    for number, copy in enumerate(node.copies, 1):
        last = number == len(node.copies)
        yield from _lines(copy, asked, full, indent + ("└─ " if last else "├─ "), indent + ("   " if last else "│  "))


def moment(node: Node | Member) -> str:
    """When an article was told, UTC; else when it was captured."""
    if node.told_at is None:
        return f"undated, captured {node.captured_at:%Y-%m-%d %H:%M}"
    return f"{node.told_at:%Y-%m-%d}" if node.told_on_day else f"{node.told_at:%Y-%m-%d %H:%M}"


def _said(node: Node) -> Iterator[str]:
    if node.changes and node.of_copy is not None and node.of_source is not None:
        part = "" if node.main else "a part: "
        shares = f"{node.of_copy:.0%} of it is from there, {node.of_source:.0%} of that is here"
        yield f"{part}{shares}; {_did(node.changes)}"
    if node.further:
        yield "also taken from " + ", ".join(node.further)
    if node.evidence:
        yield "evidence: " + ", ".join(node.evidence)
    if node.stated:
        yield "its page names " + " ".join(each for each in (node.stated.name, node.stated.url) if each)
    if node.credited:
        yield "it credits " + "; ".join(node.credited)


def _did(found: Changes) -> str:
    counts = (
        ("cut", len(found.cut)), ("added", len(found.added)), ("changed", len(found.changed)), ("moved", found.moved),
        ("reprinted", found.reprinted),
    )  # fmt: skip
    done = [f"{verb} {count}" for verb, count in counts if count]
    return ", ".join(done) + " sentences" if done else "word for word"


def _sentences(found: Changes) -> Iterator[str]:
    yield from (f"- {_short(text)}" for text in found.cut)
    yield from (f"+ {_short(text)}" for text in found.added)
    for old, new in found.changed:
        yield f"< {_short(old)}"
        yield f"> {_short(new)}"


def _short(text: str) -> str:
    line = shown(" ".join(text.split()))
    return line if len(line) <= LONGEST_SENTENCE else f"{line[:LONGEST_SENTENCE]}…"
