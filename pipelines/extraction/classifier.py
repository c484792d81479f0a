"""The block classifier: small boosted trees kept as data; takes measured blocks, gives the chance that each is body."""

import json
from functools import cache
from importlib.resources import files

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

FULL = "block_classifier.json"
"""Weighs with trafilatura as first witness. Both are made by benchmarks/extraction_train.py from public test sets, and
hold thresholds, no text."""
CHEAP = "block_classifier_cheap.json"
"""Weighs without trafilatura."""
_FIRST = 40
"""Trees that all blocks are shown to."""
_HOPELESS = -4.0
"""Log odds after the first trees below which the others have never made a block likely: most blocks of a page are
navigation, and are done with here."""


@frozen(kw_only=True, eq=False)
class Forest:
    """Trees in flat arrays: node i asks if column `feature[i]` is at most `threshold[i]`; a leaf leads to itself."""

    roots: NDArray[np.int32]
    feature: NDArray[np.int32]
    threshold: NDArray[np.float64]
    children: NDArray[np.int32]
    """Left and right child of each node, one after the other."""
    value: NDArray[np.float64]
    depth: int
    baseline: float

    def chances(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """0 to 1 a row."""
        total = np.full(len(rows), self.baseline)
        total += self._votes(rows, slice(_FIRST))
        open_rows = np.flatnonzero(total > _HOPELESS)
        total[open_rows] += self._votes(rows[open_rows], slice(_FIRST, None))
        return np.asarray(1 / (1 + np.exp(-total)))

    def _votes(self, rows: NDArray[np.float64], trees: slice) -> NDArray[np.float64]:
        """What some of the trees add up to, a row."""
        at = np.tile(self.roots[trees], (len(rows), 1))
        start = (np.arange(len(rows), dtype=np.int32) * rows.shape[1])[:, None]
        flat = np.ascontiguousarray(rows).ravel()
        for _ in range(self.depth):
            is_right = flat.take(start + self.feature.take(at)) > self.threshold.take(at)
            at = self.children.take(2 * at + is_right)
        # Summed in tree order by plain addition, so that every machine rounds the same way.
        total = np.zeros(len(rows))
        for values in self.value.take(at.T):
            total += values
        return total


@cache
def forest(name: str) -> Forest:
    """The trees as shipped in that file."""
    model = json.loads(files(__package__).joinpath(name).read_text())
    return Forest(
        roots=np.array(model["roots"], dtype=np.int32),
        feature=np.array(model["feature"], dtype=np.int32),
        threshold=np.array(model["threshold"]),
        children=np.column_stack([model["left"], model["right"]]).ravel().astype(np.int32),
        value=np.array(model["value"]),
        depth=model["depth"],
        baseline=model["baseline"],
    )
