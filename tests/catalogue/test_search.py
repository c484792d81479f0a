"""Full-text search: the same answers from both databases, in three languages."""

import json
from collections.abc import Iterator
from datetime import date
from itertools import islice, pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from pipelines.catalogue import schema as t
from pipelines.catalogue.catalogue import Catalogue
from pipelines.catalogue.wanted import BadQuery, as_fts5, as_tsquery, parse
from pipelines.catalogue.words import stem, stems_of
from pipelines.jobs import finding
from pipelines.jobs.choosing import Choice
from pipelines.jobs.finding import Hit, snippet

pytestmark = pytest.mark.xdist_group("archived")

INFLECTED = [
    "переговори переговорів переговорам переговорами переговорах",
    "Україна України Україні Україну Україною",
    "український української українського українському українських українською",
    "заявив заявила заявили",
    "президент президента президентові президентом",
    "угода угоди угоду угодою",
    "переговоры переговоров переговорам переговорами",
    "украинский украинского украинской украинских",
    "заявил заявила заявили",
    "война войны войне войну войной",
    "negotiate negotiated negotiating negotiates",
    "talk talks talked talking",
    "country countries",
    "betrayal betrayals",
    "Trump Trump's Trump’s TRUMP",
    "м'який м’який мʼякий",
    "за́ява заява заяви",
]


@pytest.mark.parametrize("words", INFLECTED)
def test_the_forms_of_a_word_have_one_stem(words: str) -> None:
    assert len({stem(word) for word in words.split()}) == 1


@pytest.mark.parametrize("pair", ["мир міра", "рада радник", "war warm", "peace people", "суд судно", "2025 2026"])
def test_other_words_stay_apart(pair: str) -> None:
    one, other = pair.split()
    assert stem(one) != stem(other)


@given(st.text())
def test_stems_of_anything_are_letters_and_digits(text: str) -> None:
    assert all(word and not any(c in "'\"\\: \0" for c in word) for word in stems_of(text))


def search(catalogue: Catalogue, query: str, author: str | None = None, **narrowed: Any) -> Iterator[Hit]:
    """As the command asks."""
    return finding.search(catalogue, Choice(search=query, **narrowed), author)


def texts(catalogue: Catalogue) -> dict[str, list[str]]:
    """The stems of each article's searchable text, as this test reads them."""
    c = t.versions.c
    rows = catalogue.rows(select(c.id, c.headline, c.body, c.tags, c.authors))
    return {
        row.id: stems_of("\n".join([row.headline or "", row.body, *json.loads(row.tags), *json.loads(row.authors)]))
        for row in rows
    }


def found(catalogue: Catalogue, query: str) -> set[str]:
    return {hit.id for hit in search(catalogue, query)}


def test_a_word_finds_every_article_that_holds_it_and_no_other(catalogue: Catalogue) -> None:
    held = texts(catalogue)
    words = sorted({word for stems in held.values() for word in stems})
    for word in Random(7).sample(words, 60):
        wanted = {article for article, stems in held.items() if stem(word) in stems}
        assert found(catalogue, word) == wanted, word


def test_a_phrase_finds_words_in_their_order_alone(catalogue: Catalogue) -> None:
    held = texts(catalogue)
    sample = Random(7).sample(sorted(held), 30)
    for article in sample:
        one, other = (stems := held[article])[10:12]
        one, other = stem(one), stem(other)
        wanted = {each for each, stems in held.items() if (one, other) in pairwise(stems)}
        if stem(one) == one and stem(other) == other:
            assert found(catalogue, f'"{one} {other}"') == wanted, (one, other)
        assert stems


def test_either_without_and_beginning_words(catalogue: Catalogue) -> None:
    held = texts(catalogue)

    def holding(word: str) -> set[str]:
        return {article for article, stems in held.items() if stem(word) in stems}

    agreement, talks = holding("угода"), holding("talks")
    assert agreement
    assert talks
    assert found(catalogue, "угоди OR talks") == agreement | talks
    assert found(catalogue, "talks -agreement") == talks - holding("agreement")
    assert found(catalogue, "догов*") == {
        article for article, stems in held.items() if any(each.startswith("догов") for each in stems)
    }


def test_the_newest_stands_first(catalogue: Catalogue) -> None:
    times = [hit.published_at or hit.captured_at for hit in search(catalogue, "та OR и OR the")]
    assert len(times) > 50
    assert times == sorted(times, reverse=True)


def test_filters_narrow_a_search(catalogue: Catalogue) -> None:
    everything = "та OR и OR the"
    hits = list(search(catalogue, everything))
    by = next(hit for hit in hits if hit.authors)
    family = by.authors[0].split()[-1].upper()
    assert {hit.outlet for hit in search(catalogue, everything, outlets=("ukrpravda",))} == {"ukrpravda"}
    assert {hit.language for hit in search(catalogue, everything, languages=("ru",))} == {"ru"}
    written = list(search(catalogue, everything, author=family))
    assert by.id in {hit.id for hit in written}
    assert all(any(family in author.upper() for author in hit.authors) for hit in written)
    day = date(2026, 1, 6)
    dated = list(search(catalogue, everything, since=day, until=day))
    assert 0 < len(dated) < len(hits)
    assert all((hit.published_at or "")[:10] in ("2026-01-05", "2026-01-06", "2026-01-07") for hit in dated)


def test_a_snippet_shows_what_was_found_in_brackets(catalogue: Catalogue) -> None:
    for hit in islice(search(catalogue, "переговорами"), 5):
        assert "[" in hit.snippet or "…" in hit.snippet
        assert "\n" not in hit.snippet


def test_a_snippet_begins_a_little_before_the_first_word_found() -> None:
    body = " ".join(f"word{n}" for n in range(100)) + " talks\n\nwent on"
    assert snippet(body, parse("talk")).endswith("word99 [talks] went on")
    assert snippet("Two words.", parse("other")) == "Two words"


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("", "no word"), ("   ", "no word"), ('"unclosed', "partner"), ("OR peace", "between"), ("peace OR", "between"),
        ("a OR OR b", "between"), ("-war", "only left out"), ("*", "no word"), ("(peace)", "brackets"),
        ("peace OR -war", "left out"), ('""', "no word"), ("…", "no word"),
    ],
)  # fmt: skip
def test_a_malformed_search_says_why_and_what_can_be_asked(query: str, why: str) -> None:
    with pytest.raises(BadQuery, match=why) as told:
        parse(query)
    assert "a phrase" in str(told.value)


@given(st.text(alphabet=st.sampled_from("ab ґЯ'\"’-*ORAND:&|!<>()\\\0^NEAR1")))
def test_any_search_is_answered_or_refused(catalogue: Catalogue, query: str) -> None:
    try:
        list(islice(search(catalogue, query), 3))
    except BadQuery:
        return
    wanted = parse(query)
    assert as_fts5(wanted)
    assert as_tsquery(wanted)
