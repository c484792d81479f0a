"""What a killed crawl leaves is repaired at the next start, and one crawl an outlet is held to."""

import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.errors import PressmarkError
from pipelines.warc.lock import lock_outlet
from pipelines.warc.reader import read_archive, warc_files
from pipelines.warc.recovery import recover
from pipelines.warc.verify import check_file
from pipelines.warc.writer import WarcWriter
from tests.warc.conftest import Clock, exchange, ids


@pytest.fixture
def left(tmp_path: Path, clock: Clock) -> tuple[Path, list[int]]:
    """A file left open with three exchanges, and the sizes it had after each."""
    writer = WarcWriter(tmp_path, "outlet", clock=clock, warcinfo={"software": "test"}, new_id=ids())
    sizes = []
    for number in range(3):
        writer.write(exchange(b"%d" % number))
        (path,) = tmp_path.rglob("*.open")
        sizes.append(path.stat().st_size)
    raw = path.read_bytes()
    writer.close()
    path.with_suffix("").rename(path)
    assert path.read_bytes() == raw
    return path, sizes


def test_a_whole_file_left_open_is_closed_as_it_is(left: tuple[Path, list[int]], tmp_path: Path) -> None:
    path, sizes = left
    (repair,) = recover(tmp_path, "outlet")
    assert (repair.kept_bytes, repair.cut_bytes, repair.records) == (sizes[-1], 0, 10)
    assert tmp_path / repair.file == path.with_suffix("")
    assert len(list(read_archive(tmp_path))) == 3
    assert recover(tmp_path, "outlet") == ()


def test_a_file_torn_anywhere_keeps_its_whole_exchanges(left: tuple[Path, list[int]], tmp_path: Path) -> None:
    path, sizes = left
    raw = path.read_bytes()
    path.unlink()
    for end in range(len(raw)):
        path.write_bytes(raw[:end])
        (repair,) = recover(tmp_path, "outlet")
        kept = sum(size <= end for size in sizes)
        assert repair.kept_bytes + repair.cut_bytes == end
        assert len(list(read_archive(tmp_path))) == kept
        for closed in warc_files(tmp_path):
            assert check_file(closed, tmp_path).findings == ()
            assert closed.stat().st_size == repair.kept_bytes
            closed.unlink()


def test_zeros_that_a_crash_left_are_cut(left: tuple[Path, list[int]], tmp_path: Path) -> None:
    path, sizes = left
    with path.open("ab") as file:
        file.write(b"\0" * 4096)
    (repair,) = recover(tmp_path, "outlet")
    assert (repair.kept_bytes, repair.cut_bytes) == (sizes[-1], 4096)


def test_another_outlets_files_are_left_alone(left: tuple[Path, list[int]], tmp_path: Path) -> None:
    assert recover(tmp_path, "other") == ()
    assert left[0].exists()


def test_a_second_crawl_of_an_outlet_is_refused_while_the_first_lives(tmp_path: Path) -> None:
    hold = (
        "import sys, pathlib; from pipelines.warc.lock import lock_outlet; "
        "lock = lock_outlet(pathlib.Path(sys.argv[1]), 'outlet'); print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(PressmarkError, match="another crawl of this outlet"):
            lock_outlet(tmp_path, "outlet")
        lock_outlet(tmp_path, "other").release()
        other.kill()
    lock_outlet(tmp_path, "outlet").release()
