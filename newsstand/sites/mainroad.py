"""thehill-mirror.example: a Hugo site with the Mainroad theme that reposts The Hill; Markdown sources beside the pages."""

import json
import re
from collections.abc import Sequence
from datetime import UTC
from email.utils import format_datetime
from html import escape
from itertools import groupby
from typing import ClassVar

from newsstand.messages import Request, Response, not_found, text
from newsstand.sites.feeds import Channel, cdata, item, rss, url_entry, urlset
from newsstand.sites.markup import blocks, document, meta, whole_body
from newsstand.sites.site import Handler, Site, in_pages
from newsstand.story import Part, Published

HOME = "https://thehill-mirror.example/"
_SUMMARY_WORDS = 50
"""Words of the body in the front matter's `summary`."""


class Mainroad(Site):
    """The mirror of The Hill."""

    outlet: ClassVar[str] = "thehill_mirror"
    hosts: ClassVar[tuple[str, ...]] = ("thehill-mirror.example",)

    def routes(self) -> Sequence[tuple[str, Handler]]:
        """Hugo's own addresses."""
        return (
            (r"/robots\.txt", self._robots),
            (r"/index\.xml", self._feed),
            (r"/sitemap\.xml", self._sitemap),
            (r"/(?:page/(\d+)/)?", self._listing),
            (r"(/post/[^/]+/)index\.md", self._source),
        )

    def article(self, request: Request, article: Published) -> Response:
        """The rendered page: a file, the same at every request."""
        body = rendered(
            article,
            f"{self.local(article.published_at):%B %d, %Y}",
            self.others(request, article, 0, self.chance(request)),
        )
        return Response(body=body.encode(), tagged=True, modified_at=article.modified_at or article.published_at)

    def _source(self, request: Request, match: re.Match[str]) -> Response:
        article = self.world.find(HOME.rstrip("/") + match[1], request.at)
        if article is None:
            return not_found()
        changed = article.modified_at or article.published_at
        return Response(
            content_type="text/markdown; charset=utf-8",
            body=markdown(article).encode(),
            tagged=True,
            modified_at=changed,
        )

    def _robots(self, request: Request, match: re.Match[str]) -> Response:
        return text(f"User-agent: *\nSitemap: {HOME}sitemap.xml\n")

    def _feed(self, request: Request, match: re.Match[str]) -> Response:
        told = self.latest(request)
        channel = Channel(title="thehill", link=HOME, address=request.url, language="en")
        items = [
            item(
                each,
                format_datetime(each.published_at.astimezone(UTC)),
                f"<guid>{each.url}</guid>",
                cdata("description", summary(each)),
            )
            for each in told
        ]
        return rss(channel, items, told[0].published_at if told else None)

    def _sitemap(self, request: Request, match: re.Match[str]) -> Response:
        return urlset(url_entry(each, each.modified_at or each.published_at) for each in self.latest(request))

    def _listing(self, request: Request, match: re.Match[str]) -> Response:
        number = int(match[1] or 1)
        shown, pages = in_pages(self.latest(request), number, 10)
        if not 1 <= number <= pages:
            return not_found()
        rows = "".join(
            f'<article class="list__item post"><header class="list__header"><h2 class="list__title post__title"><a href="{each.url}" rel="bookmark">{escape(each.draft.headline)}</a></h2></header></article>'
            for each in shown
        )
        more = (
            f'<a class="pagination__item pagination__item--next btn" href="/page/{number + 1}/">»</a>'
            if number < pages
            else ""
        )
        page = document(
            "en",
            '<meta charset="UTF-8"><title>thehill</title>',
            f'<main class="main list">{rows}</main><div class="pagination">{more}</div>',
        )
        return Response(body=page.encode(), tagged=True)


def summary(article: Published) -> str:
    """The first 50 words of the body as plain text, then three points."""
    words = " ".join(part.text for part in whole_body(article)).split()
    return " ".join(words[:_SUMMARY_WORDS]) + "..."


def markdown(article: Published) -> str:
    """The source: the mirror's front matter, then the body with links, the origin's link last."""
    front = f"""---
title: {_quoted(article.draft.headline)}
date: "{article.published_at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
summary: {_quoted(summary(article))}
categories:
  - "{article.origin_name}"
lang:
  - "{article.draft.language}"
translations:
  - "{article.draft.language}"
tags:
  - "{article.origin_name}"
menu: ""
thumbnail: ""
lead: ""
comments: false
authorbox: false
pager: true
toc: false
mathjax: false
sidebar: "right"
widgets:
  - "search"
  - "recent"
  - "taglist"
---
"""
    return f"{front}\n{markdown_body(whole_body(article))}\n\n[{article.origin_name}]({article.origin_url})\n"


def markdown_body(parts: Sequence[Part]) -> str:
    """Markdown of the parts: blank lines between blocks, list items on consecutive lines."""
    marks = {"heading": "## {}", "item": "- {}", "quote": "> {}", "paragraph": "{}"}
    blocks = [
        ["\n".join(marks["item"].format(_linked(part)) for part in group)]
        if is_item
        else [marks[part.kind].format(_linked(part)) for part in group]
        for is_item, group in groupby(parts, key=lambda part: part.kind == "item")
    ]
    return "\n\n".join(block for group in blocks for block in group)


def _linked(part: Part) -> str:
    pieces: list[str] = []
    place = 0
    for start, end, url in part.links:
        pieces += [part.text[place:start], f"[{part.text[start:end]}]({url})"]
        place = end
    return "".join([*pieces, part.text[place:]])


def _quoted(value: str) -> str:
    """A YAML double-quoted scalar: a JSON string is one."""
    return json.dumps(value, ensure_ascii=False)


def rendered(article: Published, day: str, recent: Sequence[Published]) -> str:
    """The page as Mainroad renders the source."""
    draft = article.draft
    widgets = "".join(
        f'<li class="widget__item"><a class="widget__link" href="{each.url}">{escape(each.draft.headline)}</a></li>'
        for each in recent
    )
    origin = f'<p><a href="{escape(article.origin_url or "")}">{escape(article.origin_name or "")}</a></p>'
    head = f"""<meta charset="UTF-8"><title>{escape(draft.headline)}</title>
<meta name="generator" content="Hugo 0.140.2">
{meta("og:title", draft.headline)}
<link rel="stylesheet" href="/css/style.css">
<link rel="alternate" type="text/markdown" href="{article.url}index.md">"""
    return document("en", head, f"""<div class="container container--outer"><header class="header">
<div class="logo"><a class="logo__link" href="/" title="thehill" rel="home"><div class="logo__item logo__text">
<div class="logo__title">thehill</div></div></a></div></header>
<div class="wrapper flex"><div class="primary"><main class="main" role="main"><article class="post">
<header class="post__header"><h1 class="post__title">{escape(draft.headline)}</h1>
<div class="post__meta meta">
<div class="meta__item-datetime meta__item"><svg class="meta__icon icon icon-time"></svg><time class="meta__text" datetime="{article.published_at.astimezone(UTC).isoformat()}">{day}</time>
</div>
<div class="meta__item-categories meta__item"><a class="meta__link" href="/categories/{article.origin_name}/" rel="category">{article.origin_name}</a>
</div></div></header>
<div class="content post__content clearfix">
{chr(10).join(blocks(whole_body(article)))}
{origin}
</div><footer class="post__footer"><div class="post__tags tags clearfix"><ul class="tags__list">
<li class="tags__item"><a class="tags__link btn" href="/tags/{article.origin_name}/" rel="tag">{article.origin_name}</a>
</li></ul></div></footer></article></main></div>
<aside class="sidebar"><div class="widget-search widget">
<form class="widget-search__form" role="search"><input class="widget-search__field" type="search" placeholder="SEARCH…">
</form></div>
<div class="widget-recent widget"><h4 class="widget__title">Recent Posts</h4><ul class="widget__list">{widgets}</ul>
</div></aside></div>
<footer class="footer"><div class="footer__copyright">© 2026 thehill. Generated with Hugo and Mainroad theme.</div></footer></div>""")  # fmt: skip
