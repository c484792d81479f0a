"""Bylines split into people; agencies and desks are none."""

import pytest

from pipelines.people import split_agencies, split_byline


@pytest.mark.parametrize(
    ("byline", "people"),
    [
        ("Iryna Kutielieva, Iryna Balachuk", ("Iryna Kutielieva", "Iryna Balachuk")),
        ("By Ann Lee and Bob O’Neil, Fox News", ("Ann Lee", "Bob O’Neil")),
        ("by Andrew Dorn - 10/23/25 8:59 PM ET", ("Andrew Dorn",)),
        ("Reuters", ()),
        ("Ann Lee, Reuters", ("Ann Lee",)),
        ("The Associated Press", ()),
        ("Ярослав Кузишин і Антон Зелінський", ("Ярослав Кузишин", "Антон Зелінський")),
        ("Анна Иванова и Пётр Петров", ("Анна Иванова", "Пётр Петров")),
        ("автор: Олена Рощіна", ("Олена Рощіна",)),
        ("JANE DOE", ("Jane Doe",)),
        ("Jane Doe, Senior Political Correspondent", ("Jane Doe",)),
        ("Jane Doe; jane doe", ("Jane Doe",)),
        ("example.de, Berlin, Germany", ()),
        ("Українська правда", ()),
        ("", ()),
    ],
)
def test_a_byline_names_people(byline: str, people: tuple[str, ...]) -> None:
    assert split_byline(byline) == people


@pytest.mark.parametrize(
    ("byline", "agencies"),
    [
        ("Ann Lee, Reuters", ("Reuters",)),
        ("Maple Street, Reuters and AFP", ("Reuters", "AFP")),
        ("Maple Street Staff", ()),
        ("Newsroom", ()),
        ("Ann Lee", ()),
    ],
)
def test_a_byline_credits_agencies_but_not_the_outlet_itself(byline: str, agencies: tuple[str, ...]) -> None:
    assert split_agencies(byline, ["Maple Street"]) == agencies


def test_the_outlet_is_no_person() -> None:
    assert split_byline("Maple Street, Ann Lee", "Maple Street") == ("Ann Lee",)
