"""Reads the posts of a WordPress site's REST API (`/wp-json/wp/v2/posts`) into leads, and names its pages."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urljoin, urlsplit, urlunsplit

from crawler.discovery.dates import instant
from crawler.discovery.found import Found, address, line, problems, unusable
from pipelines.capture import Lead

MAX_ANSWER_BYTES = 16 * 2**20
"""100 posts with their content are under 3 MB; JSON takes ten times its size once read."""
POSTS_A_PAGE = 100
"""The most that the API gives."""
_FIELDS = "id,link,date_gmt,modified_gmt,title,lang"
_EMBEDDED = "author,wp:term,wp:featuredmedia"
_PAST_THE_LAST = "rest_post_invalid_page_number"


def posts_url(site: str, since: datetime | None = None, until: datetime | None = None, page: int = 1) -> str:
    """The address of a page of posts published between two instants, oldest first, so that pages stay as they are.

    `site` is the address under which `wp-json` lies, with its closing slash.
    """
    bounds = {"after": since, "before": until}
    query: dict[str, str | int] = {
        name: instant_.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") for name, instant_ in bounds.items() if instant_
    }
    query |= {"_fields": _FIELDS, "order": "asc", "orderby": "date", "page": page, "per_page": POSTS_A_PAGE}
    return f"{urljoin(site, 'wp-json/wp/v2/posts')}?{urlencode(query, safe=',:')}"


def post_url(site: str, number: int | None, page_url: str) -> str | None:
    """The address of one post, whole and with its authors, terms and picture: by number, else by its page's slug."""
    posts, slug = urljoin(site, "wp-json/wp/v2/posts"), urlsplit(page_url).path.rstrip("/").rpartition("/")[2]
    if number is not None:
        return f"{posts}/{number}?{urlencode({'_embed': _EMBEDDED}, safe=',:')}"
    # As WordPress holds it: percent-encoded once, which the query encodes again where it is not ASCII.
    return f"{posts}?{urlencode({'slug': unquote(slug), '_embed': _EMBEDDED}, safe=',:')}" if slug else None


def read_posts(body: bytes, url: str) -> Found:
    """The posts of one answer, and the next page as a source where this one is full; never raises."""
    if len(body) > MAX_ANSWER_BYTES:
        return Found(problem=f"more than {MAX_ANSWER_BYTES >> 20} MiB: not read")
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as error:
        return Found(problem=f"not JSON: {str(error)[:80]}")
    if isinstance(answer, dict) and answer.get("code") == _PAST_THE_LAST:
        return Found()
    if not isinstance(answer, list):
        said = answer.get("message") if isinstance(answer, dict) else None
        return Found(problem=problems("not a list of posts", line(said if isinstance(said, str) else None)))
    posts = answer[: 10 * POSTS_A_PAGE]
    leads = [lead for post in posts if (lead := _lead(post, url))]
    return Found(leads=(*leads, *_next(url, len(answer))), problem=unusable(len(posts) - len(leads)))


def _lead(post: Any, source: str) -> Lead | None:
    if not isinstance(post, dict):
        return None
    url = address(_text(post.get("link")), source)
    if url is None:
        return None
    title = post.get("title")
    return Lead(
        url=url,
        source=source,
        source_kind="rest",
        headline=line(_text(title.get("rendered") if isinstance(title, dict) else title)),
        published_at=instant(_text(post.get("date_gmt"))),
        modified_at=instant(_text(post.get("modified_gmt"))),
        language=line(_text(post.get("lang"))),
    )


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _next(url: str, posts: int) -> list[Lead]:
    """The next page, where the query names a page size and this page reached it."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    size, page = query.get("per_page", "10"), query.get("page", "1")
    if not (size.isdecimal() and page.isdecimal() and len(size + page) < 12 and 0 < int(size) <= posts):
        return []
    query["page"] = str(int(page) + 1)
    following = address(urlunsplit(parts._replace(query=urlencode(query, safe=",:"))), url)
    return [Lead(url=following, source=url, source_kind="rest", is_source=True)] if following else []
