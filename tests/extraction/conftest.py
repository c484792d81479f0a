"""The rules as shipped, and the newsstand's pages as its sites answer them, without a socket between."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

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

Serve = Callable[..., Page]


@pytest.fixture(scope="session")
def rules() -> RuleBook:
    return load_rules(RULES)


def serving(world: World) -> Serve:
    """Gives the page of an address as the world's sites answer it; `number` changes what differs at every request."""
    sites = sites_by_host(world)

    def serve(url: str, number: int = 1, at: Published | None = None) -> Page:
        instant = (at.modified_at or at.published_at) + timedelta(hours=9) if at else world.end
        host = (re.match(r"https?://([^/]+)", url) or [""])[1]
        request = Request(method="GET", url=url, headers={}, number=number, at=max(instant, instant))
        answer = sites[host].answer(request)
        assert answer.status == 200, (url, answer.status)
        return Page(url=url, body=answer.body, content_type=answer.content_type, captured_at=instant)

    return serve


def world_of(seed: int, articles: int = 12) -> World:
    return World(seed=seed, articles=articles, pinned=pinned_seeds(SHARED / "seeds"))
