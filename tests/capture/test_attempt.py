"""An answer is kept as it came, however it came, and in little more memory than its size."""

import tracemalloc
from datetime import UTC, datetime

import pytest

from crawler.capture.attempt import Attempt

ANSWER = b"HTTP/1.1 200 OK\r\n\r\n" + bytes(range(256)) * 100
STRAY = b"HTTP/1.1 408 late"


@pytest.mark.parametrize("size", [2, 1_000, 30_000])
def test_what_comes_in_pieces_is_whole_and_what_belongs_to_no_answer_is_left_out(size: int) -> None:
    came = ANSWER + STRAY
    pieces = [came[start : start + size] for start in range(0, len(came), size)]
    attempt = Attempt(datetime.now(UTC))
    for piece in pieces:
        attempt.receive(piece)
    attempt.finish(STRAY)
    assert attempt.final_response() == ANSWER
    attempt.close()
    attempt.receive(b"later")


def test_an_answer_that_trickles_in_takes_no_more_memory() -> None:
    attempt = Attempt(datetime.now(UTC))
    tracemalloc.start()
    try:
        for number in range(50_000):
            attempt.receive(number.to_bytes(2, "big"))
        assert tracemalloc.get_traced_memory()[1] < 300_000
    finally:
        tracemalloc.stop()
        attempt.close()
