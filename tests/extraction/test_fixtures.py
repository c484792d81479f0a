"""A synthetic page for every layout era, with the article it must give."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from pipelines.capture import Page
from pipelines.extraction import as_json, extract
from pipelines.rules import RuleBook, load_rules

from .conftest import FIXTURES, RULES

ERAS = [(name, era.name) for name, found in sorted(load_rules(RULES).rules.items()) for era in found.eras]


@pytest.mark.parametrize(("name", "era"), ERAS)
def test_every_era_has_a_fixture_that_gives_its_article(name: str, era: str, rules: RuleBook) -> None:
    folder: Path = FIXTURES / name / era
    html = (folder / "page.html").read_bytes()
    assert b"<!-- Synthetic" in html
    expected = json.loads((folder / "expected.json").read_text())
    captured_at = datetime.fromisoformat(expected["captured_at"])
    page = Page(url=expected["url"], body=html, content_type="text/html; charset=utf-8", captured_at=captured_at)
    result = extract(page, rules)
    assert dict(getattr(result, "picked", ())).get("body") == f"era {era}"
    shown = as_json(result, page)
    assert {key: shown[key] for key in expected["article"]} == expected["article"]


def test_no_fixture_is_left_of_an_era_that_is_gone() -> None:
    assert {(page.parent.parent.name, page.parent.name) for page in FIXTURES.glob("*/*/page.html")} == set(ERAS)
