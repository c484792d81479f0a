"""What holds no article is told apart, each with its reason."""

from random import Random

import pytest

from pipelines.article import Article, Rejection
from pipelines.capture import Page
from pipelines.extraction import as_json, extract
from pipelines.rules import RuleBook

from .conftest import page

TEXT = "".join(
    f"<p>The council of the invented town met for the {n}th time and spoke at length about the old bridge.</p>"
    for n in range(4, 10)
)
PRAVDA = "https://www.pravda.com.ua/eng/news/2025/02/13/7498191/"
LINKS = "".join(f'<li><a href="/n/{n}">Another story of the day, number {n}</a></li>' for n in range(40))


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (page("<h1>Gone</h1>", status=404), "http-404"),
        (page("<h1>Gone</h1>", status=410), "http-410"),
        (page("<title>Just a moment...</title>", status=403), "challenge"),
        (page("<title>Just a moment...</title><p>Checking your browser before you go on.</p>"), "challenge"),
        (page("<title>Access to this page has been denied</title><div id='px-captcha'></div>"), "challenge"),
        (page(f"<title>x</title>{TEXT}", status=202), "challenge"),
        (
            page(
                f"<title>Just a moment...</title><h1>Verify you are human</h1><p><script>{'x = 1; ' * 900}</script></p>"
            ),
            "challenge",
        ),
        (page(f"<title>Just a moment...</title><p>{' ' * 5000}Checking your browser</p>"), "challenge"),
        (page("<html></html>"), "empty-body"),
        (page(""), "empty-body"),
        (page("<title>404 Not Found</title><p>Sorry.</p>"), "not-found"),
        (page("<div>To continue reading, subscribe.</div>"), "paywall"),
        (page("<div>We use cookies and similar. <button>Accept all cookies</button> consent</div>"), "consent"),
        (Page(url="https://a.example/x", body=b"%PDF-1.7 ...", content_type="application/pdf"), "not-html"),
        (Page(url="https://a.example/x", body=b"%PDF-1.7 ..."), "not-html"),
        (Page(url="https://a.example/x", body=b'<?xml version="1.0"?><rss><channel/></rss>'), "not-html"),
        (Page(url="https://a.example/x", body=b'{"a": 1}', content_type="application/json"), "not-html"),
        (Page(url="https://a.example/x", body=Random(3).randbytes(50_000)), "not-html"),
        (Page(url="https://a.example/x", body=b"SQLite format 3\0" + bytes(4000) + b"<p>words"), "not-html"),
        (Page(url="https://a.example/x", body=b"PYTHON ?= python3\n\nsetup:\n\tpip install x\n" * 40), "not-html"),
        (page(f"<link rel=canonical href='https://www.pravda.com.ua/'><ul>{LINKS}</ul>", url=PRAVDA), "home-page"),
    ],
)
def test_a_page_without_an_article_says_why(given: Page, reason: str, rules: RuleBook) -> None:
    result = extract(given, rules)
    assert isinstance(result, Rejection), result
    assert result.reason == reason
    shown = as_json(result, given)
    assert (shown["verdict"], shown["reason"], shown["body"]) == ("rejected", reason, "")


def test_a_canonical_link_that_leads_home_does_not_hide_an_article(rules: RuleBook) -> None:
    result = extract(page(f"<link rel=canonical href='/'><h1>The old bridge</h1><article>{TEXT}</article>"), rules)
    assert isinstance(result, Article)


def test_rejected_and_kept_results_have_the_same_keys_in_the_same_order(rules: RuleBook) -> None:
    kept, refused = page(f"<h1>The old bridge</h1><article>{TEXT}</article>"), page("", status=404)
    assert list(as_json(extract(kept, rules), kept)) == list(as_json(extract(refused, rules), refused))
