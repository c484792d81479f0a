"""What outlets are called that have no rules, and the zone their times are in; the URL an article is known by."""

import re
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pipelines.extraction.document import Document
from pipelines.extraction.features import folded
from pipelines.rules import Outlet
from pipelines.urls import host_of

_LONGEST_NAME = 60
"""A slogan is longer."""
_SHORTEST_NAME = 3
"""Letters: an edition's mark, such as `U.S.`, has fewer."""
_HOST = re.compile(r"(?:www\.)?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,6}", re.IGNORECASE)
_COMPANY = re.compile(r"\b(?:GmbH|KG|eG|AG|Inc|LLC|Ltd|Corp|S\.?A|B\.?V|ООО|ТОВ)\b")
_TITLE_END = re.compile(r"\s(?:[-–—|]|::|·)\s([^|]+?)\s*$")
_SECONDS_AN_HOUR = 3600
_COUNTRY_ZONES = dict(
    each.split("=")
    for each in (
        "ua=Europe/Kyiv by=Europe/Minsk md=Europe/Chisinau pl=Europe/Warsaw cz=Europe/Prague sk=Europe/Bratislava "
        "de=Europe/Berlin at=Europe/Vienna ch=Europe/Zurich fr=Europe/Paris it=Europe/Rome nl=Europe/Amsterdam "
        "be=Europe/Brussels uk=Europe/London ie=Europe/Dublin lt=Europe/Vilnius lv=Europe/Riga ee=Europe/Tallinn "
        "fi=Europe/Helsinki se=Europe/Stockholm no=Europe/Oslo dk=Europe/Copenhagen ro=Europe/Bucharest "
        "bg=Europe/Sofia hu=Europe/Budapest gr=Europe/Athens tr=Europe/Istanbul ge=Asia/Tbilisi am=Asia/Yerevan "
        "il=Asia/Jerusalem jp=Asia/Tokyo"
    ).split()
)
"""Countries with one zone, of whose names few are lent to others."""
_FURTHEST_EAST, _FURTHEST_WEST = 14, -12


def stated_name(document: Document) -> str | None:
    """The outlet's name as the page states it; None where it says none that can be trusted.

    A host is a name only where nothing better is said, and where it is the page's own or is said twice; a company is
    none.
    """
    host = host_of(document.page.url)
    names = [name for name in _names(document) if not _COMPANY.search(name)]
    plain = (name for name in names if not _HOST.fullmatch(name))
    own_hosts = (name for name in names if _HOST.fullmatch(name) and name.lower().removeprefix("www.") in host)
    # A page that another outlet's host carries says so more than once; a single word may be a template's.
    twice = (name for name in names if names.count(name) > 1)
    return next(plain, None) or next(own_hosts, None) or next(twice, None)


def _names(document: Document) -> Iterator[str]:
    structured = document.structured
    title = document.tree.css_first("title")
    end = _TITLE_END.search(title.text() if title else "")
    stated = [
        structured.meta.get("og:site_name"),
        structured.text("publisher"),
        structured.meta.get("application-name"),
        # Behind the headline may stand anything: only what the host repeats is a name.
        end[1] if end and folded(end[1]) in folded(host_of(document.page.url)) else None,
    ]
    for name in stated:
        if name and len(name) <= _LONGEST_NAME and len(folded(name)) >= _SHORTEST_NAME and "://" not in name:
            yield name


def zone_of_host(host: str) -> ZoneInfo:
    """The zone of the country that a host's last label names, where it has one zone; else UTC."""
    return ZoneInfo(_COUNTRY_ZONES.get(host.rpartition(".")[2], "UTC"))


def zone_of(published_at: datetime | None) -> str:
    """The zone that an instant's own offset names, such as `Etc/GMT-2` for +02:00; UTC for an offset of part hours."""
    offset = published_at.utcoffset() if published_at else None
    hours, rest = divmod(int(offset.total_seconds()), _SECONDS_AN_HOUR) if offset else (0, 0)
    # POSIX counts westwards: two hours east of Greenwich are `GMT-2`.
    return f"Etc/GMT{-hours:+d}" if hours and not rest and _FURTHEST_WEST <= hours <= _FURTHEST_EAST else "UTC"


def outlet_of_host(url: str) -> Outlet:
    """The outlet that a page of an unknown host is taken for."""
    host = host_of(url) or "unknown"
    return Outlet(slug=host, name=None, zone=zone_of_host(host), hosts=(host.removeprefix("www."),))


def identity_url(url: str, canonical: str | None, outlet: Outlet) -> str:
    """The URL an article is known by: the canonical one where it lies on the outlet's hosts and fits its rule."""
    if canonical is None or urlsplit(canonical).path in ("", "/"):
        return url
    host = host_of(canonical).removeprefix("www.")
    on_own_host = any(host == h or (h.startswith("*.") and host.endswith(h[1:])) for h in outlet.hosts)
    fits = outlet.article_url is None or outlet.article_url.search(canonical)
    return canonical if on_own_host and fits else url
