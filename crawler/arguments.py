"""What `scrapy crawl` is told with -a: read here, before the first request."""

from datetime import date
from typing import Any

from pipelines.errors import PressmarkError


def days_asked(arguments: dict[str, Any]) -> tuple[date | None, date | None]:
    """The days of `since` and `until`; raises PressmarkError on one that cannot be read."""
    since, until = (_day(arguments, name) for name in ("since", "until"))
    if since is not None and until is not None and since > until:
        raise PressmarkError(f"since={since} lies after until={until}: both are included, so no day is left")
    return since, until


def refuse_others(arguments: dict[str, Any]) -> None:
    """Raises PressmarkError on an argument that no crawl of an outlet takes."""
    if unknown := set(arguments) - {"since", "until"}:
        raise PressmarkError(f"no argument {min(unknown)!r} here: since=DATE and until=DATE are")


def _day(arguments: dict[str, Any], name: str) -> date | None:
    value = arguments.get(name)
    try:
        return None if value is None else date.fromisoformat(value)
    except ValueError:
        raise PressmarkError(f"{name}={value!r} is no day: write it as YYYY-MM-DD") from None
