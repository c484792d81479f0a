"""From the blocks a witness chose to an article's body: headline, byline and date lines go, the standfirst comes in."""

import re
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from attrs import define, field

from pipelines.article import Block, Stripped
from pipelines.dates import read_time
from pipelines.errors import UnreadableDate
from pipelines.extraction.features import folded
from pipelines.people import split_byline

_CHROME_LINE = re.compile(
    r"(?:advertisement|advertising|sponsored|anzeige|werbung|реклама|publicidad|publicité)\W{0,3}"
    r"|(?:share|tweet|print|email|comments?|read more|share this(?: article| story| post)?|loading)\W{0,3}"
    r"|(?:©|copyright\b).{0,200}all rights reserved.{0,160}"
    r"|(?:to reach|contact) the (?:reporter|author|writer|editor)\b.{0,250}"
    r"|.{20,300}(?:\.\.\.|…) ?(?:more|read more|mehr|weiterlesen|докладніше|детальніше|подробнее)",
    re.IGNORECASE,
)
CREDIT = re.compile(
    r"(?:(?i:additional )?(?i:reporting|writing|editing|compiled|translated|translation) by [A-Z].{1,200}"
    r"|.{3,200} contributed to this (?:report|story|article)\.?)"
)
"""The closing credit line, which is text."""
_CALL = re.compile(
    r"(?:rsvp|sign up|subscribe|register (?:now|here|for)|download (?:the|our)|click here|watch (?:now|live)"
    r"|listen (?:now|to)|get (?:the|our) (?:app|newsletter)|read (?:more|also|next)|see also|also read|related|more"
    r"|чита(?:йте|ти) (?:також|также|ще|еще)|підпис(?:уйтесь|атися)|подпис(?:ывайтесь|аться))\b",
    re.IGNORECASE,
)
"""How a line begins that sends the reader elsewhere: where most of it is a link, it is none of the story."""
_SHOUT = 4
"""Words in capitals, all of them a link: another story's headline, set between paragraphs."""
_LONGEST_CALL = 220
_MOSTLY = 0.5
_LONGEST_DATE_LINE = 45
_HEAD_BLOCKS = 4
"""Headline, section, byline and date repeat above the first paragraph, not below."""
_TAIL_BLOCKS = 2


@define(eq=False)
class Body:
    """A body being cleaned; what goes is written down."""

    blocks: list[Block]
    stripped: list[Stripped] = field(factory=list)

    def drop(self, index: int, rule: str) -> None:
        """Takes a block out."""
        block = self.blocks.pop(index)
        self.stripped.append(Stripped(rule=rule, chars=len(block.text), text=block.text))

    def drop_head_lines(self, known: dict[str, Iterable[str | None]]) -> None:
        """Takes out leading lines that only repeat a field: `known` maps the rule's name to the texts."""
        facts = {folded(text): rule for rule, texts in known.items() for text in texts if text and folded(text)}
        for index in range(min(_HEAD_BLOCKS, len(self.blocks)) - 1, -1, -1):
            rule = facts.get(folded(self.blocks[index].text))
            if rule and len(self.blocks) > 1:
                self.drop(index, rule)

    def drop_chrome_lines(self) -> None:
        """Takes out lines that are no article's on any site, and a date line above the text."""
        for index in range(len(self.blocks) - 1, -1, -1):
            line = " ".join(self.blocks[index].text.split())
            if (
                _CHROME_LINE.fullmatch(line)
                or _is_call(self.blocks[index])
                or (index < _HEAD_BLOCKS and _is_date_line(line))
            ):
                self.drop(index, "chrome line")

    def drop_closing_byline(self, authors: tuple[str, ...]) -> None:
        """Takes out the authors' names where they stand once more below the text."""
        names = {folded(a) for a in authors}
        for _ in range(_TAIL_BLOCKS):
            if len(self.blocks) < 2 or not names:
                return
            if CREDIT.fullmatch(" ".join(self.blocks[-1].text.split())):
                return
            people = split_byline(self.blocks[-1].text)
            if not people or not {folded(p) for p in people} <= names or len(self.blocks[-1].text) > 200:
                return
            self.drop(len(self.blocks) - 1, "closing byline")

    def add_standfirst(self, standfirst: str | None, is_known: bool) -> None:
        """Puts the standfirst first, where it does not stand there already and the rules say that it is one."""
        key = folded(standfirst or "")
        if not key or standfirst is None:
            return
        for index, block in enumerate(self.blocks[:3]):
            if folded(block.text) == key:
                self.blocks.insert(0, self.blocks.pop(index))
                return
        if is_known:
            self.blocks.insert(0, Block(kind="paragraph", text=standfirst))


def _is_call(block: Block) -> bool:
    """True for a line that sends the reader elsewhere."""
    linked = sum(end - start for start, end, _ in block.links)
    if linked <= _MOSTLY * len(block.text) or len(block.text) >= _LONGEST_CALL:
        return False
    return bool(_CALL.match(block.text)) or (block.text.isupper() and len(block.text.split()) >= _SHOUT)


def _is_date_line(line: str) -> bool:
    """True for a line that is little more than a date."""
    if len(line) > _LONGEST_DATE_LINE or not any(c.isdigit() for c in line) or line.endswith((".", "!", "?", ":")):
        return False
    try:
        read_time(line, ZoneInfo("UTC"))
    except UnreadableDate:
        return False
    return len(line.split()) <= 7
