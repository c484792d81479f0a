"""Edits are of their class, copies are of their kind, and links stay at their words through both."""

import re
from difflib import SequenceMatcher

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from newsstand.generator import COPIES, EDITS, CopyKind, EditKind, Unfit, copy, generate, retell, splice, tell
from newsstand.generator.changes import replaced
from newsstand.generator.lexicon import LANGUAGES
from newsstand.story import Draft, Language, Part


def changed_words(one: Draft, other: Draft) -> tuple[list[str], list[str]]:
    """The words of the bodies that went and that came."""
    before, after = (" ".join(texts(each)).split() for each in (one, other))
    ops = [op for op in SequenceMatcher(None, before, after, autojunk=False).get_opcodes() if op[0] != "equal"]
    return [word for op in ops for word in before[op[1] : op[2]]], [word for op in ops for word in after[op[3] : op[4]]]


def texts(draft: Draft) -> list[str]:
    return [draft.standfirst, *(part.text for part in draft.parts)]


def linked(draft: Draft) -> list[tuple[str, str]]:
    return [(part.text[start:end], url) for part in draft.parts for start, end, url in part.links]


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    (event,) = generate(draw(st.integers(0, 10**6)), 1)
    style = draw(st.sampled_from(("ukrpravda", "interfax_ukraine", "thehill", "FOX NEWS")))
    return tell(event, style, draw(st.sampled_from(LANGUAGES)))


@given(drafts(), st.sampled_from(EDITS), st.integers(0, 99))
@settings(max_examples=150, deadline=None)
def test_every_draft_can_be_edited_in_every_class_and_keeps_what_the_edit_does_not_touch(
    draft: Draft, kind: EditKind, seed: int
) -> None:
    edited = retell(draft, kind, seed)
    assert edited == retell(draft, kind, seed)
    assert (edited.headline, texts(edited)) != (draft.headline, texts(draft))
    assert (edited.event, edited.language, edited.section, edited.tags, edited.authors) == (
        draft.event, draft.language, draft.section, draft.tags, draft.authors
    )  # fmt: skip
    body = "\n".join(texts(edited))
    assert all(each in body for each in edited.quotations)
    if kind not in ("names", "large rewrite"):
        assert linked(edited) == linked(draft)
    if kind not in ("headline", "figures", "names", "correction note", "large rewrite"):
        assert edited.headline == draft.headline


@given(drafts(), st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_each_class_changes_what_its_name_says(draft: Draft, seed: int) -> None:
    gone, came = changed_words(draft, retell(draft, "typo", seed))
    assert len(gone) == len(came) == 1
    assert sorted(gone[0]) == sorted(came[0])
    gone, came = changed_words(draft, retell(draft, "figures", seed))
    assert gone
    assert all(re.search(r"\d", word) for word in gone + came)
    assert len(gone) == len(came)
    assert set(retell(draft, "names", seed).people) != set(draft.people)
    assert set(retell(draft, "quotation", seed).quotations) != set(draft.quotations)
    assert texts(retell(draft, "headline", seed)) == texts(draft)
    noted = retell(draft, "correction note", seed)
    assert len(noted.parts) == len(draft.parts) + 1
    _, came = changed_words(draft, retell(draft, "wording", seed))
    assert len(came) < 20
    rewritten = retell(draft, "large rewrite", seed)
    assert len({*texts(rewritten)} - {*texts(draft)}) >= 4
    assert len({*texts(draft)} - {*texts(rewritten)}) >= 3


def test_a_draft_with_nothing_to_edit_is_refused_by_name(plain: Draft) -> None:
    bare = evolve(plain, parts=(Part(kind="paragraph", text="So it is."),), quotations=())
    with pytest.raises(Unfit, match="figures"):
        retell(bare, "figures", 1)


@pytest.fixture
def plain() -> Draft:
    return tell(generate(4, 1)[0], "thehill", "en")


@given(drafts(), st.sampled_from(COPIES), st.integers(0, 99))
@settings(max_examples=150, deadline=None)
def test_a_copy_is_of_its_kind(draft: Draft, how: CopyKind, seed: int) -> None:
    copied = copy(draft, how, seed)
    assert copied == copy(draft, how, seed)
    assert (copied == draft) == (how == "verbatim")
    assert set(linked(copied)) <= set(linked(draft))
    if how == "headline changed":
        assert copied.headline != draft.headline
        assert copied.parts == draft.parts
    if how == "paragraphs reordered":
        assert copied.parts != draft.parts
        assert sorted(texts(copied)) == sorted(texts(draft))
    if how == "cut by half":
        words, kept = (sum(len(part.text.split()) for part in each.parts) for each in (draft, copied))
        assert 0.45 <= kept / words < 0.9
        assert copied.parts == draft.parts[: len(copied.parts)]
    if how == "quotes changed":
        letters = [re.sub(r"[“”«»‘’\"]", "", "\n".join(texts(each))) for each in (draft, copied)]
        assert letters[0] == letters[1]
        assert [len(each) for each in texts(draft)] == [len(each) for each in texts(copied)]


@given(drafts(), drafts(), st.integers(0, 99))
@settings(max_examples=30, deadline=None)
def test_a_splice_takes_about_half_of_each(one: Draft, other: Draft, seed: int) -> None:
    spliced = splice(one, other, seed)
    assert spliced.headline == one.headline
    for each in (one, other):
        assert len(set(each.parts) & set(spliced.parts)) >= len(each.parts) // 2


@given(st.text("abc d", min_size=6, max_size=20), st.data())
def test_a_replacement_moves_links_with_their_words(text: str, data: st.DataObject) -> None:
    link_start = data.draw(st.integers(0, len(text) - 1))
    link_end = data.draw(st.integers(link_start + 1, len(text)))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    part = Part(kind="paragraph", text=text, links=((link_start, link_end, "https://x.example/"),))
    changed = replaced(part, start, end, "NEW")
    assert changed.text == f"{text[:start]}NEW{text[end:]}"
    for left, right, _ in changed.links:
        inside = link_start <= start and end <= link_end
        apart = changed.text[left:right] == text[link_start:link_end]
        assert apart or (inside and "NEW" in changed.text[left:right])


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_never_left_out_by_an_edit_of_names(language: Language) -> None:
    draft = tell(generate(6, 1)[0], "ukrpravda", language)
    gone, came = changed_words(draft, retell(draft, "names", 3))
    assert len(gone) == len(came) >= 1
