"""The layouts that the seeds' pages wear: their outlets' own, with what the seed shows around the article in its place."""

import re
from collections.abc import Sequence
from datetime import datetime
from html import escape
from itertools import pairwise
from random import Random

from attrs import frozen

from newsstand.sites.markup import document
from newsstand.sites.pravda_frame import Scene, author_url, head, tag_url
from newsstand.story import PartKind, Published

_CHARSET = '<meta charset="UTF-8">'


@frozen(kw_only=True)
class PravdaPage:
    """Seed 000 in its pieces."""

    top: Sequence[str]
    byline: tuple[str, str]
    """Authors and time, as printed."""
    alt: str
    caption: str
    body: Sequence[str]
    """Blocks, advertisement and support lines included."""
    below: Sequence[str]
    """Lines: tags, an advertisement, two topics' rows, the recent news, two advertisements."""


@frozen(kw_only=True)
class ZoxPage:
    """Seed 002 in its pieces."""

    top: Sequence[str]
    name: str
    body: Sequence[str]
    kinds: Sequence[PartKind]
    more: Sequence[str]
    """The heading of the further articles, then a section and an excerpt each."""


def _esc(text: str) -> str:
    return escape(text, quote=False).replace("\xa0", "&nbsp;")


def pravda(article: Published, local: datetime, page: PravdaPage) -> str:
    """The layout of 2020 to 2025."""
    scene = Scene(article=article, local=local, modified=None, related=(), recent=(), rng=Random(0))
    authors = ", ".join(f'<a href="{author_url(scene, name)}">{name}</a>' for name in page.byline[0].split(", "))
    tags = "".join(
        f'<span class="post_tags_item"><a href="{tag_url(scene, tag)}">{tag}</a></span>' for tag in article.draft.tags
    )
    menu = "".join(f'<div class="header_{place}">{_words(line)}</div>' for place, line in enumerate(page.top))
    body = "\n".join(map(_pravda_block, page.body))
    return document(
        "en",
        head(scene),
        f"""<header class="header">{menu}</header>
<div class="main_content"><div class="container_sub_post_news"><article class="post"><header class="post_header">
<h1 class="post_title">{_esc(article.draft.headline)}</h1>
<div class="post_time"><span class="post_author">{authors}</span>{page.byline[1]}</div></header>
<div class="post_content">
<div class="post_photo_news"><img class="post_photo_news_img" src="https://img.pravda.com/images/doc/{article.number}.jpg" alt="{escape(page.alt)}">
<div class="post_news_photo_captain">{_esc(page.caption)}</div></div>
<div class="post_text" data-io-article-url="{article.url}">{body}</div>
<div class="post_tags">{tags}</div></div></article>
{_pravda_columns(page.below[1:])}</div></div>""",
    )


def _words(line: str) -> str:
    return line if " " not in line else " ".join(f"<a>{_esc(word)}</a>" for word in line.split(" "))


def _pravda_block(block: str) -> str:
    """One block of the body as the editor leaves it: a bold label first, an advertisement by script, a line for patrons."""
    if block.startswith("  • "):
        items = "".join(f"<li>{_esc(line.removeprefix('  • '))}</li>" for line in block.split("\n"))
        return f"<ul>{items}</ul>"
    if block == "Advertisement:":
        return f'<div class="advtext_mob"><p>{block}</p></div><div class="nts-ad nts-ad-h280"></div>'
    if "patron" in block and len(block) < 60:
        return f'<p><strong><a href="https://www.patreon.com/ukrpravda">{_esc(block)}</a></strong></p>'
    label = re.match(r"\w+:", block)
    bold = f"<strong>{label[0]}</strong>" if label else ""
    return f"<p>{bold}{_esc(block[len(label[0]) if label else 0 :])}</p>"


def _pravda_columns(lines: Sequence[str]) -> str:
    """The side columns: an advertisement, news of two topics, the recent news, advertisements."""
    advert = lines[0]
    first_end = lines.index("All News")
    recent = next(place for place, line in enumerate(lines) if line.isupper() and place > first_end and " " in line)
    last_end = lines.index("All News", recent)
    rows = "".join(_row(line) for line in lines[1:first_end])
    topic = "".join(_row(line) for line in lines[first_end + 2 : recent])
    pairs = [pair for place, pair in enumerate(pairwise(lines[recent + 1 : last_end])) if place % 2 == 0]
    news = "".join(
        f'<div class="article_news"><div class="article_time">{time}</div>{_row(text)}</div>' for time, text in pairs
    )
    adverts = "".join(
        f'<div class="unit_side_banner"><div class="advtext">{line}</div></div>' for line in lines[last_end + 1 :]
    )
    return f"""<div class="unit_side_banner"><div class="advtext">{advert}</div></div>
<aside class="section_news_side">{rows}<div class="button_more">{lines[first_end]}</div></aside>
<aside class="post_side_topic"><div class="section_title">{_esc(lines[first_end + 1])}</div>{topic}</aside>
<aside class="section_news_side">
<div class="section_title">{lines[recent]}</div>{news}<div class="button_more">{lines[last_end]}</div></aside>
{adverts}"""


def _row(text: str) -> str:
    return f'<div class="article_title"><a href="#">{_esc(text)}</a></div>'


def interfax(article: Published, local: datetime, name: str, body: Sequence[str]) -> str:
    """Interfax-Ukraine's layout; the section stands in a line of its own, not in a heading."""
    told = "\n".join(f"<p>{_esc(block)}</p>" for block in body)
    top = f'{_CHARSET}<title>{_esc(article.draft.headline)}</title><link rel="canonical" href="{article.url}">'
    return document(
        "en",
        top,
        f"""<header class="header"><div class="logo"><a href="/">{name}</a></div></header>
<article class="article article-content-view">
<div class="category-title"><a href="/news/general.html">{article.section}</a></div>
<div class="article-time"><span>{local:%H:%M}</span> <span>{local:%d.%m.%Y}</span></div>
<h1 class="article-content-title">{_esc(article.draft.headline)}</h1>
<div class="article-content">{told}</div></article>""",
    )


def zoxpress(article: Published, page: ZoxPage) -> str:
    """The ZoxPress theme with its date and author elements left out."""
    kinds = [*page.kinds, "paragraph"]
    told = "\n".join(
        f"<h3>{_esc(block)}</h3>" if kind == "heading" else f"<p>{_esc(block)}</p>"
        for kind, block in zip(kinds, page.body, strict=True)
    )
    sections, excerpts = page.more[1::2], page.more[2::2]
    more = "".join(
        f'<article class="zox-art-wrap"><h3 class="zox-s-cat">{_esc(section)}</h3><p class="zox-s-graph">{_esc(text)}</p></article>'
        for section, text in zip(sections, excerpts, strict=True)
    )
    top = f"""{_CHARSET}<title>{_esc(article.draft.headline)}</title><link rel="canonical" href="{article.url}">
<meta property="og:site_name" content="{escape(page.name)}"><meta property="og:type" content="article">
<meta property="og:title" content="{escape(article.draft.headline)}"><meta name="generator" content="WordPress 6.3.2">"""
    return document(
        "en-US",
        top,
        f"""<div id="zox-site" class="left zoxrel"><div id="zox-fly-wrap">
<div id="zox-fly-soc-wrap"><span class="zox-fly-soc-head">{page.top[0]}</span></div></div>
<div id="zox-search-wrap"><div class="zox-search-cont"><p class="zox-search-p">{page.top[1]}</p></div></div>
<div id="zox-site-wall" class="left zoxrel"><header id="zox-main-head-wrap" class="left zoxrel">
<div class="zox-bot-head-logo-main"><a href="/"><img class="zox-logo-stand" src="/logo.png" alt="{page.name}"><img class="zox-logo-dark" src="/dark.png" alt="{page.name}"></a>
</div></header>
<div id="zox-main-body-wrap" class="left relative"><div class="zox-auto-post-grid"><div class="zox-auto-post-main">
<article id="post-{article.number}" class="post-{article.number} post type-post status-publish hentry">
<div class="zox-article-wrap zoxrel left zox100">
<header class="zox-post-head-wrap left zoxrel zox100">
<h3 class="zox-post-cat"><a class="zox-post-cat-link" href="/category/politics/"><span class="zox-post-cat">{article.section}</span></a>
</h3>
<h1 class="zox-post-title left entry-title" itemprop="headline">{_esc(article.draft.headline)}</h1></header>
<div class="zox-post-body-wrap left zoxrel"><div class="zox-post-body left zoxrel zox100">{told}</div></div>
<div class="zox-post-more-wrap left zoxrel zox100">
<h4 class="zox-post-main-title"><span class="zox-post-main-title">{page.more[0]}</span></h4>
<div class="zox-post-more-grid zox-div4">{more}</div></div>
</div></article></div></div></div></div></div>""",
        "post-template-default single single-post",
    )


def plain(article: Published, body: Sequence[str], reply: str, notes: str) -> str:
    """A plain WordPress theme that names neither itself nor a day."""
    told = "\n".join(f"<p>{_esc(block)}</p>" for block in body)
    note, star = notes.removesuffix(" *"), '<span class="required">*</span>'
    top = f"""{_CHARSET}<title>{_esc(article.draft.headline)}</title><link rel="canonical" href="{article.url}">
<meta name="generator" content="WordPress 6.7.1">"""
    return document(
        "en-US",
        top,
        f"""<main id="main" class="site-main">
<article id="post-{article.number}" class="post-{article.number} post type-post status-publish hentry">
<header class="entry-header"><h1 class="entry-title">{_esc(article.draft.headline)}</h1></header>
<div class="entry-content">{told}</div></article>
<div id="comments" class="comments-area"><div id="respond" class="comment-respond">
<h3 id="reply-title" class="comment-reply-title">{reply}</h3>
<form action="/wp-comments-post.php" method="post" id="commentform" class="comment-form"><p class="comment-notes">{note} {star}</p><p class="comment-form-comment"><textarea id="comment" name="comment"></textarea></p></form></div></div></main>""",
        "post-template-default single single-post",
    )
