"""The facts of an article beside its body: candidates tried in order, each value keeping which one gave it."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import cached_property

from attrs import define, field
from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipelines.dates import ReadTime, read_time
from pipelines.errors import UnreadableDate
from pipelines.extraction.blocks import absolute
from pipelines.extraction.candidates import GENERIC
from pipelines.extraction.document import Document
from pipelines.extraction.features import folded
from pipelines.extraction.heading import printed_time
from pipelines.extraction.syndication import site_of
from pipelines.people import clean_name, split_agencies, split_byline
from pipelines.rules import Candidate, Era
from pipelines.urls import host_of

_MOST_BYLINES = 8
_MOST_SEARCHED = 1_000_000
_FAR_DAY = datetime(2100, 1, 1, tzinfo=UTC)
"""A latest day that does not move with the calendar."""
_NAME_CUT = re.compile(r"\s(?:\||-|–|—|::|·|/)\s")
_ADDRESS = re.compile(r"://|@")
_NUMBERED = re.compile(r"^.*[-_=](?=\d+$)")
_SLUG_DAY = re.compile(r"/((?:19|20)\d{2})/(\d{1,2})/(\d{1,2})(?:/|$)")


@define(eq=False, slots=False)
class Facts:
    """Reads the fields of one document, and remembers what gave each."""

    document: Document
    era: Era | None
    takes_organisations: bool = False
    """True where a desk or the outlet itself may sign: nothing is known of how the outlet signs."""
    picked: list[tuple[str, str]] = field(factory=list)

    @cached_property
    def scope(self) -> LexborHTMLParser | LexborNode:
        """The part of the page where the rules' selectors look."""
        return self.document.scope_of(self.era) if self.era else self.document.tree

    def candidates(self, name: str) -> tuple[Candidate, ...]:
        """The rules' candidates where there are rules, else the generic ones."""
        return GENERIC.get(name, ()) if self.era is None else self.era.fields.get(name, ())

    def found(self, name: str) -> Iterator[tuple[Candidate, tuple[str, ...]]]:
        """The candidates that find something, with what they find, each value once."""
        for candidate in self.candidates(name):
            values = tuple(dict.fromkeys(self.document.values(candidate, self.scope)))
            if values:
                yield candidate, values

    def texts(self, name: str) -> tuple[str, ...]:
        """All values of the first candidate that has any."""
        for candidate, values in self.found(name):
            self.picked.append((name, candidate.label))
            return values
        return ()

    def text(self, name: str) -> str | None:
        """The first value of a field."""
        values = self.texts(name)
        return values[0] if values else None

    def byline(self) -> str | None:
        """The byline as printed; where each author stands apart, with commas between."""
        found = self.texts("byline")[: _MOST_BYLINES if self.era else 1]
        return ", ".join(found) or None

    def section(self) -> str | None:
        """The section as printed: of several the first that the page shows, else where its breadcrumbs lead."""
        sections = self.texts("section")
        if not sections:
            return self._breadcrumb() if self.era is None else None
        shown = (each for each in sections if len(sections) == 1 or f"\n{each}\n" in self.document.text)
        section = next(shown, sections[0])
        first, _, second = section.partition(" - ")
        if first == second:
            return first
        return section.partition(",")[0].strip() if self.takes_organisations else section

    def _breadcrumb(self) -> str | None:
        """The last step before the article itself, where it is more than the home page."""
        steps = self.document.structured.breadcrumbs[1:]
        headline = folded(self.headline() or "")
        named = [step for step in steps if folded(step) and folded(step) not in headline]
        if not named:
            return None
        self.picked.append(("section", "json-ld:BreadcrumbList"))
        return named[-1]

    def url(self, name: str) -> str | None:
        """A field that is a link, absolute."""
        for candidate, values in self.found(name):
            link = absolute(self.document.base, values[0])
            if link:
                self.picked.append((name, candidate.label))
                return link
        return None

    @cached_property
    def own_names(self) -> tuple[str, ...]:
        """What the outlet is called by the rules, its page and its host."""
        outlet, structured = self.document.outlet, self.document.structured
        host = site_of(host_of(self.document.page.url))
        stated = (outlet.name, structured.meta.get("og:site_name"), structured.text("publisher"), host)
        return tuple(name for name in stated if name)

    @cached_property
    def _signatures(self) -> list[tuple[Candidate, tuple[str, ...]]]:
        """What every candidate for the authors finds."""
        return list(self.found("authors"))

    def authors(self) -> tuple[str, ...]:
        """The people of the first candidate that names any."""
        for candidate, values in self._signatures:
            people = people_of(values, self.own_names)
            if people:
                self.picked.append(("authors", candidate.label))
                return people
        return ()

    def organisations(self, byline: str | None, people: tuple[str, ...]) -> tuple[str, ...]:
        """Whoever signs where no person does and nothing is known of the outlet; else the agencies that it credits."""
        if not people and self.takes_organisations and (signing := self._signing()):
            return signing
        lines = [byline or "", *(v for _, values in self._signatures for v in values if "://" not in v)]
        named = [name for line in lines for name in split_agencies(line, self.own_names)]
        return tuple({name.casefold(): name for name in named}.values())

    def _signing(self) -> tuple[str, ...]:
        """What stands where the author should, as the page writes it."""
        for candidate, values in self._signatures:
            names = tuple(n for n in map(clean_name, values) if n and not n.isdigit() and not _ADDRESS.search(n))
            if names and candidate.kind != "css":
                self.picked.append(("organisations", candidate.label))
                return names
        return ()

    def headline(self) -> str | None:
        """The headline, without the outlet's name that pages put behind it for search engines."""
        found = [(c.label, v[0]) for c, v in self.found("headline")]
        if not found:
            return None
        label, first = self._shown(found)
        self.picked.append(("headline", label))
        others = {folded(other) for _, other in found}
        site = folded(self.document.structured.meta.get("og:site_name", ""))
        for cut in reversed(list(_NAME_CUT.finditer(first))):
            before, behind = first[: cut.start()].strip(), folded(first[cut.end() :])
            if folded(before) in others or (behind and (behind in folded(self.document.outlet.slug) or behind == site)):
                return before
        return first

    def _shown(self, found: list[tuple[str, str]]) -> tuple[str, str]:
        """The first candidate, unless it carries a tail for search engines that what the page shows lacks."""
        first = found[0]
        shown = next((each for each in found if each[0][:2] in ("h1", "h2")), first)
        agreed = [folded(value) for _, value in found].count(folded(shown[1])) > 1
        return shown if agreed and _NAME_CUT.search(first[1]) else first

    def outlet_article_id(self) -> str | None:
        """The outlet's own number of the article, without the `post-` that content systems put before it."""
        found = self.text("outlet_article_id")
        return _NUMBERED.sub("", found) if found else None

    def tags(self) -> tuple[str, ...]:
        """The first candidate's tags; a comma parts those of a single value."""
        values = self.texts("tags")
        parts = (
            part.strip().removeprefix("#")
            for value in values
            for part in (re.split("[,;]", value) if len(values) == 1 else [value])
        )
        return tuple(dict.fromkeys(part for part in parts if part))

    def time(self, name: str) -> tuple[ReadTime | None, str | None]:
        """The instant a field states and the text as printed.

        A day without a time gives way to a further candidate that names the same day with one. The text is that of
        the first candidate which a reader sees on the page, else of the one that gave the instant.
        """
        best: ReadTime | None = None
        raw = printed = None
        for candidate, values in self.found(name):
            read = self._read_time(values)
            if read is None:
                continue
            value, time = read
            if candidate.kind == "css" and candidate.attribute is None and printed is None:
                printed = value
            if best is None or (best.is_day and not time.is_day and time.at.date() == best.at.date()):
                best, raw = time, value
                self.picked.append((name, candidate.label))
            if not best.is_day and printed is not None:
                break
        if best is None and name == "published" and self.era is None:
            return self._searched_day()
        if best is not None and printed is None and name == "published" and self.era is None:
            printed = printed_time(self.document, self.headline(), best.at)
        return best, printed or raw

    def _searched_day(self) -> tuple[ReadTime | None, str | None]:
        """The day that a search of the whole page finds, where no candidate states one."""
        html = self.document.decoded.text
        if len(html) > _MOST_SEARCHED:
            return None, None
        # It takes a fifth of a second to import, and most pages state their date.
        from htmldate import find_date

        latest = self.near or _FAR_DAY
        found = find_date(html, original_date=True, extensive_search=False, max_date=latest.strftime("%Y-%m-%d"))
        if not found:
            return None, None
        self.picked.append(("published", "htmldate"))
        return read_time(found, self.document.outlet.zone), found

    def _read_time(self, values: tuple[str, ...]) -> tuple[str, ReadTime] | None:
        zone, near = self.document.outlet.zone, self.near
        for value in values[:3]:
            try:
                return value, read_time(value, zone, near, month_first=zone.key.startswith("America/"))
            except UnreadableDate:
                continue
        return None

    @cached_property
    def near(self) -> datetime | None:
        """What settles the year of a time printed without one: the day in the URL, else the capture."""
        match = _SLUG_DAY.search(self.document.page.url)
        if match:
            try:
                return datetime(int(match[1]), int(match[2]), int(match[3]), 12, tzinfo=self.document.outlet.zone)
            except ValueError:
                pass
        return self.document.page.captured_at


def people_of(values: Iterable[str], own_names: Iterable[str]) -> tuple[str, ...]:
    """The people that several values name, each once; links to profiles name nobody, nor does the outlet's name."""
    named = (person for value in values if "://" not in value for person in split_byline(value))
    people = {person.casefold(): person for person in named}
    return tuple(people[name] for name in people if name not in {own.casefold() for own in own_names})
