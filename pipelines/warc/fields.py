"""The `application/warc-fields` of metadata records: what a page cannot say itself; written and read back."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import get_args

from pipelines.capture import Lead, Role

Fields = list[tuple[str, str]]

_ESCAPED = re.compile(r"\\u([0-9a-f]{4})")
_TO_ESCAPE = re.compile("[\\\\\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]|^\\s|\\s$")
_TEXTS = ("source_kind", "headline", "section", "language")
_TIMES = ("published_at", "modified_at")
_ROLES: frozenset[str] = frozenset(get_args(Role))


def written(fields: Iterable[tuple[str, str]]) -> bytes:
    """Fields as a block: one line each, whatever their values hold."""
    lines = (f"{name}: {_TO_ESCAPE.sub(_escape, value)}\r\n" for name, value in fields)
    return "".join(lines).encode()


def read(block: bytes) -> Fields:
    """The fields of a block, repeats included; lines that are no field are passed over."""
    fields = []
    for line in block.decode("utf-8", "replace").split("\r\n"):
        name, colon, value = line.partition(": ")
        if colon:
            fields.append((name, _ESCAPED.sub(lambda match: chr(int(match[1], 16)), value)))
    return fields


def lead_fields(lead: Lead | None) -> Fields:
    """A lead, all of it; `via` is the specification's name for the source (WARC 1.1 §6.5)."""
    if lead is None:
        return []
    fields = [("lead", lead.url)]
    if lead.source is not None:
        fields.append(("via", lead.source))
    fields += [(_named(text), value) for text in _TEXTS if (value := getattr(lead, text)) is not None]
    fields += [(_named(time), value.isoformat()) for time in _TIMES if (value := getattr(lead, time)) is not None]
    fields += [("lead-alternate", f"{language} {url}") for language, url in lead.alternates]
    if lead.is_source:
        fields.append(("lead-is-source", "true"))
    return fields


def lead_of(fields: Fields) -> Lead | None:
    """The lead that the fields tell, or None."""
    said = dict(fields)
    if "lead" not in said:
        return None
    alternates = []
    for name, value in fields:
        if name == "lead-alternate":
            language, _, url = value.partition(" ")
            alternates.append((language, url))
    times = {time: datetime.fromisoformat(said[_named(time)]) for time in _TIMES if _named(time) in said}
    return Lead(
        url=said["lead"],
        source=said.get("via"),
        **{text: said.get(_named(text)) for text in _TEXTS},
        **times,
        alternates=tuple(alternates),
        is_source=said.get("lead-is-source") == "true",
    )


def role_of(fields: Fields) -> Role:
    """The role that the fields tell; `other` where they tell none that is known."""
    role = dict(fields).get("role", "other")
    return role if role in _ROLES else "other"  # type: ignore[return-value]


def _named(attribute: str) -> str:
    return "lead-" + attribute.replace("_", "-")


def _escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"
