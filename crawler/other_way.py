"""The other way to an article whose page is behind a bot wall: the outlet's own WordPress REST API.

A site that serves its posts there serves them to whoever asks; robots.txt, delays and budget hold for it as for all.
"""

from collections.abc import Iterable
from typing import Self

from attrs import define, field
from scrapy import Request

from crawler.agenda import Agenda
from crawler.sources import Posts, Source
from pipelines.capture import Lead
from pipelines.rules import Outlet


@define
class OtherWay:
    """What may be asked of an outlet's REST API in one crawl: one post, and the others once that was answered well."""

    source: Posts
    agenda: Agenda
    outlet: Outlet
    _asked: bool = field(default=False, init=False)
    _answered: bool = field(default=False, init=False)
    _waiting: list[Request] = field(factory=list, init=False)

    @classmethod
    def of(cls, sources: Iterable[Source], agenda: Agenda, outlet: Outlet) -> Self | None:
        """The way through the outlet's REST source; None where it has none."""
        source = next((source for source in sources if isinstance(source, Posts)), None)
        return cls(source, agenda, outlet) if source else None

    def address_of(self, lead: Lead) -> str | None:
        """Where an article's post lies; None where its URL does not tell, or the API is left alone."""
        shut = self.agenda.resting(lead.url, "post")
        return None if shut else self.source.of(lead.url, self.outlet.article_url)

    def to_ask(self, request: Request) -> Request | None:
        """The request, where it may be sent now; else it waits for the answer to the first."""
        if self._answered or not self._asked:
            self._asked = True
            return request
        self._waiting.append(request)
        return None

    def released(self) -> list[Request]:
        """After an answer: what waited for it. What shall not be asked is refused as it is sent."""
        self._answered = True
        waiting, self._waiting = self._waiting, []
        return waiting
