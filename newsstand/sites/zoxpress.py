"""primewebinargroup.example: WordPress with the ZoxPress theme, which loads further articles below the first."""

from html import escape
from typing import ClassVar

from newsstand.messages import Request
from newsstand.sites.markup import between, document, json_ld, meta, path_word, social_meta
from newsstand.sites.wordpress import Scene, WordPress, comment_form
from newsstand.story import Published

_AD = '<div class="zox-post-ad-wrap"><span class="zox-ad-label">Advertisement. Scroll to continue reading.</span><div class="zox-post-ad"><script></script></div></div>'
APPEARED_FIRST = '<p>This post appeared first on <a href="https://www.foxnews.com/politics">FOX NEWS</a></p>'


class ZoxPress(WordPress):
    """The ZoxPress syndicator: most posts are reposts of Fox News, their links unwrapped."""

    outlet: ClassVar[str] = "primewebinargroup"
    hosts: ClassVar[tuple[str, ...]] = ("primewebinargroup.example",)
    yoast: ClassVar[bool] = True
    links_kept: ClassVar[bool] = False

    def blocks(self, article: Published) -> list[str]:
        """The body, a repost closed by its origin's name."""
        return [*super().blocks(article), *([APPEARED_FIRST] if article.origin_name == "FOX NEWS" else [])]

    def theme(self, request: Request, scene: Scene) -> str:
        """The theme's page, the first article of the auto-load list being the one asked for."""
        more = [self.scene(request, each) for each in scene.related[:2]]
        side = "".join(
            f'<div class="alp-related-post post-{each.number}"><a class="post-title" href="{each.url}">{escape(each.draft.headline)}</a></div>'
            for each in [scene.article, *scene.related]
        )
        articles = "\n".join([_article(scene), *map(_article, more)])
        return document("en-US", _head(scene), f"""<div id="zox-site" class="left zoxrel">
{fly(scene)}
<div id="zox-site-wall" class="left zoxrel"><header id="zox-main-head-wrap" class="left zoxrel zox-trans-head">
<div class="zox-bot-head-logo-main"><a href="{scene.home}"><img class="zox-logo-stand" src="{scene.home}logo.png" alt="{escape(scene.site_name)}"></a>
<h2 class="zox-logo-title">{escape(scene.site_name)}</h2></div>
<div class="zox-nav-menu"><ul id="menu-main" class="menu"><li><a href="{scene.home}category/politics/">Politics</a>
</li><li><a href="{scene.home}category/world/">World</a></li></ul></div></header>
<div id="zox-main-body-wrap" class="left relative"><div class="zox-auto-post-grid">
<div class="zox-alp-side zox-sticky-side"><div class="alp-related-posts-wrapper">
<div class="alp-related-posts">{side}</div></div></div>
<div class="zox-auto-post-main">{articles}</div></div></div>
<footer id="zox-foot-wrap" class="left zoxrel zox100"><div class="zox-foot-copy">
<p>Copyright © {scene.local.year} {escape(scene.site_name)} All Rights Reserved.</p></div></footer></div></div>
<div class="zox-fly-top back-to-top"><span class="fas fa-angle-up"></span></div>""", "post-template-default single single-post")  # fmt: skip


def fly(scene: Scene) -> str:
    """The fly-out menu and the search box, which stand first on every page of the theme."""
    return """<div id="zox-fly-wrap">
<div id="zox-fly-soc-wrap"><span class="zox-fly-soc-head">Connect with us</span>
<ul class="zox-fly-soc-list left relative"></ul></div></div>
<div id="zox-search-wrap"><div class="zox-search-cont"><p class="zox-search-p">Hi, what are you looking for?</p><div class="zox-search-box"><form method="get" id="zox-search-form" action="/"><input type="text" name="s" id="zox-search-input"></form></div></div></div>"""


def _head(scene: Scene) -> str:
    article, draft = scene.article, scene.article.draft
    # the plug-in writes the same wall clock with two offsets: the meta elements are right, the JSON-LD is an hour off
    wrong = {
        name: f"{at:%Y-%m-%dT%H:%M:%S}+01:00"
        for name, at in (("datePublished", scene.local), ("dateModified", scene.modified))
    }
    data = {"@context": "https://schema.org", "@graph": [
        {"@type": "BlogPosting", "headline": draft.headline, "author": {"@type": "Person", "name": scene.authors},
         "articleSection": article.section, "inLanguage": "en-US", **wrong},
        {"@type": "WebPage", "url": article.url, "name": f"{draft.headline} - {scene.site_name}", **wrong}]}  # fmt: skip
    return f"""<meta charset="UTF-8"><title>{escape(draft.headline)} - {escape(scene.site_name)}</title>
<link rel="canonical" href="{article.url}">
{social_meta(article, scene.site_name, scene.picture)}
{"".join(meta("article:tag", tag) for tag in draft.tags)}
{meta("article:published_time", scene.local.isoformat())}
{meta("article:modified_time", scene.modified.isoformat())}
<meta name="generator" content="WordPress 6.3.2">
{json_ld(data)}"""


def _article(scene: Scene) -> str:
    article, draft = scene.article, scene.article.draft
    tags = ", ".join(f'<a href="{scene.home}tag/{path_word(tag)}/" rel="tag">{escape(tag)}</a>' for tag in draft.tags)
    return f"""<article id="post-{article.number}" class="post-{article.number} post type-post status-publish format-standard hentry">
<div class="zox-article-wrap zoxrel left zox100">
<div class="zox-post-top-wrap zoxrel left zox100"><header class="zox-post-head-wrap left zoxrel zox100">
<div class="zox-post-head zoxrel">
<h3 class="zox-post-cat"><a class="zox-post-cat-link" href="{scene.home}category/{(article.section or "").lower()}/"><span class="zox-post-cat">{escape(article.section or "")}</span></a>
</h3>
<h1 class="zox-post-title left entry-title" itemprop="headline">{escape(draft.headline)}</h1>
<span class="zox-post-excerpt"><p>{escape(draft.standfirst)}</p></span>
<div class="zox-post-info-wrap"><div class="zox-author-name-wrap" itemprop="author">
<p>By</p> <span class="zox-author-name vcard fn author" itemprop="name"><a href="{scene.home}author/desk/" rel="author">{escape(scene.authors)}</a></span>
</div>
<div class="zox-post-date-wrap">
<p>Published</p> <span class="zox-post-date updated"><time class="post-date updated" itemprop="datePublished" datetime="{scene.local:%Y-%m-%d}">{scene.local:%B} {scene.local.day}, {scene.local.year}</time></span>
</div></div></div></header></div>
<div class="zox-post-main-grid"><div class="zox-post-main"><div class="zox-post-img-wrap">
<div class="zox-post-img left zoxrel zoxlh0" itemprop="image"><img class="wp-post-image" src="{scene.picture}" alt="{escape(draft.picture.alt)}">
</div><span class="zox-post-img-cap">{escape(draft.picture.caption)}</span></div>
<div class="zox-post-body-wrap left zoxrel">
<div class="zox-post-body left zoxrel zox100">{between(scene.body, [_AD, _AD], scene.rng)}</div>
<div class="zox-post-body-bot left zoxrel zox100">
<div class="zox-post-tags left zoxrel zox100"><span class="zox-post-tags-header">In this article:</span> <span itemprop="keywords">{tags}</span>
</div>
<div class="zox-post-author-bio"><p>Written By {escape(scene.authors)}</p></div>{comment_form()}</div></div></div>
<div class="zox-post-side-wrap zoxrel zox-sticky-side"><div id="zox-side-wrap"></div></div></div>
{more_like_it(scene)}
<div class="zox-post-bot-ad left zoxrel zox100 zox-lh0"><span class="zox-ad-label">Advertisement</span></div></div></article>"""


def more_like_it(scene: Scene) -> str:
    """The block of further articles, other ones each time."""
    rows = "".join(
        f'<article class="zox-art-wrap"><h3 class="zox-s-cat">{escape(each.section or "")}</h3><div class="zox-art-title"><a href="{each.url}"><h2 class="zox-s-title2">{escape(each.draft.headline)}</h2></a></div><p class="zox-s-graph">{escape(each.draft.standfirst[:140])}...</p></article>'
        for each in scene.related[:4]
    )
    return f"""<div class="zox-post-more-wrap left zoxrel zox100"><h4 class="zox-post-main-title"><span class="zox-post-main-title">You May Also Like</span></h4><div class="zox-post-more-grid zox-div4 left zoxrel zox100">{rows}</div></div>"""
