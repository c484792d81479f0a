"""A WordPress post as REST gives it is read like its page; whatever else the address gives is no article."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.places import RULES_FOLDER
from pipelines.article import Article, Rejection
from pipelines.capture import Page
from pipelines.extraction import extract, extract_answer
from pipelines.rules import RuleBook, load_rules

API = "https://thehill.com/wp-json/wp/v2/posts/5143068?_embed=author,wp:term"
LINK = "https://thehill.com/homenews/5143068-a-story/"
TEXT = "A sentence of a story that says enough to be taken for an article by anybody who reads it."


@pytest.fixture(scope="module")
def rules() -> RuleBook:
    return load_rules(RULES_FOLDER)


def post(**more: Any) -> dict[str, Any]:
    return {
        "id": 5143068,
        "date": "2025-02-13T18:05:00",
        "date_gmt": "2025-02-13T23:05:00",
        "modified_gmt": "2025-02-14T01:00:00",
        "link": LINK,
        "title": {"rendered": "Senate&#8217;s vote &amp; after"},
        "content": {
            "rendered": f"<p>{TEXT}</p>\n<aside><p>Sign up.</p></aside>\n<ul><li>One</li></ul>",
            "protected": False,
        },
        "excerpt": {"rendered": "<p>What nobody wrote [&hellip;]</p>"},
        "_embedded": {
            "author": [{"name": "Jane Doe"}],
            "wp:term": [
                [{"taxonomy": "category", "name": "News &amp; Views"}],
                [{"taxonomy": "post_tag", "name": "senate"}],
            ],
            "wp:featuredmedia": [{"source_url": "https://thehill.com/p.jpg", "caption": {"rendered": "<p>A hall</p>"}}],
        },
    } | more


def read(
    answer: Any, rules: RuleBook, status: int = 200, content_type: str = "application/json"
) -> Article | Rejection:
    body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    page = Page(
        url=API, body=body, content_type=content_type, captured_at=datetime(2025, 2, 15, tzinfo=UTC), status=status
    )
    return extract_answer(page, rules)


def test_a_post_gives_what_its_page_would(rules: RuleBook) -> None:
    for answer in (post(), [post()]):
        article = read(answer, rules)
        assert isinstance(article, Article)
        assert (article.url, article.canonical_url, article.outlet) == (LINK, LINK, "thehill")
        assert article.headline == "Senate’s vote & after"
        assert [(block.kind, block.text) for block in article.blocks] == [("paragraph", TEXT), ("item", "One")]
        assert (article.authors, article.section, article.tags) == (("Jane Doe",), "News & Views", ("senate",))
        assert article.published_at == datetime(2025, 2, 13, 23, 5, tzinfo=UTC)
        assert str(article.published_at) == "2025-02-13 18:05:00-05:00"
        assert article.modified_at == datetime(2025, 2, 14, 1, tzinfo=UTC)
        assert (article.standfirst, article.language, article.reason) == (None, "en", "rest")
        assert article.images[0].caption == "A hall"


def test_a_date_without_gmt_is_read_in_the_outlet_s_zone(rules: RuleBook) -> None:
    article = read(post(date_gmt=None), rules)
    assert isinstance(article, Article)
    assert article.published_at == datetime(2025, 2, 13, 23, 5, tzinfo=UTC)


@pytest.mark.parametrize(("answer", "status", "content_type", "reason"), [
    ([], 200, "application/json", "no-post"),
    ({"code": "rest_post_invalid_id", "message": "Invalid post ID."}, 404, "application/json", "no-post"),
    ({"code": "rest_no_route"}, 404, "application/json", "http-404"),
    ({"code": "rest_forbidden"}, 401, "application/json", "http-401"),
    ([post(), post()], 200, "application/json", "no-post"),
    (post(link="https://elsewhere.example/a/"), 200, "application/json", "no-post"),
    (post(content={"rendered": "", "protected": True}), 200, "application/json", "paywall"),
    (post(content={"rendered": "", "protected": False}), 200, "application/json", "empty-body"),
    (b"<html><head><title>Just a moment...</title></head><body>Checking.</body></html>", 200, "text/html", "challenge"),
    (f"<html><body><article><h1>A page</h1>{f'<p>{TEXT}</p>' * 9}</article></body></html>".encode(), 200, "text/html",
     "not-json"),
    (b'{"id": 1, "content"', 200, "application/json", "not-html"),
    (b"[" * 100_000, 200, "application/json", "not-html"),
])  # fmt: skip
def test_what_is_no_post_is_no_article_and_says_why(
    answer: Any, status: int, content_type: str, reason: str, rules: RuleBook
) -> None:
    result = read(answer, rules, status, content_type)
    assert isinstance(result, Rejection)
    assert result.reason == reason


@pytest.mark.parametrize("odd", [
    {"title": None}, {"title": 7}, {"_embedded": []}, {"_embedded": {"author": 3, "wp:term": [None, [1]]}}, {"date": 5},
    {"yoast_head_json": {"canonical": 9}}, {"excerpt": []}, {"lang": {}}, {"date_gmt": "0000-00-00T00:00:00"},
])  # fmt: skip
def test_fields_of_another_kind_are_read_as_not_stated(odd: dict[str, Any], rules: RuleBook) -> None:
    assert isinstance(read(post(**odd), rules), Article)


def test_a_saved_answer_is_read_by_extract_as_well(rules: RuleBook) -> None:
    article = extract(Page(url=API, body=json.dumps(post()).encode(), content_type="application/json"), rules)
    assert isinstance(article, Article)
    assert article.url == LINK
