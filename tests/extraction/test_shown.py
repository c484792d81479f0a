"""Pages without rules: what a reader sees of author, headline, time and section, and where the text ends."""

import json

import pytest

from pipelines.extraction import as_json
from pipelines.rules import RuleBook

from .conftest import page
from .test_generic import BODY, PARAGRAPHS, read

LINK = "<a href='/author/ann-lee/'>Ann Lee</a>"


def signed(names: list[str]) -> str:
    authors = json.dumps([{"name": name} for name in names])
    return f'<script type="application/ld+json">{{"@type":"NewsArticle","author":{authors}}}</script>{BODY}'


@pytest.mark.parametrize(
    ("names", "people", "organisations", "shown"),
    [
        (["Reuters"], (), ("Reuters",), ["Reuters"]),
        (["Reuters", "Ann Lee"], ("Ann Lee",), ("Reuters",), ["Ann Lee"]),
        (["Unknown Editorial"], (), ("Unknown Editorial",), ["Unknown Editorial"]),
        (["Unknown Editorial", "Ann Lee"], ("Ann Lee",), (), ["Ann Lee"]),
    ],
)
def test_people_and_organisations_are_told_apart(
    names: list[str], people: tuple[str, ...], organisations: tuple[str, ...], shown: list[str], rules: RuleBook
) -> None:
    given_page = page(signed(names))
    article = read(given_page, rules)
    assert (article.authors, article.organisations) == (people, organisations)
    assert as_json(article, given_page)["authors"] == shown


@pytest.mark.parametrize(
    ("html", "people"),
    [
        (
            "<meta name='author' content='Unknown'><div><h1>A bridge</h1><a href='/author/ann-lee/'>Ann Lee</a></div>",
            "Ann Lee",
        ),
        (f"<h1>A bridge</h1><ul><li>{LINK}</li></ul>", None),
        (f"<h1>A bridge</h1>{BODY}<p>Reporting by Ann Lee; Editing by Bob Low</p>", "Ann Lee"),
    ],
)
def test_a_person_is_found_where_only_a_reader_sees_one(html: str, people: str | None, rules: RuleBook) -> None:
    assert read(page(f"<body>{html}{BODY}</body>"), rules).authors == ((people,) if people else ())


def test_a_tail_for_search_engines_gives_way_to_the_shown_headline(rules: RuleBook) -> None:
    told = '<script type="application/ld+json">{"@type":"NewsArticle","headline":"A bridge fell - world news"}</script>'
    html = f'{told}<meta property="og:title" content="The old bridge fell"><h1>The old bridge fell</h1>{BODY}'
    assert read(page(html), rules).headline == "The old bridge fell"


def test_a_date_behind_two_bars_is_no_headline(rules: RuleBook) -> None:
    html = f'<meta property="og:title" content="The old bridge | XY | 28.04.2023"><h1>The old bridge</h1>{BODY}'
    assert read(page(html), rules).headline == "The old bridge"


def test_the_printed_time_is_found_by_the_headline(rules: RuleBook) -> None:
    head = '<meta property="article:published_time" content="2025-02-13T10:45:00+02:00">'
    html = f"{head}<h1>The old bridge</h1><div>13 February 2025, 10:45 / Updated 2 minutes ago</div>{BODY}"
    assert read(page(html), rules).published_raw == "13 February 2025, 10:45"


def test_a_section_in_the_line_of_the_printed_time_is_none_of_it(rules: RuleBook) -> None:
    head = '<meta property="article:published_time" content="2025-02-13T10:45:00+02:00">'
    line = '<p><span>13 February 2025</span> <a rel="category tag" href="/c">Town</a></p>'
    article = read(page(f"{head}<h1>The old bridge</h1>{line}{BODY}"), rules)
    assert (article.published_raw, article.section) == ("13 February 2025", "Town")


def test_a_time_without_an_offset_is_read_in_the_zone_of_the_hosts_country(rules: RuleBook) -> None:
    head = '<meta property="article:published_time" content="2025-07-13T10:45">'
    published = read(page(f"{head}{BODY}", url="https://www.unknown.com.ua/x"), rules).published_at
    assert published
    assert published.isoformat() == "2025-07-13T10:45:00+03:00"


def test_of_several_sections_the_one_that_is_shown_counts_else_the_breadcrumbs(rules: RuleBook) -> None:
    sections = (
        '<script type="application/ld+json">{"@type":"NewsArticle","articleSection":["A Slider","Town"]}</script>'
    )
    steps = json.dumps([{"name": name} for name in ("Home", "Bridges", "The old bridge")])
    crumbs = f'<script type="application/ld+json">{{"@type":"BreadcrumbList","itemListElement":{steps}}}</script>'
    assert read(page(f"{sections}<div>Home</div><div>Town</div><h1>x</h1>{BODY}"), rules).section == "Town"
    assert read(page(f"{crumbs}<h1>The old bridge</h1>{BODY}"), rules).section == "Bridges"


@pytest.mark.parametrize(
    ("tail", "kept"),
    [
        ("<p>Reporting by Ann Lee; Editing by Bob Low</p>", True),
        ("<p>Ann Lee contributed to this report.</p>", True),
        ("<p>The vote begins at nine and ends at five. (ann.lee@unknown.example)</p>", True),
        ("<p>wide-browser-and-larger</p>", False),
        ("<p><a href='/x'>WHAT THE OLD BRIDGE WAS FOR</a></p>", False),
        ("<p>To reach the reporter behind this story, contact ann.lee@unknown.example.</p>", False),
    ],
)
def test_closing_lines_are_text_and_lines_for_others_are_none(tail: str, kept: bool, rules: RuleBook) -> None:
    article = read(page(f"<article><h1>x</h1><div>{BODY}{tail}</div></article>"), rules)
    assert (len(article.blocks) > len(PARAGRAPHS)) == kept
