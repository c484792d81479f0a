"""The catalogue's tables of copies, stories and quotations: what `jobs.trace` makes of the versions, whenever asked.

They stand beside the schema's own tables and are no part of its dump or number: they are a pure function of the other
tables, made again when those or the way of tracing have changed.
"""

from sqlalchemy import Boolean, Column, Float, Index, Integer, MetaData, String, Table, Text

metadata = MetaData()

traced = Table(
    "traced",
    metadata,
    Column("what", String, primary_key=True),
    Column("stamp", String, nullable=False),
)
"""What the tables below were made of: a digest over the versions' facts and the number of the way of tracing."""

copies = Table(
    "copies",
    metadata,
    Column("id", String, primary_key=True),
    Column("source", String, primary_key=True),
    Column("main", Boolean, nullable=False),
    Column("of_copy", Float, nullable=False),
    Column("of_source", Float, nullable=False),
    Column("run", Integer, nullable=False),
    Column("evidence", Text, nullable=False),
    Index("copies_by_source", "source"),
)
"""Who was taken from whom; the columns are those of `tracing.origins.Copy`."""

clusters = Table(
    "clusters",
    metadata,
    Column("id", String, primary_key=True),
    Column("origin", String, nullable=False),
    Index("clusters_by_origin", "origin"),
)
"""Every article that is or has a copy, with the article that its main sources lead back to (itself for the origin):
a corpus that keeps origins alone leaves out the rows whose two columns differ."""

stories = Table(
    "stories",
    metadata,
    Column("id", String, primary_key=True),
    Column("story", String, nullable=False),
    Index("stories_by_story", "story"),
)
"""Every article of a story with more than one, with the id of the article that told it first."""

quotations = Table(
    "quotations",
    metadata,
    Column("id", String, primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("text", Text, nullable=False),
    Column("speaker", Text),
    Column("group_id", String),
    Column("group_place", Integer),
    Index("quotations_by_group", "group_id", "group_place"),
)
"""What is quoted in the newest version of each article. The group is named by its longest quotation (article id and
place): the same words, whole or in part, in other articles of the story; null where no other has them."""
