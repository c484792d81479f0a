"""Quotations: found under every kind of marks, attributed, and followed from text to text."""

import pytest

from newsstand.generator import generate, tell
from pipelines.tracing.quotations import find_quotations, follow, unquoted
from tests.tracing.copying import body_of

WORDS = "we shall not leave this town"


@pytest.mark.parametrize("marks", ["“{}”", "«{}»", '"{}"', "‘{}’", "'{}'", "„{}“"])
def test_a_quotation_is_found_under_every_kind_of_marks(marks: str) -> None:
    (found,) = find_quotations(f"{marks.format(WORDS)}, Olena Bondar said on Friday.")
    assert found.text == WORDS
    assert found.speaker == "Olena Bondar"


def test_apostrophes_are_no_marks() -> None:
    assert find_quotations("The dogs’ owners don’t know what it’s about, and the Smiths’ house isn't for sale.") == ()


def test_names_and_titles_between_marks_are_no_quotations() -> None:
    assert find_quotations("The company «Обрій» showed “The Far Shore” in Kyiv, Bondar said.") == ()


def test_a_quotation_of_several_paragraphs_needs_no_closing_mark_before_its_last() -> None:
    text = "“We came here to stay, said the people.\n\n“And nobody will move us from here,” Marko Lys said."
    assert [each.text for each in find_quotations(text)] == [
        "We came here to stay, said the people",
        "And nobody will move us from here",
    ]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Speaking to reporters, Hale said: “Nobody here has signed anything.”", "Hale"),
        ("“Nobody here has signed anything,” wrote mayor Emma Hale on Friday.", "Emma Hale"),
        ("According to the minister Ivan Moroz, “nobody here has signed anything at all”.", "Ivan Moroz"),
        ("«Ніхто тут нічого не підписував», – сказала Ірина Гейл на брифінгу.", "Ірина Гейл"),
        ("Мер Остап Лис відповів прямо: «Ніхто тут нічого не підписував».", "Остап Лис"),
        ("«Никто здесь ничего не подписывал», – подчеркнула Ирина Хейл.", "Ирина Хейл"),
        ("Trump met with Putin and said: “Nobody here has signed anything.”", "Trump"),
        ("NATO and Hale said: “Nobody here has signed anything.”", "Hale"),
        ("“Nobody here has signed anything” – Emma Hale, director", "Emma Hale"),
        ("“Nobody here has signed anything.”", None),
    ],
)
def test_the_speaker_is_who_stands_beside_the_verb_of_saying(text: str, speaker: str | None) -> None:
    assert [each.speaker for each in find_quotations(text)] == [speaker]


def test_he_said_means_the_one_quoted_before() -> None:
    text = "“It was cold in the room,” said Emma Hale.\n\n“Then the lights went out,” she added."
    assert [each.speaker for each in find_quotations(text)] == ["Emma Hale", "Emma Hale"]


def test_a_label_names_the_speaker_of_what_follows() -> None:
    text = "Джерело: Гегсет перед початком зустрічі\n\nПряма мова: «Немає там ніякої зради взагалі»."
    assert [each.speaker for each in find_quotations(text)] == ["Гегсет"]


def test_nine_of_ten_quotations_of_generated_news_are_given_to_their_speaker() -> None:
    right = wrong = 0
    for language in ("en", "uk", "ru"):
        for event in generate(71, 15):
            said = {each.text[language]: event.people[each.speaker].last[language] for each in event.quotations}
            for found in find_quotations(body_of(tell(event, "thehill", language))):
                speakers = [last for text, last in said.items() if text.startswith(found.text[:30])]
                right += sum(last in (found.speaker or "") for last in speakers)
                wrong += sum(last not in (found.speaker or "") for last in speakers)
    print(f"{right} of {right + wrong} quotations given to their speaker")
    assert right >= 0.9 * (right + wrong) > 50


def test_the_writers_own_words_are_what_stands_outside() -> None:
    assert unquoted("Hale said: “Nobody has signed anything here.” Then she left the “room”.").split() == (
        "Hale said: “ ” Then she left the “room”.".split()
    )


def test_the_same_words_are_followed_though_parted_shortened_and_under_other_marks() -> None:
    whole = "There is no way back to the old rules. We are open to every question that you may have"
    texts = {
        "a": f"Hale said: “{whole}.”",
        "b": "‘There is no way back to the old rules,’ Hale said. ‘We are open to every question that you may have.’",
        "c": "“We are open to every question,” she said.",
        "d": "“The weather will be fine on the coast tomorrow,” Hale said.",
    }
    (group,) = follow({name: find_quotations(text) for name, text in texts.items()})
    assert [(name, quotation.place) for name, quotation in group] == [("a", 0), ("b", 1), ("b", 0), ("c", 0)]


def test_quotations_that_open_alike_are_different_ones() -> None:
    texts = {
        "a": "“I want everyone to hear that the old bridge is closed,” Hale said.",
        "b": "“I want everyone to hear that our taxes will rise next spring,” Hale said.",
    }
    assert follow({name: find_quotations(text) for name, text in texts.items()}) == ()


def test_words_that_one_text_repeats_are_not_followed() -> None:
    text = "“Nobody has signed anything here,” Hale said. Again: “Nobody has signed anything here,” she said."
    assert follow({"a": find_quotations(text), "b": ()}) == ()
