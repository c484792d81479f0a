"""The pages behind the seeds: read from the seeds' text files at start, dressed in their outlets' layouts.

They state what the seed shows and nothing else, and are the same at every request.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from attrs import frozen
from ruamel.yaml import YAML

from newsstand import seed_layouts as layouts
from newsstand.sites.mainroad import rendered
from newsstand.story import Draft, Part, PartKind, Picture, Pinned, Published

_KYIV = ZoneInfo("Europe/Kyiv")
_ITEM = "  • "
_NOTHING = Picture(path="", caption="", credit="", alt="")
_LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")


class BadSeed(Exception):
    """A seed file that does not have the shape it is known to have."""


@frozen(kw_only=True)
class _Place:
    """Where a seed's page lies."""

    outlet: str
    number: int
    url: str


_PLACES: Mapping[str, _Place] = {
    "000": _Place(outlet="ukrpravda", number=7498191, url="https://www.pravda.com.ua/eng/news/2025/02/13/7498191/"),
    "001": _Place(
        outlet="interfax_ukraine", number=1047915, url="https://en.interfax.com.ua/news/general/1047915.html"
    ),
    "002": _Place(
        outlet="primewebinargroup",
        number=21871,
        url="https://primewebinargroup.example/no-betrayal-in-trump-move-toward-ukraine-war-negotiations-hegseth-says/",
    ),
    "003": _Place(
        outlet="example_syndicator",
        number=40933,
        url="https://example-syndicator.test/trumps-peace-push-not-a-betrayal-of-ukraine-says-us-defence-secretary/",
    ),
    "004": _Place(
        outlet="thehill_mirror", number=52001, url="https://thehill-mirror.example/post/hegseth-no-betrayal/"
    ),
}
_UNDATED = {"002": datetime(2025, 2, 13, 16, 40, tzinfo=UTC), "003": datetime(2025, 2, 13, 18, 5, tzinfo=UTC)}
"""When the outlet's sources say it was published, where the page itself states no date."""


def pinned_seeds(folder: Path) -> tuple[Pinned, ...]:
    """The pages of the seeds in a folder; none where the folder does not exist. Raises BadSeed."""
    found = []
    for path in sorted(folder.glob("[0-9][0-9][0-9]_*.txt")):
        read = _READERS.get(path.name[:3])
        if read is None:
            continue
        try:
            found.append(read(_PLACES[path.name[:3]], path.read_text("utf-8").rstrip("\n")))
        except (ValueError, IndexError) as error:
            raise BadSeed(f"{path.name}: not in the shape of this seed ({error})") from error
    return tuple(found)


def _draft(headline: str, parts: Sequence[Part], tags: Sequence[str] = (), authors: Sequence[str] = ()) -> Draft:
    return Draft(
        event=0,
        language="en",
        headline=headline,
        standfirst=parts[0].text,
        parts=tuple(parts[1:]),
        section="politics",
        tags=tuple(tags),
        authors=tuple(authors),
        picture=_NOTHING,
    )


def _parts(blocks: Sequence[str]) -> list[Part]:
    """The body's parts of the blocks of a page's text; a block that ends no sentence is a heading."""
    parts: list[Part] = []
    for block in blocks:
        if block.startswith(_ITEM):
            parts += [Part(kind="item", text=_trimmed(line.removeprefix(_ITEM))) for line in block.split("\n")]
        else:
            kind: PartKind = "paragraph" if _trimmed(block)[-1] in ".!?:\"'’”" or ":" in block else "heading"
            parts.append(Part(kind=kind, text=_trimmed(block)))
    return parts


def _trimmed(text: str) -> str:
    return text.strip(" \xa0\n")


def _pravda(place: _Place, text: str) -> Pinned:
    match = re.match(r" date (\d{4}-\d\d-\d\d) ", text)
    if not match:
        raise ValueError("no date prefix")
    blocks = text[match.end() :].split("\n\n")
    byline, alt, caption = blocks[2].split("\n")
    authors, printed = re.split(r"(?=(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,)", byline)
    at = datetime.strptime(printed, "%A, %d %B %Y, %H:%M").replace(tzinfo=_KYIV)
    below = blocks[-1].split("\n")
    tags = re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z]+", below[0])
    told = [block for block in blocks[3:-2] if block != below[1]]
    draft = _draft(blocks[1], _parts(told), tags=tags, authors=authors.split(", "))
    article = _published(place, draft, at, era="2020", authors=draft.authors)
    page = layouts.PravdaPage(
        top=blocks[0].split("\n"), byline=(authors, printed), alt=alt, caption=caption, body=blocks[3:-1], below=below
    )
    return Pinned(published=article, html=layouts.pravda(article, at, page).encode())


def _interfax(place: _Place, text: str) -> Pinned:
    blocks = text.split("\n\n")
    match = re.fullmatch(r" date (\d{4}-\d\d-\d\d) (.+)\n(.+)\n(\d\d:\d\d) (\d\d\.\d\d\.\d{4})", blocks[0])
    if not match:
        raise ValueError("no date, section and time in its first lines")
    at = datetime.strptime(f"{match[4]} {match[5]}", "%H:%M %d.%m.%Y").replace(tzinfo=_KYIV)
    draft = _draft(blocks[1], _parts(blocks[2:]))
    article = _published(place, draft, at, era="2022", section=match[3])
    return Pinned(published=article, html=layouts.interfax(article, at, match[2], blocks[2:]).encode())


def _zoxpress(place: _Place, text: str) -> Pinned:
    blocks = text.split("\n\n")
    end = next(number for number, block in enumerate(blocks) if block == "You May Also Like")
    parts = _parts(blocks[5 : end - 1])
    article = _published(
        place,
        _draft(blocks[4], parts),
        _UNDATED["002"],
        dated=False,
        era="zoxpress",
        section=blocks[3],
        origin=(blocks[end - 1].rpartition(" on ")[2], None),
    )
    page = layouts.ZoxPage(
        top=blocks[:2], name=blocks[2][: len(blocks[2]) // 2], body=blocks[5:end], kinds=[part.kind for part in parts],
        more=blocks[end:],
    )  # fmt: skip
    return Pinned(published=article, html=layouts.zoxpress(article, page).encode())


def _wordpress(place: _Place, text: str) -> Pinned:
    headline, *body, reply, notes = text.split("\n\n")
    article = _published(place, _draft(headline, _parts(body)), _UNDATED["003"], dated=False, era="wordpress")
    return Pinned(published=article, html=layouts.plain(article, body, reply, notes).encode())


def _hugo(place: _Place, text: str) -> Pinned:
    _, front, body = text.split("---\n", 2)
    facts = YAML(typ="safe").load(front)
    *blocks, last = body.strip("\n").split("\n\n")
    origin = _LINK.fullmatch(last)
    if not origin:
        raise ValueError("no link to its origin in the last line")
    at = datetime.strptime(facts["date"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    draft = _draft(facts["title"], [_linked_part(block) for block in blocks], tags=facts["tags"])
    article = _published(place, draft, at, era="mainroad", origin=(origin[1], origin[2]))
    page = rendered(article, f"{at:%B %d, %Y}", ())
    source = (f"{place.url}index.md", "text/markdown; charset=utf-8", f"{text}\n".encode())
    return Pinned(published=article, html=page.encode(), beside=(source,))


def _linked_part(block: str) -> Part:
    """A Markdown paragraph as a part with its links."""
    text, links, place = "", [], 0
    for match in _LINK.finditer(block):
        text += block[place : match.start()]
        links.append((len(text), len(text) + len(match[1]), match[2]))
        text += match[1]
        place = match.end()
    return Part(kind="paragraph", text=text + block[place:], links=tuple(links))


def _published(
    place: _Place,
    draft: Draft,
    at: datetime,
    *,
    era: str,
    dated: bool = True,
    section: str | None = None,
    authors: tuple[str, ...] = (),
    origin: tuple[str | None, str | None] = (None, None),
) -> Published:
    return Published(
        outlet=place.outlet,
        number=place.number,
        url=place.url,
        draft=draft,
        published_at=at,
        dated=dated,
        section=section,
        authors=authors,
        era=era,
        origin_name=origin[0],
        origin_url=origin[1],
    )


_READERS: Mapping[str, Callable[[_Place, str], Pinned]] = {
    "000": _pravda,
    "001": _interfax,
    "002": _zoxpress,
    "003": _wordpress,
    "004": _hugo,
}
