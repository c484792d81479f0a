"""The `application/warc-fields` of metadata records: what a page cannot say itself; written and read back."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import get_args

from pipelines.capture import Lead, Role

Fields = list[tuple[str, str]]

_ESCAPED = re.compile(r"\\u([0-9a-f]{4})")
_TO_ESCAPE = re.compile("[\\\\\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]|^\\s|\\s$")
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
    stated = [
        ("lead", lead.url),
        ("via", lead.source),
        ("lead-source-kind", lead.source_kind),
        ("lead-headline", lead.headline),
        ("lead-published-at", _stamp(lead.published_at)),
        ("lead-modified-at", _stamp(lead.modified_at)),
        ("lead-section", lead.section),
        ("lead-language", lead.language),
        *(("lead-alternate", f"{language} {url}") for language, url in lead.alternates),
        ("lead-is-source", "true" if lead.is_source else None),
    ]
    return [(name, value) for name, value in stated if value is not None]


def lead_of(fields: Fields) -> Lead | None:
    """The lead that the fields tell, or None."""
    said = dict(fields)
    if "lead" not in said:
        return None
    alternates = (value.partition(" ") for name, value in fields if name == "lead-alternate")
    return Lead(
        url=said["lead"],
        source=said.get("via"),
        source_kind=said.get("lead-source-kind"),
        headline=said.get("lead-headline"),
        published_at=_time(said.get("lead-published-at")),
        modified_at=_time(said.get("lead-modified-at")),
        section=said.get("lead-section"),
        language=said.get("lead-language"),
        alternates=tuple((language, url) for language, _, url in alternates),
        is_source="lead-is-source" in said,
    )


def role_of(fields: Fields) -> Role:
    """The role that the fields tell; `other` where they tell none that is known."""
    role = dict(fields).get("role", "other")
    return role if role in _ROLES else "other"  # type: ignore[return-value]


def _stamp(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"
