"""Wire credits and closing lines, in three languages."""

from datetime import UTC, datetime

import pytest

from pipelines.article import Origin
from pipelines.tracing.credits import credits, names
from pipelines.tracing.telling import Telling

AT = datetime(2026, 1, 5, tzinfo=UTC)


def telling(body: str, outlet_name: str = "The Valley Post", origin: Origin | None = None) -> Telling:
    return Telling(
        id="a", outlet="valley_post", outlet_name=outlet_name, url="https://valley.example/1", body=body,
        captured_at=AT, origin=origin,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("body", "kind", "name"),
    [
        ("KYIV (Reuters) – The council met on Monday.", "dateline", "Reuters"),
        ("The council met.\n\nThis post appeared first on FOX NEWS", "closing line", "FOX NEWS"),
        ("The council met.\n\nThe post A quiet day appeared first on Daily Herald.", "closing line", "Daily Herald"),
        ("The council met.\n\nOriginally published by The Hill", "closing line", "The Hill"),
        (
            "It met.\n\nFox News Digital and The Associated Press contributed to this report.",
            "contributed",
            "Fox News Digital and The Associated Press",
        ),
        ("The council met.\n\nSource: European Pravda", "source line", "European Pravda"),
        ("Source: Hale before the meeting, European Pravda reports", "source line", "European Pravda"),
        ("Рада зібралася.\n\nДжерело: «Європейська правда»", "source line", "Європейська правда"),
        ("Совет собрался.\n\nИсточник: Интерфакс-Украина", "source line", "Интерфакс-Украина"),
        ("Рада зібралася в понеділок. Про це повідомляє Інтерфакс-Україна.", "reported by", "Інтерфакс-Україна"),
        ("Совет собрался в понедельник, передаёт Рейтер.", "reported by", "Рейтер"),
        ("Совет собрался со ссылкой на Bloomberg.", "reported by", "Bloomberg"),
    ],
)
def test_a_credit_names_the_other_newsroom(body: str, kind: str, name: str) -> None:
    assert (kind, name) in [(each.kind, each.name) for each in credits(telling(body))]


@pytest.mark.parametrize(
    "body",
    [
        "The council (elected in 2014) – the first of its kind – met on Monday.",
        "The article was read in the hall by nobody.\n\nIt was over by noon.",
        "He said the source: nobody knows.",
        "Рада зібралася в понеділок і нічого не вирішила.",
    ],
)
def test_a_text_that_credits_nobody_has_no_credit(body: str) -> None:
    assert credits(telling(body)) == ()


def test_an_outlet_that_names_itself_credits_nobody() -> None:
    assert credits(telling("Source: Valley Post\n\nIt met.", outlet_name="Valley Post")) == ()


def test_what_the_page_states_comes_first() -> None:
    origin = Origin(name="thehill", url="https://thehill.example/1")
    found = credits(telling("KYIV (Reuters) – The council met.", origin=origin))
    assert [(each.kind, each.name) for each in found] == [("page", "thehill"), ("dateline", "Reuters")]


def test_two_letters_are_no_name_to_know_a_newsroom_by() -> None:
    assert not names("AP", telling("", outlet_name="Opa"))


@pytest.mark.parametrize("name", ["Interfax-Ukraine", "Інтерфакс-Україна", "Интерфакс-Украина", "interfax ukraine"])
def test_a_newsroom_is_known_by_its_name_in_any_script(name: str) -> None:
    assert names(name, telling("", outlet_name="Interfax-Ukraine"))
    assert not names(name, telling("", outlet_name="Ukrainska Pravda"))
