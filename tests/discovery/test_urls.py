"""A URL's normal form is one that Scrapy asks for, and stays as it is."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy import Request

from pipelines.urls import normalised_url

PIECES = [
    *["a.test", "a..b", "127.0.0.1", "[::1]", "[v1.x]", "xn--", "ß.de", "☃", "@", "user:secret@"],
    *[":99999", ":-1", ":٣", ":80", "\\", "/", "//x", "/..", "?", "#", "&", "=", "utm_source=a", "%zz", "%41", "%2f"],
    *["\x00", "\t", " ", "\u202e", "\ud800", "．", "／", '"', "<", "|", "{"],
]


@given(scheme=st.sampled_from(["http://", "https://", "HTTP:", "//", ""]), rest=st.lists(st.sampled_from(PIECES)))
def test_a_normal_form_can_be_asked_for_and_is_its_own(scheme: str, rest: list[str]) -> None:
    with contextlib.suppress(ValueError):
        normal = normalised_url(scheme + "".join(rest))
        assert Request(normal).url
        assert normalised_url(normal).startswith("http")


@pytest.mark.parametrize("url", ["http://\\", "https://\\a.test/x", "http://a.test\\@b.test/", "http:\\\\a.test/x"])
def test_a_host_with_a_backslash_is_none(url: str) -> None:
    with pytest.raises(ValueError, match="not an http"):
        normalised_url(url)
