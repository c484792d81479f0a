"""One page in, one article or rejection out: refuses, reads, judges, and puts the fields together."""

import re
from collections.abc import Iterable
from datetime import datetime
from importlib.metadata import version

from pipelines.article import Article, ChangeNote, Image, Rejection, Stripped
from pipelines.capture import Page
from pipelines.extraction import generic
from pipelines.extraction.blocks import absolute
from pipelines.extraction.body import Body
from pipelines.extraction.document import Document, text_of
from pipelines.extraction.fields import Facts
from pipelines.extraction.judge import Judged, judge
from pipelines.extraction.known import rules_for
from pipelines.extraction.language import language_of
from pipelines.extraction.live import live_entries
from pipelines.extraction.markdown import read_source
from pipelines.extraction.mending import mended
from pipelines.extraction.naming import identity_url, outlet_of_host, stated_name, zone_of
from pipelines.extraction.notes import notes_of
from pipelines.extraction.output import name_of
from pipelines.extraction.posts import article_of_answer, article_of_post, read_post
from pipelines.extraction.rejections import is_front_page, is_wall, rejected_page, rejected_unread, why_empty
from pipelines.extraction.sources import article_of_source
from pipelines.extraction.syndication import trace
from pipelines.rules import Outlet, RuleBook
from pipelines.urls import article_id, host_of

_CREDIT = re.compile(r"(?:Photo|Picture|Image|Credit|Фото|Світлина)s?:\s.+$")
NAME = f"pressmark {version('pressmark')}"


def extract(page: Page, rules: RuleBook, outlet: Outlet | None = None) -> Article | Rejection:
    """The article a page holds, or why it holds none.

    The same bytes and rules give the same article on any machine. `outlet` None: found by the URL's host, else the
    host is the outlet.
    """
    post = read_post(page)
    if post is not None:
        return article_of_post(post, page, rules, NAME)
    url = name_of(page.url)
    refused = rejected_unread(page)
    if refused:
        return refused
    outlet = outlet or rules.outlet_for(url) or outlet_of_host(url)
    source = read_source(page)
    if source is not None:
        return article_of_source(source, page, url, outlet, rules.version, NAME)
    document = Document.of(page, outlet)
    return rejected_page(document) or _article(document, url, rules)


def extract_answer(page: Page, rules: RuleBook) -> Article | Rejection:
    """The same of an answer of a REST API that was asked for one post: any other answer holds no article."""
    return article_of_answer(page, rules, NAME)


def _article(document: Document, url: str, rules: RuleBook) -> Article | Rejection:
    outlet = document.outlet
    own_rules = rules_for(document, rules)
    judged = judge(document, own_rules)
    facts = Facts(document, judged.era, takes_organisations=rules.outlet_or_none(outlet.slug) is None)
    if not judged.reading.blocks:
        return why_empty(document, judged.era)
    if judged.era is None and is_wall(judged.reading.blocks):
        return why_empty(document, None)
    if judged.era is None and is_front_page(document, judged.reading.blocks, bool(own_rules)):
        return Rejection(reason="home-page")
    headline = facts.headline()
    published, published_raw = facts.time("published")
    modified, _ = facts.time("modified")
    authors = facts.authors()
    byline = facts.byline()
    standfirst, section = facts.text("standfirst"), facts.section()
    canonical = facts.url("canonical")
    reading = judged.reading if judged.era else mended(document, judged.reading)
    body = Body([block.block(document.base) for block in reading.blocks])
    body.drop_head_lines(
        {"headline": [headline], "byline": [byline, *authors, ", ".join(authors)], "time": [published_raw]}
    )
    body.drop_closing_byline(authors)
    if judged.era is None:
        body.drop_chrome_lines()
    traced = trace(tuple(body.blocks), url, canonical, outlet.hosts)
    body.blocks = list(traced.blocks)
    if document.decoded.cut:
        body.stripped.append(Stripped(rule="size limit", chars=document.decoded.cut))
    if traced.removed:
        body.stripped.append(
            Stripped(rule="syndication line", chars=len(traced.removed.text), text=traced.removed.text)
        )
    body.add_standfirst(standfirst, is_known=judged.era is not None)
    if not body.blocks:
        return why_empty(document, judged.era)
    text = "\n".join(b.text for b in body.blocks)
    marked = judged.era.marks.get("entry", ()) if judged.era else ()
    entries = live_entries(document, facts.scope, marked, published.at if published else None)
    structured = document.structured
    return Article(
        id=article_id(identity_url(url, canonical, outlet)),
        url=url,
        canonical_url=canonical,
        outlet=outlet.slug,
        outlet_name=outlet.name or stated_name(document) or host_of(url),
        zone=outlet.zone.key if rules.outlet_or_none(outlet.slug) else zone_of(published.at if published else None),
        headline=headline,
        standfirst=standfirst,
        byline_raw=byline,
        authors=authors,
        organisations=facts.organisations(byline, authors),
        published_at=published.at if published else None,
        modified_at=modified.at if modified else None,
        published_raw=_printed_time(published_raw, authors, section),
        published_is_day=bool(published and published.is_day),
        section=section,
        tags=facts.tags(),
        language=language_of(
            f"{headline or ''}\n{text}",
            (structured.text("inLanguage"), structured.language, structured.meta.get("og:locale")),
            outlet.languages,
        ),
        alternates=_alternates(document, url, canonical),
        blocks=tuple(body.blocks),
        images=_images(facts),
        outlet_article_id=facts.outlet_article_id(),
        notes=_notes(body, reading.stripped, outlet, published.at if published else None),
        live_entries=entries,
        paywalled=_paywalled(document, judged),
        syndicated_from=traced.origin,
        verdict="rules" if judged.era else "generic",
        reason=judged.reason or _mark(document, judged, is_live=len(entries) > 1),
        rules_version=rules.version,
        extractor=NAME if judged.era else f"{NAME}, {generic.NAME}",
        agreement=judged.agreement,
        stripped=(*reading.stripped, *body.stripped),
        picked=(("body", f"era {judged.era.name}" if judged.era else "generic"), *facts.picked),
    )


def _alternates(document: Document, url: str, canonical: str | None) -> tuple[tuple[str, str], ...]:
    """(language, URL) of the article's editions in other languages; a feed is none."""
    links = [(code, absolute(document.base, href)) for code, href in document.structured.alternates]
    return tuple((c, link) for c, link in links if link and link not in (url, canonical) and c != "x-default")


def _images(facts: Facts) -> tuple[Image, ...]:
    """The lead image; a credit that stands in the caption is taken apart from it."""
    url = facts.url("image")
    if url is None:
        return ()
    caption, credit = facts.text("caption"), facts.text("credit")
    if caption and credit:
        caption = caption.removesuffix(credit).strip() or None
    elif caption and (match := _CREDIT.search(caption)):
        caption, credit = caption[: match.start()].strip() or None, match[0].strip()
    return (Image(url=url, caption=caption, credit=credit),)


def _notes(
    body: Body, stripped: Iterable[Stripped], outlet: Outlet, published_at: datetime | None
) -> tuple[ChangeNote, ...]:
    """The notes of the body, and those that the rules take for no text of it."""
    lines = [*(block.text for block in body.blocks), *(line.text for line in stripped)]
    return notes_of(lines, outlet.zone, published_at)


def _printed_time(raw: str | None, authors: tuple[str, ...], section: str | None) -> str | None:
    """The printed time without the byline before it and the section behind it that stand in the same line."""
    ends = [raw.rfind(a) + len(a) for a in authors if a in raw] if raw else []
    alone = raw[max(ends, default=0) :].removesuffix(section or "") if raw else ""
    return alone.strip(" \u00a0-–—,|") if alone != raw else raw


def _paywalled(document: Document, judged: Judged) -> bool | None:
    marks = judged.era.marks.get("paywall", ()) if judged.era else ()
    if any(document.tree.css_first(mark) for mark in marks):
        return True
    free = str(document.structured.article.get("isAccessibleForFree", "")).lower()
    tier = document.structured.meta.get("article:content_tier", "").lower()
    if free in ("false", "no") or tier in ("locked", "metered", "paid"):
        return True
    return False if free in ("true", "yes") or tier == "free" else None


def _mark(document: Document, judged: Judged, is_live: bool) -> str | None:
    """What the rules mark the page as, such as `live`."""
    marks = judged.era.marks if judged.era else {}
    for name in ("live", "gallery", "advertorial"):
        if any(text_of(node) for selector in marks.get(name, ()) for node in document.tree.css(selector)):
            return name
    return "live" if is_live or "LiveBlogPosting" in document.structured.types else None
