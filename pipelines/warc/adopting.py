"""Others' records as exchanges of ours: which request belongs to which answer, and where both were found."""

from collections import deque
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

from attrs import frozen

from pipelines.capture import Ended, Exchange, Held, Role
from pipelines.dates import has_a_day
from pipelines.urls import normalised_url
from pipelines.warc import http
from pipelines.warc.building import safe_uri
from pipelines.warc.digests import digest_holds
from pipelines.warc.foreign import Foreign, Refused
from pipelines.warc.records import date_of

_AHEAD = 8
"""Answers that wait for a request after them; writers put the two beside each other, some with metadata between."""
_BEHIND = 16
"""Requests that wait for an answer after them: crawlers with several pages at once write a few in between."""


@frozen
class Answer:
    """A response or revisit, with its request where somebody recorded it."""

    response: Foreign
    request: Foreign | None


def answers(records: Iterable[Foreign | Refused]) -> Iterator[Answer | Foreign | Refused]:
    """The answers with their requests; other records, and what was refused, as they are."""
    waiting: deque[Foreign] = deque()
    requests: deque[Foreign] = deque(maxlen=_BEHIND)
    for record in records:
        if isinstance(record, Refused):
            yield record
        elif record.type == "request":
            answer = next((each for each in waiting if _belongs(record, each)), None)
            if answer is None:
                requests.append(record)
            else:
                waiting.remove(answer)
                yield Answer(answer, record)
        elif record.type not in ("response", "revisit"):
            yield record
        elif record.is_arc:
            yield Answer(record, None)
        else:
            request = next((each for each in requests if _belongs(each, record)), None)
            if request is None:
                waiting.append(record)
            else:
                requests.remove(request)
                yield Answer(record, request)
        if len(waiting) > _AHEAD:
            yield Answer(waiting.popleft(), None)
    yield from (Answer(response, None) for response in waiting)


def _belongs(request: Foreign, response: Foreign) -> bool:
    named = {*request.all("WARC-Concurrent-To"), *response.all("WARC-Concurrent-To")}
    if named:
        return bool(named & {request.record_id, response.record_id})
    return request.url == response.url and request.header("WARC-Date") == response.header("WARC-Date")


def is_of_the_web(record: Foreign) -> bool:
    """Whether a record's target is an http(s) URL: crawlers record DNS answers and themselves as well."""
    try:
        normalised_url(safe_uri(record.url))
    except ValueError:
        return False
    return True


def captured_at(record: Foreign) -> datetime | None:
    """The instant of a record in UTC; None where it states none that can be read."""
    return instant_of(record.header("WARC-Date"))


def instant_of(text: str | None) -> datetime | None:
    """A WARC-Date of others, which may lack its zone."""
    try:
        moment = date_of(text or "")
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return moment if has_a_day(moment) else None


def adopt(answer: Answer, block: bytes, moment: datetime, role: Role, held: Held | None) -> Exchange:
    """The exchange that an answer is part of; `block` is the response's, or the head of a revisit of `held`."""
    response, request = answer.response, answer.request
    asked = request.block if request else b""
    return Exchange(
        url=response.url,
        method=asked.split(b" ", 1)[0].decode("latin-1")[:16] or "GET",
        started_at=moment,
        role=role,
        request=asked,
        response=block,
        ended=_ended(response),
        ip_address=_address(response),
        protocols=tuple(response.all("WARC-Protocol")),
        cipher=response.header("WARC-Cipher-Suite"),
        revalidates=held,
        repeats=held if http.parse_head(block)[0] != 304 else None,
        provenance=tuple(_provenance(response)),
    )


def role_of(status: int, headers: http.Headers, path: str, is_article: bool) -> Role:
    """What a copied answer is to the archive; `is_article`: its URL may be an article's."""
    content_type = next((value.lower() for name, value in headers if name.lower() == "content-type"), "")
    if path == "/robots.txt":
        return "robots"
    if status != 200:
        return "other"
    if not content_type or "html" in content_type:
        return "article" if is_article else "other"
    kind = content_type.partition(";")[0].strip()
    requisite = kind.startswith(("image/", "font/")) or kind == "text/css" or kind.endswith("javascript")
    return "requisite" if requisite else "other"


def digest_fails(record: Foreign) -> bool:
    """Whether a record's block is not what its own digest says."""
    return digest_holds(record.header("WARC-Block-Digest") or "", record.block) is False


def _provenance(response: Foreign) -> Iterator[tuple[str, str]]:
    yield "source-file", Path(response.file).name
    yield "source-offset", str(response.place.offset)
    if response.place.within:
        yield "source-unpacked-offset", str(response.place.within)
    if response.record_id:
        yield "source-record-id", response.record_id
    if digest_fails(response):
        yield "source-digest", "does not hold"


def _address(response: Foreign) -> str | None:
    """The server's address; None where what is stated is none."""
    try:
        return str(ip_address(response.header("WARC-IP-Address") or ""))
    except ValueError:
        return None


_ENDED: dict[str, Ended] = {"length": "length", "time": "time"}


def _ended(response: Foreign) -> Ended:
    truncated = response.header("WARC-Truncated")
    if truncated is None:
        return "complete"
    return _ENDED.get(truncated, "disconnect")
