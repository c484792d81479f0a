"""One version of an article as tracing sees it: its text, and the facts that say when and after whom it was told."""

from datetime import datetime, timedelta

from attrs import frozen

from pipelines.article import Origin


@frozen(kw_only=True)
class Telling:
    """One version of an article."""

    id: str
    """The article's id; its versions share it."""
    version: int = 1
    outlet: str
    """Slug, or the host."""
    outlet_name: str = ""
    """As printed."""
    url: str
    identity_url: str = ""
    """What the page declares canonical where that is its own; empty where it is no other than `url`."""
    headline: str = ""
    body: str
    """Blocks with a blank line between, list items on consecutive lines."""
    language: str | None = None
    told_at: datetime | None = None
    """Aware: when the page, else a source that names it, says it was published; None where neither says."""
    told_on_day: bool = False
    """True where `told_at` is the midnight that begins a day, of which no hour is known."""
    captured_at: datetime
    """Aware."""
    origin: Origin | None = None
    """What the page says it was taken from."""
    links: tuple[str, ...] = ()
    """Absolute URLs in the body."""

    @property
    def known_at(self) -> datetime:
        """When it was certainly told: at its time, else when its day was over or it was captured.

        So who states a day alone isn't taken for the first of that day.
        """
        if self.told_at is None:
            return self.captured_at
        if not self.told_on_day:
            return self.told_at
        return max(self.told_at, min(self.told_at + timedelta(days=1), self.captured_at))
