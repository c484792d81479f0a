"""example-syndicator.test: WordPress with a plain theme; some of its posts are other outlets', by their canonical URL."""

from html import escape
from typing import ClassVar

from newsstand.messages import Request
from newsstand.sites.markup import between, document, json_ld, meta, path_word, social_meta
from newsstand.sites.wordpress import Scene, WordPress, comment_form

_AD = '<div class="widget ad-slot"><small>Advertisement</small><script>(adsbygoogle = window.adsbygoogle || []).push({});</script></div>'


class PlainWordPress(WordPress):
    """The plain WordPress syndicator."""

    outlet: ClassVar[str] = "example_syndicator"
    hosts: ClassVar[tuple[str, ...]] = ("example-syndicator.test",)

    def theme(self, request: Request, scene: Scene) -> str:
        """A core theme's page."""
        article, draft = scene.article, scene.article.draft
        canonical = article.origin_url or article.url
        data = {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": draft.headline,
            "datePublished": article.published_at.isoformat(),
            "dateModified": scene.modified.isoformat(),
            "author": [{"@type": "Person", "name": name} for name in article.authors],
        }
        head = f"""<meta charset="UTF-8"><title>{escape(draft.headline)}</title>
<link rel="canonical" href="{canonical}">
{social_meta(article, scene.site_name, scene.picture)}
{meta("article:published_time", article.published_at.isoformat())}
{meta("article:modified_time", scene.modified.isoformat())}
{meta("article:section", article.section or "")}
<link rel="https://api.w.org/" href="{scene.home}wp-json/"><link rel="shortlink" href="{scene.home}?p={article.number}">
<meta name="generator" content="WordPress 6.7.1">
{json_ld(data)}"""
        related = "".join(f'<li><a href="{each.url}">{escape(each.draft.headline)}</a></li>' for each in scene.related)
        tags = " ".join(
            f'<a href="{scene.home}tag/{path_word(tag)}/" rel="tag">{escape(tag)}</a>' for tag in draft.tags
        )
        byline = f'<span class="byline">by <span class="author vcard"><a class="url fn n" href="{scene.home}author/desk/">{escape(scene.authors)}</a></span></span>'
        body = f"""<a class="skip-link screen-reader-text" href="#content">Skip to content</a>
<header id="masthead" class="site-header">
<p class="site-title"><a href="{scene.home}" rel="home">{escape(scene.site_name)}</a></p>
<nav id="site-navigation" class="main-navigation"><ul><li><a href="{scene.home}">Home</a></li>
<li><a href="{scene.home}category/world/">World</a></li></ul></nav></header>
<div id="content" class="site-content"><main id="main" class="site-main">
<article id="post-{article.number}" class="post-{article.number} post type-post status-publish hentry">
<header class="entry-header"><h1 class="entry-title">{escape(draft.headline)}</h1>
<div class="entry-meta"><span class="posted-on">Posted on <time class="entry-date published" datetime="{article.published_at.isoformat()}">{scene.local:%B} {scene.local.day}, {scene.local.year}</time></span> {byline}</div>
</header>
<figure class="post-thumbnail"><img src="{scene.picture}" alt="{escape(draft.picture.alt)}">
<figcaption class="wp-caption-text">{escape(draft.picture.caption)}</figcaption></figure>
<div class="entry-content">{between(scene.body, [_AD], scene.rng)}
<div class="sharedaddy sd-sharing-enabled"><h3 class="sd-title">Share this:</h3><ul><li><a href="#">Facebook</a>
</li><li><a href="#">X</a></li></ul></div>
<div id="jp-relatedposts" class="jp-relatedposts"><h3 class="jp-relatedposts-headline">Related</h3></div></div>
<footer class="entry-footer"><span class="cat-links">Posted in <a href="{scene.home}category/{self.category(article)}/" rel="category tag">{escape(article.section or "")}</a></span> <span class="tags-links">Tagged {tags}</span>
</footer></article>
<nav class="navigation post-navigation"><h2 class="screen-reader-text">Post navigation</h2></nav>
<div id="comments" class="comments-area">{comment_form()}</div></main>
<aside id="secondary" class="widget-area"><section class="widget widget_recent_entries">
<h2 class="widget-title">Recent Posts</h2><ul>{related}</ul></section></aside></div>
<div class="cookie-law-info-bar">We use cookies. <a>Accept</a></div>"""
        return document("en-US", head, body, "post-template-default single single-post")
