"""What every outlet's site shares: finding the answer for a URL, and the articles that stand around another."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from datetime import date, datetime
from random import Random
from typing import ClassVar, TypeAlias

from newsstand.messages import Request, Response, not_found, redirect
from newsstand.sites.assets import asset
from newsstand.story import Language, Published
from newsstand.world import World

Handler: TypeAlias = Callable[[Request, re.Match[str]], Response]


class Site(ABC):
    """One outlet's hosts, its routes and the layouts of its articles."""

    outlet: ClassVar[str]
    hosts: ClassVar[tuple[str, ...]]

    def __init__(self, world: World) -> None:
        self.world = world
        self.newsroom = world.newsrooms[self.outlet]
        self._routes = [(re.compile(pattern), handler) for pattern, handler in self.routes()]

    @abstractmethod
    def routes(self) -> Sequence[tuple[str, Handler]]:
        """(pattern of the whole path, handler), the first match answers; what none matches may be an article."""

    @abstractmethod
    def article(self, request: Request, article: Published) -> Response:
        """The page of an article."""

    def answer(self, request: Request) -> Response:
        """The answer to a request: a route's, an article's, or 404."""
        parts = request.parts
        if parts.scheme == "http":
            return redirect(request.url.replace("http://", "https://", 1))
        url = f"https://{parts.hostname}{parts.path}"
        article = self.world.find(url, request.at)
        if article:
            pinned = self.world.pinned.get(url)
            if not pinned:
                return self.article(request, article)
            return Response(body=pinned.html, tagged=True, modified_at=article.published_at)
        if url in self.world.beside:
            page, kind, body = self.world.beside[url]
            if page.published.published_at <= request.at:
                return Response(content_type=kind, body=body, tagged=True, modified_at=page.published.published_at)
        for pattern, handler in self._routes:
            match = pattern.fullmatch(parts.path)
            if match:
                return handler(request, match)
        if self.world.find(f"{url}/", request.at):
            return redirect(f"{url}/")
        return asset(parts.path) or not_found()

    def page(self, body: str) -> Response:
        """An article's page, made on the fly: it differs at every request, so it carries no tag."""
        return Response(body=body.encode(), chunked=True, headers=(("Cache-Control", "no-cache, private"),))

    def chance(self, request: Request) -> Random:
        """What differs at every request is drawn from this."""
        return Random(f"{self.world.seed}/{request.url}/{request.number}")

    def latest(self, request: Request, count: int | None = None, language: Language | None = None) -> list[Published]:
        """What the address asked for names at the request's instant, newest first."""
        return self.world.named(request.url, self.outlet, request.at, language, count)

    def on_day(self, request: Request, day: date, language: Language | None = None) -> list[Published]:
        """What was published on one local day, newest first."""
        return [each for each in self.latest(request, language=language) if self.local(each.published_at).date() == day]

    def others(self, request: Request, article: Published, count: int, rng: Random) -> list[Published]:
        """Some other articles in the same language: a related block's rows, another set each time."""
        newest = self.latest(request, count=60, language=article.draft.language)
        told = [each for each in newest if each.url != article.url]
        return rng.sample(told, min(count, len(told)))

    def local(self, at: datetime) -> datetime:
        """The instant in the outlet's zone."""
        return at.astimezone(self.newsroom.zone)


def in_pages(told: Sequence[Published], page: int, size: int) -> tuple[Sequence[Published], int]:
    """One page of a listing, counted from 1, and how many pages there are."""
    return told[(page - 1) * size : page * size], max(1, -(-len(told) // size))


def calendar_day(digits: str, layout: str) -> date | None:
    """The day that a path names; None where there is no such day."""
    try:
        return datetime.strptime(digits, layout).date()
    except ValueError:
        return None
