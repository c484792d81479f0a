"""www.pravda.com.ua: feeds, sitemaps, day archives, listings and articles in three languages."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape
from typing import ClassVar

from newsstand.messages import Request, Response, not_found, text
from newsstand.sites import pravda_pages as pages
from newsstand.sites.feeds import Channel, cdata, item, news_entry, rss, sitemap_index, url_entry, urlset
from newsstand.sites.markup import blocks, document, whole_body
from newsstand.sites.pravda_frame import HOME, Scene
from newsstand.sites.pravda_words import WORDS, Words
from newsstand.sites.site import Handler, Site, calendar_day
from newsstand.story import Language, Published

_BY_PREFIX: dict[str, Language] = {words.prefix.rstrip("/"): language for language, words in WORDS.items()}
_FEED_SIZE = 20


class Pravda(Site):
    """Ukrainska Pravda."""

    outlet: ClassVar[str] = "ukrpravda"
    hosts: ClassVar[tuple[str, ...]] = ("www.pravda.com.ua", "uimg.pravda.com.ua")

    def routes(self) -> Sequence[tuple[str, Handler]]:
        """The site's own addresses."""
        edition = r"/(?:(rus|eng)/)?"
        return (
            (r"/robots\.txt", self._robots),
            (edition + r"rss/(?:view_(news|mainnews|pubs)/)?", self._feed),
            (r"/sitemap/sitemap\.xml", self._sitemap),
            (r"/sitemap/sitemap-archive\.xml", self._archive),
            (r"/sitemap/sitemap-(\d{4})-(\d\d)\.xml\.gz", self._month),
            (r"/sitemap/sitemap-(news|now)\.xml", self._news),
            (edition + r"news/date_(\d{8})/", self._day),
            (edition + r"(news|articles)/", self._listing),
            (edition, self._listing),
            (r"/(important-today|last-news)/", self._by_script),
            (r"(/.*/)index\.amp", self._amp),
        )

    def article(self, request: Request, article: Published) -> Response:
        """The page in the layout of its era."""
        return self.page(pages.page(self._scene(request, article)))

    def _scene(self, request: Request, article: Published) -> Scene:
        rng = self.chance(request)
        recent = [(f"{self.local(each.published_at):%H:%M}", each) for each in self.others(request, article, 10, rng)]
        return Scene(
            article=article,
            local=self.local(article.published_at),
            modified=self.local(article.modified_at) if article.modified_at else None,
            related=self.others(request, article, 4, rng),
            recent=sorted(recent, key=lambda row: row[0], reverse=True),
            rng=rng,
        )

    def _amp(self, request: Request, match: re.Match[str]) -> Response:
        url = f"{HOME.rstrip('/')}{match[1]}"
        article = self.world.find(url, request.at)
        if article is None:
            return not_found()
        return Response(body=pages.amp(self._scene(request, article)).encode(), tagged=True)

    def _robots(self, request: Request, match: re.Match[str]) -> Response:
        return text(f"User-agent: *\nDisallow: /search/\nDisallow: /admin/\n\nSitemap: {HOME}sitemap/sitemap.xml\n")

    def _feed(self, request: Request, match: re.Match[str]) -> Response:
        language = _BY_PREFIX[match[1] or ""]
        told = self.latest(request, language=language)
        if match[2]:
            wanted = {"news": False, "pubs": True}.get(match[2])
            told = [each for each in told if wanted is None or ("/articles/" in each.url) == wanted]
        told = told[:_FEED_SIZE]
        words = WORDS[language]
        channel = Channel(title=words.name, link=HOME + words.prefix, address=request.url, language=language)
        items = [self._feed_item(place, each) for place, each in enumerate(told)]
        return rss(channel, items, told[0].published_at if told else None)

    def _feed_item(self, place: int, article: Published) -> str:
        full = "\n".join(blocks(whole_body(article)))
        return item(
            article,
            format_datetime(self.local(article.published_at)),
            cdata("description", article.draft.standfirst),
            cdata("content:encoded", full) if place % 3 == 0 else "",
            *[cdata("category", tag) for tag in article.draft.tags[:2]],
            f"<guid>{article.url}</guid>",
        )

    def _sitemap(self, request: Request, match: re.Match[str]) -> Response:
        return sitemap_index((f"{HOME}sitemap/sitemap-{name}.xml", None) for name in ("archive", "news", "now"))

    def _archive(self, request: Request, match: re.Match[str]) -> Response:
        months = sorted({f"{self.local(each.published_at):%Y-%m}" for each in self.latest(request)}, reverse=True)
        return sitemap_index((f"{HOME}sitemap/sitemap-{month}.xml.gz", None) for month in months)

    def _month(self, request: Request, match: re.Match[str]) -> Response:
        month = f"{match[1]}-{match[2]}"
        told = [each for each in self.latest(request) if f"{self.local(each.published_at):%Y-%m}" == month]
        entries = [url_entry(each, self._changed(each), alternates=True) for each in reversed(told)]
        return urlset(entries, gz=int(match[2]) % 2 == 1) if told else not_found()

    def _news(self, request: Request, match: re.Match[str]) -> Response:
        since = request.at - (timedelta(days=2) if match[1] == "news" else timedelta(hours=6))
        told = [each for each in self.latest(request) if each.published_at >= since]
        if match[1] == "now":
            return urlset(url_entry(each, self._changed(each), alternates=True) for each in told)
        return urlset(news_entry(each, WORDS[each.draft.language].name, self.local(each.published_at)) for each in told)

    def _changed(self, article: Published) -> datetime:
        return self.local(article.modified_at or article.published_at)

    def _day(self, request: Request, match: re.Match[str]) -> Response:
        day = calendar_day(match[2], "%d%m%Y")
        if day is None:
            return not_found()
        words = WORDS[_BY_PREFIX[match[1] or ""]]
        told = [each for each in self.on_day(request, day, _BY_PREFIX[match[1] or ""]) if "/news/" in each.url]
        near = [f"{HOME}{words.prefix}news/date_{day + timedelta(days=step):%d%m%Y}/" for step in (-1, 1)]
        return self._list(words, told, near)

    def _listing(self, request: Request, match: re.Match[str]) -> Response:
        """An edition's front page, or its latest news or articles."""
        kind = match[2] if match.re.groups == 2 else None
        language = _BY_PREFIX[match[1] or ""]
        told = [each for each in self.latest(request, language=language) if kind is None or f"/{kind}/" in each.url]
        day = self.local(request.at).date()
        near = f"{HOME}{WORDS[language].prefix}news/date_{day:%d%m%Y}/"
        return self._list(WORDS[language], told[:30], [near])

    def _list(self, words: Words, told: Sequence[Published], near: Sequence[str]) -> Response:
        rows = "".join(
            f'<div class="article_news_list"><div class="article_time">{self.local(each.published_at):%H:%M}</div>'
            f'<div class="article_content"><div class="article_header"><a href="/{each.url.removeprefix(HOME)}">'
            f"{escape(each.draft.headline)}</a></div></div></div>"
            for each in told
        )
        # the day archives name articles of sibling sites too, which are other outlets
        sibling = '<div class="article_news_list"><div class="article_time">00:01</div><div class="article_header">'
        sibling += '<a href="https://www.eurointegration.com.ua/news/2025/02/13/7204800/">…</a></div></div>'
        links = "".join(f'<a class="archive-navigation__link" href="{url}">…</a>' for url in near)
        body = f'<div class="container_sub_news_list_wrapper">{rows}{sibling}</div><div class="archive-navigation">{links}</div>'
        head = f'<meta charset="utf-8"><title>{words.name}</title>'
        page = document(words.locale[:2], head, body).encode()
        return Response(body=page, tagged=True, modified_at=told[0].published_at if told else None)

    def _by_script(self, request: Request, match: re.Match[str]) -> Response:
        told = self.latest(request, language="uk")[:40]
        told = self.chance(request).sample(told, min(8, len(told)))
        rows = "".join(f'<a href="{each.url}">{escape(each.draft.headline)}</a>' for each in told)
        return Response(body=f'<div class="{match[1]}">{rows}</div>'.encode())
