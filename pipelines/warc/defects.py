"""What is wrong with one record of a WARC file: its headers, and what its block is said to be."""

import ipaddress
import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache

from pipelines.warc import http
from pipelines.warc.digests import digest_holds
from pipelines.warc.records import Member, Record, date_of

_TYPES = frozenset(("warcinfo", "response", "resource", "request", "metadata", "revisit", "conversion", "continuation"))
_MANDATORY = ("WARC-Type", "WARC-Record-ID", "WARC-Date", "Content-Length")
_REPEATABLE = frozenset(("warc-concurrent-to", "warc-protocol"))
_HTTP_TYPES = frozenset(("response", "request", "revisit"))
_PROFILES = re.compile(
    r"http://netpreserve\.org/warc/1\.[01]/(?:revisit/)?(identical-payload-digest|server-not-modified)"
)
_RECORD_ID = re.compile(r"<[a-z][a-z0-9+.-]*:[^<>\s]+>")
_TRUNCATED = frozenset(("length", "time", "disconnect", "unspecified"))
_DIGEST = re.compile(r"[A-Za-z0-9-]+:[A-Za-z0-9+/=_-]+")
_CONTENT_TYPES = {kind: re.compile(rf"application/http\s*;\s*msgtype=\"?{kind}\"?") for kind in ("request", "response")}
_URI = re.compile(r"<?[A-Za-z][A-Za-z0-9+.-]*:[^\s<>]+>?")


def header_defects(record: Record, member: Member) -> Iterator[tuple[str, str]]:
    """(kind, what) of the WARC headers (WARC 1.1 §4, §5)."""
    if not member.content.startswith((b"WARC/1.1\r\n", b"WARC/1.0\r\n")):
        yield "bad-version", f"the record begins with {member.content[:10]!r}"
    for name in _MANDATORY:
        if record.header(name) is None:
            yield "missing-field", f"no {name}"
    names = [name.lower() for name, _ in record.headers]
    for name, times in Counter(names).items() if len(set(names)) < len(names) else ():
        if times > 1 and name not in _REPEATABLE:
            yield "repeated-field", f"{name} stands {times} times"
    if record.type and record.type not in _TYPES:
        yield "unknown-type", f"WARC-Type is {record.type!r}"
    if record.type in _HTTP_TYPES | {"conversion", "resource"} and record.header("WARC-Target-URI") is None:
        yield "missing-field", f"a {record.type} without WARC-Target-URI"
    for name, value in record.headers:
        is_well_formed = _FORMS.get(name.lower())
        if is_well_formed and not is_well_formed(value):
            yield "malformed-field", f"{name} is {value[:80]!r}"
    if record.type == "revisit":
        profile = record.header("WARC-Profile")
        if profile is None:
            yield "no-profile", "a revisit without WARC-Profile"
        elif not _PROFILES.fullmatch(profile):
            yield "unknown-profile", f"WARC-Profile is {profile!r}"
        if record.header("WARC-Refers-To") is None and record.header("WARC-Refers-To-Target-URI") is None:
            yield "no-original", "a revisit that names no original"


def block_defects(record: Record) -> Iterator[tuple[str, str]]:
    """(kind, what) of the block: its digests, and whether it is what it is said to be."""
    named = record.header("WARC-Block-Digest")
    if named is None:
        yield "missing-digest", "no WARC-Block-Digest"
    elif digest_holds(named, record.block) is False:
        yield "block-digest", "the block is not what WARC-Block-Digest says"
    payload_digest = record.header("WARC-Payload-Digest")
    if record.type == "response":
        if not record.block.startswith(b"HTTP/"):
            yield "not-http", "a response whose block does not begin with HTTP/"
        elif payload_digest is None:
            yield "missing-digest", "a response without WARC-Payload-Digest"
        elif digest_holds(payload_digest, http.parse_response(record.block).payload) is False:
            yield "payload-digest", "the payload, its transfer coding removed, is not what WARC-Payload-Digest says"
    if record.type in _HTTP_TYPES:
        content_type = record.header("Content-Type") or ""
        kind = "request" if record.type == "request" else "response"
        if not _CONTENT_TYPES[kind].fullmatch(content_type):
            yield "wrong-content-type", f"a {record.type} of Content-Type {content_type!r}"


def _is_date(value: str) -> bool:
    try:
        return value.endswith("Z") and date_of(value) is not None
    except ValueError:
        return False


@lru_cache
def _is_address(value: str) -> bool:
    try:
        return ipaddress.ip_address(value) is not None
    except ValueError:
        return False


def _matches(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda value: pattern.fullmatch(value) is not None


_FORMS: dict[str, Callable[[str], bool]] = {
    "warc-record-id": _matches(_RECORD_ID),
    "warc-concurrent-to": _matches(_RECORD_ID),
    "warc-refers-to": _matches(_RECORD_ID),
    "warc-warcinfo-id": _matches(_RECORD_ID),
    "warc-date": _is_date,
    "warc-refers-to-date": _is_date,
    "warc-target-uri": _matches(_URI),
    "warc-refers-to-target-uri": _matches(_URI),
    "warc-ip-address": _is_address,
    "warc-truncated": _TRUNCATED.__contains__,
    "warc-block-digest": _matches(_DIGEST),
    "warc-payload-digest": _matches(_DIGEST),
}
"""Whether a header's value is well formed, by name."""
