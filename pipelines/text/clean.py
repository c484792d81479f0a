"""The `clean` style: the article alone, its facts on the first lines, in the outlet's own time zone.

     date 2025-02-13 Outlet      the name alone where there is no date
    Section
    12:23 13.02.2025
    First Author, Second Author

    Headline

    First paragraph

      • item
      • item

What the lines cannot tell apart, and how it is read: without a time line between them, two lines are section and
authors and a single one is the section; an author with a comma and a space reads as two. A missing headline leaves
its place empty, so that the first paragraph is not taken for it.
"""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from pipelines.article import Article, Block
from pipelines.errors import BadArchive
from pipelines.text.record import Record, article_day, line

BULLET = "  • "
_DATED = re.compile(r" date (\d{4}-\d\d-\d\d) (.+)")
_TIME = re.compile(r"(\d\d):(\d\d) (\d\d)\.(\d\d)\.(\d{4})")


def carried(article: Article) -> Record:
    """What the style carries of an article: headings and quotations as paragraphs, the time to the minute."""
    zone = ZoneInfo(article.zone)
    section = _fact(article.section)
    authors = _fact(", ".join(name for author in article.authors if (name := line(author))))
    published_at = None
    if article.published_at and not article.published_is_day:
        published_at = article.published_at.astimezone(zone).replace(second=0, microsecond=0, fold=0)
    elif authors and not section:
        section, authors = authors, None
    blocks = ((block.kind, line(block.text)) for block in article.blocks)
    return Record(
        outlet_name=line(article.outlet_name) or line(article.outlet),
        day=article_day(article),
        published_at=published_at,
        section=section,
        authors=tuple(authors.split(", ")) if authors else (),
        headline=line(article.headline) or None,
        blocks=tuple(Block(kind="item" if kind == "item" else "paragraph", text=text) for kind, text in blocks if text),
    )


def _fact(text: str | None) -> str | None:
    """A header line; one that reads as a time line is no section and no author."""
    fact = line(text)
    return None if _TIME.fullmatch(fact) else fact or None


def write_clean(article: Article) -> str:
    """The article in the clean style (docs/seed-format.md); ends in one newline."""
    return print_clean(carried(article))


def print_clean(record: Record) -> str:
    """The clean style of a record; ends in one newline."""
    at = record.published_at
    dated = f" date {record.day.isoformat()} " if record.day else ""
    header = [
        f"{dated}{record.outlet_name}",
        record.section,
        at and f"{at.hour:02}:{at.minute:02} {at.day:02}.{at.month:02}.{at.year:04}",
        ", ".join(record.authors),
    ]
    text = "\n".join(fact for fact in header if fact) + "\n\n" + (record.headline or "") + "\n\n"
    after_item = False
    for block in record.blocks:
        is_item = block.kind == "item"
        text = text.removesuffix("\n") if is_item and after_item else text
        text += f"{BULLET if is_item else ''}{block.text}\n\n"
        after_item = is_item
    return text.rstrip("\n") + "\n"


def read_clean(text: str, zone: str = "UTC") -> Record:
    """The record of a file in the clean style, its time read in the outlet's zone.

    Raises BadArchive where the first line or a date in it is not of this style.
    """
    header, _, rest = text.removesuffix("\n").partition("\n\n")
    headline, _, body = rest.partition("\n\n")
    first, *facts = header.split("\n")
    day, name = _first_line(first)
    section, at, authors = _facts(facts, day, zone)
    return Record(
        outlet_name=name,
        day=day,
        published_at=at,
        section=section,
        authors=tuple(authors.split(", ")) if authors else (),
        headline=headline or None,
        blocks=tuple(
            Block(kind="item", text=part.removeprefix(BULLET))
            if part.startswith(BULLET)
            else Block(kind="paragraph", text=part)
            for part in body.split("\n")
            if part
        ),
    )


def _first_line(first: str) -> tuple[date | None, str]:
    if not first:
        raise BadArchive("clean style: the first line names no outlet")
    dated = _DATED.fullmatch(first)
    if dated is None:
        return None, first
    try:
        return date.fromisoformat(dated[1]), dated[2]
    except ValueError as error:
        raise BadArchive(f"clean style: no such day as {dated[1]}") from error


def _facts(facts: list[str], day: date | None, zone: str) -> tuple[str | None, datetime | None, str | None]:
    """Section, time and authors; the time line, where there is one, stands between them."""
    for place, fact in enumerate(facts):
        printed = _TIME.fullmatch(fact)
        if printed and day:
            hour, minute, *_ = map(int, printed.groups())
            if hour > 23 or minute > 59 or fact[6:] != f"{day.day:02}.{day.month:02}.{day.year:04}":
                raise BadArchive(f"clean style: the time line {fact!r} is not of {day}")
            at = datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(zone))
            before, after = facts[:place], facts[place + 1 :]
            return (before[0] if before else None), at, (after[0] if after else None)
    padded: list[str | None] = [*facts, None, None]
    return padded[0], None, padded[1]
