"""A WACZ holds what its index says, is valid, and its pages open."""

import gzip
import hashlib
import io
import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from newsstand.world import World
from pipelines.warc import fields
from pipelines.warc.records import read_records
from tests.replay.conftest import OUTLETS, Crawled

pytestmark = pytest.mark.xdist_group("replay")


@pytest.fixture(scope="module")
def packed(complete: Crawled, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wacz") / "news.wacz"
    ran = complete.scrapy("export", "--format", "wacz", str(out))
    assert ran.status == 0, ran.err
    return out


def content(path: Path, name: str) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name)


def index(path: Path) -> list[tuple[str, str, dict[str, str]]]:
    lines = gzip.decompress(content(path, "indexes/index.cdx.gz")).decode().splitlines()
    return [(key, stamp, json.loads(told)) for key, stamp, told in (line.split(" ", 2) for line in lines)]


def test_every_article_is_a_page_and_its_capture_stands_in_the_index(packed: Path, small_world: World) -> None:
    header, *pages = map(json.loads, content(packed, "pages/pages.jsonl").splitlines())
    assert header["format"] == "json-pages-1.0"
    assert {page["url"] for page in pages} == {each.url for each in small_world.all() if each.outlet in OUTLETS}
    held = {(told["url"], stamp) for _, stamp, told in index(packed)}
    for page in pages:
        assert (page["url"], "".join(filter(str.isdigit, page["ts"]))) in held
        assert page["title"]


def test_the_index_is_sorted_and_leads_to_each_record(packed: Path) -> None:
    lines = index(packed)
    assert [line[:2] for line in lines] == sorted(line[:2] for line in lines)
    for _, _, told in lines:
        warc = content(packed, f"archive/{told['filename']}")
        start, length = int(told["offset"]), int(told["length"])
        (record,) = read_records(io.BytesIO(warc[start : start + length]))
        assert record.header("WARC-Target-URI") == told["url"]
        assert record.type == ("revisit" if told["mime"] == "warc/revisit" else "response")


def test_the_blocks_of_the_index_lie_where_their_list_says(packed: Path) -> None:
    blocks = content(packed, "indexes/index.cdx.gz")
    _, *listed = content(packed, "indexes/index.idx").decode().splitlines()
    places = [json.loads(line.split(" ", 2)[2]) for line in listed]
    assert sum(place["length"] for place in places) == len(blocks)
    for line, place in zip(listed, places, strict=True):
        block = gzip.decompress(blocks[place["offset"] : place["offset"] + place["length"]]).decode()
        assert block.startswith(" ".join(line.split(" ", 2)[:2]))


def test_every_resource_is_stored_uncompressed_with_its_digest(packed: Path) -> None:
    package = json.loads(content(packed, "datapackage.json"))
    digest = json.loads(content(packed, "datapackage-digest.json"))
    assert digest["hash"] == "sha256:" + hashlib.sha256(content(packed, "datapackage.json")).hexdigest()
    with zipfile.ZipFile(packed) as archive:
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}
        named = {each["path"] for each in package["resources"]}
        assert named | {"datapackage.json", "datapackage-digest.json"} == set(archive.namelist())
    for each in package["resources"]:
        held = content(packed, each["path"])
        assert (each["bytes"], each["hash"]) == (len(held), f"sha256:{hashlib.sha256(held).hexdigest()}")


def test_readers_find_contents_by_the_central_directory_alone(packed: Path) -> None:
    # ReplayWeb.page takes the length of the local header from it.
    whole = packed.read_bytes()
    with zipfile.ZipFile(packed) as archive:
        for info in archive.infolist():
            begins = info.header_offset + 30 + len(info.filename.encode()) + len(info.extra)
            assert whole[begins : begins + info.file_size] == archive.read(info)


def test_one_outlet_is_packed_with_the_originals_of_its_revisits_and_no_more(complete: Crawled, tmp_path: Path) -> None:
    out = tmp_path / "one.wacz"
    assert complete.scrapy("export", "--format", "wacz", str(out), "--outlet", "thehill").status == 0
    _, *pages = map(json.loads, content(out, "pages/pages.jsonl").splitlines())
    assert {page["url"].split("/")[2] for page in pages} == {"thehill.com"}
    with zipfile.ZipFile(out) as archive:
        warcs = {name.rpartition("/")[2] for name in archive.namelist() if name.startswith("archive/")}
    needed = {warc for warc in warcs if "-thehill-" in warc}
    for warc in warcs:
        for record in read_records(io.BytesIO(content(out, f"archive/{warc}"))):
            said = dict(fields.read(record.block)) if record.type == "metadata" else {}
            needed |= {said["refers-to-file"].rpartition("/")[2]} if "refers-to-file" in said else set()
    assert needed == warcs
    assert complete.scrapy("export", "--format", "wacz", str(out), "--outlet", "nobody").status == 2


@pytest.mark.skipif(
    shutil.which("wacz") is None, reason="no py-wacz here (pip install wacz, in an environment of its own)"
)
def test_py_wacz_finds_it_valid(packed: Path) -> None:
    done = subprocess.run(["wacz", "validate", "-f", str(packed)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "is valid" in done.stdout
