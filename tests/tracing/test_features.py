"""The marks of an article, and which of them are one's own."""

from pipelines.tracing.features import marks, printed
from pipelines.tracing.words import skeleton

BODY = (
    "On 5 March, at 14:35, mayor Emma Hale's office in Ternivka counted 1,234 votes, 56.7% of them for Boris Lys. "
    "Nobody else had 9. The council was silent.\n\nHale left on March 6."
)


def test_names_stand_large_inside_sentences() -> None:
    found = marks("Council Is Silent", BODY).names
    assert set(found) == {skeleton(each) for each in "Emma Hale Ternivka Boris Lys".split()}
    assert found[skeleton("Hale")] == 2


def test_figures_are_numbers_and_times_in_one_form_and_no_days() -> None:
    assert set(marks("", BODY).figures) == {"14:35", "1234", "56.7"}


def test_figures_are_the_same_in_three_languages() -> None:
    texts = (
        "He has 1,234 votes and 56.7% now",
        "У нього 1 234 голоси і 56,7% зараз",
        "У него 1\u00a0234 голоса, 56,7%",
    )
    assert {frozenset(marks("", text).figures) for text in texts} == {frozenset({"1234", "56.7"})}


def test_what_is_said_is_kept_apart_from_the_words() -> None:
    found = marks("", "“We shall leave soon,” Hale said.")
    assert set(found.said) == {"we shall leave", "shall leave soon"}


def test_neighbouring_names_are_printed_as_one() -> None:
    wanted = {skeleton(each) for each in "Emma Hale Boris Lys".split()} | {"1234"}
    assert printed(BODY, wanted.__contains__) == ("Emma Hale", "Boris Lys", "Hale", "1234")
