"""Outlets and the rules their pages are read with; loads and checks the TOML files, knows no page."""

import re
from zoneinfo import ZoneInfo

from attrs import frozen


@frozen(kw_only=True)
class Outlet:
    """A publication: its names, hosts, zone and the shape of its article URLs."""

    slug: str
    name: str | None
    """As printed; None: pages that name none are called by their host."""
    zone: ZoneInfo
    hosts: tuple[str, ...]
    languages: tuple[str, ...] = ()
    article_url: re.Pattern[str] | None = None
    """What an article's URL looks like; None: any page of its hosts may be one."""
    platform: str | None = None
    """Name of a platform's rules to use where the outlet has none of its own; None: recognised from the page."""
