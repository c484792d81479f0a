"""Outlets and the rules their pages are read with; loads and checks the TOML files, knows no page."""

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from attrs import field, frozen
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from pipelines.errors import BadRules
from pipelines.urls import host_of

CandidateKind = Literal["css", "json-ld", "meta", "url", "call", "text"]

FIELDS = (
    "headline standfirst byline authors published modified section tags canonical image caption credit origin "
    "outlet_article_id"
).split()
"""What candidates can be written for."""

_PREFIXES: tuple[CandidateKind, ...] = ("json-ld", "meta", "url", "call", "text")
_PROBE = LexborHTMLParser("<p></p>")
_DIGITS_OF_VERSION = 12


@frozen(kw_only=True)
class Outlet:
    """A publication: its names, hosts, zone and the shape of its article URLs."""

    slug: str
    name: str | None
    """As printed; None: pages that name none are called by their host."""
    zone: ZoneInfo
    hosts: tuple[str, ...]
    """In lower case, without `www.`; `*.` before one takes its subdomains in."""
    languages: tuple[str, ...] = ()
    article_url: re.Pattern[str] | None = None
    """What an article's URL looks like; None: any page of its hosts may be one."""
    platform: str | None = None
    """Name of a platform's rules to use where the outlet has none of its own; None: recognised from the page."""
    address: str | None = None
    """Where a syndicator's site begins."""


@frozen(kw_only=True)
class Candidate:
    """One way to a field's value: a place in the page, its URL or its structured data."""

    kind: CandidateKind
    value: str
    """CSS selector, JSON-LD key, meta name, regular expression with one group (`url`, `text`) or function name."""
    attribute: str | None = None
    """The attribute to read of a CSS match; None: its text."""

    @property
    def label(self) -> str:
        """How the rules write it."""
        written = self.value if self.kind == "css" else f"{self.kind}:{self.value}"
        return f"{written}@{self.attribute}" if self.attribute else written


@frozen(kw_only=True)
class Era:
    """How the pages of one layout are read, with the capture days it was seen on."""

    name: str
    since: date | None = None
    until: date | None = None
    container: tuple[str, ...]
    """CSS selectors of the body, the first that matches text counts; all its matches outside each other are joined."""
    scope: tuple[str, ...] = ()
    """Where the page loads further articles below: all that CSS selectors match lies in the first match of this."""
    strip: tuple[str, ...] = ()
    """CSS selectors of what is no article text."""
    strip_text: tuple[re.Pattern[str], ...] = ()
    """Whole lines that are no article text."""
    fields: Mapping[str, tuple[Candidate, ...]] = field(factory=dict)
    marks: Mapping[str, tuple[str, ...]] = field(factory=dict)
    """Selectors whose presence marks the page: `live`, `gallery`, `paywall`, `advertorial`; `entry`: a live blog's."""

    def holds_on(self, day: date) -> bool:
        """True where the layout was in use on that day, as far as known."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@frozen(kw_only=True)
class Rules:
    """The eras of one outlet or one platform."""

    name: str
    eras: tuple[Era, ...]
    recognise: tuple[str, ...] = ()
    """A platform's marks: CSS selectors, any of which in a page tells it."""
    is_platform: bool = False
    listed_only: bool = False
    """True where the marks are too general to trust on the pages of a host that nobody listed."""

    def eras_for(self, day: date | None) -> tuple[Era, ...]:
        """All eras: those that hold on the day first, then the others, newest first in each group."""
        newest_first = sorted(self.eras, key=lambda e: e.since or date.min, reverse=True)
        if day is None:
            return tuple(newest_first)
        return tuple(sorted(newest_first, key=lambda e: not e.holds_on(day)))


@frozen(kw_only=True)
class RuleBook:
    """Every outlet and platform, and how their pages are read."""

    version: str
    """12 hex digits over all files."""
    outlets: tuple[Outlet, ...]
    rules: Mapping[str, Rules]
    """By outlet slug or platform name."""

    def outlet(self, slug: str) -> Outlet:
        """The outlet of that slug. Raises KeyError where there is none."""
        found = self.outlet_or_none(slug)
        if found is None:
            raise KeyError(slug)
        return found

    def outlet_or_none(self, slug: str) -> Outlet | None:
        """The outlet of that slug, if the rules know it."""
        return next((o for o in self.outlets if o.slug == slug), None)

    def outlet_for(self, url: str) -> Outlet | None:
        """The outlet on whose hosts the URL lies: an exact host before a `*.` one, a longer before a shorter."""
        host = host_of(url).removeprefix("www.")
        found = [(_host_fits(h, host), outlet) for outlet in self.outlets for h in outlet.hosts]
        best = max(found, key=lambda pair: pair[0], default=None)
        return best[1] if best and best[0] else None

    @property
    def platforms(self) -> tuple[Rules, ...]:
        """The platforms, more particular ones first: a theme before its system."""
        return tuple(sorted((r for r in self.rules.values() if r.is_platform), key=lambda r: r.name == "wordpress"))


def candidate_of(written: str) -> Candidate:
    """A candidate as rules write it: `json-ld:headline`, `meta:og:title`, `h1.title`, `time@datetime`."""
    for kind in _PREFIXES:
        if written.startswith(f"{kind}:"):
            return Candidate(kind=kind, value=written.removeprefix(f"{kind}:"))
    selector, _, attribute = written.partition("@")
    return Candidate(kind="css", value=selector, attribute=attribute or None)


def _host_fits(pattern: str, host: str) -> int:
    """How well a host of the rules fits: 0 not at all, else more for a more particular one."""
    if pattern == host:
        return 1000
    return len(pattern) if pattern.startswith("*.") and host.endswith(pattern[1:]) else 0


def load_rules(folder: Path) -> RuleBook:
    """Every `*.toml` of the folder, checked.

    Raises BadRules, naming file and key, where one does not hold together.
    """
    digest = hashlib.sha256()
    outlets: list[Outlet] = []
    rules: dict[str, Rules] = {}
    for path in sorted(folder.glob("*.toml")):
        content = path.read_bytes()
        digest.update(path.name.encode() + b"\0" + content + b"\0")
        try:
            table = tomllib.loads(content.decode())
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise BadRules(f"{path.name}: not TOML: {error}") from error
        reader = _Reader(path.name, path.stem)
        outlets += reader.outlets(table)
        rules |= {r.name: r for r in reader.rules(table)}
    if not outlets and not rules:
        raise BadRules(f"{folder}: no rules there (*.toml)")
    slugs = [o.slug for o in outlets]
    for slug in slugs:
        if slugs.count(slug) > 1:
            raise BadRules(f"{slug}: two outlets have this slug")
    return RuleBook(version=digest.hexdigest()[:_DIGITS_OF_VERSION], outlets=tuple(outlets), rules=rules)


@frozen
class _Reader:
    """Reads the tables of one file, so that every complaint can name it."""

    file: str
    stem: str

    def outlets(self, table: Mapping[str, Any]) -> list[Outlet]:
        sites = [self._outlet(site, f"site {i + 1}") for i, site in enumerate(table.get("site", []))]
        return [self._outlet(table["outlet"], "outlet"), *sites] if "outlet" in table else sites

    def _outlet(self, facts: Mapping[str, Any], where: str) -> Outlet:
        self._known(facts, where, ["slug", "name", "zone", "hosts", "languages", "article_url", "platform", "address"])
        slug = self._text(facts, where, "slug")
        if not re.fullmatch(r"[a-z0-9_]+", slug or ""):
            raise self._bad(where, "slug", "lower-case letters, digits and _ are wanted")
        address = self._text(facts, where, "address")
        hosts = self._texts(facts, where, "hosts") or ((host_of(address),) if address else ())
        if not any(hosts):
            raise self._bad(where, "hosts", "an outlet needs hosts or an address")
        try:
            zone = ZoneInfo(self._text(facts, where, "zone") or "UTC")
        except (KeyError, ValueError) as error:
            raise self._bad(where, "zone", "not an IANA time zone") from error
        article_url = self._text(facts, where, "article_url")
        return Outlet(
            slug=slug or "",
            name=self._text(facts, where, "name"),
            zone=zone,
            hosts=tuple(h.lower().removeprefix("www.") for h in hosts),
            languages=self._texts(facts, where, "languages"),
            article_url=self._pattern(article_url, where, "article_url") if article_url else None,
            platform=self._text(facts, where, "platform"),
            address=address,
        )

    def rules(self, table: Mapping[str, Any]) -> list[Rules]:
        self._known(table, "file", ["outlet", "site", "platform", "recognise", "listed_only", "common", "era"])
        if "era" not in table:
            return []
        common = table.get("common", {})
        eras = tuple(self._era(era, common, f"era {era.get('name', i + 1)}") for i, era in enumerate(table["era"]))
        platform = self._text(table, "file", "platform")
        recognise = tuple(self._selectors(table, "file", "recognise"))
        if platform and not recognise:
            raise self._bad("file", "recognise", "a platform needs marks to be known by")
        slug = table.get("outlet", {}).get("slug", self.stem)
        return [
            Rules(
                name=platform or slug,
                eras=eras,
                recognise=recognise,
                is_platform=platform is not None,
                listed_only=bool(table.get("listed_only", False)),
            )
        ]

    def _era(self, era: Mapping[str, Any], common: Mapping[str, Any], where: str) -> Era:
        lists = ["container", "strip", "strip_text", "marks", "fields"]
        self._known(era, where, ["name", "since", "until", "scope", *lists])
        self._known(common, "common", lists)
        for key in ("since", "until"):
            if not isinstance(era.get(key, date.min), date):
                raise self._bad(where, key, "a date is wanted, such as 2020-01-31")
        container = self._selectors(era, where, "container") or self._selectors(common, "common", "container")
        if not container:
            raise self._bad(where, "container", "an era needs one")
        strip_text = self._texts(era, where, "strip_text") + self._texts(common, "common", "strip_text")
        own, shared = era.get("fields", {}), common.get("fields", {})
        self._known({**own, **shared}, f"{where}.fields", FIELDS)
        names = [name for name in FIELDS if name in own or name in shared]
        marks = {**common.get("marks", {}), **era.get("marks", {})}
        self._known(marks, f"{where}.marks", ["live", "entry", "gallery", "paywall", "advertorial"])
        return Era(
            name=self._text(era, where, "name") or where,
            since=era.get("since"),
            until=era.get("until"),
            container=container,
            scope=self._selectors(era, where, "scope"),
            strip=self._selectors(era, where, "strip") + self._selectors(common, "common", "strip"),
            strip_text=tuple(self._pattern(p, where, "strip_text") for p in strip_text),
            fields={name: self._candidates(own if name in own else shared, where, name) for name in names},
            marks={name: self._selectors(marks, where, name) for name in sorted(marks)},
        )

    def _candidates(self, fields: Mapping[str, Any], where: str, name: str) -> tuple[Candidate, ...]:
        return tuple(self._candidate(written, where, name) for written in self._texts(fields, where, name))

    def _candidate(self, written: str, where: str, key: str) -> Candidate:
        candidate = candidate_of(written)
        if candidate.kind in ("url", "text") and self._pattern(candidate.value, where, key).groups != 1:
            raise self._bad(where, key, f"one group is wanted in {written!r}")
        if candidate.kind == "css":
            self._check_selector(candidate.value, where, key)
        return candidate

    def _selectors(self, table: Mapping[str, Any], where: str, key: str) -> tuple[str, ...]:
        selectors = self._texts(table, where, key)
        for selector in selectors:
            self._check_selector(selector, where, key)
        return selectors

    def _check_selector(self, selector: str, where: str, key: str) -> None:
        try:
            _PROBE.css(selector)
        except (SelectolaxError, ValueError) as error:
            raise self._bad(where, key, f"not a CSS selector: {selector!r}") from error

    def _pattern(self, written: str, where: str, key: str) -> re.Pattern[str]:
        try:
            return re.compile(written)
        except re.error as error:
            raise self._bad(where, key, f"not a regular expression: {written!r}: {error}") from error

    def _text(self, table: Mapping[str, Any], where: str, key: str) -> str | None:
        value = table.get(key)
        if value is not None and not isinstance(value, str):
            raise self._bad(where, key, "a string is wanted")
        return value

    def _texts(self, table: Mapping[str, Any], where: str, key: str) -> tuple[str, ...]:
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            raise self._bad(where, key, "a list of strings is wanted")
        return tuple(value)

    def _known(self, table: Mapping[str, Any], where: str, keys: Iterable[str]) -> None:
        for key in table:
            if key not in keys:
                raise self._bad(where, key, "no such key")

    def _bad(self, where: str, key: str, what: str) -> BadRules:
        return BadRules(f"{self.file}: {where}: {key}: {what}")
