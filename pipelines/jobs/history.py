"""What the catalogue knows of one article through time: versions with the kind of each edit, editions, removal."""

from datetime import datetime

from attrs import frozen
from sqlalchemy import select

from pipelines.catalogue import schema as t
from pipelines.catalogue.catalogue import Catalogue
from pipelines.catalogue.queries import find_article
from pipelines.catalogue.record import watched_of
from pipelines.catalogue.watch import Watched
from pipelines.errors import PressmarkError
from pipelines.text.compare import Text
from pipelines.text.edits import EditKind, kind_of
from pipelines.urls import article_id, normalised_url


@frozen(kw_only=True)
class Version:
    """One version of an article."""

    number: int
    captured_at: datetime
    headline: str | None
    kind: EditKind | None
    """The edit that made it of the version before; None: the first, or nothing of headline and body differs."""
    text_file: str
    text: Text


@frozen(kw_only=True)
class Edition:
    """The same article in another language."""

    language: str
    url: str
    id: str | None
    """Its article's id, where it is archived."""


@frozen(kw_only=True)
class History:
    """An article through time."""

    id: str
    outlet: str
    url: str
    versions: tuple[Version, ...]
    editions: tuple[Edition, ...]
    watched: tuple[Watched, ...]
    """What looks have shown, for each URL that it was fetched at."""


def history_of(catalogue: Catalogue, url: str) -> History:
    """The history of the article at a URL; raises PressmarkError where the archive holds none."""
    try:
        found = find_article(catalogue, normalised_url(url))
    except ValueError as error:
        raise PressmarkError(str(error)) from error
    if found is None:
        raise PressmarkError(f"no article of {url} is in the archive; `scrapy crawl urls -a urls=FILE` would fetch it")
    article = catalogue.rows(select(t.articles).where(t.articles.c.id == found))[0]
    watch = catalogue.rows(select(t.watch).where(t.watch.c.article_id == found).order_by(t.watch.c.url))
    return History(
        id=found,
        outlet=article.outlet,
        url=article.identity_url,
        versions=_versions(catalogue, found),
        editions=editions_of(catalogue, found, article.identity_url),
        watched=tuple(watched_of(row._mapping) for row in watch),
    )


def _versions(catalogue: Catalogue, found: str) -> tuple[Version, ...]:
    c = t.versions.c
    rows = catalogue.rows(
        select(c.version, c.captured_at, c.headline, c.body, c.text_file).where(c.id == found).order_by(c.version)
    )
    versions: list[Version] = []
    for row in rows:
        text = Text(headline=row.headline or "", body=row.body)
        versions.append(
            Version(
                number=row.version,
                captured_at=datetime.fromisoformat(row.captured_at),
                headline=row.headline,
                kind=kind_of(versions[-1].text, text) if versions else None,
                text_file=row.text_file,
                text=text,
            )
        )
    return tuple(versions)


def editions_of(catalogue: Catalogue, found: str, url: str) -> tuple[Edition, ...]:
    """The editions that the article's page or a source names, and those whose own pages name this one."""
    c = t.editions.c
    named = {row.url: row.language for row in catalogue.rows(select(c.language, c.url).where(c.id == found))}
    naming = select(t.articles.c.identity_url, t.versions.c.language).where(
        t.articles.c.id == t.versions.c.id,
        t.versions.c.version == 1,
        t.articles.c.id.in_(select(c.id).where(c.url == url)),
    )
    for row in catalogue.rows(naming):
        named.setdefault(row.identity_url, row.language or "?")
    named.pop(url, None)
    held = {
        row.id for row in catalogue.rows(select(t.articles.c.id).where(t.articles.c.id.in_(map(article_id, named))))
    }
    return tuple(
        Edition(language=language, url=other, id=article_id(other) if article_id(other) in held else None)
        for other, language in sorted(named.items(), key=lambda pair: (pair[1], pair[0]))
    )
