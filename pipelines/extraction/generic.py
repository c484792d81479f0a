"""The reader of pages without rules: trafilatura chooses among the page's blocks; its text is ours."""

import re
from functools import cache
from typing import Any

import trafilatura
from trafilatura.settings import use_config

from pipelines.extraction.blocks import read_blocks
from pipelines.extraction.document import Document
from pipelines.extraction.known import Reading

NAME = f"trafilatura {trafilatura.__version__}"
_WORDS = re.compile(r"\w+")
_MOST_HTML = 3_000_000
_MOST_BLOCKS = 6_000


def folded(text: str) -> str:
    """The words alone, for comparing texts whatever their marks and spaces."""
    return "".join(_WORDS.findall(text.casefold()))


@cache
def _config() -> Any:
    config = use_config()
    config.set("DEFAULT", "EXTRACTION_TIMEOUT", "0")
    return config


def witness_text(html: str) -> str:
    """What trafilatura takes for the main text; empty where it finds none."""
    if len(html) > _MOST_HTML:
        return ""
    return trafilatura.extract(html, include_comments=False, with_metadata=False, config=_config()) or ""


def read_generic(document: Document) -> Reading:
    """The body of a page whose layout is not known."""
    blocks = read_blocks(document.body, with_levels=True) if document.body else []
    if len(blocks) > _MOST_BLOCKS:
        return Reading(blocks=[b for b in blocks if len(b.text) > 80])
    text = witness_text(document.decoded.text)
    lines = {folded(line.lstrip("-# >|")) for line in text.splitlines()}
    whole = folded(text)
    kept = [b for b in blocks if _named(folded(b.text), lines, whole)]
    return Reading(blocks=kept)


def _named(key: str, lines: set[str], whole: str) -> bool:
    return bool(key) and (key in lines or (len(key) > 25 and key in whole))
