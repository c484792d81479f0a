"""The article of a Markdown source: fields from the front matter, blocks from the body."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser

from pipelines.article import Article, Rejection, Stripped
from pipelines.capture import Page
from pipelines.dates import ReadTime, read_time
from pipelines.errors import UnreadableDate
from pipelines.extraction.blocks import read_blocks
from pipelines.extraction.language import language_of
from pipelines.extraction.markdown import Source, text_value, text_values
from pipelines.extraction.syndication import trace
from pipelines.rules import Outlet
from pipelines.urls import article_id, host_of


def article_of_source(
    source: Source, page: Page, url: str, outlet: Outlet, rules_version: str, extractor: str
) -> Article | Rejection:
    """The article of a Markdown source; its date is UTC, as the mirror writes it."""
    tree = LexborHTMLParser(source.html)
    blocks = tuple(raw.block(url) for raw in read_blocks(tree.body)) if tree.body else ()
    traced = trace(blocks, url, None, outlet.hosts)
    if not traced.blocks:
        return Rejection(reason="empty-body")
    published = _time(source)
    headline = text_value(source, "title")
    removed = traced.removed
    text = "\n".join(b.text for b in traced.blocks)
    return Article(
        id=article_id(url),
        url=url,
        canonical_url=None,
        outlet=outlet.slug,
        outlet_name=outlet.name or host_of(url),
        zone=outlet.zone.key,
        headline=headline,
        authors=text_values(source, "authors") or text_values(source, "author"),
        published_at=published.at if published else None,
        published_raw=text_value(source, "date"),
        published_is_day=bool(published and published.is_day),
        tags=text_values(source, "tags"),
        language=language_of(f"{headline or ''}\n{text}", text_values(source, "lang")[:1], outlet.languages),
        blocks=traced.blocks,
        syndicated_from=traced.origin,
        verdict="rules",
        rules_version=rules_version,
        extractor=extractor,
        stripped=(Stripped(rule="syndication line", chars=len(removed.text), text=removed.text),) if removed else (),
        picked=tuple((name, f"front-matter:{key}") for name, key in _FIELDS if source.front_matter.get(key)),
    )


_FIELDS = (("headline", "title"), ("published", "date"), ("tags", "tags"), ("authors", "authors"), ("language", "lang"))


def _time(source: Source) -> ReadTime | None:
    value = source.front_matter.get("date")
    if isinstance(value, datetime):
        at = value if value.tzinfo else value.replace(tzinfo=UTC)
        return ReadTime(at=at.astimezone(UTC), is_day=False, has_offset=True)
    try:
        return read_time(str(value), ZoneInfo("UTC")) if value else None
    except UnreadableDate:
        return None
