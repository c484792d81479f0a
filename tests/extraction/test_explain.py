"""The explanation of a page names what was kept and which rule removed the rest."""

from datetime import datetime

from pipelines.capture import Page
from pipelines.extraction.explain import as_html, as_lines, explain
from pipelines.rules import RuleBook

from .conftest import FIXTURES, page

URL = "https://www.pravda.com.ua/rus/news/2009/03/5/3790001/"


def fixture_page() -> Page:
    html = (FIXTURES / "ukrpravda" / "block61" / "page.html").read_bytes()
    return Page(url=URL, body=html, captured_at=datetime.fromisoformat("2009-03-05T15:00:00+00:00"))


def test_every_block_is_kept_removed_by_a_rule_or_outside(rules: RuleBook) -> None:
    told = explain(fixture_page(), rules)
    states = {line.text: (line.state, line.rule) for line in told.lines}
    assert states["Реклама:"] == ("removed", ".advtext")
    assert states["Поезд до Смерекополя задержан"][0] == "outside"
    assert sum(state == "kept" for state, _ in states.values()) == 3
    assert "headline: h1" in list(told.facts())


def test_the_terminal_marks_lines_and_html_is_escaped(rules: RuleBook) -> None:
    told = explain(fixture_page(), rules)
    assert "- [.advtext] Реклама:" in list(as_lines(told))
    hostile = explain(page("<p>a &lt;script&gt;alert(1)&lt;/script&gt; &#x1b;[31m b</p>"), rules)
    assert "<script" not in as_html(hostile)
    assert "\x1b" not in "".join(as_lines(hostile))
