"""What an article says of its own changes, and the entries of a live blog: the truth that the layouts dressed."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve

from newsstand.story import LiveEntry as Told
from newsstand.story import Published
from pipelines.extraction import as_json
from pipelines.extraction.notes import notes_of
from pipelines.rules import RuleBook

from .conftest import dressing, page, world_of
from .test_generic import BODY
from .test_generic import read as read_page
from .test_world import OUTLETS, flat, read, told, written

KYIV = ZoneInfo("Europe/Kyiv")
PUBLISHED = datetime(2025, 2, 13, 8, 45, tzinfo=UTC)
NOTES = {
    "uk": ("Виправлено: у попередній версії було названо інше місто.", "Оновлено о 23:51"),
    "ru": ("Исправлено: в предыдущей версии было названо другое место.", "Обновлено в 23:51"),
    "en": ("Correction: an earlier version of this story named another town.", "This story was updated at 11:51 p.m."),
}
SEED = 40_117


@pytest.mark.parametrize("outlet", OUTLETS)
def test_a_note_is_a_field_and_stays_a_paragraph(outlet: str, rules: RuleBook) -> None:
    dress = dressing(world_of(SEED))
    for truth in told(outlet, SEED):
        note = NOTES[truth.draft.language][truth.number % 2]
        changed = evolve(truth, note=note)
        article = read(dress(changed), rules)
        assert [(n.kind, n.text) for n in article.notes] == [("update" if truth.number % 2 else "correction", note)]
        assert [(b.kind, flat(b.text)) for b in article.blocks] == [*written(truth), ("paragraph", note)], truth.url
        assert read(dress(truth), rules).notes == (), truth.url


def live(truth: Published) -> Published:
    entries = [
        Told(
            at=(truth.published_at + timedelta(minutes=37 * n)).replace(second=0),
            headline=f"{truth.draft.tags[0]}: {n}",
            parts=(part,),
        )
        for n, part in enumerate(p for p in truth.draft.parts if p.kind == "paragraph")
    ]
    return evolve(truth, entries=tuple(reversed(entries)))


@pytest.mark.parametrize(
    ("outlet", "eras"), [("ukrpravda", ("2025-news",)), ("thehill", ("wordpress",)), ("example_syndicator", None)]
)
def test_the_entries_of_a_live_blog_have_their_times(
    outlet: str, eras: tuple[str, ...] | None, rules: RuleBook
) -> None:
    dress = dressing(world_of(SEED))
    blogs = [live(each) for each in told(outlet, SEED) if eras is None or each.era in eras]
    assert blogs
    for blog in blogs:
        article = read(dress(blog), rules)
        wanted = [(e.at.replace(second=0), e.headline, flat(e.parts[0].text)) for e in blog.entries]
        assert [(e.at, e.headline, flat(e.text)) for e in article.live_entries] == wanted, blog.url
        body = [flat(b.text) for b in article.blocks]
        assert all(text in body for _, _, text in wanted)
        assert article.reason == "live"


def test_entries_are_found_where_nothing_is_known_of_the_layout(rules: RuleBook) -> None:
    entry = '<div itemprop="liveBlogUpdate"><time datetime="2025-02-13T{}">x</time><h2>{}</h2><p>{}</p></div>'
    entries = "".join(entry.format(at, f"Entry of {at}", BODY[3:90]) for at in ("10:45+02:00", "11:02+02:00"))
    article = read_page(page(f"<article><h1>x</h1>{BODY}{entries}</article>"), rules)
    assert [(e.at and e.at.isoformat(), e.headline) for e in article.live_entries] == [
        ("2025-02-13T10:45:00+02:00", "Entry of 10:45+02:00"),
        ("2025-02-13T11:02:00+02:00", "Entry of 11:02+02:00"),
    ]


@pytest.mark.parametrize(
    ("line", "kind", "at"),
    [
        ("This story was updated at 10:51 p.m.", "update", "2025-02-13T22:51:00+02:00"),
        ("—Updated at 9:05 a.m. EST", "update", "2025-02-13T09:05:00-05:00"),
        ("Updated: 14 February 2025, 08:00", "update", "2025-02-14T08:00:00+02:00"),
        ("Оновлено о 10:51", "update", "2025-02-13T10:51:00+02:00"),
        ("Оновлено о 10:15", "update", "2025-02-14T10:15:00+02:00"),
        ("Обновлено: добавлен комментарий министерства.", "update", None),
        ("Виправлено: раніше йшлося про іншу суму.", "correction", None),
        ("Исправлено. В заметке было указано неверное имя.", "correction", None),
        ("CORRECTION: The town has one bridge.", "correction", None),
        ("Correction, Feb. 14: The town has one bridge.", None, None),
        ("An earlier version of this article misstated the year.", "correction", None),
        ("Editor's note: this story has been updated with a comment.", "update", None),
        ("Editor's note: this story has been corrected.", "correction", None),
        ("Editor's note: the author is a lawyer.", None, None),
        ("Updated figures show that the town has grown.", None, None),
        ("Corrections officers met on Thursday at 10:51.", None, None),
        ("Оновлений міст відкрили о 10:51.", None, None),
        ("Виправлення помилок триває.", None, None),
    ],
)
def test_a_line_is_a_note_of_its_kind_or_none(line: str, kind: str | None, at: str | None) -> None:
    notes = notes_of([line], KYIV, PUBLISHED)
    assert [(n.kind, n.at.isoformat() if n.at else None) for n in notes] == ([(kind, at)] if kind else [])


def test_notes_and_entries_are_further_keys(rules: RuleBook) -> None:
    given = page(f"<article><h1>x</h1>{BODY}<p>{NOTES['en'][0]}</p></article>")
    shown = as_json(read_page(given, rules), given)
    assert shown["notes"] == [{"kind": "correction", "text": NOTES["en"][0], "at": None}]
    assert (shown["live_entries"], shown["outlet_article_id"], shown["alternates"]) == ([], None, [])
