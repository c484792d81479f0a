"""The traced tables: made when asked, made again when the versions change, the same for the same versions."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from attrs import evolve
from sqlalchemy import select, update

from newsstand.generator import copy, generate, tell
from pipelines.article import Origin
from pipelines.catalogue import schema as t
from pipelines.catalogue import traced as d
from pipelines.catalogue.catalogue import Catalogue, catalogue_url, open_engine
from pipelines.jobs.origins import origin_tree
from pipelines.jobs.stories import story_of
from pipelines.jobs.trace import copies_as_of, ensure_traced, read_tellings
from pipelines.tracing.telling import Telling
from tests.tracing.conftest import Fill, named_by_a_feed, put_tellings
from tests.tracing.copying import START, telling_of

HOUR = timedelta(hours=1)


@pytest.fixture
def tellings() -> list[Telling]:
    """An event told by two newsrooms in English and one in Ukrainian; a mirror of the first; another event."""
    event, other = generate(71, 2)
    first = tell(event, "thehill", "en")
    mirrored = evolve(telling_of(copy(first, "cut by half", 1), "mirror", START + 2 * HOUR, 2), links=())
    return [
        telling_of(first, "thehill", START, 1),
        evolve(mirrored, origin=Origin(name="thehill", url="https://thehill.example/1")),
        telling_of(tell(event, "news_zox", "en"), "news_zox", START + HOUR, 3),
        telling_of(tell(event, "ukrpravda", "uk"), "ukrpravda", START + 3 * HOUR, 4),
        telling_of(tell(other, "ukrpravda", "uk"), "ukrpravda", START, 5),
    ]


def tables(catalogue: Catalogue) -> list[list[tuple[object, ...]]]:
    return [
        sorted((tuple(row) for row in catalogue.rows(select(table))), key=repr) for table in d.metadata.sorted_tables
    ]


def test_the_catalogue_is_traced_once_and_again_when_a_version_comes(fill: Fill, tellings: Sequence[Telling]) -> None:
    catalogue = fill(tellings[:4])
    assert ensure_traced(catalogue)
    assert not ensure_traced(catalogue)
    fill(tellings)
    assert ensure_traced(catalogue)
    assert not ensure_traced(catalogue)


def test_a_time_that_a_source_learns_makes_the_tables_anew(fill: Fill, tellings: Sequence[Telling]) -> None:
    catalogue = fill(tellings)
    ensure_traced(catalogue)
    named_by_a_feed(catalogue, tellings[1], START - HOUR)
    assert ensure_traced(catalogue)


def test_another_catalogue_of_the_same_versions_gets_the_same_rows(
    fill: Fill, tellings: Sequence[Telling], tmp_path: Path
) -> None:
    catalogue = fill(tellings)
    ensure_traced(catalogue)
    first = tables(catalogue)
    fill(list(reversed(tellings)))
    with catalogue.transaction() as connection:
        d.metadata.drop_all(connection)
    ensure_traced(catalogue)
    assert tables(catalogue) == first
    assert all(first)


def test_both_databases_give_the_same_rows(fill: Fill, tellings: Sequence[Telling], on_postgres: Catalogue) -> None:
    catalogue = fill(tellings)
    ensure_traced(catalogue)
    assert ensure_traced(put_tellings(on_postgres, tellings))
    assert not ensure_traced(on_postgres)
    assert tables(on_postgres) == tables(catalogue)
    assert story_of(on_postgres, tellings[0].id) == story_of(catalogue, tellings[0].id)
    assert origin_tree(on_postgres, tellings[1].id) == origin_tree(catalogue, tellings[1].id)


def test_the_tables_are_no_part_of_the_dump_that_a_rebuild_must_equal(fill: Fill, tellings: Sequence[Telling]) -> None:
    catalogue = fill(tellings)
    before = list(catalogue.dump())
    ensure_traced(catalogue)
    assert list(catalogue.dump()) == before


def test_a_cluster_names_its_origin(fill: Fill, tellings: Sequence[Telling]) -> None:
    original, mirrored = tellings[0].id, tellings[1].id
    assert copies_as_of(fill(tellings)) == {mirrored: original}


def test_before_its_original_was_captured_a_copy_is_none(fill: Fill, tellings: Sequence[Telling]) -> None:
    late = evolve(tellings[0], captured_at=START + 9 * HOUR)
    catalogue = fill([late, *tellings[1:]])
    assert copies_as_of(catalogue, START + 5 * HOUR) == {}
    assert copies_as_of(catalogue, START + 9 * HOUR) == {tellings[1].id: late.id}


def test_the_tree_says_what_the_copy_cut(fill: Fill, tellings: Sequence[Telling]) -> None:
    catalogue = fill(tellings)
    ensure_traced(catalogue)
    for asked in tellings[:2]:
        tree = origin_tree(catalogue, asked.id)
        (copied,) = tree.copies
        assert (tree.id, copied.id) == (tellings[0].id, tellings[1].id)
        assert copied.evidence == ("text", "row", "page: thehill")
        assert copied.changes
        assert copied.changes.cut
        assert not copied.changes.added
        assert copied.stated == Origin(name="thehill", url="https://thehill.example/1")


def test_an_article_without_copies_stands_alone(fill: Fill, tellings: Sequence[Telling]) -> None:
    catalogue = fill(tellings)
    ensure_traced(catalogue)
    assert origin_tree(catalogue, tellings[4].id).copies == ()
    assert [member.id for member in story_of(catalogue, tellings[4].id).members] == [tellings[4].id]


def test_a_spliced_text_stands_under_both_of_its_sources(fill: Fill, tellings: Sequence[Telling]) -> None:
    one, other = tellings[0], telling_of(tell(generate(71, 3)[2], "news_zox", "en"), "news_zox", START, 6)
    halves = [each.body.split("\n\n") for each in (one, other)]
    body = "\n\n".join(halves[0][:7] + halves[1][5:])
    spliced = evolve(tellings[1], body=body, origin=None)
    catalogue = fill([one, other, spliced])
    ensure_traced(catalogue)
    under = [origin_tree(catalogue, each.id).copies[0] for each in (one, other)]
    assert [node.id for node in under] == [spliced.id, spliced.id]
    assert sorted(node.main for node in under) == [False, True]
    assert {node.further for node in under} == {(one.url,), (other.url,)}


def test_a_story_shows_its_tellers_in_time_and_who_copied(fill: Fill, tellings: Sequence[Telling]) -> None:
    catalogue = fill(tellings)
    ensure_traced(catalogue)
    for asked in tellings[:4]:
        story = story_of(catalogue, asked.id)
        assert [member.outlet for member in story.members] == ["thehill", "news_zox", "mirror", "ukrpravda"]
        assert [member.copy_of for member in story.members] == [None, None, tellings[0].url, None]


def test_a_quotation_is_followed_and_what_one_has_is_told(fill: Fill, tellings: Sequence[Telling]) -> None:
    catalogue = fill(tellings)
    ensure_traced(catalogue)
    story = story_of(catalogue, tellings[0].id)
    for group in story.shared:
        assert len({said.url for said in group}) > 1
    assert {"thehill", "news_zox"} <= {said.outlet for said in story.shared[0]}
    first, second, mirror, fourth = story.members
    assert not mirror.only_named
    for member, others in ((first, (second, fourth)), (second, (first, fourth))):
        bodies = " ".join(telling.body for telling in tellings[:4] if telling.id in {each.id for each in others})
        assert member.only_named
        assert not [form for form in member.only_named if form in bodies]


def test_an_undated_article_is_dated_by_what_its_feed_says(fill: Fill, tellings: Sequence[Telling]) -> None:
    catalogue = fill(tellings)
    named_by_a_feed(catalogue, tellings[2], START + 4 * HOUR)
    ensure_traced(catalogue)
    story = story_of(catalogue, tellings[0].id)
    assert [member.outlet for member in story.members] == ["thehill", "mirror", "ukrpravda", "news_zox"]
    assert story.members[-1].told_at == START + 4 * HOUR


@pytest.mark.parametrize(("printed", "on_day"), [("5 January 2026", True), ("5 January 2026, 10:45", False)])
def test_a_printed_day_without_an_hour_is_known_as_such(
    fill: Fill, tellings: Sequence[Telling], printed: str, on_day: bool
) -> None:
    catalogue = fill(tellings)
    with catalogue.transaction() as connection:
        connection.execute(update(t.versions).where(t.versions.c.id == tellings[0].id).values(published_raw=printed))
    assert [each.told_on_day for each in read_tellings(catalogue, ids=[tellings[0].id])] == [on_day]


def test_an_empty_catalogue_is_traced(archive: Path) -> None:
    catalogue = Catalogue(open_engine(catalogue_url(archive)))
    assert ensure_traced(catalogue)
    assert copies_as_of(catalogue) == {}
    catalogue.close()
