"""Ukrainska Pravda's layouts by era: to 2020, to 2025, news from late 2025, long reads from late 2025."""

from collections.abc import Callable, Mapping, Sequence
from html import escape

from newsstand.sites.markup import between, blocks, document, live_blog, whole_body
from newsstand.sites.pravda_frame import Scene, author_url, footer, head, header, picture_url, structured, tag_url
from newsstand.sites.pravda_words import Words, long_date, short_date
from newsstand.story import Published


def page(scene: Scene) -> str:
    """The article's page in the layout of its era."""
    main = _LAYOUTS[scene.article.era](scene)
    body = f"{header(scene)}\n{main}\n{footer(scene)}"
    return document(scene.article.draft.language, head(scene), body)


def amp(scene: Scene) -> str:
    """The AMP page: the article and little else."""
    article = scene.article
    body = "\n".join(blocks(whole_body(article), "h3"))
    top = f"""<meta charset="utf-8"><title>{escape(article.draft.headline)}</title>
<link rel="canonical" href="{article.url}">
<script async src="https://cdn.ampproject.org/v0.js"></script>{structured(scene)}"""
    return document(article.draft.language, top, f"""<header><a href="{scene.edition}">{scene.words.name}</a>
</header>
<article class="post"><h1 class="post_title">{escape(article.draft.headline)}</h1>
<div class="post_time">{long_date(article.draft.language, scene.local)}</div>
<div class="post_text">{body}</div></article>
<amp-ad width="300" height="250" type="doubleclick"></amp-ad>""")  # fmt: skip


def _layout_2015(scene: Scene) -> str:
    article, words = scene.article, scene.words
    draft = article.draft
    tags = "".join(
        f'<span class="post__tags__item"><a href="{tag_url(scene, tag)}">{escape(tag)}</a></span>' for tag in draft.tags
    )
    also = _read_also(scene)
    body = between(blocks(whole_body(article), "h3"), [_advert(words), *also], scene.rng)
    return f"""<div class="layout"><div class="block block_post"><article class="post post_news">
<header class="post_news__header"><h1 class="post_news__title">{escape(draft.headline)}</h1>
<div class="post_news__date">{long_date(draft.language, scene.local)}</div>
<div class="post_news__author">{_author_links(scene)}</div></header>
{_share("post_news__social", words)}
<div class="post_news__photo"><img src="{picture_url(article)}" alt="{escape(draft.picture.alt)}">
<div class="post_news__photo__caption">{escape(draft.picture.caption)}</div></div>
<div class="post_news__text">{body}
<p><strong>{escape(", ".join(article.authors))}</strong></p>
<p>{words.follow}</p></div>
<div class="post__tags">{tags}</div>
<div class="post_news__error">{words.error}</div></article></div>
{_recent(scene, "block_news_column")}</div>"""


def _layout_2020(scene: Scene) -> str:
    article, words = scene.article, scene.words
    draft = article.draft
    tags = "".join(
        f'<span class="post_tags_item"><a href="{tag_url(scene, tag)}">{escape(tag)}</a></span>' for tag in draft.tags
    )
    body = blocks(whole_body(article), "h3")
    if draft.language == "en":  # the English desk's editor leaves no-break spaces at paragraphs' ends
        body = [block.replace("</p>", "&nbsp; &nbsp;</p>") if article.number % 3 == place % 3 else block
                for place, block in enumerate(body)]  # fmt: skip
    told = between(body, [_advert(words, "advtext_mob"), *_read_also(scene), _advert(words)], scene.rng)
    authors = f'<span class="post_author">{_author_links(scene)}</span>' if article.authors else ""
    return f"""<div class="main_content"><div class="container_sub_post_news"><article class="post">
<header class="post_header"><h1 class="post_title">{escape(draft.headline)}</h1>
<div class="post_time">{authors}{long_date(draft.language, scene.local)}</div>{_share("post_social", words)}</header>
<div class="post_content">
<div class="post_photo_news"><img class="post_photo_news_img" src="{picture_url(article)}" alt="{escape(draft.picture.alt)}">
<div class="post_news_photo_captain">{escape(draft.picture.caption)} {words.photo}: {escape(draft.picture.credit)}</div>
</div>
<div class="post_text" data-io-article-url="{article.url}">{told}
<p><strong><a href="https://www.patreon.com/ukrpravda">{words.patron}</a></strong></p></div>
<div class="post_tags">{tags}</div></div></article>
<div class="unit_side_banner"><div class="advtext">{words.advertisement}</div></div>
<aside class="section_news_side post_side_topic">
<h3>{escape(draft.tags[0]) if draft.tags else ""}</h3>{_rows(scene.related)}</aside></div>
{_recent(scene, "section_news_side")}</div>"""


def _layout_news(scene: Scene) -> str:
    article, words = scene.article, scene.words
    draft = article.draft
    told = [*blocks(whole_body(article), "h3"), *live_blog(article, scene.local.tzinfo)]
    body = between(told, [_advert(words), *_read_also(scene), _video(words)], scene.rng)
    return f"""<div class="main"><div class="section_article"><article class="post_news">
<header class="post_news_header"><h1 class="post_news_title">{escape(draft.headline)}</h1>
<div class="post_news_info"><span class="post_news_author">{_author_links(scene)}</span> <span class="post_news_date">— {short_date(draft.language, scene.local)}</span>
</div></header>
<div class="layout_wrapper_article">
<aside class="post_news_service">{_share("post_news_social", words)}<div class="post_statistic">
<div class="post_views">{scene.rng.randrange(900, 90000)}</div></div></aside>
<div class="post_news_body_wrapper"><div class="post_news_body">
<div class="post_news_photo"><img src="{picture_url(article)}" alt="{escape(draft.picture.alt)}">
<div class="post_news_photo_captain">{escape(draft.picture.caption)}</div>
<div class="post_news_photo_source">{escape(draft.picture.credit)}</div></div>
<div data-io-article-url="{article.url}" class="post_news_text">{body}</div>
{_below(scene)}</div></div></div></article></div></div>"""


def _layout_article(scene: Scene) -> str:
    article, words = scene.article, scene.words
    draft = article.draft
    names = "".join(
        f'<a href="{author_url(scene, name)}" class="post_article_author_item"><span class="post_author_name">{escape(name)}</span></a>'
        for name in article.authors
    )
    box = f"""<div class="image-box image-box_center"><picture><img src="{picture_url(article)}" alt=""></picture>
<div class="image-box__caption">{escape(draft.picture.caption)}</div><div class="image-box__author">{escape(draft.picture.credit)}</div></div>"""
    body = between(
        blocks(whole_body(article), span=True), [_advert(words, "advtext_mob"), box, _advert(words)], scene.rng
    )
    return f"""<div class="main"><div class="section_article section_article_middle"><article class="post_article">
<header class="post_article_header">
<div class="post_article_header_content"><span class="article_label article_label_adv"></span>
<h1 class="post_article_title">{escape(draft.headline)}</h1>
<div class="post_article_author">{names}<span class="post_author_date">{short_date(draft.language, scene.local)}</span>
</div></div>
<div class="post_article_header_media"><picture><img src="{picture_url(article)}" alt="{escape(draft.picture.alt)}"></picture>
<div class="post_article_header_media_source">{escape(draft.picture.credit)}</div></div></header>
<div class="layout_wrapper_article"><aside class="post_article_service">{_share("post_article_social", words)}</aside>
<div class="post_article_body_wrapper"><div class="post_article_body">
<div data-io-article-url="{article.url}" class="post_article_text">{body}
<p><strong><em>{escape(", ".join(article.authors))}</em></strong></p></div>
{_below(scene)}</div></div></div></article></div></div>"""


_LAYOUTS: Mapping[str, Callable[[Scene], str]] = {
    "2015": _layout_2015,
    "2020": _layout_2020,
    "2025-news": _layout_news,
    "2026-article": _layout_article,
}


def _below(scene: Scene) -> str:
    """What follows the body in the current layouts: tags, an advertisement, comments, other news."""
    words = scene.words
    tags = "".join(f'<a href="{tag_url(scene, tag)}">{escape(tag)}</a>' for tag in scene.article.draft.tags)
    return f"""<div class="post_news_tags">{tags}</div>
<div class="unit_side_banner"><div class="advtext">{words.advertisement}</div><div class="nts-ad mtb10">
<div class="UPR_BTA"></div></div></div>
<div class="advtext1">{words.comments} <a href="https://bit.ly/3fTzHw1">»</a></div>
<comentario-comments></comentario-comments>
<aside class="section_other_news"><div class="section_title section_title_sm"><span>{words.top}</span>
</div>{_rows(scene.related)}</aside>
{_recent(scene, "section_news_side")}"""


def _advert(words: Words, kind: str = "advtext") -> str:
    return f'<div class="{kind}">{words.advertisement}</div><div class="nts-ad nts-ad-h280 mtb10"><div class="UPR_ITA"></div></div>'


def _video(words: Words) -> str:
    return f'<div class="nts-video-wrapper"><div class="nts-video" data-label="{words.advertisement}"></div></div>'


def _read_also(scene: Scene) -> list[str]:
    """A line in the body that sends the reader elsewhere."""
    rows = [f'<p><strong>{scene.words.read_also}</strong> <a href="{each.url}">{escape(each.draft.headline)}</a></p>'
            for each in scene.related[:1]]  # fmt: skip
    return rows if scene.rng.random() < 0.6 else []


def _share(kind: str, words: Words) -> str:
    return f"""<div class="{kind}"><a href="#" class="button"><span class="icon_fb"></span></a><a href="#" class="button"><span class="icon_telegram"></span></a><a href="#" class="copy_button"></a><div class="tooltip">{words.copied}</div></div>"""


def _rows(told: Sequence[Published]) -> str:
    return "".join(
        f'<div class="article"><div class="article_title"><a href="{each.url}">{escape(each.draft.headline)}</a></div></div>'
        for each in told
    )


def _recent(scene: Scene, kind: str) -> str:
    """The RECENT NEWS column."""
    rows = "".join(
        f'<div class="article_news"><div class="article_time">{time}</div>'
        f'<div class="article_title"><a href="{each.url}">{escape(each.draft.headline)}</a></div></div>'
        for time, each in scene.recent
    )
    words = scene.words
    return f"""<aside class="{kind}"><div class="section_title">{words.recent}</div>{rows}
<a class="button_more" href="{scene.edition}news/">{words.all_news}</a></aside>"""


def _author_links(scene: Scene) -> str:
    return ", ".join(f'<a href="{author_url(scene, name)}">{escape(name)}</a>' for name in scene.article.authors)
