"""Where a copied story came from, as far as its page says: closing lines, last links, foreign canonical URLs."""

import re
from urllib.parse import urlsplit

from attrs import frozen

from pipelines.article import Block, Origin
from pipelines.urls import host_of

_CLOSING = re.compile(
    r"(?:this (?:post|article|story) |the post .{3,300}? )?(?:first |originally )?"
    r"(?:appeared|published|posted) (?:first |originally )?(?:on|at|in|by) (?P<name>[^.]{2,80}?)\.?",
    re.IGNORECASE,
)
_SOURCE = re.compile(
    r"(?:source|original(?: article)?|via|джерело|источник)\s*:\s*(?P<name>[^.:]{2,60})\.?", re.IGNORECASE
)
_DATELINE = re.compile(
    r"^.{0,60}?\((?P<name>Reuters|AP|AFP|dpa|UPI|Bloomberg|The Hill|NewsNation|Interfax(?:-Ukraine)?|"
    r"The Associated Press)\)\s*[-–—:]",
)
_LAST_BLOCKS = 3
"""A syndication line stands at the very end, at most another closing line below it."""
_LONGEST_LINK_LINE = 60


@frozen(kw_only=True)
class Traced:
    """The body without its syndication line, and what the line said."""

    blocks: tuple[Block, ...]
    origin: Origin | None
    removed: Block | None = None


def trace(blocks: tuple[Block, ...], url: str, canonical: str | None, own_hosts: tuple[str, ...]) -> Traced:
    """Finds the origin of a copy and takes the line that names it out of the body."""
    foreign = canonical if canonical and _is_foreign(canonical, url, own_hosts) else None
    for index in range(len(blocks) - 1, max(-1, len(blocks) - 1 - _LAST_BLOCKS), -1):
        origin = _origin_line(blocks[index], url, own_hosts, is_last=index == len(blocks) - 1)
        if origin:
            if not origin.url and foreign:
                origin = Origin(name=origin.name, url=foreign)
            return Traced(blocks=blocks[:index] + blocks[index + 1 :], origin=origin, removed=blocks[index])
    if foreign:
        return Traced(blocks=blocks, origin=Origin(name=host_of(foreign).removeprefix("www."), url=foreign))
    return Traced(blocks=blocks, origin=_dateline(blocks, own_hosts))


def _is_foreign(link: str, url: str, own_hosts: tuple[str, ...]) -> bool:
    host = host_of(link).removeprefix("www.")
    mine = host_of(url).removeprefix("www.")
    family = {h.removeprefix("*.") for h in own_hosts} | {mine}
    return bool(host) and not any(
        host == own or host.endswith("." + own) or own.endswith("." + host) or site_of(host) == site_of(own)
        for own in family
    )


def site_of(host: str) -> str:
    """The name that an outlet's hosts share: `example` of `m.example.co.uk`."""
    labels = [label for label in host.split(".")[:-1] if label not in ("co", "com", "org", "net", "gov", "ac")]
    return labels[-1] if labels else host


def _origin_line(block: Block, url: str, own_hosts: tuple[str, ...], is_last: bool) -> Origin | None:
    text = " ".join(block.text.split())
    foreign = [(text_, link) for text_, link in _links(block) if _is_foreign(link, url, own_hosts)]
    match = _CLOSING.fullmatch(text)
    if match:
        return Origin(name=match["name"].strip(), url=foreign[-1][1] if foreign else None)
    if not is_last or len(text) > _LONGEST_LINK_LINE:
        return None
    match = _SOURCE.fullmatch(text)
    if match and len(match["name"].split()) <= 5 and (foreign or not block.links):
        return Origin(name=match["name"].strip(), url=foreign[-1][1] if foreign else None)
    if len(block.links) == 1 and foreign and foreign[0][0].strip() == text and _names_host(text, foreign[0][1]):
        return Origin(name=text, url=foreign[0][1])
    return None


def _links(block: Block) -> list[tuple[str, str]]:
    return [(block.text[start:end], link) for start, end, link in block.links]


def _names_host(text: str, link: str) -> bool:
    """True where a link's text is the name of the host it leads to, or the link itself."""
    letters = re.sub(r"\W", "", text.casefold())
    host = re.sub(r"\W", "", host_of(link).removeprefix("www."))
    return bool(letters) and (letters in host or host in letters or site_of(urlsplit(link).netloc) in letters)


def _dateline(blocks: tuple[Block, ...], own_hosts: tuple[str, ...]) -> Origin | None:
    match = _DATELINE.match(blocks[0].text) if blocks else None
    if not match or any(re.sub(r"\W", "", match["name"].casefold()) in re.sub(r"\W", "", h) for h in own_hosts):
        return None
    return Origin(name=match["name"])
