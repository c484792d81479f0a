"""The main job, on an archive that crawls of the newsstand made."""

import json
import shutil
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from fastwarc.warc import WarcRecordType
from sqlalchemy import select
from warcio.archiveiterator import ArchiveIterator

from newsstand.access import Access
from newsstand.server import Newsstand
from newsstand.world import World
from pipelines.catalogue import schema as t
from pipelines.catalogue.catalogue import Catalogue, open_engine
from tests.crawl.conftest import ALL_TIME, OUTLETS, ROOT, SEEDS, Scrapy, run_scrapy

pytestmark = pytest.mark.xdist_group("crawled")
needs_seeds = pytest.mark.skipif(not SEEDS.is_dir(), reason="the seeds do not lie beside the project")


def catalogue_of(archive: Path) -> Catalogue:
    return Catalogue(open_engine(f"sqlite:///{archive / 'catalogue.sqlite'}"))


def texts_of(archive: Path) -> dict[str, bytes]:
    return {str(path.relative_to(archive)): path.read_bytes() for path in sorted(archive.glob("text/**/*.txt"))}


def test_everything_the_world_published_is_kept(crawled: Path, world: World) -> None:
    c = t.versions.c
    kept = {row.url for row in catalogue_of(crawled).rows(select(c.url))}
    assert {article.url for article in world.all()} - kept == set()


def test_every_outlet_has_sixty_articles(crawled: Path) -> None:
    kept = Counter(row.outlet for row in catalogue_of(crawled).rows(select(t.articles.c.outlet)))
    assert len(kept) == 7
    assert min(kept.values()) >= 60


def test_no_rejection_is_without_a_reason(crawled: Path) -> None:
    c = t.coverage.c
    assert catalogue_of(crawled).rows(select(c.url).where(c.state != "kept", c.reason.is_(None))) == []


def test_warc_files_are_read_whole_by_warcio_and_by_fastwarc(crawled: Path) -> None:
    captures = catalogue_of(crawled).count(t.captures)
    by_warcio = by_fastwarc = 0
    for path in crawled.glob("warc/**/*.warc.gz"):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream):
                record.content_stream().read()
                by_warcio += record.rec_type in ("response", "revisit")
        with path.open("rb") as stream:
            answers = WarcRecordType.response | WarcRecordType.revisit
            by_fastwarc += sum(
                bool(record.reader.read() or True) for record in FastIterator(stream, record_types=answers)
            )
    assert by_warcio == by_fastwarc == captures > 500


def test_each_new_text_stands_in_the_warc_file_as_a_conversion_of_its_capture(crawled: Path) -> None:
    c = t.versions.c
    rows = catalogue_of(crawled).rows(select(c.record_id, c.text_file))
    told = {row.record_id: (crawled / row.text_file).read_bytes() for row in rows}
    found = {}
    for path in crawled.glob("warc/**/*.warc.gz"):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream):
                if record.rec_type == "conversion":
                    found[record.rec_headers["WARC-Refers-To"]] = record.content_stream().read()
    assert found == told
    assert len(found) > 400


def test_an_article_that_five_sources_name_is_fetched_once(crawled: Path, asked: tuple[Access, ...]) -> None:
    c = t.leads.c
    sources: Counter[str] = Counter()
    for row in catalogue_of(crawled).rows(select(c.url, c.source)):
        sources[row.url] += 1
    times = Counter(entry.url for entry in asked)
    assert max(sources.values()) >= 4
    assert {url: times[url] for url in sources if times[url] != 1} == {}


def test_no_host_sees_two_requests_at_once_or_faster_than_its_delay(
    asked: tuple[Access, ...], newsstand: Newsstand
) -> None:
    delay_s = float(newsstand.environment()["PRESSMARK_DOWNLOAD_DELAY"])
    by_host: dict[str, list[tuple[float, float]]] = {}
    for entry in asked:
        by_host.setdefault(entry.host, []).append((entry.started_s, entry.ended_s))
    for host, spans in by_host.items():
        for earlier, later in pairwise(sorted(spans)):
            # From the end of an answer to the next question; the jitter is a fifth, a timer may be 2 ms early.
            assert later[0] - earlier[1] >= 0.8 * delay_s - 0.002, f"{host} was asked too fast"


def test_a_second_crawl_asks_sources_again_and_articles_not(
    crawled: Path, newsstand: Newsstand, tmp_path: Path
) -> None:
    archive = tmp_path / "archive"
    shutil.copytree(crawled, archive)
    before = len(newsstand.access.entries)
    ran = run_scrapy(newsstand.environment(), archive, "crawl", "interfax_ukraine", *ALL_TIME, "--json")
    assert ran.status == 0, ran.err
    assert (ran.json["found"], ran.json["kept"]) == (0, 0)
    articles = {row.url for row in catalogue_of(crawled).rows(select(t.versions.c.url))}
    again = [entry.url for entry in newsstand.access.entries[before:]]
    assert [url for url in again if url in articles] == []
    assert len(again) > 4


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_rebuild_gives_the_same_text_and_catalogue(
    workers: str, crawled: Path, newsstand: Newsstand, tmp_path: Path
) -> None:
    archive = tmp_path / "archive"
    shutil.copytree(crawled / "warc", archive / "warc")
    for _ in range(2):
        ran = run_scrapy(newsstand.environment(), archive, "rebuild", "--workers", workers)
        assert ran.status == 0, ran.err
        assert texts_of(archive) == texts_of(crawled)
        assert list(catalogue_of(archive).dump()) == list(catalogue_of(crawled).dump())


@needs_seeds
@pytest.mark.parametrize(
    ("style", "gold", "names"),
    [
        ("page", SEEDS, ["000", "001", "002", "003"]),
        ("clean", SEEDS / "clean", ["000", "001", "002", "003", "004"]),
        ("hugo", SEEDS, ["004"]),
    ],
)
def test_the_seeds_come_out_of_the_archive_byte_for_byte(
    style: str, gold: Path, names: list[str], scrapy: Scrapy, tmp_path: Path
) -> None:
    manifest = str(ROOT / "newsstand" / "seeds.jsonl")
    ran = scrapy("corpus", str(tmp_path / "corpus"), "--seeds", manifest, "--style", style)
    assert ran.status == 0, ran.err
    for name in names:
        (made,), (wanted,) = (tmp_path / "corpus").glob(f"{name}_*.txt"), gold.glob(f"{name}_*.txt")
        assert made.name == wanted.name
        # The seeds differ in the newlines at their very end.
        assert made.read_bytes().rstrip(b"\n") == wanted.read_bytes().rstrip(b"\n")


def test_a_corpus_is_the_same_with_one_worker_and_with_two(scrapy: Scrapy, tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder, workers in zip(folders, ("1", "2"), strict=True):
        ran = scrapy("corpus", str(folder), "--outlet", "ukrpravda", "--since", "2026-01-01", "--workers", workers)
        assert ran.status == 0, ran.err
    one, two = ({path.name: path.read_bytes() for path in folder.iterdir()} for folder in folders)
    assert one == two
    rows = [json.loads(line) for line in one["manifest.jsonl"].splitlines()]
    assert [row["index"] for row in rows] == list(range(len(rows)))
    assert len(rows) >= 50


def test_a_folder_with_foreign_files_is_not_overwritten(scrapy: Scrapy, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    ran = scrapy("corpus", str(tmp_path), "--outlet", "thehill")
    assert ran.status == 2
    assert "letter.txt" in ran.err
    assert (tmp_path / "letter.txt").read_text() == "mine"


def test_outlets_shows_every_outlet_and_its_coverage(scrapy: Scrapy) -> None:
    rows = {row["outlet"]: row for row in json.loads(scrapy("outlets", "--json").out)}
    assert {"ukrpravda", "interfax_ukraine", "thehill", "example_syndicator"} <= set(rows)
    assert all(row["coverage"] == 1.0 and row["by_rules"] == row["versions"] for row in rows.values() if row["named"])
    days = json.loads(scrapy("outlets", "--coverage", "--json").out)
    assert sum(day["named"] for day in days) == sum(row["named"] for row in rows.values())


def test_the_demo_and_these_tests_crawl_the_same_outlets() -> None:
    from newsstand import demo

    assert demo.OUTLETS == OUTLETS
