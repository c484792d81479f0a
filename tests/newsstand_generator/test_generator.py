"""The generator writes distinct, well-formed news in three languages, the same for the same seed."""

import re
import sys
from itertools import combinations
from random import Random
from subprocess import run

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from newsstand.generator import beside, generate, tell
from newsstand.generator.events import KINDS
from newsstand.generator.lexicon import LANGUAGES
from newsstand.generator.words import common, edits, kinds
from newsstand.story import Draft, Language

STYLES = ("ukrpravda", "interfax_ukraine", "thehill", "example_syndicator", "Reuters", "FOX NEWS")
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[^\W\d_a-zа-яёіїєґ]|[“«\"])")

seeds = st.integers(0, 10**6)
styles = st.sampled_from(STYLES)
languages = st.sampled_from(LANGUAGES)


def sentences(draft: Draft) -> list[str]:
    return [each for text in texts(draft) for each in SENTENCE_END.split(text)]


def texts(draft: Draft) -> list[str]:
    return [draft.standfirst, *(part.text for part in draft.parts)]


def shingles(draft: Draft) -> set[tuple[str, ...]]:
    """Its runs of three words."""
    words = re.findall(r"\w+", " ".join(texts(draft)).lower())
    return set(zip(words, words[1:], words[2:], strict=False))


def likeness(one: set[tuple[str, ...]], other: set[tuple[str, ...]]) -> float:
    """Jaccard's."""
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared)


def drafts(seed: int, events: int, language: Language) -> list[Draft]:
    rng = Random(seed)
    return [tell(event, rng.choice(STYLES), language) for event in generate(seed, events)]


def test_a_seed_gives_the_same_news_in_every_process() -> None:
    program = "from newsstand.generator import *; print(*(tell(e, 'x', 'uk') for e in generate(7, 20)))"
    told = {
        run([sys.executable, "-c", program], env={"PYTHONHASHSEED": salt}, capture_output=True, check=True).stdout
        for salt in ("1", "2")
    }
    assert len(told) == 1


def test_fewer_events_are_the_first_of_more() -> None:
    assert generate(7, 5) == generate(7, 30)[:5]


@given(seeds, styles, languages)
@settings(max_examples=60, deadline=None)
def test_a_telling_has_the_shape_of_a_news_story(seed: int, style: str, language: Language) -> None:
    (event,) = generate(seed, 1)
    draft = tell(event, style, language)
    assert draft == tell(event, style, language)
    assert 6 <= len(draft.parts) <= 14
    assert 150 <= sum(len(part.text.split()) for part in draft.parts) <= 500
    assert draft.section == KINDS[event.kind][0]
    assert 1 <= len(draft.authors) <= 2
    assert draft.headline not in draft.headlines
    assert len(set(sentences(draft))) == len(sentences(draft))
    for text in (draft.headline, *texts(draft), draft.picture.caption, draft.picture.credit, draft.picture.alt):
        assert not re.search(r"[{}\[\]|~]|\s\s|\s[.,]|\.\.", text), text
        assert text == text.strip()


@given(seeds, styles, languages)
@settings(max_examples=60, deadline=None)
def test_links_stand_at_their_words_and_lead_to_nobody(seed: int, style: str, language: Language) -> None:
    (event,) = generate(seed, 1)
    for part in tell(event, style, language).parts:
        assert list(part.links) == sorted(part.links)
        for start, end, url in part.links:
            assert re.fullmatch(r"https://[a-z0-9.-]+\.example/[a-z0-9/-]+", url)
            assert re.fullmatch(r"[\w’-]+", part.text[start:end])


@given(seeds, styles, languages)
@settings(max_examples=60, deadline=None)
def test_quotations_are_shared_word_for_word(seed: int, style: str, language: Language) -> None:
    (event,) = generate(seed, 1)
    draft = tell(event, style, language)
    assert len(draft.quotations) >= 2
    assert {*draft.quotations} <= {each.text[language] for each in event.quotations}
    body = "\n".join(texts(draft))
    assert all(each in body for each in draft.quotations)


@given(seeds, styles, languages)
@settings(max_examples=60, deadline=None)
def test_a_person_is_named_in_full_once_and_by_surname_after_that(seed: int, style: str, language: Language) -> None:
    (event,) = generate(seed, 1)
    told = "\n".join(texts(draft := tell(event, style, language)))
    quotes = "\n".join(part.text for part in draft.parts if part.kind == "quote")
    for one in event.people[:3]:
        assert told.count(one.name(language)) - quotes.count(one.name(language)) <= 1


def test_a_detector_agrees_on_the_language() -> None:
    detector = LanguageIdentifier.from_model_file(MODEL_FILE)
    detector.set_languages(list(LANGUAGES))
    for event in generate(23, 60):
        for language in LANGUAGES:
            draft = tell(event, "Reuters", language)
            assert detector.classify("\n".join(texts(draft)))[0] == language
            for text in (draft.standfirst, *(part.text for part in draft.parts if len(part.text) > 60)):
                assert detector.classify(text)[0] == language, text


def test_letters_of_the_other_language_never_occur() -> None:
    for seed in range(200):
        (event,) = generate(seed, 1)
        ukrainian, russian, english = (
            "\n".join(((draft := tell(event, "x", language)).headline, *texts(draft), *draft.tags, *draft.authors))
            for language in LANGUAGES
        )
        assert not re.search("[ыэъёЫЭЪЁ]|[A-Za-z]", ukrainian)
        assert not re.search("[іїєґІЇЄҐ]|[A-Za-z]", russian)
        assert not re.search("[А-я]", english)


@pytest.mark.parametrize("language", LANGUAGES)
def test_different_events_are_no_near_duplicates(language: Language) -> None:
    told = [(draft, shingles(draft)) for draft in drafts(21, 300, language)]
    most = max(likeness(one, other) for (_, one), (_, other) in combinations(told, 2))
    assert most < 0.35


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_newsrooms_tell_one_event_in_their_own_words(language: Language) -> None:
    for event in generate(22, 60):
        told = [shingles(tell(event, style, language)) for style in STYLES]
        assert max(likeness(one, other) for one, other in combinations(told, 2)) < 0.5


def test_the_languages_have_the_same_stock() -> None:
    for language in LANGUAGES:
        assert set(kinds(language)) == set(KINDS)
        for kind, words in kinds(language).items():
            english = kinds("en")[kind]
            for name in ("tags", "headlines", "leads", "points"):
                assert len(getattr(words, name)) == len(getattr(english, name)), (language, kind, name)
        for name in ("openings", "claims", "closers"):
            assert len(getattr(common(language), name)) == len(getattr(common("en"), name))
        assert len(edits(language).verbs_she) in (0, len(edits(language).verbs))


def test_every_kind_comes_up() -> None:
    assert {event.kind for event in generate(1, 300)} == set(KINDS)


def test_the_event_beside_has_the_same_people_and_day_but_another_story() -> None:
    for event in generate(3, 40):
        other = beside(event, event.number + 1000, 3)
        assert (other.people, other.dates, other.places) == (event.people, event.dates, event.places)
        assert other.kind != event.kind
        assert likeness(*(shingles(tell(each, "thehill", "en")) for each in (event, other))) < 0.2
