"""Markdown sources with front matter: front matter is data, the body is Markdown, the last link is the origin."""

import re
from typing import Any

from attrs import frozen
from markdown_it import MarkdownIt
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from pipelines.capture import Page
from pipelines.extraction.decoding import clean_controls, decode

_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|\Z)(.*)\Z", re.DOTALL)
_MOST_FRONT_MATTER = 100_000


@frozen(kw_only=True)
class Source:
    """A Markdown source, its body rendered so that the same block reader reads it."""

    front_matter: dict[str, Any]
    html: str


def read_source(page: Page) -> Source | None:
    """The source that a page's bytes are; None where they are no Markdown with front matter."""
    if not page.body.lstrip(b"\xef\xbb\xbf").startswith(b"---"):
        return None
    match = _FRONT_MATTER.match(decode(page.body, page.content_type).text)
    if match is None or len(match[1]) > _MOST_FRONT_MATTER:
        return None
    try:
        front_matter = YAML(typ="safe", pure=True).load(match[1])
    except (YAMLError, ValueError):
        return None
    if not isinstance(front_matter, dict):
        return None
    body = MarkdownIt("commonmark", {"html": False}).enable("table").render(match[2])
    return Source(front_matter={str(k): v for k, v in front_matter.items()}, html=f"<html><body>{body}</body></html>")


def text_value(source: Source, key: str) -> str | None:
    """A front-matter value as one line of text."""
    value = source.front_matter.get(key)
    if value is None or isinstance(value, (dict, list, bool)):
        return None
    return " ".join(clean_controls(str(value)).split()) or None


def text_values(source: Source, key: str) -> tuple[str, ...]:
    """A front-matter list as lines of text."""
    value = source.front_matter.get(key)
    values = value if isinstance(value, list) else [value]
    return tuple(
        " ".join(clean_controls(str(v)).split()) for v in values if isinstance(v, (str, int, float)) and str(v).strip()
    )
