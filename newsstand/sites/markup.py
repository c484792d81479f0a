"""HTML out of drafts: blocks with their links, JSON-LD and the small things that all layouts share."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import tzinfo
from html import escape
from itertools import groupby
from random import Random

from newsstand.sites.assets import HEAD
from newsstand.story import Draft, Part, Published


def blocks(parts: Iterable[Part], heading: str = "h2", links: bool = True, span: bool = False) -> list[str]:
    """The body's block elements in order, list items gathered in `ul`; `span`: text in span elements, as editors paste it."""
    found: list[str] = []
    for is_item, group in groupby(parts, key=lambda part: part.kind == "item"):
        if is_item:
            items = "".join(f"\n<li>{inline(part, links, span)}</li>" for part in group)
            found.append(f"<ul>{items}\n</ul>")
            continue
        for part in group:
            text = inline(part, links, span)
            if part.kind == "heading":
                found.append(f"<{heading}>{text}</{heading}>")
            elif part.kind == "quote":
                found.append(f"<blockquote><p>{text}</p></blockquote>")
            else:
                found.append(f"<p>{text}</p>")
    return found


def inline(part: Part, links: bool = True, span: bool = False) -> str:
    """A part's text as HTML, links in their places."""
    pieces: list[str] = []
    place = 0
    wrap = "<span>{}</span>".format if span else str
    for start, end, url in part.links if links else ():
        pieces += [wrap(escape(part.text[place:start], quote=False))] if start > place else []
        pieces.append(f'<a href="{escape(url)}">{wrap(escape(part.text[start:end], quote=False))}</a>')
        place = end
    if place < len(part.text):
        pieces.append(wrap(escape(part.text[place:], quote=False)))
    return "".join(pieces)


def whole_body(article: Published) -> tuple[Part, ...]:
    """The parts that stand in the body's container: the standfirst leads them unless the page sets it apart."""
    draft = article.draft
    lead = () if article.standfirst_apart or not draft.standfirst else (Part(kind="paragraph", text=draft.standfirst),)
    note = (Part(kind="paragraph", text=article.note),) if article.note else ()
    return (*lead, *(() if article.entries else draft.parts), *note)


def live_blog(article: Published, zone: tzinfo | None) -> list[str]:
    """A live blog's entries as Automattic's Liveblog writes them: a time of day, a heading, the text."""
    return [
        f"""<div class="liveblog-entry"><span class="liveblog-meta-time">{entry.at.astimezone(zone):%H:%M}</span>
<h3>{escape(entry.headline, quote=False)}</h3>{"".join(blocks(entry.parts))}</div>"""
        for entry in article.entries
    ]


def live_updates(article: Published, zone: tzinfo | None) -> dict[str, object]:
    """What JSON-LD says of a live blog; empty for any other article."""
    updates = [
        {"@type": "BlogPosting", "headline": entry.headline, "datePublished": entry.at.astimezone(zone).isoformat(),
         "articleBody": " ".join(part.text for part in entry.parts)}
        for entry in article.entries
    ]  # fmt: skip
    return {"@type": "LiveBlogPosting", "liveBlogUpdate": updates} if updates else {}


def between(body: Sequence[str], inserts: Sequence[str], rng: Random, first: int = 2) -> str:
    """The blocks with what stands between them: never before `first` blocks, never directly before a list or an end."""
    places = [place for place in range(first, len(body)) if body[place].startswith("<p")]
    chosen = dict(zip(sorted(rng.sample(places, min(len(inserts), len(places)))), inserts, strict=False))
    return "\n".join(f"{chosen[place]}\n{block}" if place in chosen else block for place, block in enumerate(body))


def plain_text(draft: Draft) -> str:
    """The body as one run of text, as JSON-LD's articleBody has it."""
    return " ".join(part.text for part in (Part(kind="paragraph", text=draft.standfirst), *draft.parts) if part.text)


def excerpt(text: str, words: int) -> str:
    """The first words, an ellipsis where there are more."""
    all_words = text.split()
    return " ".join(all_words[:words]) + (" […]" if len(all_words) > words else "")


def json_ld(value: Mapping[str, object]) -> str:
    """A script element with structured data; no text of it can end the element."""
    body = json.dumps(value, ensure_ascii=False, indent=1).replace("</", "<\\/")
    return f'<script type="application/ld+json">{body}</script>'


def meta(name: str, content: str, kind: str = "property") -> str:
    """A meta element."""
    return f'<meta {kind}="{name}" content="{escape(content)}">'


def social_meta(article: Published, site_name: str, image: str) -> str:
    """OpenGraph and Twitter's meta elements."""
    draft = article.draft
    return "\n".join([
        meta("description", draft.standfirst, "name"),
        meta("og:type", "article"),
        meta("og:title", draft.headline),
        meta("og:description", draft.standfirst),
        meta("og:url", article.url),
        meta("og:site_name", site_name),
        meta("og:image", image),
        meta("twitter:card", "summary_large_image", "name"),
        meta("twitter:title", draft.headline, "name"),
        meta("twitter:description", draft.standfirst, "name"),
    ])  # fmt: skip


def document(language: str, head: str, body: str, body_class: str = "") -> str:
    """A whole HTML document."""
    named = f' class="{body_class}"' if body_class else ""
    return f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n{head}\n{HEAD}\n</head>\n<body{named}>\n{body}\n</body>\n</html>\n'


def path_word(text: str) -> str:
    """A name as a path segment, letters of any alphabet kept."""
    return re.sub(r"[^\w]+", "-", text.lower()).strip("-")
