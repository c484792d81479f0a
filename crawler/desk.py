"""What one crawl works with: the rules, the catalogue, the keeper of texts, and the archiver below them."""

from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Self

from attrs import define, field
from scrapy import Request
from scrapy.settings import BaseSettings

from crawler.capture.archiver import Archiver
from crawler.places import RULES_FOLDER, archive_folder, open_catalogue
from pipelines.capture import Capture, Note
from pipelines.catalogue.catalogue import Catalogue
from pipelines.catalogue.due import newest_answer
from pipelines.catalogue.record import find_held
from pipelines.jobs.keep import Keeper, read_article
from pipelines.jobs.rebuild import SourceReader, index_files
from pipelines.rules import RuleBook, load_rules


@define
class Desk:
    """One crawl's rules, catalogue and keeper, open from before its first request until after its last item."""

    rules: RuleBook
    catalogue: Catalogue
    keeper: Keeper
    _archiver: Archiver | None = field(default=None, init=False)
    _written: list[Capture | Note] = field(factory=list, init=False)
    """Records in the WARC files that the catalogue does not hold yet."""

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        """Opens everything; raises PressmarkError where something is not as it must be."""
        catalogue = open_catalogue(settings)
        keeper = Keeper(archive_folder(settings) / "text", catalogue)
        return cls(rules=load_rules(RULES_FOLDER), catalogue=catalogue, keeper=keeper)

    @property
    def archiver(self) -> Archiver:
        """The hold on the outlet's WARC files; there is one once the crawl has begun."""
        assert self._archiver is not None
        return self._archiver

    def begin(self, archiver: Archiver, read_source: SourceReader) -> None:
        """Joins the archiver to the catalogue, and catalogues what a killed crawl left in repaired WARC files."""
        self._archiver = archiver
        archiver.find_held = partial(find_held, self.catalogue)
        archiver.on_written = self._written.append
        files = [Path(repair.file) for repair in archiver.repairs]
        index_files(archiver.archive, files, self.keeper, RULES_FOLDER, read_source)

    def note(self, request: Request, reason: str, detail: str) -> None:
        """Archives why a request was not sent."""
        meta = request.meta
        self.archiver.note(
            Note(
                url=request.url,
                noted_at=self.archiver.clock(),
                reason=reason,
                detail=detail,
                role=meta.get("role", "other"),
                lead=meta.get("lead"),
            )
        )

    def convert(self, capture: Capture, text: bytes) -> None:
        """Archives the clean text that was made of a capture."""
        self.archiver.convert(capture, text)

    def robots_of(self, url: str, kept_s: float) -> Capture | None:
        """The newest answer of a robots.txt that may still be used; a 5xx is none."""
        since = self.archiver.clock() - timedelta(seconds=kept_s)
        return newest_answer(self.catalogue, self.archiver.archive, url, since)

    async def sync(self) -> None:
        """Returns when every record written before is on the disk and, but for what items hold, in the catalogue."""
        written, self._written[:] = list(self._written), []
        await self.archiver.sync()
        self._catalogue(written)

    def catalogue_written(self) -> None:
        """Catalogues every record written before, synced or not."""
        written, self._written[:] = list(self._written), []
        self._catalogue(written)

    def _catalogue(self, written: list[Capture | Note]) -> None:
        self.keeper.keep_records(self.archiver.outlet, written)
        for record in written:
            # An error that is asked again below the spider never becomes an item; a rebuild reads it all the same.
            if isinstance(record, Capture) and record.role == "article" and record.status >= 400:
                self.keeper.keep_reading(read_article(record, self.rules))

    def close(self) -> None:
        """Catalogues what was written after the last item, and releases the catalogue."""
        self.catalogue_written()
        self.catalogue.close()
