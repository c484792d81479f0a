"""The article of a WordPress post as the REST API gives it: read where its page is behind a bot wall."""

import json
import re
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

from attrs import evolve, frozen
from selectolax.lexbor import LexborHTMLParser

from pipelines.article import Article, Block, Image, Rejection, Stripped
from pipelines.capture import Page
from pipelines.dates import ReadTime, read_time
from pipelines.errors import UnreadableDate
from pipelines.extraction.blocks import absolute, read_blocks
from pipelines.extraction.body import Body
from pipelines.extraction.decoding import clean_controls
from pipelines.extraction.document import Document
from pipelines.extraction.fields import people_of
from pipelines.extraction.known import read_roots, rules_for
from pipelines.extraction.language import language_of
from pipelines.extraction.naming import identity_url, outlet_of_host
from pipelines.extraction.notes import notes_of
from pipelines.extraction.output import name_of
from pipelines.extraction.rejections import rejected_page, rejected_unread
from pipelines.extraction.syndication import trace
from pipelines.people import split_agencies
from pipelines.rules import Era, Outlet, RuleBook
from pipelines.urls import article_id, host_of

MARK = "rest"
"""The mark of an article that was read from the REST API."""
NO_POST = "no-post"
"""The API's own word that it has no such post: neither a wall nor a removal."""
_NO_SUCH = frozenset({"rest_post_invalid_id", "rest_post_invalid_slug"})
_MOST_BYTES = 16 * 2**20
_CUT_SHORT = re.compile(r"(?:\[(?:…|\.\.\.)\]|…|\.\.\.)\s*$")
"""How an excerpt ends that WordPress made of the body's first words: nobody wrote it."""


@frozen(kw_only=True)
class Post:
    """One post of an answer: its JSON, and the address of its page."""

    link: str
    told: dict[str, Any]

    def rendered(self, name: str) -> str:
        """A field's HTML; empty where it has none."""
        value = self.told.get(name)
        html = value.get("rendered") if isinstance(value, dict) else value
        return html if isinstance(html, str) else ""

    def text(self, name: str) -> str | None:
        """A field's words on one line."""
        return _line(self.rendered(name))

    @property
    def html(self) -> str:
        """Headline and content as one page."""
        return f"<html><body><h1>{self.rendered('title')}</h1>\n{self.rendered('content')}</body></html>"

    def terms(self, taxonomy: str) -> tuple[str, ...]:
        """The names of its terms: `category` or `post_tag`."""
        groups = self._embedded("wp:term")
        terms = [term for group in groups if isinstance(group, list) for term in group if isinstance(term, dict)]
        names = (_line(str(term.get("name", ""))) for term in terms if term.get("taxonomy") == taxonomy)
        return tuple(dict.fromkeys(name for name in names if name))

    @property
    def authors(self) -> tuple[str, ...]:
        """Its authors as the site calls them."""
        names = (_line(str(each.get("name", ""))) for each in self._embedded("author") if isinstance(each, dict))
        return tuple(name for name in names if name)

    @property
    def image(self) -> Image | None:
        """Its featured picture."""
        media = next((each for each in self._embedded("wp:featuredmedia") if isinstance(each, dict)), {})
        url = absolute(self.link, str(media.get("source_url") or ""))
        caption = media.get("caption")
        words = _line(str(caption.get("rendered", ""))) if isinstance(caption, dict) else None
        return Image(url=url, caption=words) if url else None

    @property
    def canonical(self) -> str:
        """What its page declares, where the site's SEO plug-in says so; else its own address."""
        head = self.told.get("yoast_head_json")
        stated = head.get("canonical") if isinstance(head, dict) else None
        return (absolute(self.link, stated) if isinstance(stated, str) else None) or self.link

    def time(self, name: str, zone: ZoneInfo) -> ReadTime | None:
        """An instant in the outlet's zone: `date_gmt` before `date`, which is the site's own time."""
        for value, read_in in ((self.told.get(f"{name}_gmt"), ZoneInfo("UTC")), (self.told.get(name), zone)):
            try:
                read = read_time(value, read_in) if isinstance(value, str) and not value.startswith("0000") else None
            except UnreadableDate:
                continue
            if read is not None:
                return evolve(read, at=read.at.astimezone(zone))
        return None

    def _embedded(self, name: str) -> list[Any]:
        embedded = self.told.get("_embedded")
        values = embedded.get(name) if isinstance(embedded, dict) else None
        return values if isinstance(values, list) else []


def read_post(page: Page) -> Post | None:
    """The post that an answer holds; None where it is no JSON of exactly one post. Never raises."""
    answer = _answer(page) if page.status == 200 else None
    if isinstance(answer, list):
        answer = answer[0] if len(answer) == 1 else None
    if not isinstance(answer, dict) or not isinstance(answer.get("content"), dict):
        return None
    link = answer.get("link")
    url = absolute(page.url, link) if isinstance(link, str) else None
    return Post(link=name_of(url), told=answer) if url else None


def article_of_answer(page: Page, rules: RuleBook, extractor: str) -> Article | Rejection:
    """The article of an answer of the API, or why it holds none; whatever else the address gives is no article."""
    post = read_post(page)
    outlet = rules.outlet_for(page.url) or outlet_of_host(page.url)
    if post is not None:
        if (rules.outlet_for(post.link) or outlet_of_host(post.link)).slug != outlet.slug:
            return Rejection(reason=NO_POST, detail=f"it lies elsewhere: {post.link}")
        return article_of_post(post, page, rules, extractor)
    answer = _answer(page)
    if (isinstance(answer, list) and page.status == 200) or (
        isinstance(answer, dict) and answer.get("code") in _NO_SUCH
    ):
        return Rejection(reason=NO_POST)
    refused = rejected_unread(page)
    if refused is not None:
        return refused
    return rejected_page(Document.of(page, outlet)) or Rejection(reason="not-json")


def article_of_post(post: Post, page: Page, rules: RuleBook, extractor: str) -> Article | Rejection:
    """The article of a post: what the outlet's rules strip of a page, they strip of its content."""
    outlet = rules.outlet_for(post.link) or outlet_of_host(post.link)
    if post.told["content"].get("protected"):
        return Rejection(reason="paywall", detail="the post has a password")
    era, blocks, stripped = _body_of(post, page, outlet, rules)
    headline = post.text("title")
    own_names = (outlet.name,) if outlet.name else ()
    authors = people_of(post.authors, own_names)
    body = Body(blocks)
    body.drop_head_lines({"headline": [headline], "byline": [*authors, ", ".join(authors)]})
    body.drop_closing_byline(authors)
    traced = trace(tuple(body.blocks), post.link, post.canonical, outlet.hosts)
    body.blocks = list(traced.blocks)
    if traced.removed:
        body.stripped.append(
            Stripped(rule="syndication line", chars=len(traced.removed.text), text=traced.removed.text)
        )
    if not body.blocks:
        return Rejection(reason="empty-body")
    # Themes that show no standfirst leave the excerpt to listings; the body has its words in its first lines then.
    excerpt = post.text("excerpt") if era is not None and "standfirst" in era.fields else None
    standfirst = None if excerpt is None or _CUT_SHORT.search(excerpt) else excerpt
    body.add_standfirst(standfirst, is_known=True)
    published, modified = post.time("date", outlet.zone), post.time("modified", outlet.zone)
    text = "\n".join(block.text for block in body.blocks)
    stated = (str(post.told.get("lang") or "") or None,)
    return Article(
        id=article_id(identity_url(post.link, post.canonical, outlet)),
        url=post.link,
        canonical_url=post.canonical,
        outlet=outlet.slug,
        outlet_name=outlet.name or host_of(post.link),
        zone=outlet.zone.key,
        headline=headline,
        standfirst=standfirst,
        byline_raw=", ".join(post.authors) or None,
        authors=authors,
        organisations=tuple(name for line in post.authors for name in split_agencies(line, own_names)),
        outlet_article_id=str(post.told["id"]) if post.told.get("id") else None,
        notes=notes_of((block.text for block in body.blocks), outlet.zone, published.at if published else None),
        published_at=published.at if published else None,
        modified_at=modified.at if modified else None,
        published_raw=str(post.told["date"]) if post.told.get("date") else None,
        published_is_day=bool(published and published.is_day),
        section=next(iter(post.terms("category")), None),
        tags=post.terms("post_tag"),
        language=language_of(f"{headline or ''}\n{text}", stated, outlet.languages),
        blocks=tuple(body.blocks),
        images=(post.image,) if post.image else (),
        syndicated_from=traced.origin,
        verdict="rules",
        reason=MARK,
        rules_version=rules.version,
        extractor=extractor,
        stripped=(*stripped, *body.stripped),
        picked=(("body", "post:content"), ("headline", "post:title"), ("published", "post:date")),
    )


def _body_of(post: Post, page: Page, outlet: Outlet, rules: RuleBook) -> tuple[Era | None, list[Block], list[Stripped]]:
    """The layout whose rules read the content, its blocks, and what was stripped."""
    html = f"<html><body>{post.rendered('content')}</body></html>".encode("utf-8", "replace")
    document = Document.of(evolve(page, url=post.link, body=html, content_type="text/html; charset=utf-8"), outlet)
    known = rules_for(document, rules)
    if document.body is None:
        return None, [], []
    if known is None:
        return None, [raw.block(document.base) for raw in read_blocks(document.body)], []
    era = known.eras_for(page.captured_at.date() if page.captured_at else None)[0]
    reading = read_roots((document.body,), era)
    return era, [raw.block(document.base) for raw in reading.blocks], reading.stripped


def _answer(page: Page) -> Any:
    """The JSON that an answer is; None where it is none."""
    body = page.body.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not body.startswith((b"{", b"[")) or len(body) > _MOST_BYTES:
        return None
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _line(html: str) -> str | None:
    """The words of a piece of HTML on one line."""
    text = LexborHTMLParser(f"<p>{html}</p>").text() if "<" in html else unescape(html)
    return " ".join(clean_controls(text).split()) or None
