"""Which articles tell one event: takes tellings, gives groups; no model, only what the articles share.

Two articles within a day and a half are compared by the names, figures, words and quotations that they share,
each weighed by its rarity. The groups are those of average linkage: every member is like the others on the whole, so
that one article about two events doesn't join them.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from pipelines.tracing.features import marks
from pipelines.tracing.telling import Telling

KINDS = ("names", "figures", "words", "said")
WITHIN_S = 36 * 3600
"""An event is told within a day and a half; what comes later is another day's story of it."""
_BLOCK = 512
_LEAST_ARTICLES = 300
"""What rarity is counted by in a smaller archive, where a mark in every article may yet be the event's own."""
_LEAST_NAMES = 0.12
_LEAST_SAID = 0.15
"""Cosines from which a pair is looked at: under both nothing says that it is one event."""
_UNLIKE = -4.0
"""Log odds that average linkage takes for a pair that was not looked at, and the least and (as odds for) the most that
any pair counts: so that one round-up of two events, however like both, doesn't join them."""
_MANY_FIGURES = 6
"""Figures that both must have for their disagreement to count in full."""
_RELATED = frozenset({"uk", "ru"})
"""Languages that share most of their words' consonants."""

Vector = NDArray[np.float64]


@frozen(kw_only=True, eq=False)
class Likeness:
    """What pairs of articles share: one row a pair."""

    one: NDArray[np.intp] = field(repr=False)
    other: NDArray[np.intp] = field(repr=False)
    evidence: Vector = field(repr=False)
    """Columns as in `WEIGHTS`."""


WEIGHTS: dict[str, float] = {
    "names": 7.0, "words": 14.0, "kindred words": 9.0, "figures": 19.0, "many figures": -4.2, "said": 4.0,
    "foreign": 3.2, "kindred": 2.2,
}  # fmt: skip
BIAS = -6.8
"""Log odds of one event. Fitted by logistic regression on generated news, with its figures and without, and on real
pages of different events; then moved by hand until the five seeds, which have hardly a figure, were well in."""


def find_stories(
    tellings: Iterable[Telling], watch: Callable[[Iterable[Any], str], Iterable[Any]] = lambda items, _label: items
) -> tuple[tuple[str, ...], ...]:
    """Groups of article ids that tell one event, each in the order of telling, the groups by their first.

    Takes one version an article, in any order; an article that nobody else tells is in no group.
    """
    ordered = sorted(tellings, key=lambda telling: (telling.known_at, telling.captured_at, telling.id))
    found = likeness(ordered, watch)
    odds = found.evidence @ np.array(list(WEIGHTS.values())) + BIAS
    joined = odds > 0
    graph = csr_array(
        (np.ones(int(joined.sum())), (found.one[joined], found.other[joined])), shape=(len(ordered), len(ordered))
    )
    _, component = connected_components(graph, directed=False)
    groups = [
        tuple(ordered[place].id for place in group)
        for members, pairs in watch(_parts(component, found), "stories")
        for group in _split(members, found.one[pairs], found.other[pairs], odds[pairs])
    ]
    first = {telling.id: place for place, telling in enumerate(ordered)}
    return tuple(sorted((group for group in groups if len(group) > 1), key=lambda group: first[group[0]]))


def _parts(component: NDArray[np.int32], found: Likeness) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """(members, pairs among them) of each set of articles that are joined by some chain of likeness."""
    inside = np.flatnonzero(component[found.one] == component[found.other])
    members = _by_value(component, np.arange(len(component)))
    pairs = _by_value(component[found.one[inside]], inside)
    return [(held, pairs[number]) for number, held in members.items() if len(held) > 1]


def _by_value(values: NDArray[Any], items: NDArray[np.intp]) -> dict[int, NDArray[np.intp]]:
    order = np.argsort(values, kind="stable")
    parts = np.split(items[order], np.flatnonzero(np.diff(values[order])) + 1)
    return dict(zip(np.unique(values).tolist(), parts, strict=False))


def _split(members: NDArray[np.intp], one: NDArray[np.intp], other: NDArray[np.intp], odds: Vector) -> list[list[int]]:
    """The groups of average linkage among joined articles, by their pairs' odds."""
    rows, columns = np.searchsorted(members, one), np.searchsorted(members, other)
    near = np.full((len(members), len(members)), _UNLIKE)
    near[rows, columns] = near[columns, rows] = np.clip(odds, _UNLIKE, -_UNLIKE)
    most = float(near.max())
    distances = (most - near)[np.triu_indices(len(members), 1)]
    labels = fcluster(linkage(distances, "average"), most, "distance")
    return [members[labels == label].tolist() for label in dict.fromkeys(labels.tolist())]


def likeness(
    ordered: Sequence[Telling], watch: Callable[[Iterable[Any], str], Iterable[Any]] = lambda items, _label: items
) -> Likeness:
    """What each two articles share that are near in time and share a name or words of a quotation."""
    held = [marks(telling.headline, telling.body) for telling in watch(ordered, "marks")]
    spaces = {kind: _space([getattr(each, kind) for each in held]) for kind in KINDS}
    one, other = _near_pairs(ordered, spaces, watch)
    cosines = {kind: _paired(space, one, other) for kind, space in spaces.items()}
    figures = np.array([len(each.figures) for each in held])
    many = np.minimum(1, np.minimum(figures[one], figures[other]) / _MANY_FIGURES) if len(one) else np.zeros(0)
    language = np.array([telling.language or "" for telling in ordered])
    same = language[one] == language[other]
    related = ~same & np.isin(language[one], list(_RELATED)) & np.isin(language[other], list(_RELATED))
    columns = {
        "names": cosines["names"],
        "words": cosines["words"] * same,
        "kindred words": cosines["words"] * related,
        "figures": cosines["figures"] * many,
        "many figures": many,
        "said": cosines["said"],
        "foreign": ~same & ~related,
        "kindred": related,
    }
    evidence = np.column_stack([columns[name].astype(np.float64) for name in WEIGHTS])
    return Likeness(one=one, other=other, evidence=evidence)


def _space(counted: Sequence[Counter[str]]) -> csr_array:
    """Articles × marks, weighed by rarity, each row of length 1."""
    number = {mark: place for place, mark in enumerate(sorted({mark for each in counted for mark in each}))}
    spread = Counter(mark for each in counted for mark in each)
    articles = max(len(counted), _LEAST_ARTICLES)
    rarity = {mark: math.log(1 + articles / spread[mark]) for mark in number}
    rows, columns, values = [], [], []
    for row, each in enumerate(counted):
        weights = {mark: (1 + math.log(count)) * rarity[mark] for mark, count in each.items()}
        length = math.sqrt(sum(weight * weight for weight in weights.values()))
        for mark in sorted(weights):
            rows.append(row)
            columns.append(number[mark])
            values.append(weights[mark] / length)
    return csr_array((values, (rows, columns)), shape=(len(counted), max(1, len(number))))


def _near_pairs(
    ordered: Sequence[Telling],
    spaces: dict[str, csr_array],
    watch: Callable[[Iterable[Any], str], Iterable[Any]],
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """(earlier, later) places of the pairs to look at; an undated article is near to all."""
    at = np.array([telling.known_at.timestamp() for telling in ordered])
    dated = np.array([telling.told_at is not None for telling in ordered], dtype=bool)
    undated = np.flatnonzero(~dated)
    ones, others = [np.zeros(0, dtype=np.intp)], [np.zeros(0, dtype=np.intp)]
    for start in watch(range(0, len(ordered), _BLOCK), "articles compared"):
        block = np.arange(start, min(start + _BLOCK, len(ordered)))
        window = np.arange(
            np.searchsorted(at, at[start] - WITHIN_S), np.searchsorted(at, at[block[-1]] + WITHIN_S, "right")
        )
        window = np.union1d(window, undated)
        names = (spaces["names"][block] @ spaces["names"][window].T).toarray()
        said = (spaces["said"][block] @ spaces["said"][window].T).toarray()
        near = np.abs(at[block][:, None] - at[window][None, :]) <= WITHIN_S
        near |= ~dated[block][:, None] | ~dated[window][None, :]
        row, column = np.nonzero(near & ((names >= _LEAST_NAMES) | (said >= _LEAST_SAID)))
        one, other = block[row], window[column]
        different = one != other
        ones.append(np.minimum(one, other)[different])
        others.append(np.maximum(one, other)[different])
    pairs = np.unique(np.column_stack([np.concatenate(ones), np.concatenate(others)]), axis=0)
    return pairs[:, 0], pairs[:, 1]


def _paired(space: csr_array, one: NDArray[np.intp], other: NDArray[np.intp]) -> Vector:
    """The cosine of each pair of rows."""
    found = np.zeros(len(one))
    for start in range(0, len(one), 100_000):
        part = slice(start, start + 100_000)
        found[part] = space[one[part]].multiply(space[other[part]]).sum(axis=1)
    return found
