"""The WordPress REST API's posts, and AMP addresses."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from crawler.discovery.amp import without_amp
from crawler.discovery.wordpress import POSTS_A_PAGE, posts_url, read_posts

POST = {
    "id": 1,
    "link": "https://paper.example/2025/one/",
    "date_gmt": "2025-02-13T10:23:00",
    "modified_gmt": "2025-02-13T11:00:00",
    "title": {"rendered": "A &#8216;headline&#8217;\u001b \ud800"},
}
URL = posts_url("https://paper.example/", page=2)


def test_a_post_gives_its_dates_and_its_decoded_headline() -> None:
    (lead,) = read_posts(json.dumps([POST]).encode(), URL).leads
    assert (lead.url, lead.headline) == ("https://paper.example/2025/one/", "A ‘headline’")
    assert lead.published_at == datetime(2025, 2, 13, 10, 23, tzinfo=UTC)
    assert lead.modified_at == datetime(2025, 2, 13, 11, tzinfo=UTC)
    assert (lead.source, lead.source_kind, lead.is_source) == (URL, "rest", False)


def test_a_full_page_names_the_next_and_a_short_one_does_not() -> None:
    full = read_posts(json.dumps([POST] * POSTS_A_PAGE).encode(), URL)
    assert len(full.leads) == POSTS_A_PAGE + 1
    assert full.leads[-1].is_source
    assert "page=3" in full.leads[-1].url
    short = read_posts(json.dumps([POST] * (POSTS_A_PAGE - 1)).encode(), URL)
    assert not any(lead.is_source for lead in short.leads)


def test_the_page_past_the_last_is_no_problem() -> None:
    answer = {"code": "rest_post_invalid_page_number", "message": "…", "data": {"status": 400}}
    found = read_posts(json.dumps(answer).encode(), URL)
    assert (found.leads, found.problem) == ((), None)


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"{}", b'{"message": "Sorry"}', b"[" * 200_000, b"1" * 5_000, b"\xff\xfe", b"null", b"NaN"]
)
def test_an_answer_that_is_no_list_of_posts_is_said_to_be_none(body: bytes) -> None:
    found = read_posts(body, URL)
    assert found.leads == ()
    assert found.problem


def test_posts_of_other_shapes_are_counted() -> None:
    odd = [None, 1, "x", [], {}, {"link": 1}, {"link": "mailto:a@b"}, {"link": "/ok", "title": 3, "date_gmt": []}]
    found = read_posts(json.dumps(odd).encode(), URL)
    assert [lead.url for lead in found.leads] == ["https://paper.example/ok"]
    assert found.problem == "7 entries without a usable URL"


def test_the_bounds_are_written_in_utc() -> None:
    since = datetime(2025, 2, 13, tzinfo=timezone(timedelta(hours=2)))
    url = posts_url("https://paper.example/blog/", since=since, until=since + timedelta(days=1))
    assert url.startswith("https://paper.example/blog/wp-json/wp/v2/posts?")
    assert "after=2025-02-12T22:00:00Z" in url
    assert "before=2025-02-13T22:00:00Z" in url
    assert "_fields=id,link,date_gmt,modified_gmt,title,lang" in url


@pytest.mark.parametrize(
    ("amp", "article"),
    [
        ("https://www.pravda.com.ua/eng/news/2025/02/13/7498191/index.amp", "https://www.pravda.com.ua/eng/news/2025/02/13/7498191/"),
        ("https://en.interfax.com.ua/news/general/1047915-amp.html", "https://en.interfax.com.ua/news/general/1047915.html"),
        ("https://paper.example/2025/one/amp/", "https://paper.example/2025/one/"),
        ("https://paper.example/2025/one/?amp=1", "https://paper.example/2025/one/"),
        ("https://paper.example/?p=1&amp", "https://paper.example/?p=1"),
        ("https://paper-example.cdn.ampproject.org/c/s/paper.example/one/amp/", "https://paper.example/one/"),
        ("https://paper.example/camp?stamp=a%20b", "https://paper.example/camp?stamp=a%20b"),
        ("https://paper.example/champ.html", "https://paper.example/champ.html"),
    ],
)  # fmt: skip
def test_amp_addresses_lead_to_their_article(amp: str, article: str) -> None:
    assert without_amp(amp) == article
