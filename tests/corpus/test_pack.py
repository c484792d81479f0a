"""An evidence pack holds by itself, and every byte changed in it is told."""

import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from attrs import evolve
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from warcio.archiveiterator import ArchiveIterator

from newsstand.world import World
from pipelines.catalogue.catalogue import Catalogue
from pipelines.errors import PressmarkError
from pipelines.jobs.check_pack import CAPTURES, WARC, check, check_signature, check_with_openssl, read_records
from pipelines.jobs.pack import make_pack
from tests.corpus.archived import catalogued, shown, write_pages
from tests.corpus.conftest import Archived
from tests.corpus.test_versions import edited

pytestmark = pytest.mark.xdist_group("archived")


@pytest.fixture(scope="module")
def url(world: World) -> str:
    return world.articles("ukrpravda", count=1)[0].url


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("key") / "key.pem"
    private = Ed25519PrivateKey.generate()
    path.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return path


@pytest.fixture(scope="module")
def changing(world: World, url: str, tmp_path_factory: pytest.TempPathFactory) -> Archived:
    """An article in three versions, and its last page once more, among others."""
    folder = tmp_path_factory.mktemp("packed") / "archive"
    pages = list(shown(world, world.articles("ukrpravda", count=3)))
    page = next(page for page in pages if page.url == url)
    last = edited(page, 2)
    again = evolve(last, at=last.at + timedelta(hours=1))
    pages += [edited(page, 1), last, again]
    write_pages(sorted(pages, key=lambda each: each.at), folder)
    return Archived(folder=folder, catalogue=catalogued(folder))


@pytest.fixture(scope="module")
def pack(changing: Archived, url: str, key: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("pack") / "pack"
    made = make_pack(changing.catalogue, changing.folder, url, out, key)
    assert (made.captures, made.versions) == (4, 3)
    return out


@pytest.fixture
def mine(pack: Path, tmp_path: Path) -> Path:
    """A copy of the pack, to be changed."""
    shutil.copytree(pack, tmp_path / "pack")
    return tmp_path / "pack"


def test_a_pack_is_verified_by_its_own_script_without_anything_of_ours(pack: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(pack / "verify.py")],
        cwd="/", env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "everything holds" in done.stdout


def test_a_pack_is_the_same_again(changing: Archived, url: str, key: Path, pack: Path, tmp_path: Path) -> None:
    make_pack(changing.catalogue, changing.folder, url, tmp_path / "again", key)
    held = [sorted(path for path in folder.rglob("*") if path.is_file()) for folder in (pack, tmp_path / "again")]
    assert [path.read_bytes() for path in held[0]] == [path.read_bytes() for path in held[1]]


def test_a_pack_holds_the_articles_captures_alone(pack: Path, url: str) -> None:
    with zipfile.ZipFile(pack / CAPTURES) as packed, packed.open(WARC) as stream:
        records = [(r.rec_type, r.rec_headers.get_header("WARC-Target-URI")) for r in ArchiveIterator(stream)]
    assert {named for kind, named in records if kind != "warcinfo"} == {url}
    assert [kind for kind, _ in records if kind in ("response", "revisit")] == ["response"] * 3 + ["revisit"]


def test_the_report_shows_the_versions_and_loads_nothing(pack: Path) -> None:
    page = (pack / "report.html").read_text()
    assert "<ins>" in page
    assert "default-src 'none'" in page
    assert "src=" not in page.replace("default-src", "").replace("style-src", "")
    assert "Edit 2 of this text." in page


@pytest.mark.parametrize(
    "name",
    ["captures.wacz", "versions/1.txt", "diffs/1-2.diff", "report.html", "verify.py", "public_key.pem"],
)
def test_a_changed_file_is_told(name: str, mine: Path) -> None:
    path = mine / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))
    assert any(line.startswith(name) for line in check(mine))


def test_a_missing_and_an_added_file_are_told(mine: Path) -> None:
    (mine / "versions" / "2.txt").unlink()
    (mine / "letter").write_text("mine")
    assert {line.partition(":")[0] for line in check(mine)} == {"versions/2.txt", "letter"}


def test_a_capture_left_out_is_told_though_the_manifest_is_mended(mine: Path) -> None:
    with zipfile.ZipFile(mine / CAPTURES) as packed:
        data = packed.read(WARC)
    with zipfile.ZipFile(mine / CAPTURES, "w") as packed:
        packed.writestr(WARC, data[: len(data) // 2])
    manifest = json.loads((mine / "manifest.json").read_text())
    manifest["files"][CAPTURES]["sha256"] = hashlib.sha256((mine / CAPTURES).read_bytes()).hexdigest()
    (mine / "manifest.json").write_text(json.dumps(manifest))
    assert any("not whole" in line for line in check(mine))
    assert any("is missing" in line for line in check(mine))
    assert check_signature(mine) is False


def test_a_changed_capture_is_told_though_the_manifest_is_mended(mine: Path) -> None:
    with zipfile.ZipFile(mine / CAPTURES) as packed:
        members = [(headers, block) for headers, block in read_records(packed.read(WARC))]
    made = b"".join(
        gzip.compress(
            b"WARC/1.1\r\n"
            + b"".join(f"{name}: {value}\r\n".encode() for name, value in headers.items())
            + b"\r\n"
            + block.replace(b"Edit 1", b"Edit 9")
            + b"\r\n\r\n"
        )
        for headers, block in members
    )
    with zipfile.ZipFile(mine / CAPTURES, "w") as packed:
        packed.writestr(WARC, made)
    told = [line for line in check(mine) if "digest does not hold" in line]
    assert len(told) == 2


def test_the_signature_holds_for_openssl_too(pack: Path, mine: Path) -> None:
    if not shutil.which("openssl"):
        pytest.skip("no openssl on this machine")
    assert check_signature(pack) is check_with_openssl(pack) is True
    (mine / "manifest.json").write_bytes((mine / "manifest.json").read_bytes() + b" ")
    assert check_signature(mine) is check_with_openssl(mine) is False


def test_a_pack_is_no_place_for_other_files(changing: Archived, url: str, mine: Path) -> None:
    (mine / "letter").write_text("mine")
    with pytest.raises(PressmarkError, match="letter"):
        make_pack(changing.catalogue, changing.folder, url, mine)
    with pytest.raises(PressmarkError, match="no evidence pack"):
        make_pack(changing.catalogue, changing.folder, url, mine.parent)


def test_an_unknown_article_or_a_key_of_another_kind_is_refused(changing: Archived, url: str, tmp_path: Path) -> None:
    catalogue: Catalogue = changing.catalogue
    with pytest.raises(PressmarkError, match="no article"):
        make_pack(catalogue, changing.folder, "https://www.pravda.com.ua/none/", tmp_path / "out")
    (tmp_path / "key").write_text("no key")
    with pytest.raises(PressmarkError, match="key"):
        make_pack(catalogue, changing.folder, url, tmp_path / "out", tmp_path / "key")
