"""WordPress' REST API: a post as it answers it, and which posts a listing's query asks for."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from html import escape
from zoneinfo import ZoneInfo

from attrs import field, frozen

from newsstand.messages import Response, as_json
from newsstand.sites.markup import excerpt, path_word, plain_text
from newsstand.story import Published


@frozen(kw_only=True)
class Listing:
    """A query of posts: pages, a time span by publication or modification, ascending or descending."""

    size: int
    page: int
    ascending: bool
    spans: Mapping[str, datetime] = field(factory=dict)

    def among(self, told: Sequence[Published]) -> list[Published]:
        """The posts that the query asks for, of some that stand newest first."""
        wanted = [each for each in told if self._holds(each)]
        return wanted[::-1] if self.ascending else wanted

    def _holds(self, article: Published) -> bool:
        spans, modified = self.spans, article.modified_at or article.published_at
        return (
            ("after" not in spans or article.published_at > spans["after"])
            and ("before" not in spans or article.published_at < spans["before"])
            and ("modified_after" not in spans or modified > spans["modified_after"])
        )


def listing_of(query: Mapping[str, str], zone: ZoneInfo) -> Listing | None:
    """The listing that a query asks for; None where it is none that the API takes."""
    names = ("after", "before", "modified_after")
    try:
        size, page = int(query.get("per_page", 10)), int(query.get("page", 1))
        spans = {name: datetime.fromisoformat(query[name]) for name in names if name in query}
    except ValueError:
        return None
    if not 1 <= size <= 100 or page < 1:
        return None
    spans = {name: at if at.tzinfo else at.replace(tzinfo=zone) for name, at in spans.items()}
    return Listing(size=size, page=page, ascending=query.get("order") == "asc", spans=spans)


def slug_of_post(article: Published) -> str:
    """The post's slug: the last part of its address."""
    return article.url.rstrip("/").rpartition("/")[2]


def picture(article: Published, local: datetime, home: str) -> str:
    """The lead picture's address."""
    return f"{home}wp-content/uploads/{local:%Y/%m}/{article.draft.picture.path.lstrip('/')}"


def post(article: Published, local: datetime, modified: datetime, home: str, content: str) -> dict[str, object]:
    """The article as the API gives it, with all that it can embed; both times are the outlet's own."""
    draft = article.draft
    # An excerpt that an editor wrote is whole; else WordPress cuts the body's first words.
    words = draft.standfirst if article.standfirst_apart else excerpt(plain_text(draft), 55)

    def times(name: str, at: datetime) -> dict[str, str]:
        return {name: f"{at:%Y-%m-%dT%H:%M:%S}", f"{name}_gmt": f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"}

    def term(taxonomy: str, name: str) -> dict[str, object]:
        return {"id": len(name), "name": escape(name), "slug": path_word(name), "taxonomy": taxonomy}

    author = article.authors[0] if article.authors else "Staff"
    return {
        "id": article.number,
        **times("date", local),
        "guid": {"rendered": f"{home}?p={article.number}"},
        **times("modified", modified),
        "slug": slug_of_post(article),
        "status": "publish",
        "type": "post",
        "link": article.url,
        "title": {"rendered": escape(draft.headline)},
        "content": {"rendered": content, "protected": False},
        "excerpt": {"rendered": f"<p>{escape(words)}</p>\n", "protected": False},
        "author": 1,
        "featured_media": article.number + 1,
        "categories": [27],
        "tags": [len(tag) for tag in draft.tags],
        "_links": {"self": [{"href": f"{home}wp-json/wp/v2/posts/{article.number}"}]},
        "_embedded": {
            "author": [{"id": 1, "name": author, "link": f"{home}author/{path_word(author)}/"}],
            "wp:featuredmedia": [
                {
                    "source_url": picture(article, local, home),
                    "caption": {"rendered": f"<p>{escape(draft.picture.caption)}</p>\n"},
                }
            ],
            "wp:term": [
                [term("category", article.section or "Uncategorized")],
                [term("post_tag", tag) for tag in draft.tags],
            ],
        },
    }


def as_asked(told: dict[str, object], query: Mapping[str, str]) -> dict[str, object]:
    """A post with the fields (`_fields`) and the embedded records (`_embed`) that a query names."""
    embedded = told.pop("_embedded")
    if "_embed" in query and isinstance(embedded, dict):
        names = [name for name in query["_embed"].split(",") if name in embedded]
        told["_embedded"] = {name: embedded[name] for name in names or embedded}
    fields = query.get("_fields")
    return told if fields is None else {name: told[name] for name in fields.split(",") if name in told}


def error(status: int, code: str, message: str) -> Response:
    """The API's own error answer."""
    answer = as_json({"code": code, "message": message, "data": {"status": status}})
    return Response(status=status, content_type=answer.content_type, body=answer.body)
