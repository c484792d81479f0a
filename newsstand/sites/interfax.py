"""en.interfax.com.ua and interfax.com.ua: feeds, listings with pages, articles and their AMP pages; no sitemap is known."""

import re
from collections.abc import Sequence
from email.utils import format_datetime
from html import escape
from typing import ClassVar
from urllib.parse import quote, unquote

from newsstand.messages import Request, Response, not_found, redirect, text
from newsstand.newsrooms import INTERFAX_SECTIONS
from newsstand.sites.feeds import Channel, cdata, item, rss
from newsstand.sites.markup import between, blocks, document, excerpt, social_meta, whole_body
from newsstand.sites.site import Handler, Site, in_pages
from newsstand.story import Language, Published

_LANGUAGES: dict[str, Language] = {"en.interfax.com.ua": "en", "interfax.com.ua": "uk"}
_NAMES: dict[Language, str] = {"en": "Interfax-Ukraine", "uk": "Інтерфакс-Україна"}
_LATEST: dict[Language, str] = {"en": "Latest news", "uk": "Останні новини"}
_MORE: dict[Language, str] = {"en": "More about", "uk": "Більше про"}
_COOKIES: dict[Language, str] = {"en": "This site uses cookies.", "uk": "Цей сайт використовує файли cookie."}
_PAGE_SIZE = 20


class Interfax(Site):
    """Interfax-Ukraine, an edition a host."""

    outlet: ClassVar[str] = "interfax_ukraine"
    hosts: ClassVar[tuple[str, ...]] = ("en.interfax.com.ua", "interfax.com.ua", "ua.interfax.com.ua")

    def routes(self) -> Sequence[tuple[str, Handler]]:
        """The site's own addresses."""
        return (
            (r"/robots\.txt", self._robots),
            (r"/news/(last|[a-z]+)\.rss", self._feed),
            (r"/news/tag/([^/]+?)\.html", self._tag),
            (r"/news/([a-z]+)(?:-(\d+))?\.html", self._listing),
            (r"(/news/[a-z-]+/\d+)-amp\.html", self._amp),
            (r"/", self._listing),
        )

    def answer(self, request: Request) -> Response:
        """ua. sends on to the Ukrainian host; the rest as every site."""
        if request.parts.hostname == "ua.interfax.com.ua":
            return redirect(request.url.replace("//ua.", "//", 1))
        return super().answer(request)

    def article(self, request: Request, article: Published) -> Response:
        """The article's page."""
        rng = self.chance(request)
        language = article.draft.language
        draft = article.draft
        picture = f"https://{request.parts.hostname}/upload/{draft.picture.path.lstrip('/')}"
        related = "".join(_row(self, each) for each in self.others(request, article, 5, rng))
        body = between(
            blocks(whole_body(article), "h3"),
            ['<div class="banner-in-article"><ins class="adsbygoogle"></ins></div>'],
            rng,
        )
        tags = "".join(f'<a href="{_tag_path(tag)}">#{escape(tag)}</a> ' for tag in draft.tags)
        at = self.local(article.published_at)
        head = f"""<meta charset="utf-8"><title>{escape(draft.headline)}</title>
<link rel="canonical" href="{article.url}">
<link rel="amphtml" href="{article.url.removesuffix(".html")}-amp.html">
{social_meta(article, _NAMES[language], picture)}
<link rel="stylesheet" href="/css/app.css"><script async src="https://www.googletagmanager.com/gtag/js"></script>"""
        main = f"""{_header(self, request, language)}
<div class="grid main"><div class="col-23"><article class="article article-content-view">
<h3 class="category-title"><a href="/news/{INTERFAX_SECTIONS[draft.section][0]}.html">{article.section}</a></h3>
<div class="article-time"><span>{at:%H:%M}</span> <span>{at:%d.%m.%Y}</span></div>
<h1 class="article-content-title">{escape(draft.headline)}</h1>
<div class="article-image"><img src="{picture}" alt="{escape(draft.picture.alt)}"><span class="article-image-caption">{escape(draft.picture.caption)}</span>
</div>
<div class="article-content">{body}</div>
<div class="share-buttons"><a href="#">Facebook</a> <a href="#">Telegram</a></div>
<div class="article-tags"><strong>Tags:</strong> {tags}</div>
<div class="article-content-secondary">
<h3 class="article-content-secondary-header">{_MORE[language]}</h3>{related}</div>
</article></div>{_column(self, request, article)}</div>
<footer class="footer"><div class="copyright">© {_NAMES[language]}</div></footer>"""
        return Response(body=document(language, head, main).encode())

    def _amp(self, request: Request, match: re.Match[str]) -> Response:
        url = f"https://{request.parts.hostname}{match[1]}.html"
        article = self.world.find(url, request.at)
        if article is None:
            return not_found()
        at = self.local(article.published_at)
        head = f"""<meta charset="utf-8"><title>{escape(article.draft.headline)}</title><link rel="canonical" href="{url}">
<script async src="https://cdn.ampproject.org/v0.js"></script>"""
        body = f"""<article class="article"><h1 class="article-content-title">{escape(article.draft.headline)}</h1>
<div class="article-time"><span>{at:%H:%M}</span> <span>{at:%d.%m.%Y}</span></div>
<div class="article-content">{"".join(blocks(whole_body(article), "h3"))}</div></article>"""
        return Response(body=document(article.draft.language, head, body).encode(), tagged=True)

    def _robots(self, request: Request, match: re.Match[str]) -> Response:
        return text("User-agent: *\nDisallow: /search/\nDisallow: /user/\n")

    def _feed(self, request: Request, match: re.Match[str]) -> Response:
        language = _LANGUAGES[request.parts.hostname or ""]
        told = self._of_section(request, language, None if match[1] == "last" else match[1])
        if told is None:
            return not_found()
        channel = Channel(
            title=_NAMES[language], link=f"https://{request.parts.hostname}/", address=request.url, language=language
        )
        items = [
            item(
                each,
                format_datetime(self.local(each.published_at)),
                cdata("description", excerpt(each.draft.standfirst, 30)),
                cdata("category", each.section or ""),
                f"<guid>{each.url}</guid>",
            )
            for each in told[:_PAGE_SIZE]
        ]
        return rss(channel, items, told[0].published_at if told else None)

    def _of_section(self, request: Request, language: Language, path: str | None) -> list[Published] | None:
        """What stands in a section named by its path, newest first; None where there is no such section."""
        if path is not None and path not in {row[0] for row in INTERFAX_SECTIONS.values()} | {
            "greendeal",
            "investments",
            "pharmacy",
        }:
            return None
        told = self.latest(request, language=language)
        return [each for each in told if path is None or f"/news/{path}/" in each.url]

    def _listing(self, request: Request, match: re.Match[str]) -> Response:
        """The latest news, or a section's, a page at a time."""
        section, number = (match[1], int(match[2] or 1)) if match.re.groups else ("latest", 1)
        language = _LANGUAGES[request.parts.hostname or ""]
        told = self._of_section(request, language, None if section == "latest" else section)
        if told is None:
            return not_found()
        shown, pages = in_pages(told, number, _PAGE_SIZE)
        if not 1 <= number <= pages:
            return not_found()
        onward = f'<a href="/news/{section}-{number + 1}.html">»</a>' if number < pages else ""
        back = f'<a href="/news/{section}-{number - 1}.html">«</a>' if number > 1 else ""
        return self._list(request, language, shown, f'<div class="pager">{back}<span>{number}</span>{onward}</div>')

    def _tag(self, request: Request, match: re.Match[str]) -> Response:
        language = _LANGUAGES[request.parts.hostname or ""]
        told = [each for each in self.latest(request, language=language) if unquote(match[1]) in each.draft.tags]
        return self._list(request, language, told[:_PAGE_SIZE], "")

    def _list(self, request: Request, language: Language, told: Sequence[Published], pager: str) -> Response:
        rows = "".join(_row(self, each) for each in told)
        body = f"""{_header(self, request, language)}<div class="grid"><div class="col-23 articles-section-view">{rows}</div></div>{pager}"""
        head = f'<meta charset="utf-8"><title>{_LATEST[language]} | {_NAMES[language]}</title>'
        newest = told[0].published_at if told else None
        return Response(body=document(language, head, body).encode(), tagged=True, modified_at=newest)


def _row(site: Interfax, article: Published) -> str:
    at = site.local(article.published_at)
    return f"""<div class="grid article">
<div class="col-3 article-time"><span>{at:%H:%M}</span> <span>{at:%d.%m.%Y}</span></div>
<div class="col-20"><h1 class="article-link-wrapper"><a class="article-link" href="{article.url.partition(".com.ua")[2]}">{escape(article.draft.headline)}</a></h1></div></div>"""


def _column(site: Interfax, request: Request, article: Published) -> str:
    """The side column with the latest news, which moves on all the time."""
    rng = site.chance(request)
    rows = "".join(
        f'<div class="aside-article"><a href="{each.url.partition(".com.ua")[2]}">{escape(each.draft.headline)}</a></div>'
        for each in site.others(request, article, 8, rng)
    )
    return f'<aside class="col-7 aside-view"><h3>{_LATEST[article.draft.language]}</h3>{rows}<div class="banner-aside"></div></aside>'


def _header(site: Interfax, request: Request, language: Language) -> str:
    place = 1 if language == "en" else 2
    menu = "".join(f'<li><a href="/news/{path}.html">{row[place - 1]}</a></li>'
                   for path, row in sorted({row[0]: row[1:] for row in INTERFAX_SECTIONS.values()}.items()))  # fmt: skip
    return f"""<div class="cookie-notice">{_COOKIES[language]} <button>OK</button></div>
<header class="header"><a class="logo" href="/">{_NAMES[language]}</a><ul class="menu">
<li><a href="/news/latest.html">{_LATEST[language]}</a></li>{menu}</ul>
<form action="/search/" class="search"><input name="q"></form></header>"""


def _tag_path(tag: str) -> str:
    return f"/news/tag/{quote(tag)}.html"
