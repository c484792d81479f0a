"""WordPress as a platform: feed, REST, sitemaps, listings and archives, whatever theme the articles wear."""

import re
from abc import abstractmethod
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from random import Random
from typing import ClassVar

from attrs import frozen

from newsstand.messages import Request, Response, as_json, not_found, redirect, text
from newsstand.newsrooms import slug_of
from newsstand.sites import rest
from newsstand.sites.feeds import Channel, cdata, item, rss, sitemap_index, url_entry, urlset
from newsstand.sites.markup import blocks, document, excerpt, live_blog, whole_body
from newsstand.sites.site import Handler, Site, calendar_day, in_pages
from newsstand.story import Published

_SITEMAP_SIZE = 2000
"""Addresses in one of WordPress' own sitemaps."""


@frozen(kw_only=True)
class Scene:
    """What a page is made of: the article and what stands around it this time."""

    article: Published
    local: datetime
    modified: datetime
    site_name: str
    home: str
    body: Sequence[str]
    """The article's block elements."""
    related: Sequence[Published]
    rng: Random

    @property
    def authors(self) -> str:
        """The authors as a byline has them."""
        *first, last = self.article.authors or ("",)
        return f"{', '.join(first)} and {last}" if first else last

    @property
    def picture(self) -> str:
        """The lead picture's address."""
        return rest.picture(self.article, self.local, self.home)


class WordPress(Site):
    """A site on WordPress; a theme gives the article's page."""

    feed_size: ClassVar[int] = 10
    full_text_feed: ClassVar[bool] = True
    yoast: ClassVar[bool] = False
    """True: the sitemap is the Yoast plug-in's."""
    links_kept: ClassVar[bool] = True

    @property
    def home(self) -> str:
        """The site's front page."""
        return f"https://{self.hosts[0]}/"

    @abstractmethod
    def theme(self, request: Request, scene: Scene) -> str:
        """The article's page as the theme has it."""

    def article(self, request: Request, article: Published) -> Response:
        """The page in the site's theme."""
        return self.page(self.theme(request, self.scene(request, article)))

    def scene(self, request: Request, article: Published) -> Scene:
        """The article with what stands around it this time."""
        rng = self.chance(request)
        return Scene(
            article=article,
            local=self.local(article.published_at),
            modified=self.local(article.modified_at or article.published_at),
            site_name=self.newsroom.name,
            home=self.home,
            body=self.blocks(article),
            related=self.others(request, article, 5, rng),
            rng=rng,
        )

    def blocks(self, article: Published) -> list[str]:
        """The block elements of the article as its editor holds them, the line that names an origin included."""
        zone = self.newsroom.zone
        return [*blocks(whole_body(article), links=self.links_kept), *live_blog(article, zone)]

    def routes(self) -> Sequence[tuple[str, Handler]]:
        """WordPress' own addresses."""
        sitemaps: tuple[tuple[str, Handler], ...] = (
            ((r"/sitemap_index\.xml", self._sitemap_index), (r"/post-sitemap(\d*)\.xml", self._sitemap))
            if self.yoast
            else ((r"/wp-sitemap\.xml", self._sitemap_index), (r"/wp-sitemap-posts-post-(\d+)\.xml", self._sitemap))
        )
        return (
            *sitemaps,
            (r"/robots\.txt", self._robots),
            (r"/(?:category/([a-z-]+)/)?feed/", self._feed),
            (r"/wp-json/wp/v2/posts", self._posts),
            (r"/wp-json/wp/v2/posts/(\d+)", self._post),
            (r"/(\d{4}/\d\d/\d\d)/", self._day),
            (r"/(?:category/([a-z-]+)/)?(?:page/(\d+)/)?", self._listing),
        )

    def category(self, article: Published) -> str:
        """The path segment of the article's category."""
        return slug_of(article.section or article.draft.section)

    def _robots(self, request: Request, match: re.Match[str]) -> Response:
        sitemap = "sitemap_index.xml" if self.yoast else "wp-sitemap.xml"
        return text(
            f"User-agent: *\nDisallow: /wp-admin/\nAllow: /wp-admin/admin-ajax.php\n\nSitemap: {self.home}{sitemap}\n"
        )

    def _feed(self, request: Request, match: re.Match[str]) -> Response:
        told = [each for each in self.latest(request) if match[1] is None or self.category(each) == match[1]]
        told = told[: self.feed_size]
        channel = Channel(title=self.newsroom.name, link=self.home, address=request.url, language="en-US")
        return rss(channel, [self.feed_item(each) for each in told], told[0].published_at if told else None)

    def feed_item(self, article: Published) -> str:
        """One item of the feed."""
        return item(
            article,
            format_datetime(article.published_at.astimezone(UTC)),
            *([cdata("dc:creator", ", ".join(article.authors))] if article.authors else []),
            cdata("category", article.section or "Uncategorized"),
            *[cdata("category", tag) for tag in article.draft.tags],
            f'<guid isPermaLink="false">{self.home}?p={article.number}</guid>',
            cdata("description", excerpt(article.draft.standfirst, 55)),
            cdata("content:encoded", "\n".join(self.blocks(article))) if self.full_text_feed else "",
        )

    def _sitemap_index(self, request: Request, match: re.Match[str]) -> Response:
        told = self.latest(request)
        pages = range(1, in_pages(told, 1, _SITEMAP_SIZE)[1] + 1)
        newest = told[0].published_at if told else None
        name = "post-sitemap{}" if self.yoast else "wp-sitemap-posts-post-{}"
        return sitemap_index(
            (f"{self.home}{name.format('' if self.yoast and page == 1 else page)}.xml", newest) for page in pages
        )

    def _sitemap(self, request: Request, match: re.Match[str]) -> Response:
        told, pages = in_pages(self.latest(request), int(match[1] or 1), _SITEMAP_SIZE)
        if not 1 <= int(match[1] or 1) <= pages:
            return not_found()
        return urlset(url_entry(each, each.modified_at or each.published_at) for each in told)

    def _posts(self, request: Request, match: re.Match[str]) -> Response:
        """The REST listing: see `newsstand/sites/rest.py`."""
        query = request.query
        if "slug" in query:
            found = (self.world.find(each.url, request.at) for each in self._published(request)
                     if rest.slug_of_post(each) == query["slug"])  # fmt: skip
            return as_json([self._told(request, each) for each in found if each])
        wanted = rest.listing_of(query, self.newsroom.zone)
        if wanted is None:
            return rest.error(400, "rest_invalid_param", "Invalid parameter(s)")
        told = wanted.among(self.latest(request))
        shown, pages = in_pages(told, wanted.page, wanted.size)
        if wanted.page > pages:
            return rest.error(
                400,
                "rest_post_invalid_page_number",
                "The page number requested is larger than the number of pages available.",
            )
        totals = (("X-WP-Total", str(len(told))), ("X-WP-TotalPages", str(pages)))
        return as_json([self._told(request, each) for each in shown], headers=totals)

    def _post(self, request: Request, match: re.Match[str]) -> Response:
        """One post as it stands: no source, so what is gone is gone and nothing lags."""
        named = next((each for each in self._published(request) if each.number == int(match[1])), None)
        found = self.world.find(named.url, request.at) if named else None
        if found is None:
            return rest.error(404, "rest_post_invalid_id", "Invalid post ID.")
        return as_json(self._told(request, found))

    def _published(self, request: Request) -> list[Published]:
        return self.world.articles(self.outlet, request.at)

    def _told(self, request: Request, article: Published) -> dict[str, object]:
        """A post with the fields and the embedded records that the query asks for."""
        times = (self.local(article.published_at), self.local(article.modified_at or article.published_at))
        post = rest.post(article, *times, self.home, "\n\n".join(self.blocks(article)))
        return rest.as_asked(post, request.query)

    def _day(self, request: Request, match: re.Match[str]) -> Response:
        day = calendar_day(match[1], "%Y/%m/%d")
        return self._list(request, self.on_day(request, day), "") if day else not_found()

    def _listing(self, request: Request, match: re.Match[str]) -> Response:
        """The front page or a category, a page at a time; `?p=` leads to the article of that id."""
        if "p" in request.query:
            found = next((each for each in self.latest(request) if str(each.number) == request.query["p"]), None)
            return redirect(found.url) if found else not_found()
        told = [each for each in self.latest(request) if match[1] is None or self.category(each) == match[1]]
        number = int(match[2] or 1)
        shown, pages = in_pages(told, number, 20)
        if not 1 <= number <= pages or (match[1] and not told):
            return not_found()
        below = f"{self.home}category/{match[1]}/" if match[1] else self.home
        older = (
            f'<a class="next page-numbers" href="{below}page/{number + 1}/">Older posts</a>' if number < pages else ""
        )
        return self._list(request, shown, f'<nav class="navigation pagination">{older}</nav>')

    def _list(self, request: Request, told: Sequence[Published], pagination: str) -> Response:
        rows = "".join(
            f'<article id="post-{each.number}" class="post"><h2 class="entry-title"><a href="{each.url}" rel="bookmark">'
            f'{escape(each.draft.headline)}</a></h2><div class="entry-summary"><p>{escape(excerpt(each.draft.standfirst, 30))}</p></div></article>'
            for each in told
        )
        head = f'<meta charset="UTF-8"><title>{escape(self.newsroom.name)}</title><link rel="alternate" type="application/rss+xml" href="{self.home}feed/">'
        body = document("en-US", head, f'<main id="main" class="site-main">{rows}{pagination}</main>', "blog").encode()
        return Response(body=body, tagged=True, modified_at=told[0].published_at if told else None)


def comment_form() -> str:
    """WordPress' own comment form."""
    return """<div id="respond" class="comment-respond">
<h3 id="reply-title" class="comment-reply-title">Leave a Reply</h3>
<form action="/wp-comments-post.php" method="post" id="commentform" class="comment-form">
<p class="comment-notes"><span id="email-notes">Your email address will not be published.</span> <span class="required-field-message">Required fields are marked <span class="required">*</span></span>
</p><p class="comment-form-comment"><textarea id="comment" name="comment"></textarea></p>
<p class="form-submit"><input name="submit" type="submit" id="submit" value="Post Comment"></p></form></div>"""
