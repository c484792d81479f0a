"""Words that compare across marks, spelling, scripts and case endings."""

import pytest

from pipelines.tracing.words import sentences, skeleton, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("defence", "defense"),
        ("emphasised", "emphasized"),
        ("neighbours", "neighbors"),
        ("travelled", "traveled"),
        ("centre", "center"),
        ("programme", "program"),
        ("don’t", "don't"),
        ("Перемʼя", "Перем’я"),
        ("Ёлка", "елка"),
        ("café", "cafe"),
    ],
)
def test_spellings_of_one_word_are_one_word(one: str, other: str) -> None:
    assert words(one) == words(other)


@pytest.mark.parametrize(("one", "other"), [("four", "for"), ("rise", "rize"), ("fence", "fens"), ("coal", "goal")])
def test_other_words_stay_apart(one: str, other: str) -> None:
    assert words(one) != words(other)


@pytest.mark.parametrize(
    "spellings",
    [
        "Hegseth Гегсет Хегсет Хегсета",
        "Zelenskyy Zelensky Зеленський Зеленского Зеленський",
        "Putin Путін Путина Путіна",
        "Johnson Джонсон",
        "Kyiv Kiev Київ Києві Киев",
        "Lindholt Ліндгольт Линдхольт",
        "Bondarenko Бондаренко Бондаренка",
        "Ternivka Тернівка Тернівці Терновка Терновке",
    ],
)
def test_a_name_has_one_skeleton_in_three_languages_and_their_cases(spellings: str) -> None:
    assert len({skeleton(each) for each in spellings.split()}) == 1


def test_different_names_have_different_skeletons() -> None:
    names = "Hegseth Zelensky Putin Johnson Kyiv Lindholt Bondarenko Ternivka Ternopil Harmuk Harmenko".split()
    assert len({skeleton(each) for each in names}) == len(names)


def test_sentences_end_at_marks_and_blocks_but_not_inside_numbers() -> None:
    text = "It rose by 2.5 per cent. “Why?” she asked. Nobody knew\n\nВін сказав: «Так». Потім пішов."
    assert sentences(text) == [
        "It rose by 2.5 per cent.",
        "“Why?” she asked.",
        "Nobody knew",
        "Він сказав: «Так».",
        "Потім пішов.",
    ]
