"""Which articles tell one event, on news of which it is known, and on the five seeds."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from attrs import evolve

from newsstand.generator import beside, generate, tell
from pipelines.text.clean import read_clean
from pipelines.tracing.stories import find_stories
from pipelines.tracing.telling import Telling
from tests.tracing.copying import START, real_bodies, telling_of
from tests.tracing.telling_events import Told, told_events

SEEDS = Path(__file__).resolve().parents[3] / "shared" / "seeds" / "clean"
UNSEEN = (901, 902, 903)
"""Seeds that nothing was tuned on."""


def pairwise_f1(groups: Iterable[Sequence[str]], truth: Told) -> tuple[float, float, float]:
    """(precision, recall, F1) over pairs of articles that tell one event."""
    placed = {name: number for number, group in enumerate(groups) for name in group}
    both: Counter[tuple[int, int]] = Counter((placed[name], truth.events[name]) for name in placed)
    right = _pairs(both)
    claimed, known = _pairs(Counter(placed.values())), _pairs(Counter(truth.events.values()))
    precision, recall = right / max(1, claimed), right / max(1, known)
    return precision, recall, 2 * right / max(1, claimed + known)


def _pairs(counted: Counter[int] | Counter[tuple[int, int]]) -> int:
    return sum(count * (count - 1) // 2 for count in counted.values())


@pytest.fixture
def seeds() -> list[Telling]:
    """The five seeds as articles; two of them state no time."""
    if not SEEDS.is_dir():
        pytest.skip("the seeds lie in ../shared/seeds, which is not here")
    tellings = []
    for path in sorted(SEEDS.glob("*.txt")):
        record = read_clean(path.read_text(encoding="utf-8"))
        tellings.append(
            Telling(
                id=path.stem, outlet=str(record.outlet_name), url=f"https://{path.stem}.example/", language="en",
                headline=str(record.headline), body="\n\n".join(block.text for block in record.blocks),
                told_at=record.published_at, captured_at=datetime(2026, 11, 22, tzinfo=UTC),
            )
        )  # fmt: skip
    return tellings


def test_the_five_seeds_are_one_story(seeds: list[Telling]) -> None:
    (story,) = find_stories(seeds)
    assert set(story) == {each.id for each in seeds}


def test_the_five_seeds_are_one_story_among_other_news(seeds: list[Telling]) -> None:
    others = told_events(71, 30).tellings
    (story,) = (group for group in find_stories([*seeds, *others]) if {*group} & {each.id for each in seeds})
    assert set(story) == {each.id for each in seeds}


def test_a_story_is_told_in_three_languages() -> None:
    event, other = generate(71, 2)
    tellings = [
        telling_of(tell(each, style, language), style, START + timedelta(hours=number), 10 * each.number + number)
        for each in (event, other)
        for number, (style, language) in enumerate(
            (("ukrpravda", "uk"), ("southern_voice", "ru"), ("thehill", "en"), ("news_zox", "en"))
        )
    ]
    expected = tuple(tuple(each.id for each in part) for part in (tellings[:4], tellings[4:]))
    assert sorted(find_stories(tellings)) == sorted(expected)


def test_another_event_of_the_same_people_on_the_same_day_is_another_story() -> None:
    event = generate(71, 1)[0]
    tellings = [
        telling_of(tell(each, style, "en"), style, START + timedelta(hours=number), 10 * place + number)
        for place, each in enumerate((event, beside(event, 99, 71)))
        for number, style in enumerate(("ukrpravda", "thehill", "news_zox"))
    ]
    assert [len(story) for story in find_stories(tellings)] == [3, 3]


def test_a_round_up_of_two_events_does_not_join_them() -> None:
    event, other = generate(71, 2)
    tellings = [
        telling_of(tell(each, style, "en"), style, START + timedelta(hours=number), 10 * each.number + number)
        for each in (event, other)
        for number, style in enumerate(("ukrpravda", "thehill", "news_zox"))
    ]
    bodies = [tellings[place].body for place in (0, 3)]
    round_up = evolve(
        tellings[0], id="round-up", outlet="digest", url="https://digest.example/", body="\n\n".join(bodies)
    )
    stories = find_stories([*tellings, round_up])
    assert sorted(len({*story} - {"round-up"}) for story in stories) == [3, 3]


def test_the_same_words_days_later_are_another_story() -> None:
    event = generate(71, 1)[0]
    tellings = [
        telling_of(tell(event, style, "en"), style, START + timedelta(days=days), 10 * days + number)
        for days in (0, 3)
        for number, style in enumerate(("ukrpravda", "thehill"))
    ]
    assert [len(story) for story in find_stories(tellings)] == [2, 2]


def test_one_without_a_time_is_in_the_story_whenever_captured() -> None:
    event = generate(71, 1)[0]
    dated, undated = (
        telling_of(tell(event, style, "en"), style, START, number)
        for number, style in enumerate(("ukrpravda", "thehill"))
    )
    undated = evolve(undated, told_at=None, captured_at=START + timedelta(days=300))
    assert find_stories([undated, dated]) == ((dated.id, undated.id),)


def test_the_order_of_the_articles_does_not_matter() -> None:
    tellings = told_events(71, 10).tellings
    assert find_stories(tellings) == find_stories(tellings[::-1])


def test_no_article_and_one_article_make_no_story() -> None:
    assert find_stories([]) == ()
    assert find_stories([telling_of(tell(generate(71, 1)[0], "thehill", "en"), "thehill", START, 1)]) == ()
    empty = Telling(id="a", outlet="a", url="https://a.example/", body="", captured_at=START)
    assert find_stories([empty, evolve(empty, id="b")]) == ()


def test_a_sample_of_events_with_distractors_is_grouped() -> None:
    truth = told_events(71, 20)
    assert pairwise_f1(find_stories(truth.tellings), truth)[2] >= 0.95


@pytest.mark.prove
def test_events_of_three_unseen_seeds_are_grouped() -> None:
    for seed in UNSEEN:
        truth = told_events(seed, 80)
        precision, recall, f1 = pairwise_f1(find_stories(truth.tellings), truth)
        events = len(set(truth.events.values()))
        print(f"seed {seed}: {events} events in {len(truth.tellings)} articles", end=", ")
        print(f"precision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f}")
        assert f1 >= 0.90


@pytest.mark.prove
def test_real_articles_of_many_years_hardly_meet_though_put_on_one_day() -> None:
    bodies = real_bodies()
    if not bodies:
        pytest.skip("the real pages lie in ../shared/pages, which is not here")
    tellings = [telling_of(draft, f"outlet_{number}", START, number) for number, draft in enumerate(bodies)]
    grouped = find_stories(tellings)
    print(f"{sum(map(len, grouped))} of {len(tellings)} real articles in {len(grouped)} groups")
    assert sum(map(len, grouped)) <= 0.05 * len(tellings)
