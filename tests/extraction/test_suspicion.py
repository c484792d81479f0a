"""What is looked for in a page's bytes all at once is what a plain reading of its text finds."""

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines.extraction.suspicion import FORBIDDEN, may_hold_forbidden
from pipelines.extraction.tags import PASSING, Tags

TAG = re.compile(r"<(/?)([a-zA-Z][^\s/<>]*)", re.ASCII)
PIECES = [
    "<div>",
    "</div>",
    "<P class=x>",
    "</p>",
    "<p-x>",
    "<br/>",
    "<my-longest-tag>",
    "<",
    "</",
    "ї’",
    "\u202e",
    "<li",
]
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=40).map("".join)


def levels(text: str) -> int:
    depth = most = 0
    for end, name in TAG.findall(text):
        if name.lower() not in PASSING:
            depth = max(0, depth - 1) if end else depth + 1
            most = max(most, depth)
    return most


@given(TEXTS)
@example("")
@example("<div")
@example("\ufdd0 <table")
@settings(deadline=None)
def test_levels_are_counted_as_a_reader_counts_them(text: str) -> None:
    text = text.replace("\0", "")
    assert Tags(text.encode("utf-8", "surrogatepass")).deepest() == levels(text)


@given(st.text(max_size=30) | st.characters(exclude_categories=()))
@settings(deadline=None)
def test_no_forbidden_character_is_overlooked_and_none_is_made_up(text: str) -> None:
    assert may_hold_forbidden(text.encode("utf-8", "surrogatepass")) == bool(FORBIDDEN.search(text))


def test_every_forbidden_character_is_found_alone() -> None:
    for character in FORBIDDEN.findall("".join(map(chr, range(0x10000)))):
        assert may_hold_forbidden(f"a{character}".encode("utf-8", "surrogatepass")), hex(ord(character))
