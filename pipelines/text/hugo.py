"""The `hugo` style: Markdown with Hugo front matter, links kept, the origin link as the last line.

The front matter is written and read with a YAML library, so a hostile headline cannot add a key.
"""

import io
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from pipelines.article import Article, Origin
from pipelines.errors import BadArchive
from pipelines.text.markdown import (
    carried_block,
    from_markdown,
    link_alone,
    link_block,
    plain_words,
    to_markdown,
)
from pipelines.text.record import Record, line
from pipelines.urls import host_of

SUMMARY_WORDS = 50
MAX_FRONT_MATTER_CHARS = 100_000
"""A YAML reader is slow on purpose-made input; the longest real front matter seen has 2,000 characters."""
_FENCE = "---\n"

_THEME: dict[str, Any] = {
    "menu": "",
    "thumbnail": "",
    "lead": "",
    "comments": False,
    "authorbox": False,
    "pager": True,
    "toc": False,
    "mathjax": False,
    "sidebar": "right",
    "widgets": ["search", "recent", "taglist"],
}
"""The Mainroad theme's switches as seed 004 has them."""


def carried(article: Article) -> Record:
    """What the style carries of an article: no authors; tags, where there are none, are the outlet's name.

    The origin is the article itself where the page names no address of another.
    """
    name = line(article.outlet_name) or line(article.outlet)
    at = article.published_at
    is_day = article.published_is_day
    return Record(
        outlet_name=name,
        day=at.date() if at and is_day else None,
        published_at=at.astimezone(UTC).replace(microsecond=0) if at and not is_day else None,
        section=line(article.section) or None,
        headline=line(article.headline) or None,
        language=line(article.language) or None,
        tags=tuple(tag for raw in article.tags if (tag := line(raw))) or (name,),
        blocks=tuple(block for raw in article.blocks if (block := carried_block(raw)).text),
        origin=_origin(article, name),
    )


def _origin(article: Article, outlet_name: str) -> Origin | None:
    copied = article.syndicated_from
    if copied and copied.url:
        name, url = line(copied.name) or host_of(copied.url), copied.url
    else:
        name, url = outlet_name, article.canonical_url or article.url
    link = link_alone(carried_block(link_block(name, url)))
    return Origin(name=link[0], url=link[1]) if link else None


def write_hugo(article: Article) -> str:
    """The article in the hugo style (docs/seed-format.md); ends in one newline."""
    return print_hugo(carried(article))


def print_hugo(record: Record) -> str:
    """The hugo style of a record; ends in one newline. A fact that the record does not hold is an empty value or list.

    `date` alone is left out where there is none: Hugo refuses an empty one.
    """
    words = list(islice(plain_words(record.blocks), SUMMARY_WORDS))
    languages = [record.language] if record.language else []
    matter = {
        "title": record.headline or "",
        "date": _printed_date(record),
        "summary": " ".join(words) + "..." if words else "",
        "categories": [name for name in (record.outlet_name, record.section) if name],
        "lang": languages,
        "translations": languages,
        "tags": list(record.tags),
        **_THEME,
    }
    if matter["date"] is None:
        del matter["date"]
    blocks = list(record.blocks)
    if record.origin and record.origin.name and record.origin.url:
        blocks.append(link_block(record.origin.name, record.origin.url))
    return f"{_FENCE}{_yaml(matter)}{_FENCE}\n{to_markdown(blocks)}".rstrip("\n") + "\n"


def _printed_date(record: Record) -> str | None:
    if record.published_at:
        return record.published_at.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="seconds")
    return record.day.isoformat() if record.day else None


def _yaml(matter: dict[str, Any]) -> str:
    yaml = YAML()
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.width = 2**31  # one line a value, as in the seed
    out = io.StringIO()
    yaml.dump({key: _quoted(value) for key, value in matter.items()}, out)
    return out.getvalue()


def _quoted(value: Any) -> Any:
    if isinstance(value, list):
        return [_quoted(item) for item in value]
    return DoubleQuotedScalarString(value) if isinstance(value, str) else value


def read_hugo(text: str) -> Record:
    """The record of a Markdown file with YAML front matter, of this style or of another Hugo site's.

    The first category is the outlet's name, the second the section; the last paragraph, where it is one link, is the
    origin. Raises BadArchive where there is no front matter that safe YAML reads.
    """
    matter, body = _parted(text)
    blocks = from_markdown(body)
    last = link_alone(blocks[-1]) if blocks else None
    categories = [*_strings(matter.get("categories")), None, None]
    published_at, day = _read_date(matter.get("date"))
    return Record(
        outlet_name=categories[0],
        day=day,
        published_at=published_at,
        section=categories[1],
        headline=line(_string(matter.get("title"))) or None,
        language=next(iter(_strings(matter.get("lang"))), None),
        tags=tuple(_strings(matter.get("tags"))),
        blocks=blocks[:-1] if last else blocks,
        origin=Origin(name=last[0], url=last[1]) if last else None,
    )


def _parted(text: str) -> tuple[dict[Any, Any], str]:
    fence, _, rest = text.removeprefix("\ufeff").replace("\r\n", "\n").partition("\n")
    source, closed, body = f"\n{rest}".partition("\n---\n")
    if fence != "---" or not closed or len(source) > MAX_FRONT_MATTER_CHARS:
        raise BadArchive("hugo style: the file does not open with front matter between two lines of ---")
    try:
        matter = YAML(typ="safe", pure=True).load(source)
    except (YAMLError, ValueError, RecursionError) as error:
        raise BadArchive(f"hugo style: the front matter is no safe YAML: {str(error)[:200]}") from error
    if not isinstance(matter, dict):
        raise BadArchive("hugo style: the front matter is no mapping")
    return matter, body


def _string(value: Any) -> str | None:
    return str(value) if isinstance(value, str | int | float) else None


def _strings(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [text for item in values if (text := line(_string(item)))]


def _read_date(value: Any) -> tuple[datetime | None, date | None]:
    """The instant (UTC where no offset is stated), or the day alone."""
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value) if len(value) <= 10 else datetime.fromisoformat(value)
        except ValueError:
            return None, None
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)), None
    return None, value if isinstance(value, date) else None
