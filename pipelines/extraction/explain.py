"""Shows how a page was read: every block of it, kept or removed, and by which rule; for people, stored nowhere."""

from collections.abc import Iterator
from html import escape
from typing import Literal
from zoneinfo import ZoneInfo

from attrs import frozen

from pipelines.article import Article, Rejection
from pipelines.capture import Page
from pipelines.extraction.blocks import read_blocks
from pipelines.extraction.document import Document
from pipelines.extraction.features import folded
from pipelines.extraction.reading import extract
from pipelines.rules import Outlet, RuleBook

State = Literal["kept", "removed", "outside"]
_MARKS: dict[State, str] = {"kept": "+", "removed": "-", "outside": " "}
_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:50em;margin:2em auto}.kept{background:#dfd}.removed{background:#fdd}"
    ".outside{color:#999}p{margin:.2em 0;padding:0 .4em}small{color:#a00}"
)
HTML_BEGINS = "<!DOCTYPE html><html><head><meta charset=utf-8><title>How it was read</title>"
"""What an explanation's page is known by."""


@frozen(kw_only=True)
class Line:
    """One block of the page, and what became of it."""

    text: str
    state: State
    rule: str | None = None
    """The rule that removed it."""


@frozen(kw_only=True)
class Explanation:
    """A result with the whole page it was read from."""

    result: Article | Rejection
    lines: tuple[Line, ...]

    def facts(self) -> Iterator[str]:
        """The verdict, then each field with the candidate that gave it."""
        result = self.result
        if isinstance(result, Rejection):
            yield f"rejected: {result.reason} {result.detail}".rstrip()
            return
        yield f"{result.verdict}{f', {result.reason}' if result.reason else ''}, agreement {result.agreement}"
        for name, candidate in result.picked:
            yield f"{name}: {candidate}"


def explain(page: Page, rules: RuleBook, outlet: Outlet | None = None) -> Explanation:
    """Reads a page as `extract` does, and tells of each of its blocks what became of it."""
    result = extract(page, rules, outlet)
    reader = outlet or Outlet(slug="-", name=None, zone=ZoneInfo("UTC"), hosts=())
    body = Document.of(page, reader).body
    kept: set[str] = set()
    removed: list[tuple[str, str]] = []
    if isinstance(result, Article):
        kept = {folded(block.text) for block in result.blocks}
        removed = [(folded(s.text), s.rule) for s in result.stripped if s.text]
    lines = []
    for block in read_blocks(body) if body else []:
        key = folded(block.text)
        rule = next((rule for text, rule in removed if key and key in text), None)
        state: State = "kept" if key in kept else "removed" if rule else "outside"
        lines.append(Line(text=block.text, state=state, rule=None if state == "kept" else rule))
    return Explanation(result=result, lines=tuple(lines))


def as_lines(explanation: Explanation) -> Iterator[str]:
    """Lines to be shown: `+` kept, `-` removed with its rule in front, two blanks for what lies outside the body."""
    yield from explanation.facts()
    yield ""
    for line in explanation.lines:
        rule = f"[{line.rule}] " if line.rule else ""
        yield f"{_MARKS[line.state]} {rule}{line.text}"


def as_html(explanation: Explanation) -> str:
    """One HTML page that loads nothing."""
    facts = "".join(f"<li>{escape(fact)}</li>" for fact in explanation.facts())
    lines = "\n".join(f'<p class="{line.state}">{_rule(line)}{escape(line.text)}</p>' for line in explanation.lines)
    return f"{HTML_BEGINS}<style>{_STYLE}</style></head><body><ul>{facts}</ul>\n{lines}\n</body></html>\n"


def _rule(line: Line) -> str:
    return f"<small>{escape(line.rule)}</small> " if line.rule else ""
