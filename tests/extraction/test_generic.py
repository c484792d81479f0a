"""Pages without rules, and bytes that no page should have."""

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.article import Article, Rejection, Stripped
from pipelines.capture import Page
from pipelines.extraction import as_json, extract
from pipelines.extraction.decoding import decode
from pipelines.rules import RuleBook, load_rules
from tests.cost import yards

from .conftest import RULES, page

BOOK = load_rules(RULES)
SENTENCE = "The council of the invented town met on Thursday and spoke at length about the old bridge"
PARAGRAPHS = [f"{SENTENCE}, for the {n}th time, without a vote." for n in range(4, 12)]
BODY = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)


def read(given: Page, rules: RuleBook) -> Article:
    result = extract(given, rules)
    assert isinstance(result, Article), result
    return result


def lines(article: Article) -> list[str]:
    return [" ".join(block.text.split()) for block in article.blocks]


def test_an_unknown_page_is_read_without_its_chrome(rules: RuleBook) -> None:
    html = f"""<html lang="en"><head><title>The old bridge | Maple Street</title>
    <meta property="og:title" content="The old bridge | Maple Street">
    <meta property="og:site_name" content="Maple Street"><meta name="author" content="By Ann Lee and Bob Low">
    <meta property="article:published_time" content="2025-02-13T10:45:00+02:00"></head><body>
    <nav class="menu"><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li></ul></nav>
    <article><h1>The old bridge</h1><p class="byline">By Ann Lee and Bob Low</p>{BODY}
    <p class="ad">Advertisement</p></article>
    <div class="related"><h3>Related stories</h3><a href="/1">A cat came down from a tree by itself</a></div>
    <footer>© 2025 Maple Street. All rights reserved.</footer></body></html>"""
    article = read(page(html), rules)
    assert lines(article) == PARAGRAPHS
    assert (article.headline, article.authors) == ("The old bridge", ("Ann Lee", "Bob Low"))
    assert article.published_at
    assert article.published_at.isoformat() == "2025-02-13T10:45:00+02:00"
    assert (article.outlet, article.outlet_name) == ("unknown.example", "Maple Street")
    assert (article.verdict, article.reason, article.language) == ("generic", None, "en")


def test_authors_that_are_only_referred_to_are_looked_up(rules: RuleBook) -> None:
    graph = (
        '<script type="application/ld+json">{"@graph":[{"@type":"Article","author":{"@id":"#ann"}},'
        '{"@type":"Person","@id":"#ann","name":"Ann Lee"}]}</script>'
    )
    assert read(page(graph + BODY), rules).authors == ("Ann Lee",)


def test_links_keep_their_places_and_become_absolute(rules: RuleBook) -> None:
    html = f"<article><h1>x</h1><p>{SENTENCE} <a href='/a b'>twice  over</a>, and then went home for the day.</p>{BODY}"
    block = read(page(html), rules).blocks[0]
    assert [block.text[s:e] for s, e, _ in block.links] == ["twice over"]
    assert block.links[0][2].startswith("https://unknown.example/a")


def test_no_break_spaces_stay_and_other_white_space_collapses(rules: RuleBook) -> None:
    html = f"<article><h1>x</h1><p>{SENTENCE} at&nbsp;10\n\n  and\tlater  again in the town hall.</p>{BODY}"
    assert "at\u00a010 and later again" in read(page(html), rules).blocks[0].text


def test_two_line_breaks_part_paragraphs(rules: RuleBook) -> None:
    html = f"<article><h1>x</h1><div>{'<br><br>'.join(PARAGRAPHS)}</div></article>"
    assert lines(read(page(html), rules)) == PARAGRAPHS


@pytest.mark.parametrize("filling", ["", f"<script>{'x' * 50_000}</script>"], ids=["short", "long"])
@pytest.mark.parametrize("bad", ["&#x1b;", "&#8;", "&#xFFFE;", "\x00", "\x1b[31m", "\u202e", "&#xD800;"])
def test_a_control_character_never_costs_the_page(bad: str, filling: str, rules: RuleBook) -> None:
    head = f"<html><head><title>a{bad}b</title>{filling}</head>"
    html = f"{head}<body><article><h1>He{bad}ad</h1>{BODY}<p>Also {bad} this text here.</p>"
    article = read(page(html), rules)
    assert lines(article)[: len(PARAGRAPHS)] == PARAGRAPHS
    shown = "".join(lines(article)) + (article.headline or "")
    assert not any(ord(c) < 32 or c in "\u202e\ufffe" for c in shown)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("cp1251", "text/html; charset=utf-8"),
        ("cp1251", "text/html; charset=windows-1251"),
        ("cp1251", None),
        ("utf-8", "text/html; charset=windows-1251"),
        ("utf-8", None),
        ("utf-16", "text/html"),
        ("utf-16-le", None),
    ],
)
def test_bytes_are_decoded_by_what_they_are(body: str, kind: str | None, rules: RuleBook) -> None:
    text = "Президент України заявив, що рішення про старий міст ухвалять найближчими днями після наради."
    html = f"<html><body><article><h1>Міст</h1>{f'<p>{text}</p>' * 6}</article></body></html>"
    article = read(Page(url="https://a.example/x", body=html.encode(body), content_type=kind), rules)
    assert lines(article) == [text] * 6
    assert article.language == "uk"


OTHER = "OTHER.com"


@pytest.mark.parametrize(
    ("html", "flattened"),
    [
        ("<div>" * 170 + "</div>" * 170, False),
        ("<div>" * 190 + "</div>" * 190, True),
        ("<div></div>" * 190, False),
        ("</div>" * 190 + "<div>" * 170, False),
        ("</div>" * 20 + "<div>" * 190, True),
        ("<my-tag>" * 190, True),
        ("<p-x>" * 190, True),
        ("<IMG><img src=a><br><p>" * 190, False),
    ],
)
def test_only_what_nests_too_deep_is_flattened(html: str, flattened: bool) -> None:
    decoded = decode(html.encode())
    assert decoded.flattened == flattened
    assert (decoded.text == html) != flattened


HOSTILE = {
    "nested divs": "<div>" * 100_000 + BODY,
    "nested spans": "<p>" + "<span>" * 100_000 + SENTENCE + " and much more of the same kind.",
    "nested lists": "<ul><li>" * 50_000 + BODY,
    "nested tables": "<table><tr><td>" * 30_000 + BODY,
    "one node of 10 MB": "<p>" + "word and words " * 700_000,
    "60,000 paragraphs": BODY * 7_500,
    "100,000 attributes": "<p " + " ".join(f"a{n}=1" for n in range(100_000)) + ">x</p>" + BODY,
    "attributes that never end": BODY + "<p " + " ".join(f"a{n}=1" for n in range(200_000)),
    "quoted ends": BODY + "<p " + " ".join(f"a{n}='>'" for n in range(200_000)) + ">x",
    "open brackets": "<" * 300_000 + BODY,
    "deep JSON-LD": '<script type="application/ld+json">' + "[" * 100_000 + "</script>" + BODY,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_costs_little_and_is_never_silently_empty(name: str, rules: RuleBook) -> None:
    articles = []
    assert yards(lambda: articles.append(read(page(f"<html><body>{HOSTILE[name]}"), rules))) < 200
    assert len("".join(lines(articles[0]))) >= len(SENTENCE)


@given(st.binary(max_size=300))
@settings(max_examples=60, deadline=None)
def test_no_bytes_break_extraction(body: bytes) -> None:
    given_page = Page(url="https://a.example/x", body=body)
    shown = as_json(extract(given_page, BOOK), given_page)
    assert shown["verdict"] in ("rules", "generic", "rejected")


def test_an_address_that_is_none_is_kept_as_it_is(rules: RuleBook) -> None:
    assert read(page(f"<article>{BODY}", url="hard::maple.example.html"), rules).url == "hard::maple.example.html"


@pytest.mark.parametrize(
    ("tail", "name", "url", "kept"),
    [
        ("<p>This post appeared first on FOX NEWS</p>", "FOX NEWS", None, False),
        (
            "<p>This post appeared first on <a href='https://a.test/x'>A Test</a></p>",
            "A Test",
            "https://a.test/x",
            False,
        ),
        ("<p>Originally published at Maple Street.</p>", "Maple Street", None, False),
        ("<p><a href='https://thehill.com/x'>thehill</a></p>", "thehill", "https://thehill.com/x", False),
        ("<p>Ann Lee contributed to this report.</p>", None, None, True),
    ],
)
def test_a_closing_line_names_the_origin(
    tail: str, name: str | None, url: str | None, kept: bool, rules: RuleBook
) -> None:
    html = f"<article class='post'><h1>x</h1><div class='entry-content'>{BODY}{tail}</div></article>"
    article = read(page(html, url="https://example-syndicator.test/story/"), rules)
    origin = article.syndicated_from
    assert (origin and origin.name, origin and origin.url) == (name, url)
    assert (len(article.blocks) > len(PARAGRAPHS)) == kept


def test_a_foreign_canonical_address_names_the_origin(rules: RuleBook) -> None:
    html = f"<link rel=canonical href='https://maple.test/bridge'><article><h1>x</h1>{BODY}</article>"
    article = read(page(html), rules)
    assert article.syndicated_from
    assert article.syndicated_from.url == "https://maple.test/bridge"
    assert article.id == read(page(html.replace("canonical", "x")), rules).id


SOURCE = """---
title: "A \\"quoted\\" bridge: --- and more"
date: "2025-02-14 00:31:02"
tags:
  - "maple"
lang:
  - "en"
---

{body}

[maple](https://maple.test/bridge)
"""


def test_a_markdown_source_is_an_article(rules: RuleBook) -> None:
    source = SOURCE.format(body="\n\n".join([*PARAGRAPHS, "See [the plan](https://plan.test/1) as well."]))
    given_page = Page(url="https://thehill-mirror.example/a.md", body=source.encode(), content_type="text/markdown")
    article = read(given_page, rules)
    assert article.headline == 'A "quoted" bridge: --- and more'
    assert article.published_at
    assert article.published_at.isoformat() == "2025-02-14T00:31:02+00:00"
    assert lines(article) == [*PARAGRAPHS, "See the plan as well."]
    assert article.blocks[-1].links == ((4, 12, "https://plan.test/1"),)
    assert article.syndicated_from
    assert article.syndicated_from.url == "https://maple.test/bridge"
    assert article.tags == ("maple",)


def test_a_markdown_source_makes_no_python_object(rules: RuleBook) -> None:
    source = "---\ntitle: !!python/object/apply:os.system ['true']\n---\n\n" + "\n\n".join(PARAGRAPHS)
    result = extract(Page(url="https://a.example/a.md", body=source.encode()), rules)
    assert isinstance(result, Article | Rejection)
    assert "object" not in str(getattr(result, "headline", ""))


def test_the_ledger_has_one_row_a_rule() -> None:
    captured = page(f"<html><body><article>{BODY}</article></body></html>")
    article = extract(captured, BOOK)
    assert isinstance(article, Article)
    removed = tuple(Stripped(rule=rule, chars=chars) for rule, chars in [("ad", 5), ("aside", 7), ("ad", 6)])
    shown = as_json(evolve(article, stripped=removed), captured)["stripped"]
    assert shown == [{"rule": "ad", "chars": 11}, {"rule": "aside", "chars": 7}]


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ('<meta property="og:site_name" content="U.S."><title>Deliveries dip - Unknown</title>', "Unknown"),
        ('<meta property="og:site_name" content="OTHER.com">', "unknown.example"),
        ('<meta property="og:site_name" content="The Unknown Times">', "The Unknown Times"),
        (
            '<meta property="og:site_name" content="OTHER.com"><meta name="application-name" content="OTHER.com">',
            "OTHER.com",
        ),
    ],
)
def test_an_outlet_without_rules_is_called_as_its_page_says(head: str, name: str, rules: RuleBook) -> None:
    article = extract(page(f"<html><head>{head}</head><body><article>{BODY}</article></body></html>"), rules)
    assert isinstance(article, Article)
    assert article.outlet_name == name


@pytest.mark.parametrize(
    ("offset", "zone"), [("+02:00", "Etc/GMT-2"), ("-04:00", "Etc/GMT+4"), ("+05:30", "UTC"), ("Z", "UTC")]
)
def test_the_zone_of_an_outlet_without_rules_is_that_of_its_time(offset: str, zone: str, rules: RuleBook) -> None:
    head = f'<meta property="article:published_time" content="2025-12-14T00:25:00{offset}">'
    article = extract(page(f"<html><head>{head}</head><body><article>{BODY}</article></body></html>"), rules)
    assert isinstance(article, Article)
    assert article.zone == zone


def test_a_side_widget_below_the_story_is_no_part_of_it(rules: RuleBook) -> None:
    note = "<p>Our pages are open to all who want to write to us. Send your letters by post at any hour.</p>"
    html = f'<div class="post">{BODY}</div><div class="column"><div class="widget text">{note}{note}</div></div>'
    article = extract(page(f"<html><body>{html}</body></html>"), rules)
    assert isinstance(article, Article)
    assert not any("letters by post" in block.text for block in article.blocks)


def test_words_below_a_picture_are_no_line_of_the_text(rules: RuleBook) -> None:
    """The caption names the man as a sentence of the text would; only what holds it says where it stands."""
    picture = "<div class='media'><img src='/p.jpg'><div class='img-text'><p>{}</p></div></div>"
    said = "Kelvin Ogun spoke of the old bridge before the council of the invented town on Thursday."
    article = read(page(f"<article><h1>The old bridge</h1>{picture.format(said)}{BODY}</article>"), rules)
    assert lines(article) == PARAGRAPHS
    assert ("caption", said) in {(line.rule, line.text) for line in article.stripped}
    told = read(page(f"<article><h1>The old bridge</h1><p>{said}</p>{BODY}</article>"), rules)
    assert lines(told) == [said, *PARAGRAPHS]


@pytest.mark.parametrize(
    "names", ["entry-content has-image-caption", "photo-information", "article image-signup-on", "image-text"]
)
def test_an_element_that_holds_the_text_is_no_caption_s_whatever_it_is_called(names: str, rules: RuleBook) -> None:
    article = read(page(f"<h1>The old bridge</h1><div class='{names}'>{BODY}</div>"), rules)
    assert lines(article) == PARAGRAPHS


def test_what_is_taken_out_stands_in_no_text(rules: RuleBook) -> None:
    credit = "<div class='photo-credit'><p>Reporting by Ann Lee and Bob Low</p></div>"
    article = read(page(f"<article><h1>The old bridge</h1>{BODY}{credit}</article>"), rules)
    assert not set(lines(article)) & {line.text for line in article.stripped}


@pytest.mark.parametrize("mark", ["utf-16", "utf-16-le"])
def test_utf_16_is_no_noise_whatever_its_script(mark: str, rules: RuleBook) -> None:
    text = "".join(f"<p>{'議會討論舊橋的事情沒有投票結果而散會' * 9}。</p>" for _ in range(9))
    html = f"<html><head><title>標題</title></head><body><article><h1>標題</h1>{text}</article></body></html>"
    article = read(Page(url="https://a.example/x", body=html.encode(mark), content_type="text/html"), rules)
    assert len(article.blocks) > 5
