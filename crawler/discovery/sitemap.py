"""Reads sitemaps into leads: index, url set, news, language alternates, plain text; gzip that lies either way."""

from itertools import islice

from attrs import evolve

from crawler.discovery.dates import instant
from crawler.discovery.found import Found, address, line, problems, unusable
from crawler.discovery.markup import MAX_PARTS, Element, local, plain, text_of, walk
from pipelines.capture import Lead

MAX_URLS = 50_000
"""The sitemap protocol's limit for one file."""


def read_sitemap(body: bytes, url: str) -> Found:
    """What a sitemap names: articles, and its children as sources; at most MAX_URLS; never raises.

    `lastmod` is kept as `modified_at` and never as the publication date: it moves with every edit. The language is
    the news extension's, else what the entry or another one calls this URL among its alternates.
    """
    xml, cut = plain(body)
    if b"<" not in xml[:1024]:
        return _read_lines(xml, url, cut)
    walked = walk(xml, ("url", "sitemap"), MAX_URLS, lambda item: _lead(item, url))
    leads = tuple(lead for lead in walked.values if lead)
    editions = {edition: language for lead in leads for language, edition in lead.alternates}
    return Found(
        leads=tuple(lead if lead.language else evolve(lead, language=editions.get(lead.url)) for lead in leads),
        problem=problems(cut, walked.problem, _other(walked.root), unusable(len(walked.values) - len(leads))),
    )


def _other(root: str | None) -> str | None:
    return None if root in ("urlset", "sitemapindex", None) else f"not a sitemap: its root element is {root[:40]!r}"


def _lead(item: Element, source: str) -> Lead | None:
    """The lead of one `url` or `sitemap`; its own children only, so an image's `loc` is no article."""
    said: dict[str, str] = {}
    alternates: list[tuple[str, str]] = []
    for child in islice(item, MAX_PARTS):
        name = local(child)
        if name == "link":
            language, edition = line(child.get("hreflang")), address(child.get("href"), source)
            if language and edition and child.get("rel", "alternate").strip() == "alternate":
                alternates.append((language, edition))
        elif name == "news":
            said |= {f"news:{local(part)}": text_of(part) for part in islice(child.iterdescendants(), MAX_PARTS)}
        elif name == "loc":
            said.setdefault(name, "" if len(child) else child.text or "")
        else:
            said.setdefault(name, text_of(child))
    url = address(said.get("loc"), source)
    if url is None:
        return None
    own = next((language for language, edition in alternates if edition == url), None)
    return Lead(
        url=url,
        source=source,
        source_kind="sitemap",
        headline=line(said.get("news:title")),
        published_at=instant(said.get("news:publication_date")),
        modified_at=instant(said.get("lastmod")),
        language=line(said.get("news:language")) or own,
        alternates=tuple((language, edition) for language, edition in alternates if edition != url),
        is_source=local(item) == "sitemap",
    )


def _read_lines(body: bytes, source: str, cut: str | None) -> Found:
    """A text sitemap: one absolute URL a line."""
    lines = [text.strip() for text in body.decode("utf-8-sig", "replace").splitlines() if text.strip()]
    listed = [address(text, source) if "://" in text[:8] else None for text in lines[:MAX_URLS]]
    urls = [url for url in listed if url]
    if not urls:
        return Found(problem=problems(cut, "not a sitemap: neither XML nor a list of URLs"))
    over = f"more than {MAX_URLS} items: the rest was left" if len(lines) > MAX_URLS else None
    return Found(
        leads=tuple(Lead(url=url, source=source, source_kind="sitemap") for url in urls),
        problem=problems(cut, over, unusable(len(listed) - len(urls))),
    )
