"""Where the fields of a page are looked for when no rules say it: ordered candidates, written as rules write them."""

from pipelines.rules import candidate_of

_YOAST_LABELS = ("Written by", "Geschrieben von", "Verfasst von", "Écrit par", "Escrito por", "Автор", "Написано")
"""How WordPress's commonest search-engine plug-in labels the author for a card, in a meta element before the name's."""
_WRITTEN: dict[str, tuple[str, ...]] = {
    "headline": ("json-ld:headline", "meta:og:title", "h1", "meta:twitter:title", "title"),
    "standfirst": ("h1 + h2", ".sub-headline", ".standfirst", "[itemprop=alternativeHeadline]"),
    "byline": (
        *("[itemprop=author]", ".byline", ".article-author", "[rel=author]", ".author", ".author-byline"),
        *(".article__author", ".article__byline"),
    ),
    "authors": (
        *("json-ld:author", "meta:cxenseparse:author", "meta:articleauthor", "meta:author", "meta:article:author"),
        *("meta:parsely-author", "meta:sailthru.author", "meta:dc.creator", "meta:byl"),
        *(
            f"meta[name='twitter:label1'][content='{label}'] + meta[name='twitter:data1']@content"
            for label in _YOAST_LABELS
        ),
        *("[itemprop=author] [itemprop=name]", "[rel=author]", ".byline", ".author-byline", ".article__author"),
        *("call:author_links", r"text:(?m)^Reporting by ([^;\n]{3,80})"),
    ),
    "published": (
        *("json-ld:datePublished", "meta:article:published_time", "meta:og:article:published_time"),
        *(
            "meta:datepublished",
            "meta:parsely-pub-date",
            "meta:sailthru.date",
            "meta:article.published",
            "meta:pubdate",
        ),
        *("meta:dc.date.issued", "meta:dcterms.created", "meta:dc.date", "meta:publish-date", "meta:ptime"),
        *("time[itemprop=datePublished]@datetime", "[itemprop=datePublished]@content", "time[pubdate]@datetime"),
        *("json-ld:dateCreated", "meta:date", "article time[datetime]@datetime", "time[datetime]@datetime"),
        *("[itemprop=datePublished]", "time", r"url:(?:^|[/_-])((?:19|20)\d{2}[/-]\d{1,2}[/-]\d{1,2})(?:[/_-]|$)"),
    ),
    "modified": (
        *("json-ld:dateModified", "meta:article:modified_time", "meta:og:updated_time", "meta:dcterms.modified"),
        *("[itemprop=dateModified]@content", "time[itemprop=dateModified]@datetime"),
    ),
    "section": (
        *("json-ld:articleSection", "meta:article:section", "meta:parsely-section", "a[rel~=category]"),
        *("meta:og:section", "meta:article.section", "meta:prism.section", "meta:section"),
    ),
    "tags": (
        *("meta:article:tag", "json-ld:keywords", "meta:news_keywords", "a[rel=tag]", ".tags a"),
        *("[class*='news-tags'] a", "[class*='article-tags'] a", "[class*='post-tags'] a", "meta:keywords"),
    ),
    "image": ("meta:og:image", "json-ld:image.url", "json-ld:image", "meta:twitter:image"),
    "caption": ("json-ld:image.caption",),
    "credit": ("json-ld:image.creditText", "json-ld:image.copyrightNotice"),
    "canonical": ("link[rel=canonical]@href", "meta:og:url", "json-ld:url"),
    "outlet_article_id": (
        *("meta:parsely-post-id", "meta:cxenseparse:articleid", "meta:articleid", "meta:article_id", "meta:article-id"),
        *("article[id^=post-]@id", "json-ld:identifier.value"),
    ),
}
GENERIC = {name: tuple(candidate_of(each) for each in written) for name, written in _WRITTEN.items()}
