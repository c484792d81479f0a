"""What a corpus is ordered with: the options of one making, as the operator gave them and as its lock keeps them."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any, Literal, Self, get_args

from attrs import frozen

from pipelines.catalogue.catalogue import Catalogue
from pipelines.catalogue.wanted import parse
from pipelines.errors import PressmarkError
from pipelines.jobs.choosing import Choice, Entry, Style, chosen_entries
from pipelines.jobs.parallel import parallel_entries
from pipelines.jobs.seeds import Seed, seed_entries, seed_of
from pipelines.jobs.trace import copies_as_of

Duplicates = Literal["keep", "mark", "drop"]
DUPLICATES: tuple[Duplicates, ...] = get_args(Duplicates)


@frozen(kw_only=True)
class Order:
    """One corpus' options. Raises PressmarkError where they contradict each other or hold a malformed search."""

    seeds: tuple[Seed, ...] | None = None
    """A seeds manifest, or a list of URLs: index, id and order are pinned."""
    style: Style | None = None
    """None: as the manifest says, else clean."""
    outlets: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    search: str | None = None
    since: date | None = None
    until: date | None = None
    as_of: datetime | None = None
    all_versions: bool = False
    duplicates: Duplicates = "keep"
    parallel: tuple[str, str] | None = None
    """Pairs of editions in these languages."""

    def __attrs_post_init__(self) -> None:
        choosing = (self.outlets, self.languages, self.search, self.since, self.until, self.all_versions, self.parallel)
        if self.seeds is not None and (any(choosing) or self.duplicates != "keep"):
            raise PressmarkError("a seeds manifest or list of URLs is the choice: only --style and --as-of go with it")
        if self.search is not None:
            parse(self.search)
        if self.parallel is not None:
            if len(self.parallel) != 2 or len({*self.parallel, ""}) != 3:
                raise PressmarkError("--parallel takes two languages, such as uk,en")
            if self.languages or self.all_versions or self.duplicates != "keep":
                raise PressmarkError("--parallel goes without --language, --all-versions and --duplicates")

    def entries(self, catalogue: Catalogue) -> tuple[Iterable[Entry], list[Seed]]:
        """The corpus' entries in order, and the seeds that the archive has no version for.

        Raises PressmarkError where nothing fits.
        """
        if self.seeds is not None:
            return seed_entries(catalogue, self.seeds, self.style, self.as_of)
        choice = Choice(
            outlets=self.outlets,
            languages=self.languages,
            search=self.search,
            since=self.since,
            until=self.until,
            as_of=self.as_of,
            all_versions=self.all_versions,
        )
        style = self.style or "clean"
        if self.parallel:
            return parallel_entries(catalogue, choice, style, self.parallel), []
        known = copies_as_of(catalogue, self.as_of) if self.duplicates != "keep" else None
        return chosen_entries(catalogue, choice, style, known, drop=self.duplicates == "drop"), []

    @property
    def options(self) -> dict[str, Any]:
        """The options as the lock keeps them: JSON values, those not given left out."""
        said: dict[str, Any] = {
            "seeds": None if self.seeds is None else [seed.as_row() for seed in self.seeds],
            "style": self.style,
            "outlets": list(self.outlets),
            "languages": list(self.languages),
            "search": self.search,
            "since": self.since and self.since.isoformat(),
            "until": self.until and self.until.isoformat(),
            "as_of": self.as_of and self.as_of.astimezone(UTC).isoformat(),
            "all_versions": self.all_versions,
            "duplicates": self.duplicates,
            "parallel": self.parallel and list(self.parallel),
        }
        return {key: value for key, value in said.items() if value or (key == "seeds" and value is not None)}

    @classmethod
    def from_options(cls, options: dict[str, Any]) -> Self:
        """The order that a lock keeps. Raises PressmarkError where it is none."""
        read: dict[str, Any] = {
            "seeds": lambda rows: tuple(map(seed_of, rows)),
            "outlets": tuple,
            "languages": tuple,
            "since": date.fromisoformat,
            "until": date.fromisoformat,
            "as_of": datetime.fromisoformat,
            "parallel": tuple,
        }
        try:
            return cls(**{key: read.get(key, lambda value: value)(value) for key, value in options.items()})
        except (TypeError, ValueError, KeyError) as error:
            raise PressmarkError(f"the options of this corpus.lock cannot be read: {error}") from error
