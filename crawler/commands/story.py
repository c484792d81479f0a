"""`scrapy story URL`: who else told an event, what they all quote, and what only one of them has."""

import argparse
from collections.abc import Iterator
from typing import ClassVar

from attrs import asdict

from crawler.command import DONE, print_json, shown
from crawler.command import Command as Verb
from crawler.commands.origins import asked_article, moment, watch
from crawler.places import existing_catalogue
from pipelines.jobs.stories import Member, Said, Story, story_of
from pipelines.jobs.trace import ensure_traced

MOST_NAMED = 25
"""Names and figures shown of one article; JSON has all."""


class Command(Verb):
    """The tellings of one event."""

    arguments: ClassVar[range] = range(1, 2)

    def syntax(self) -> str:
        return "URL [--json]"

    def short_desc(self) -> str:
        return "Show who else told an article's event, shared quotations, and what only one has"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="print as JSON")

    def act(self, args: list[str], opts: argparse.Namespace) -> int:
        catalogue = existing_catalogue(self.settings)
        article = asked_article(catalogue, args[0])
        ensure_traced(catalogue, watch)
        story = story_of(catalogue, article)
        catalogue.close()
        if opts.json:
            print_json(asdict(story))
        else:
            print("\n".join(story_lines(story, article)))
        return DONE


def story_lines(story: Story, asked: str) -> Iterator[str]:
    """The story for a terminal."""
    if len(story.members) == 1:
        yield "No other article in the archive tells this event."
    outlets = {member.outlet for member in story.members}
    yield f"{len(story.members)} articles of {len(outlets)} outlets"
    yield ""
    for member in story.members:
        yield from _telling(member, asked)
    if story.shared:
        yield from ("", "Quoted by several:")
        for said in story.shared:
            yield from _quoted(said)
    for member in story.members:
        yield from _alone(member)


def _telling(member: Member, asked: str) -> Iterator[str]:
    language = f" ({member.language})" if member.language else ""
    mark = "  ← asked for" if member.id == asked else ""
    yield f"{moment(member)}  {shown(member.outlet)}{language}  {shown(member.headline)}{mark}"
    yield f"   {shown(member.url)}"
    if member.copy_of:
        yield f"   a copy of {shown(member.copy_of)}"


def _quoted(said: tuple[Said, ...]) -> Iterator[str]:
    speakers = ", ".join(dict.fromkeys(each.speaker for each in said if each.speaker)) or "somebody"
    outlets = ", ".join(dict.fromkeys(each.outlet for each in said))
    yield f" · {shown(speakers)}: “{shown(said[0].text)}”"
    yield f"   {shown(outlets)}"


def _alone(member: Member) -> Iterator[str]:
    if not member.only_quotations and not member.only_named:
        return
    yield from ("", f"Only {shown(member.outlet)} has:")
    for said in member.only_quotations:
        yield f" · {shown(said.speaker or 'somebody')}: “{shown(said.text)}”"
    if member.only_named:
        more = f" and {len(member.only_named) - MOST_NAMED} more" * (len(member.only_named) > MOST_NAMED)
        yield f" · {shown(', '.join(member.only_named[:MOST_NAMED]))}{more}"
