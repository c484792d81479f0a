"""Fields where a page states them badly or in one place only."""

import pytest

from pipelines.article import Article
from pipelines.capture import Page
from pipelines.extraction import extract
from pipelines.rules import RuleBook

from .conftest import page

TEXT = "".join(
    f"<p>The council of the invented town met for the {n}th time and spoke at length about the old bridge.</p>"
    for n in range(4, 9)
)
HILL = "https://thehill.com/homenews/news/471033-old-bridge"


def read(given: Page, rules: RuleBook) -> Article:
    result = extract(given, rules)
    assert isinstance(result, Article), result
    return result


def test_an_american_outlets_printed_date_puts_the_month_first(rules: RuleBook) -> None:
    html = f"""<h1 class="page-title">The old bridge</h1><section class="article__header"><span class="submitted-by">
    by <a>Ann Lee</a> - 02/03/25 8:59 PM ET</span></section><div class="article__text">{TEXT}</div>"""
    article = read(page(html, url=HILL), rules)
    assert article.published_at
    assert article.published_at.isoformat() == "2025-02-03T20:59:00-05:00"
    assert (article.published_raw, article.authors) == ("02/03/25 8:59 PM ET", ("Ann Lee",))


def test_a_day_gives_way_to_the_same_day_with_a_time(rules: RuleBook) -> None:
    html = f"""<time itemprop="datePublished" datetime="2025-02-13">13 February</time>
    <meta itemprop="datePublished" content="2025-02-13T10:45:00+02:00"><article><h1>x</h1>{TEXT}</article>"""
    article = read(page(html), rules)
    assert article.published_at
    assert (article.published_at.hour, article.published_is_day) == (10, False)


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ("The old bridge | Maple Street", "The old bridge"),
        ("The old bridge - unknown.example", "The old bridge"),
        ("The old bridge – a history", "The old bridge – a history"),
        ("The old bridge", "The old bridge"),
    ],
)
def test_the_outlets_name_is_no_part_of_the_headline(title: str, headline: str, rules: RuleBook) -> None:
    head = f'<meta property="og:title" content="{title}"><meta property="og:site_name" content="Maple Street">'
    assert read(page(f"{head}<article>{TEXT}</article>"), rules).headline == headline


@pytest.mark.parametrize(
    ("text", "stated", "language"),
    [
        ("Міська рада ухвалила рішення про міст.", "ru", "uk"),
        ("Рада проголосовала за бюджет", "uk", "ru"),
        ("Рада проголосувала за бюджет", "ru", "uk"),
        ("Суд арестовал имущество", "uk", "ru"),
        ("Суд заарештував майно", "ru", "uk"),
        ("Городской совет принял решение об этом мосте.", "uk", "ru"),
        ("The town council spoke of the bridge.", "uk", "en"),
    ],
)
def test_a_wrongly_stated_language_gives_way_to_the_letters(
    text: str, stated: str, language: str, rules: RuleBook
) -> None:
    html = f'<html lang="{stated}"><h1 class="post_title">x</h1><div class="post_text"><p>{text}</p></div>'
    assert read(page(html, url="https://www.pravda.com.ua/news/2025/02/13/7498191/"), rules).language == language


@pytest.mark.parametrize(
    ("canonical", "same"),
    [
        ("https://www.pravda.com.ua/eng/news/2025/02/13/7498191/", True),
        ("https://www.pravda.com.ua/", False),
        ("https://life.pravda.com.ua/story/", False),
        ("https://www.pravda.com.ua/eng/tags/bridge/", False),
    ],
)
def test_an_article_is_known_by_its_canonical_address_on_its_own_hosts(
    canonical: str, same: bool, rules: RuleBook
) -> None:
    body = f'<h1 class="post_title">x</h1><div class="post_text">{TEXT}</div>'
    plain = read(page(body, url="https://www.pravda.com.ua/eng/news/2025/02/13/7498191/"), rules)
    amp = "https://www.pravda.com.ua/eng/news/2025/02/13/7498191/index.amp"
    linked = read(page(f'<link rel="canonical" href="{canonical}">{body}', url=amp), rules)
    assert (linked.id == plain.id) == same


def test_a_value_keeps_the_candidate_that_gave_it(rules: RuleBook) -> None:
    body = f'<h1 class="post_title">x</h1><div class="post_text">{TEXT}</div>'
    article = read(page(body, url="https://www.pravda.com.ua/eng/news/2025/02/13/7498191/"), rules)
    assert ("headline", "h1.post_title") in article.picked
    assert ("body", "era post") in article.picked
