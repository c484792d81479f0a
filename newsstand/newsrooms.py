"""What each outlet is: its name, zone, languages, sections, layout eras and addresses; knows no page.

The addresses and numbers follow the outlets' own (pravda.com.ua: 7498191 on 2025-02-13; interfax.com.ua: 1047915 then).
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from attrs import field, frozen

from newsstand.story import Draft, Language


@frozen(kw_only=True)
class Slot:
    """A story's place in an outlet: what an address, an era and a section are chosen by."""

    language: Language
    local: datetime
    """Publication in the outlet's zone."""
    number: int
    draft: Draft
    feature: bool
    """True for a long read rather than news."""


@frozen(kw_only=True)
class Newsroom:
    """One outlet."""

    slug: str
    name: str
    style: str
    """Whose words the stories are told in."""
    zone: ZoneInfo
    languages: tuple[tuple[Language, float], ...]
    """Each edition's language and the share of stories it carries; the first carries all."""
    windows: tuple[tuple[str, float], ...]
    """(name of a window, share of the stories): what is not here falls into the world's own days."""
    numbers: tuple[tuple[str, int], ...]
    """(day, id): between two such days ids rise evenly."""
    address: Callable[[Slot], str]
    era: Callable[[Slot], str]
    section: Callable[[Slot], str | None]
    """The section as the page prints it."""
    shared_number: bool = True
    """True where all editions of a story have one id."""
    to_the_minute: bool = False
    """True where pages state no seconds, so that instants have none."""
    prints_authors: bool = True
    sets_standfirst_apart: bool = False
    copies: str | None = None
    """Slug of the newsroom whose every story is reposted; it tells none of its own."""
    credit: tuple[str, float] | None = None
    """(printed name of an outlet that is not of this world, share of stories that are copies of its)."""
    reposts: tuple[str, float] | None = field(default=None)
    """(slug, share): some stories are that newsroom's, and say so by their canonical URL alone."""


def number_at(newsroom: Newsroom, at: datetime) -> int:
    """The outlet's id for an instant, before it is made unique."""
    points = [(datetime.fromisoformat(day).replace(tzinfo=UTC), number) for day, number in newsroom.numbers]
    place = min(max(bisect_right(points, at, key=lambda point: point[0]), 1), len(points) - 1)
    (left, low), (right, high) = points[place - 1], points[place]
    return max(1, round(low + (high - low) * ((at - left) / (right - left))))


def slug_of(headline: str, words: int = 10) -> str:
    """A headline as a path segment: ASCII letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", re.sub("['’‘]", "", headline)).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain)[:words]) or "story"


_PRAVDA_PREFIX: Mapping[Language, str] = {"uk": "", "ru": "rus/", "en": "eng/"}
_PRAVDA_SECTION: Mapping[tuple[Language, bool], str] = {
    ("uk", False): "Новини",
    ("ru", False): "Новости",
    ("en", False): "News",
    ("uk", True): "Публікації",
    ("ru", True): "Публикации",
    ("en", True): "Articles",
}


def _pravda_era(slot: Slot) -> str:
    if slot.local.year < 2020:
        return "2015"
    if slot.local < datetime(2025, 10, 1, tzinfo=slot.local.tzinfo):
        return "2020"
    return "2026-article" if slot.feature else "2025-news"


def _pravda_address(slot: Slot) -> str:
    kind = "articles" if _pravda_era(slot) == "2026-article" else "news"
    day = f"{slot.local.day}" if slot.local.year < 2020 else f"{slot.local:%d}"  # older days stand unpadded
    prefix = _PRAVDA_PREFIX[slot.language]
    return f"https://www.pravda.com.ua/{prefix}{kind}/{slot.local:%Y/%m}/{day}/{slot.number}/"


def _pravda_section(slot: Slot) -> str | None:
    era = _pravda_era(slot)
    return _PRAVDA_SECTION[slot.language, era == "2026-article"] if era.startswith("202") and era != "2020" else None


PRAVDA = Newsroom(
    slug="ukrpravda",
    name="Ukrainska Pravda",
    style="ukrpravda",
    zone=ZoneInfo("Europe/Kyiv"),
    languages=(("uk", 1.0), ("ru", 0.6), ("en", 0.5)),
    windows=(("2017-06", 0.15), ("2025-02", 0.2), ("2025-12", 0.2)),
    numbers=(("2015-01-01", 7053800), ("2017-06-12", 7146500), ("2025-02-13T08:45", 7498191), ("2025-12-01", 8009690),
             ("2026-01-08", 8015225)),
    address=_pravda_address,
    to_the_minute=True,
    era=_pravda_era,
    section=_pravda_section,
)  # fmt: skip

INTERFAX_SECTIONS: Mapping[str, tuple[str, str, str]] = {
    # the generator's section: path, printed in English, printed in Ukrainian
    "politics": ("political", "Political", "Політика"),
    "war": ("general", "Facts", "Факти"),
    "economy": ("economic", "Economic", "Економіка"),
    "society": ("general", "Facts", "Факти"),
    "sport": ("sport", "Sport", "Спорт"),
    "culture": ("general", "Facts", "Факти"),
    "science": ("telecom", "Telecom", "Телеком"),
    "world": ("general", "Facts", "Факти"),
}


def _interfax_address(slot: Slot) -> str:
    host = "en.interfax.com.ua" if slot.language == "en" else "interfax.com.ua"
    return f"https://{host}/news/{INTERFAX_SECTIONS[slot.draft.section][0]}/{slot.number}.html"


INTERFAX = Newsroom(
    slug="interfax_ukraine",
    name="Interfax-Ukraine",
    style="interfax_ukraine",
    zone=ZoneInfo("Europe/Kyiv"),
    languages=(("uk", 1.0), ("en", 1.0)),
    windows=(("2025-02", 0.4),),
    numbers=(("2022-02-23", 803343), ("2025-02-13T10:23", 1047915), ("2026-01-08", 1134500)),
    address=_interfax_address,
    to_the_minute=True,
    era=lambda slot: "2022",
    section=lambda slot: INTERFAX_SECTIONS[slot.draft.section][1 if slot.language == "en" else 2],
    shared_number=False,
    prints_authors=False,
)

HILL_SECTIONS: Mapping[str, tuple[str, str]] = {
    "politics": ("homenews/administration", "Administration"),
    "war": ("policy/defense", "Defense"),
    "economy": ("business", "Business"),
    "society": ("homenews/state-watch", "State Watch"),
    "sport": ("homenews/news", "News"),
    "culture": ("blogs/in-the-know", "In The Know"),
    "science": ("policy/technology", "Technology"),
    "world": ("policy/international", "International"),
}


def _hill_address(slot: Slot) -> str:
    slash = "" if slot.local.year < 2021 else "/"  # the Drupal site's addresses ended without one
    return f"https://thehill.com/{HILL_SECTIONS[slot.draft.section][0]}/{slot.number}-{slug_of(slot.draft.headline)}{slash}"


THEHILL = Newsroom(
    slug="thehill",
    name="The Hill",
    style="thehill",
    zone=ZoneInfo("America/New_York"),
    languages=(("en", 1.0),),
    windows=(("2019-11", 0.25), ("2025-02", 0.25)),
    numbers=(("2019-11-19", 471000), ("2021-01-01", 532000), ("2025-02-14", 5143068), ("2026-01-08", 5680000)),
    address=_hill_address,
    era=lambda slot: "drupal" if slot.local.year < 2021 else "wordpress",
    section=lambda slot: HILL_SECTIONS[slot.draft.section][1],
)


def _categories(slot: Slot) -> str:
    names = {"war": "World", "sport": "Sports", "science": "Tech", "economy": "Business"}
    return names.get(slot.draft.section, slot.draft.section.title())


EXAMPLE_SYNDICATOR = Newsroom(
    slug="example_syndicator",
    name="example-syndicator.test",
    style="example_syndicator",
    zone=ZoneInfo("UTC"),
    languages=(("en", 1.0),),
    windows=(("2025-02", 0.4),),
    numbers=(("2020-01-01", 10), ("2026-01-08", 48210)),
    address=lambda slot: f"https://example-syndicator.test/{slug_of(slot.draft.headline, 14)}/",
    era=lambda slot: "wordpress",
    section=_categories,
    reposts=("ukrpravda", 0.2),
)

PRIMEWEBINAR = Newsroom(
    slug="primewebinargroup",
    name="Prime Webinar Group",
    style="primewebinargroup",
    zone=ZoneInfo("UTC"),
    languages=(("en", 1.0),),
    windows=(("2025-02", 0.4),),
    numbers=(("2023-06-01", 100), ("2026-01-08", 31400)),
    address=lambda slot: f"https://primewebinargroup.example/{slug_of(slot.draft.headline, 14)}/",
    era=lambda slot: "zoxpress",
    section=_categories,
    sets_standfirst_apart=True,
    credit=("FOX NEWS", 0.6),
)

NEWS_ZOX = Newsroom(
    slug="news_zox",
    name="Zox Daily",
    style="news_zox",
    zone=ZoneInfo("UTC"),
    languages=(("en", 1.0),),
    windows=(("2025-02", 0.3),),
    numbers=(("2022-01-01", 50), ("2026-01-08", 27750)),
    address=lambda slot: f"https://news-zox.example/{slug_of(slot.draft.headline, 12)}/",
    era=lambda slot: "zoxnews",
    section=_categories,
    sets_standfirst_apart=True,
    credit=("Reuters", 0.4),
)

HILL_MIRROR = Newsroom(
    slug="thehill_mirror",
    name="thehill",
    style="thehill",
    zone=ZoneInfo("UTC"),
    languages=(("en", 1.0),),
    windows=(),
    numbers=(("2019-01-01", 1), ("2026-01-08", 60000)),
    address=lambda slot: f"https://thehill-mirror.example/post/{slug_of(slot.draft.headline)}/",
    era=lambda slot: "mainroad",
    section=lambda slot: None,
    prints_authors=False,
    copies="thehill",
)

NEWSROOMS: tuple[Newsroom, ...] = (
    PRAVDA, INTERFAX, EXAMPLE_SYNDICATOR, THEHILL, PRIMEWEBINAR, NEWS_ZOX, HILL_MIRROR,
)  # fmt: skip
"""A newsroom that copies another comes after it."""
