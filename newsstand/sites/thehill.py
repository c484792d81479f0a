"""thehill.com: the WordPress layout and the Drupal one of 2019; feeds by section, daily sitemaps, a news sitemap, REST."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from html import escape
from typing import ClassVar

from newsstand.messages import Request, Response, not_found, text
from newsstand.newsrooms import HILL_SECTIONS
from newsstand.sites.feeds import Channel, cdata, item, news_entry, rss, sitemap_index, url_entry, urlset
from newsstand.sites.markup import between, document, json_ld, meta, path_word, plain_text, social_meta
from newsstand.sites.site import Handler
from newsstand.sites.wordpress import Scene, WordPress
from newsstand.story import Published

_AD = '<div class="ad-unit ad-unit--mr"><span class="ad-unit__label">Advertisement</span><div id="acm-ad-tag-mr1_ab"></div></div>'
_HARDWALL = '<div class="hardwall"><p>Register to continue reading. It is free.</p><form><input type="email"><button>Continue</button></form></div>'


class TheHill(WordPress):
    """The Hill."""

    outlet: ClassVar[str] = "thehill"
    hosts: ClassVar[tuple[str, ...]] = ("thehill.com",)
    feed_size: ClassVar[int] = 100
    full_text_feed: ClassVar[bool] = False

    def routes(self) -> Sequence[tuple[str, Handler]]:
        """The Hill's own addresses, then WordPress'."""
        paths = "|".join(sorted({row[0] for row in HILL_SECTIONS.values()} | {"news", "homenews", "opinion"}))
        return (
            (r"/robots\.txt", self._hill_robots),
            (rf"/(?:({paths})/)?feed/", self._section_feed),
            (r"/sitemap\.xml", self._days),
            (r"/news-sitemap\.xml", self._news_sitemap),
            *super().routes(),
        )

    def theme(self, request: Request, scene: Scene) -> str:
        """The layout of the article's time; every ninth WordPress page has the hardwall below its text."""
        return _drupal(scene) if scene.article.era == "drupal" else _wordpress(scene)

    def _hill_robots(self, request: Request, match: re.Match[str]) -> Response:
        return text(
            "User-agent: *\nDisallow: /wp-admin/\nDisallow: /search/\n\n"
            f"Sitemap: {self.home}sitemap.xml\nSitemap: {self.home}news-sitemap.xml\n"
        )

    def _section_feed(self, request: Request, match: re.Match[str]) -> Response:
        below = self.home if match[1] in (None, "news") else f"{self.home}{match[1]}/"
        told = [each for each in self.latest(request) if each.url.startswith(below)][: self.feed_size]
        channel = Channel(title="The Hill News", link=self.home.rstrip("/"), address=request.url, language="en-US")
        return rss(channel, [self.feed_item(each) for each in told], told[0].published_at if told else None)

    def feed_item(self, article: Published) -> str:
        """An item with an excerpt alone, co-authors after it, sometimes with no author at all."""
        creators = (
            [cdata("dc:creator", name) for name in article.authors] if article.number % 7 else [cdata("dc:creator", "")]
        )
        return item(
            article,
            format_datetime(article.published_at.astimezone(UTC)),
            creators[0] if creators else "",
            cdata("category", article.section or "News"),
            *[cdata("category", tag) for tag in article.draft.tags],
            f'<guid isPermaLink="false">{self.home}?p={article.number}</guid>',
            cdata("description", " ".join(article.draft.standfirst.split()[:28]) + "…"),
            *creators[1:],
            f"<dcterms:modified>{(article.modified_at or article.published_at).astimezone(UTC).isoformat()}</dcterms:modified>",
        )

    def _days(self, request: Request, match: re.Match[str]) -> Response:
        """The index of days, or one day's addresses."""
        if "yyyy" not in request.query:
            days = sorted({self.local(each.published_at).date() for each in self.latest(request)}, reverse=True)
            return sitemap_index(
                (f"{self.home}sitemap.xml?yyyy={day:%Y}&mm={day:%m}&dd={day:%d}", None) for day in days
            )
        try:
            day = date(*(int(request.query[name]) for name in ("yyyy", "mm", "dd")))
        except (KeyError, ValueError):
            return not_found()
        return urlset(
            url_entry(each, self.local(each.modified_at or each.published_at)) for each in self.on_day(request, day)
        )

    def _news_sitemap(self, request: Request, match: re.Match[str]) -> Response:
        told = [each for each in self.latest(request) if each.published_at >= request.at - timedelta(days=2)]
        return urlset(news_entry(each, "The Hill", each.published_at) for each in told)


def eastern(at: datetime) -> str:
    """A time as The Hill prints it: "10/23/25 8:59 PM ET"."""
    return f"{at:%m/%d/%y} {at.hour % 12 or 12}:{at:%M %p} ET"


def _head(scene: Scene, extra: str) -> str:
    article, draft = scene.article, scene.article.draft
    data = {
        "@context": "http://schema.org",
        "@type": "NewsArticle",
        "headline": draft.headline,
        "description": draft.standfirst,
        "articleBody": plain_text(draft),
        "articleSection": article.section,
        "datePublished": scene.local.isoformat(),
        "dateModified": scene.modified.isoformat(),
        "author": [{"@type": "Person", "name": name} for name in article.authors],
        "publisher": {"@type": "Organization", "name": "The Hill"},
        "mainEntityOfPage": article.url,
    }
    return f"""<meta charset="utf-8"><title>{escape(draft.headline)} | The Hill</title>
<link rel="canonical" href="{article.url}">
{social_meta(article, "The Hill", scene.picture)}
{meta("article:published_time", scene.local.isoformat())}
{meta("article:modified_time", scene.modified.isoformat())}
{meta("article:section", article.section or "")}
{extra}{json_ld(data)}"""


def _names(scene: Scene) -> str:
    return " and ".join(f'<a href="/author/{path_word(name)}/">{escape(name)}</a>' for name in scene.article.authors)


def _wordpress(scene: Scene) -> str:
    article, draft = scene.article, scene.article.draft
    cards = "".join(
        f'<article class="featured-cards__card"><h3><a href="{each.url}">{escape(each.draft.headline)}</a></h3></article>'
        for each in scene.related
    )
    tags = "".join(f'<a class="tags__item" href="/tag/{path_word(tag)}/">{escape(tag)}</a>' for tag in draft.tags)
    aside = '<aside class="embed-promo"><p>Sign up for the latest from The Hill <a href="/newsletters/">here</a></p></aside>'
    body = between(scene.body, [_AD, aside, _AD], scene.rng)
    return document("en-US", _head(scene, '<meta name="generator" content="WordPress 6.5.3">'), f"""<a class="skip-link" href="#content">Skip to content</a>
<div class="ad-unit ad-unit--leaderboard"><div id="acm-ad-tag-lb"></div></div>
<header class="site-header"><a class="site-header__logo" href="/">The Hill</a><nav class="primary-nav"><ul>
<li><a href="/news/">News</a></li><li><a href="/policy/">Policy</a></li><li><a href="/opinion/">Opinion</a></li>
</ul></nav></header>
<section class="just-in"><h2>Just In</h2>{cards}</section>
<main id="content"><article class="article article--{article.number}"><section class="article__header">
<nav class="breadcrumbs"><a href="/{HILL_SECTIONS[draft.section][0]}/">{escape(article.section or "")}</a></nav>
<h1 class="page-title">{escape(draft.headline)}</h1>
<div class="submitted-by"><span>by {_names(scene)} - {eastern(scene.local)}</span></div>
<div class="social-share"><a href="#">Share</a><a href="#">Tweet</a></div></section>
<figure class="article__featured-image"><img src="{scene.picture}" alt="{escape(draft.picture.alt)}">
<figcaption>{escape(draft.picture.caption)} <span class="credit">{escape(draft.picture.credit)}</span></figcaption>
</figure>
<div class="article__text | body-copy | flow">{body}
{_HARDWALL if article.number % 9 == 0 else ""}</div>
<div class="tags">Tags {tags}</div>
<p class="copyright">Copyright {scene.local.year} Nexstar Media Inc. All rights reserved. This material may not be published, broadcast, rewritten, or redistributed.</p>
</article><section class="featured-cards"><h2>More {escape(article.section or "")} News</h2>{cards}</section>
<section class="video-hub"><h2>Top Stories</h2></section></main>
<div id="onetrust-banner-sdk"><p>We use cookies.</p><button>Accept All</button></div>
<footer class="site-footer">© 1998 - {scene.local.year} Nexstar Media Inc. | All Rights Reserved.</footer>
<script src="https://cdn.taboola.com/libtrc/thehill/loader.js"></script>""", "post-template-default single single-post")  # fmt: skip


def _drupal(scene: Scene) -> str:
    article, draft = scene.article, scene.article.draft
    number = article.number
    zone = scene.local.tzname()
    dc = "\n".join([
        meta("dcterms.title", draft.headline, "name"), meta("dcterms.creator", scene.authors, "name"),
        meta("dcterms.date", f"{scene.local:%Y-%m-%dT%H:%M}{scene.local:%z}"[:-2] + ":00", "name"),
        meta("dcterms.identifier", article.url, "name"), meta("author", scene.authors),
        '<meta name="generator" content="Drupal 7 (http://drupal.org)">'])  # fmt: skip
    ad = f'<div id="dfp-ad-incontent_desk_{number}-wrapper" class="dfp-tag-wrapper wrapper"><div class="dfp-tag-wrapper"><span>ADVERTISEMENT</span><script>googletag.cmd.push(function() {{}});</script></div></div>'
    tags = "".join(f'<a href="/social-tags/{path_word(tag)}">{escape(tag)}</a>' for tag in draft.tags)
    popular = "".join(f'<li><a href="{each.url}">{escape(each.draft.headline)}</a></li>' for each in scene.related)
    share = '<div class="blogs-social-wrp"><div class="addthis_inline_share_toolbox_ru82"></div><div class="share"><a class="email" href="mailto:?">Email</a></div></div>'
    return document("en", _head(scene, dc), f"""<div id="expand-menu">
<div class="expand-menu-headline">Follow Us</div>
<a href="http://www.facebook.com/TheHill" class="social-share-facebook">Facebook</a></div>
<header id="header" role="banner"><nav id="main-menu"><ul class="menu">
<li><a href="/homenews/senate" class="menu__link">Senate</a></li><li><a href="/policy" class="menu__link">Policy</a>
</li></ul></nav></header>
<div id="page" class="page-new-layout responsive"><div id="main" class="scrolling-content">
<div class="region region-highlighted"><h2 class="block__title block-title">TRENDING:</h2>
<ul class="term-queue-links"><li>{escape(draft.tags[0]) if draft.tags else ""}</li></ul></div>
<div class="content-item"><div class="content-wrapper title">
<h1 class="title" id="page-title">{escape(draft.headline)}</h1>
<div class="submitted-wrp"><span class="submitted-by">By {_names(scene)} - <span class="submitted-date">{scene.local:%m/%d/%y %I:%M %p} {zone}</span></span>
</div></div>
<div class="content-wrapper social">{share}</div>
<div class="left-sidebar-2"><div id="block-views-articles-articles-just-in" class="block"><h2>Just in</h2>
<div class="ajaxblocks-wrapper"></div></div><div class="taboola-right-rail"></div><div class="OUTBRAIN"></div></div>
<div class="content-wrapper"><div id="content" class="column">
<article class="node-{number} node node-article view-mode-full clearfix">
<header><span property="dc:title" content="{escape(draft.headline)}" class="rdf-meta element-hidden"></span>
</header>
<div class="content-with-sidebar-wrp"><div class="content-wrp">
<div class="field field-name-body field-type-text-with-summary field-label-hidden"><div class="field-items">
<div class="field-item even" property="content:encoded">{between(scene.body, [ad], scene.rng)}</div></div></div>
<div class="article-tags"><span>Tags</span>{tags}</div><div id="bottom-story-socials">{share}</div></div></div>
</article>
<div id="disqus_thread"><noscript><p><a href="http://thehill-v4.disqus.com/">View the discussion thread.</a>
</p></noscript></div><div class="OUTBRAIN" data-widget-id="AR_1"></div></div>
<aside class="sidebars"><section class="region region-sidebar-second column sidebar">
<div id="block-mostpopular-1" class="block block-mostpopular"><h2 class="block__title block-title">Most Popular</h2>
<ul>{popular}</ul></div></section></aside></div></div></div></div>
<footer id="footer">The Hill 1625 K Street, NW Suite 900 Washington DC 20006</footer>""", "html not-front node-type-article")  # fmt: skip
