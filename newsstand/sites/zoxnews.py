"""news-zox.example: WordPress with the Zox News theme (`mvp-*` classes); some posts are Reuters', by their dateline."""

from html import escape
from typing import ClassVar

from newsstand.messages import Request
from newsstand.sites.markup import between, document, json_ld, meta, path_word, social_meta
from newsstand.sites.wordpress import Scene, WordPress, comment_form

_AD = '<div class="mvp-widget-ad code-block"><span class="mvp-ad-label">Advertisement</span><ins class="adsbygoogle"></ins></div>'


class ZoxNews(WordPress):
    """The Zox News site."""

    outlet: ClassVar[str] = "news_zox"
    hosts: ClassVar[tuple[str, ...]] = ("news-zox.example",)
    yoast: ClassVar[bool] = True

    def theme(self, request: Request, scene: Scene) -> str:
        """The theme's page."""
        draft = scene.article.draft
        days = (request.at - scene.article.published_at).days
        rows = "".join(
            f'<a href="{each.url}" rel="bookmark"><div class="mvp-feat1-list-text"><span class="mvp-cd-cat left relative">{escape(each.section or "")}</span><h2>{escape(each.draft.headline)}</h2></div></a>'
            for each in scene.related
        )
        tags = ", ".join(
            f'<a href="{scene.home}tag/{path_word(tag)}/" rel="tag">{escape(tag)}</a>' for tag in draft.tags
        )
        return document("en-US", _head(scene), f"""<div id="mvp-fly-wrap">
<div id="mvp-fly-soc-wrap"><span class="mvp-fly-soc-head">Connect with us</span>
<ul class="mvp-fly-soc-list left relative"></ul></div></div>
<div id="mvp-site" class="left relative"><div id="mvp-search-wrap"><div id="mvp-search-box">
<form method="get" id="searchform" action="/"><input type="text" name="s" id="s" value="Search"></form></div></div>
<div id="mvp-site-wall" class="left relative"><header id="mvp-main-head-wrap" class="left relative">
<h2 class="mvp-logo-title">{escape(scene.site_name)}</h2><div class="mvp-nav-menu left">
<ul id="menu-main" class="menu"><li class="mvp-mega-dropdown"><a href="{scene.home}category/politics/">Politics</a>
<ul class="mvp-mega-list">{rows}</ul></li></ul></div></header>
<div id="mvp-main-body-wrap" class="left relative">
<article id="mvp-article-wrap" itemscope itemtype="http://schema.org/NewsArticle">
<div id="mvp-article-cont" class="left relative"><div id="mvp-post-main" class="left relative">
<div class="mvp-post-main-in"><div id="mvp-post-content" class="left relative">
<header id="mvp-post-head" class="left relative">
<h3 class="mvp-post-cat left relative"><a class="mvp-post-cat-link" href="{scene.home}category/{self.category(scene.article)}/"><span class="mvp-post-cat left">{escape(scene.article.section or "")}</span></a>
</h3>
<h1 class="mvp-post-title left entry-title" itemprop="headline">{escape(draft.headline)}</h1>
<span class="mvp-post-excerpt left"><p>{escape(draft.standfirst)}</p></span>
<div class="mvp-author-info-wrap left relative"><div class="mvp-author-info-date left relative">
<p>Published</p> <span class="mvp-post-date">{days} days ago</span> <p>on</p> <span class="mvp-post-date updated"><time class="post-date updated" itemprop="datePublished" datetime="{scene.local:%Y-%m-%d}">{scene.local:%B} {scene.local.day}, {scene.local.year}</time></span>
</div>
<div class="mvp-author-info-name left relative" itemprop="author" itemscope>
<p>By</p> <span class="author-name vcard fn author" itemprop="name"><a href="{scene.home}author/desk/" rel="author">{escape(scene.authors)}</a></span>
</div></div></header>
<div id="mvp-post-feat-img" class="left relative mvp-post-feat-img-wide2" itemprop="image"><img src="{scene.picture}" alt="{escape(draft.picture.alt)}">
</div><span class="mvp-feat-caption">{escape(draft.picture.caption)}</span>
<div id="mvp-content-wrap" class="left relative"><div class="mvp-post-soc-out right relative">
<ul class="mvp-post-soc-list left relative"><li class="mvp-post-soc-fb"></li></ul><div id="mvp-soc-mob-wrap">
<ul class="mvp-soc-mob-list left relative"><li class="mvp-soc-mob-fb"><span class="mvp-soc-mob-fb">Share</span></li>
</ul></div></div>
<div id="mvp-content-body" class="left relative"><div id="mvp-content-body-top" class="left relative">
<div id="mvp-content-main" class="left relative">{between(scene.body, [_AD], scene.rng)}</div>
<div id="mvp-content-bot" class="left">
<div class="mvp-post-tags"><span class="mvp-post-tags-header">Related Topics:</span><span itemprop="keywords">{tags}</span>
</div>
<div id="mvp-prev-next-wrap" class="left relative">
<div class="mvp-prev-next-text left relative"><span class="mvp-prev-next-label left relative">Don't Miss</span>
<p>{escape(scene.related[0].draft.headline) if scene.related else ""}</p></div></div>
<div class="mvp-org-wrap" itemprop="publisher"><meta itemprop="name" content="{escape(scene.site_name)}"></div>
</div></div>
<div class="mvp-cont-read-wrap"><div id="mvp-related-posts" class="left relative">
<h4 class="mvp-widget-home-title"><span class="mvp-widget-home-title">You may like</span></h4>
<ul class="mvp-related-posts-list left related">{rows}</ul></div>
<div id="comments-button"><span class="mvp-comment-but-text">Click to comment</span></div>
<div id="comments">{comment_form()}</div></div></div></div></div></div>
<div id="mvp-side-wrap" class="left relative theiaStickySidebar">
<section class="mvp-side-widget mvp_tabber_widget"><span class="mvp-feat1-list-but">Latest</span>{rows}</section>
</div></div></div></article></div>
<footer id="mvp-foot-wrap" class="left relative"><div id="mvp-foot-copy"><p>Copyright © {scene.local.year} {escape(scene.site_name)}.</p></div></footer></div></div>""", "post-template-default single single-post")  # fmt: skip


def _head(scene: Scene) -> str:
    article, draft = scene.article, scene.article.draft
    data = {"@context": "https://schema.org", "@graph": [
        {"@type": "NewsArticle", "headline": draft.headline, "datePublished": scene.local.isoformat(),
         "dateModified": scene.modified.isoformat(), "author": {"@type": "Person", "name": scene.authors},
         "articleSection": [article.section], "keywords": list(draft.tags), "inLanguage": "en-US"},
        {"@type": "WebSite", "name": scene.site_name, "url": scene.home}]}  # fmt: skip
    return f"""<meta charset="UTF-8"><title>{escape(draft.headline)} - {escape(scene.site_name)}</title>
<link rel="canonical" href="{article.url}">
{social_meta(article, scene.site_name, scene.picture)}
{meta("article:published_time", scene.local.isoformat())}
{meta("article:modified_time", scene.modified.isoformat())}
{json_ld(data)}"""
