"""One small archive of a world with all its outlets, and its catalogue."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import frozen

from crawler.places import RULES_FOLDER
from newsstand.seeds import pinned_seeds
from newsstand.world import World
from pipelines.catalogue.catalogue import Catalogue
from pipelines.jobs.corpus import make_corpus
from pipelines.jobs.order import Order
from tests.corpus.archived import catalogued, shown, write_pages

SEEDS = Path(__file__).resolve().parents[3] / "shared" / "seeds"
needs_seeds = pytest.mark.skipif(not SEEDS.is_dir(), reason="the seeds do not lie beside the project")


@frozen(kw_only=True)
class Archived:
    """An archive and its catalogue."""

    folder: Path
    catalogue: Catalogue

    def corpus(self, out: Path, order: Order | None = None, *, workers: int = 1) -> dict[str, bytes]:
        """Makes a corpus of all, or of what is ordered; gives its files."""
        order = order or Order()
        entries, missing = order.entries(self.catalogue)
        assert missing == []
        _, problems = make_corpus(out, self.folder, RULES_FOLDER, entries, order.options, workers=workers)
        assert problems == []
        return files_of(out)


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file of a folder by name."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.fixture(scope="session")
def world() -> World:
    """Twelve stories an outlet, and the seeds' pages where the seeds lie beside the project."""
    return World(articles=12, past=False, pinned=pinned_seeds(SEEDS))


@pytest.fixture(scope="session")
def archived(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archived]:
    """The world's pages as captured; tests only read it."""
    folder = tmp_path_factory.mktemp("archived") / "archive"
    write_pages(shown(world), folder)
    catalogue = catalogued(folder)
    yield Archived(folder=folder, catalogue=catalogue)
    catalogue.close()
