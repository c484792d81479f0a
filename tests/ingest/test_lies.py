"""Files of others whose fields lie: each costs its own record at most, and the archive stays whole."""

import io
import resource
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from crawler.places import RULES_FOLDER
from pipelines.catalogue.catalogue import catalogue_url
from pipelines.jobs.rebuild import rebuild
from pipelines.jobs.verify import verify_archive
from pipelines.warc.foreign import Refused, read_foreign
from tests.ingest.conftest import Archive, answer, arc, no_leads, page, record

Make = Callable[[str, bytes], Path]
URL = "https://a.example/2024/bridge"
AFTER = record("response", "https://a.example/2024/after", answer(page(2)))
ROOT = Path(__file__).resolve().parents[2]


def lying(url: str = URL, **fields: str) -> bytes:
    return record("response", url, answer(page()), **fields)


REFUSED = {
    "a year that no clock keeps": (lying(WARC_Date="9999-12-31T23:59:59Z"), "missing-field"),
    "the first year": (lying(WARC_Date="0001-01-01T00:00:00Z"), "missing-field"),
    "a date that acts on a terminal": (lying(WARC_Date="\x1b[31m"), "missing-field"),
    "a length of 5,000 digits": (lying(Content_Length="9" * 5000), "oversized"),
    "a length below nothing": (lying(Content_Length="-1"), "bad-length"),
    "a length in other digits": (lying(Content_Length="٣"), "bad-length"),
    "a head inside a head": (b"WARC/1.0\r\nWARC-Type: response\r\n", "torn-tail"),
}
COPIED = {
    "an address that is none": lying(WARC_IP_Address="none \x1b[31m"),
    "a line separator in the URL": lying(f"{URL}\u2028x"),
    "a direction character in the URL": lying(f"{URL}\u202ex"),
    "a host that no file system takes": lying(f"https://{'a' * 5000}.example/2024/x"),
    "a host that leads upwards": lying("https://../../2024/x"),
    "a user and a password": lying("https://user:secret@a.example/2024/x"),
    "a port and an address": lying("https://[2001:db8::1]:8080/2024/x"),
    "a digest of no length": lying(WARC_Block_Digest="shake_128:AAAA"),
    "a digest without a name": lying(WARC_Payload_Digest=":"),
    "an id of 100,000 characters": lying(WARC_Record_ID=f"<urn:{'x' * 100_000}>"),
}
PASSED_OVER = {
    "a port that is none": lying("https://a.example:99999/2024/x"),
    "a port in letters": lying("https://a.example:abc/2024/x"),
    "half an address": lying("https://[::1/2024/x"),
    "a type that acts on a terminal": lying(WARC_Type="\x1b[31m"),
}


def is_whole(archive: Archive) -> bool:
    """Whether nothing disagrees, and a rebuild gives the same."""
    found = verify_archive(archive.folder, catalogue_url(archive.folder), workers=1, watch=lambda checks, _: checks)
    before = archive.dump()
    rebuild(archive.folder, catalogue_url(archive.folder), RULES_FOLDER, no_leads, workers=1).close()
    return found.findings == () and archive.dump() == before


@pytest.mark.parametrize("lie", REFUSED)
def test_a_lie_that_cannot_be_true_costs_its_record_alone(lie: str, archive: Archive, made: Make) -> None:
    told, kind = REFUSED[lie]
    done = archive.take(made("lie.warc", told + AFTER))
    assert (done.copied, [refused.kind for refused in done.refused]) == (1, [kind])
    assert is_whole(archive)


@pytest.mark.parametrize("lie", COPIED)
def test_a_lie_beside_the_answer_is_put_right_or_left_out(lie: str, archive: Archive, made: Make) -> None:
    done = archive.take(made("lie.warc", COPIED[lie] + AFTER))
    assert (done.copied, done.refused, done.articles) == (2, (), 2)
    assert is_whole(archive)


@pytest.mark.parametrize("lie", PASSED_OVER)
def test_what_is_no_answer_of_the_web_is_passed_over(lie: str, archive: Archive, made: Make) -> None:
    done = archive.take(made("lie.warc", PASSED_OVER[lie] + AFTER))
    assert (done.copied, done.refused, sum(done.passed_over.values())) == (1, (), 1)
    assert is_whole(archive)


def test_an_arc_length_of_5000_digits_is_refused(made: Make) -> None:
    line = b"http://a.example/x 192.0.2.1 20040506070809 text/html " + b"9" * 5000 + b"\n"
    (refused,) = read_foreign(made("long.arc", line + arc("http://a.example/y", answer(page()))))
    assert isinstance(refused, Refused)
    assert refused.kind == "oversized"


@pytest.mark.parametrize(
    "dictionary", [b"\xff" * 4 + b"x" * 100, b"\x08\x00\x00\x00" + b"\x28\xb5\x2f\xfdxxxx"], ids=["long", "broken"]
)
def test_a_zstd_dictionary_that_cannot_be_read_is_told(dictionary: bytes, archive: Archive, made: Make) -> None:
    done = archive.take(made("bad.warc.zst", b"\x5d\x2a\x4d\x18" + dictionary))
    assert [refused.kind for refused in done.refused] == ["broken-member"]


def test_a_zstd_bomb_is_unpacked_in_little_memory(made: Make) -> None:
    out, piece = io.BytesIO(), bytes(2**20)
    with zstandard.ZstdCompressor().stream_writer(out, closefd=False) as packing:
        for _ in range(512):
            packing.write(piece)
    path = made("bomb.warc.zst", out.getvalue())
    assert len(out.getvalue()) < 2**17
    tracemalloc.start()
    try:
        kinds = [refused.kind for refused in read_foreign(path) if isinstance(refused, Refused)]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert kinds == ["no-record"]
    assert peak < 100 * 2**20


def test_heads_that_never_end_cost_no_more_than_their_length(made: Make) -> None:
    path = made("heads.warc", b"WARC/1.0\r\n" * 100_000)
    code = (
        "import sys; from pathlib import Path; from pipelines.warc.foreign import read_foreign; "
        "print(len(list(read_foreign(Path(sys.argv[1])))))"
    )
    # A limit of the system, not a timing: a scan of all that follows at every head takes minutes.
    ran = subprocess.run(
        [sys.executable, "-c", code, str(path)], cwd=ROOT, capture_output=True, text=True, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (30, 30)),
    )  # fmt: skip
    assert ran.stdout.strip() == "100000", ran.stderr
