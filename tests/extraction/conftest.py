"""The rules as shipped, and the newsstand's pages as its sites answer them, without a socket between."""

from collections.abc import Callable
from datetime import timedelta
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from newsstand.messages import Request
from newsstand.seeds import pinned_seeds
from newsstand.sites import sites_by_host
from newsstand.story import Published
from newsstand.world import World
from pipelines.capture import Page
from pipelines.rules import RuleBook, load_rules

PROJECT = Path(__file__).resolve().parents[2]
SHARED = PROJECT.parent / "shared"
RULES = PROJECT / "crawler" / "rules"
FIXTURES = PROJECT / "tests" / "fixtures"

Serve = Callable[..., Page]


@pytest.fixture(scope="session")
def rules() -> RuleBook:
    return load_rules(RULES)


@cache
def world_of(seed: int, articles: int = 10) -> World:
    return World(seed=seed, articles=articles, pinned=pinned_seeds(SHARED / "seeds"))


def serving(world: World) -> Serve:
    """Gives the page of an address as the world's sites answer it; `number` changes what differs at every request."""
    sites = sites_by_host(world)

    def serve(url: str, number: int = 1, published: Published | None = None) -> Page:
        at = (published.modified_at or published.published_at) + timedelta(hours=9) if published else world.end
        request = Request(method="GET", url=url, headers={}, number=number, at=at)
        answer = sites[urlsplit(url).hostname or ""].answer(request)
        assert answer.status == 200, (url, answer.status)
        return Page(url=url, body=answer.body, content_type=answer.content_type, captured_at=at)

    return serve


def dressing(world: World) -> Callable[[Published], Page]:
    """Gives the page that an outlet's layout makes of an article which the world itself need not tell."""
    sites = sites_by_host(world)

    def dress(article: Published) -> Page:
        at = (article.modified_at or article.published_at) + timedelta(hours=9)
        request = Request(method="GET", url=article.url, headers={}, number=1, at=at)
        answer = sites[urlsplit(article.url).hostname or ""].article(request, article)
        return Page(url=article.url, body=answer.body, content_type=answer.content_type, captured_at=at)

    return dress


def page(html: str, url: str = "https://unknown.example/2025/02/13/story", status: int = 200) -> Page:
    """A page of invented HTML."""
    return Page(url=url, body=html.encode(), content_type="text/html; charset=utf-8", status=status)
