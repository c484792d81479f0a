"""What frames every page of Ukrainska Pravda: head element with meta and JSON-LD, header, footer, addresses."""

from collections.abc import Sequence
from datetime import datetime
from html import escape
from random import Random

from attrs import frozen

from newsstand.sites.markup import json_ld, live_updates, meta, path_word, plain_text, social_meta
from newsstand.sites.pravda_words import WORDS, Words
from newsstand.story import Language, Published

HOME = "https://www.pravda.com.ua/"
_LANGUAGES: tuple[tuple[Language, str], ...] = (("uk", "Укр"), ("ru", "Рос"), ("en", "Eng"))


@frozen(kw_only=True)
class Scene:
    """What a page is made of: the article and what stands around it this time."""

    article: Published
    local: datetime
    """Publication in Kyiv."""
    modified: datetime | None
    related: Sequence[Published]
    recent: Sequence[tuple[str, Published]]
    """(time as printed, article) of the RECENT NEWS block."""
    rng: Random

    @property
    def words(self) -> Words:
        """The labels in the article's language."""
        return WORDS[self.article.draft.language]

    @property
    def edition(self) -> str:
        """The edition's front page."""
        return HOME + self.words.prefix


def structured(scene: Scene) -> str:
    """JSON-LD: the article, the trail, the organisation."""
    article, words = scene.article, scene.words
    publisher = {"@type": "NewsMediaOrganization", "name": words.name, "url": scene.edition,
                 "logo": {"@type": "ImageObject", "url": f"{HOME}up/img/up-logo.jpg"}}  # fmt: skip
    story: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "Article" if article.era == "2026-article" else "NewsArticle",
        "headline": article.draft.headline,
        "articleBody": plain_text(article.draft),
        **({"articleSection": article.section} if article.section else {}),
        "keywords": list(article.draft.tags),
        "inLanguage": article.draft.language,
        "isAccessibleForFree": True,
        "datePublished": scene.local.isoformat(),
        "dateModified": (scene.modified or scene.local).isoformat(),
        "mainEntityOfPage": {"@type": "WebPage", "@id": article.url},
        "image": {"@type": "ImageObject", "url": picture_url(article)},
        "author": [{"@type": "Person", "name": name, "url": author_url(scene, name)} for name in article.authors],
        "publisher": publisher,
    }
    story |= live_updates(article, scene.local.tzinfo)
    trail = {"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": [
        {"@type": "ListItem", "position": 1, "item": {"@id": scene.edition, "name": words.name}},
        {"@type": "ListItem", "position": 2, "item": {"@id": article.url, "name": article.draft.headline}}]}  # fmt: skip
    organisation: dict[str, object] = {"@context": "https://schema.org", **publisher}
    return "\n".join([json_ld(story), json_ld(trail), json_ld(organisation)])


def head(scene: Scene) -> str:
    """The head element's content: alternates, meta and JSON-LD."""
    article, words = scene.article, scene.words
    editions = "\n".join(
        f'<link rel="alternate" hreflang="{language}" href="{url}">'
        for language, url in sorted([*article.editions, (article.draft.language, article.url)])
    )
    old = article.era == "2015"
    return f"""<meta charset="utf-8">
<meta name="robots" content="index, follow, max-image-preview:large">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>{escape(article.draft.headline)} | {words.name}</title>
{editions}
<link rel="canonical" href="{article.url}">
<link rel="amphtml" href="{article.url}index.amp">
{"" if old else meta("article:content_tier", "free")}
{social_meta(article, words.name, picture_url(article))}
{meta("og:locale", words.locale)}
{structured(scene)}
<link rel="stylesheet" href="{HOME}up/css/index.css?1.39">
<script>window.uprLang = '{article.draft.language}';</script>
<script>window.notsyCmd = window.notsyCmd || []; let js_script_list = ["{HOME}up/js/app.js"];</script>"""


def header(scene: Scene) -> str:
    """The banner, the language switch, the menu, the cookie notice."""
    words = scene.words
    addresses = {scene.article.draft.language: scene.article.url, **dict(scene.article.editions)}
    switch = "".join(
        f'<a href="{addresses.get(language, HOME + WORDS[language].prefix)}" class="lang_menu_item">'
        f'<span class="options_text">{label}</span></a>'
        for language, label in _LANGUAGES
    )
    menu = "".join(
        f'<li class="main_topic"><a href="{scene.edition}{path}">{label}</a></li>' for path, label in words.menu
    )
    return f"""<noscript><iframe src="https://www.googletagmanager.com/ns.html"></iframe></noscript>
<div class="unit_header_banner"><div class="advtext">{words.advertisement}</div><div class="nts-ad"></div></div>
<header class="header"><div class="header_main">
<div class="header_logo"><a href="{scene.edition}"><svg class="up_logo_img"></svg></a></div>
<div class="lang_menu">{switch}</div>
<a href="https://club.pravda.com.ua/" class="top_options_club"><span class="options_text">{words.support}</span></a>
</div></header>
<nav class="main_menu_wrapper"><ul class="main_menu">{menu}</ul></nav>
<div class="cookie_banner" role="dialog"><p>{words.cookies}</p><button>{words.accept}</button></div>"""


def footer(scene: Scene) -> str:
    """The foot and the scripts."""
    return f"""<footer class="footer"><div class="footer_copy">© 2000-{scene.local.year}, {scene.words.name}</div>
<div class="footer_social_wrapper"><a href="https://x.com/UkrPravda_news"><span class="icon"></span></a></div>
</footer>
<script>(function () {{ loadScript('https://cdn.onthe.io/io.js'); fetch('/last-news/'); fetch('/important-today/'); }})();</script>"""


def author_url(scene: Scene, name: str) -> str:
    """An author's page."""
    return f"{scene.edition}authors/{path_word(name)}/"


def tag_url(scene: Scene, tag: str) -> str:
    """A tag's page."""
    return f"{scene.edition}tags/{path_word(tag)}/"


def picture_url(article: Published) -> str:
    """The lead picture's address."""
    return f"https://uimg.pravda.com.ua/buckets/upstatic/images/doc/{article.draft.picture.path.lstrip('/')}"
