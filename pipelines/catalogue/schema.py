"""The catalogue's tables; everything in them is derived from the WARC files, so there are no migrations.

Another schema number means `scrapy rebuild`. Instants are ISO 8601 text in UTC with microseconds, which sorts by
time in every database; lists are JSON text. No row holds a clock reading or a counter of its own: two catalogues of
one archive are equal as ordered dumps.
"""

import sqlalchemy
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    event,
    text,
)

SCHEMA_NUMBER = 4

# Text sorts by code point in every database, whatever its locale.
String = sqlalchemy.String().with_variant(sqlalchemy.String(collation="C"), "postgresql")
Text = sqlalchemy.Text().with_variant(sqlalchemy.Text(collation="C"), "postgresql")

metadata = MetaData()

schema = Table("schema", metadata, Column("number", Integer, primary_key=True))

captures = Table(
    "captures",
    metadata,
    Column("record_id", String, primary_key=True),
    Column("outlet", String, nullable=False),
    Column("role", String, nullable=False),
    Column("url", Text, nullable=False),
    Column("captured_at", String, nullable=False),
    Column("status", Integer, nullable=False),
    Column("ended", String, nullable=False),
    Column("revisit", Boolean, nullable=False),
    Column("payload_digest", String, nullable=False),
    Column("payload_bytes", Integer, nullable=False),
    Column("warc_file", String, nullable=False),
    Column("warc_offset", Integer, nullable=False),
    Column("source", Text),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("opt_out", Text),
    Index("captures_by_digest", "payload_digest", "captured_at"),
    Index("captures_by_url", "url", "captured_at"),
    Index("captures_by_outlet", "outlet", "role", "captured_at"),
)
"""`etag` and `last_modified` are the answer's validators; `opt_out` what its headers say against AI and mining."""

articles = Table(
    "articles",
    metadata,
    Column("id", String, primary_key=True),
    Column("outlet", String, nullable=False),
    Column("identity_url", Text, nullable=False),
    Column("first_captured_at", String, nullable=False),
    Column("versions", Integer, nullable=False),
    Index("articles_by_outlet", "outlet", "first_captured_at"),
)

versions = Table(
    "versions",
    metadata,
    Column("id", String, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("outlet", String, nullable=False),
    Column("outlet_name", Text, nullable=False),
    Column("record_id", String, nullable=False),
    Column("captured_at", String, nullable=False),
    Column("warc_file", String, nullable=False),
    Column("warc_offset", Integer, nullable=False),
    Column("payload_digest", String, nullable=False),
    Column("text_file", String, nullable=False),
    Column("text_sha256", String, nullable=False),
    Column("url", Text, nullable=False),
    Column("canonical_url", Text),
    Column("headline", Text),
    Column("standfirst", Text),
    Column("byline_raw", Text),
    Column("authors", Text, nullable=False),
    Column("published_at", String),
    Column("published_day", String),
    Column("published_raw", Text),
    Column("modified_at", String),
    Column("section", Text),
    Column("tags", Text, nullable=False),
    Column("language", String),
    Column("body", Text, nullable=False),
    Column("links", Text, nullable=False),
    Column("images", Text, nullable=False),
    Column("paywalled", Boolean),
    Column("verdict", String, nullable=False),
    Column("reason", String),
    Column("rules_version", String),
    Column("extractor", String, nullable=False),
    Column("agreement", Float),
    Column("stripped", Text, nullable=False),
    ForeignKeyConstraint(["id"], ["articles.id"]),
    Index("versions_by_url", "url"),
    Index("versions_by_day", "outlet", "published_day"),
)

editions = Table(
    "editions",
    metadata,
    Column("id", String, primary_key=True),
    Column("language", String, primary_key=True),
    Column("url", Text, primary_key=True),
    Column("said_by", String, primary_key=True),
)
"""Language editions of an article, as its page or a source (`said_by`) names them."""

origins = Table(
    "origins",
    metadata,
    Column("id", String, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("name", Text),
    Column("url", Text),
)

leads = Table(
    "leads",
    metadata,
    Column("outlet", String, primary_key=True),
    Column("url", Text, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("source_kind", String),
    Column("first_named_at", String, nullable=False),
    Column("last_named_at", String, nullable=False),
    Column("headline", Text),
    Column("published_at", String),
    Column("modified_at", String),
    Column("section", Text),
    Column("language", String),
)
"""What each source said of each URL; the last saying wins, the first and last instants stay."""

coverage = Table(
    "coverage",
    metadata,
    Column("outlet", String, primary_key=True),
    Column("url", Text, primary_key=True),
    Column("state", String, nullable=False),
    Column("reason", String),
    Column("detail", Text),
    Column("at", String, nullable=False),
    Column("article_id", String),
    Column("day", String),
    Index("coverage_by_state", "outlet", "state"),
    Index("coverage_by_url", "url"),
)
"""What became of each fetched URL: `kept`, `rejected` (a page without an article) or `failed` (no page).
A URL that is in `leads` and not here is missing. `day` is the article's publication day in the outlet's zone."""

watch = Table(
    "watch",
    metadata,
    Column("outlet", String, primary_key=True),
    Column("url", Text, primary_key=True),
    Column("at", String, nullable=False),
    Column("due_at", String),
    Column("reason", String),
    Column("article_id", String),
    Column("first_at", String),
    Column("good_at", String),
    Column("published_at", String),
    Column("tries", Integer, nullable=False),
    Column("hint", String),
    Column("idle_hints", Integer, nullable=False),
    Column("suspect_at", String),
    Column("gone_reason", String),
    Column("gone_since", String),
    Column("returned_at", String),
    Column("page_at", String),
    Column("page_reason", String),
    Column("post_at", String),
    Column("post_reason", String),
    Index("watch_by_due", "outlet", "due_at"),
    Index("watch_by_article", "article_id"),
)
"""What the looks at each article URL have shown, and when the next is due: see `watch.Watched`."""

_SEARCH = {
    "sqlite": (
        "CREATE VIRTUAL TABLE IF NOT EXISTS search USING fts5"
        "(id UNINDEXED, version UNINDEXED, stems, tokenize='unicode61 remove_diacritics 0')",
    ),
    "postgresql": (
        "CREATE TABLE IF NOT EXISTS search "
        '(id VARCHAR COLLATE "C", version INTEGER, stems tsvector, PRIMARY KEY (id, version))',
        "CREATE INDEX IF NOT EXISTS search_by_stems ON search USING gin (stems)",
    ),
}
"""The index of the words of each version; each database has its own kind, and no dump holds it."""


@event.listens_for(metadata, "after_create")
def _make_search(_metadata: MetaData, connection: Connection, **_more: object) -> None:
    for statement in _SEARCH[connection.dialect.name]:
        connection.execute(text(statement))
