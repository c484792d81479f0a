"""The block classifier: small boosted trees kept as data; takes measured blocks, gives the chance that each is body."""

import json
from functools import cache
from importlib.resources import files

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

MODEL_FILE = "block_classifier.json"
"""Made by benchmarks/extraction_train.py from public test sets; holds thresholds, no text."""


@frozen(kw_only=True, eq=False)
class Forest:
    """Trees in flat arrays: node i asks if column `feature[i]` is at most `threshold[i]`; a leaf leads to itself."""

    roots: NDArray[np.int64]
    feature: NDArray[np.int64]
    threshold: NDArray[np.float64]
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    value: NDArray[np.float64]
    depth: int
    baseline: float

    def chances(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """0 to 1 a row."""
        at = np.broadcast_to(self.roots, (len(rows), len(self.roots)))
        index = np.arange(len(rows))[:, None]
        for _ in range(self.depth):
            at = np.where(rows[index, self.feature[at]] <= self.threshold[at], self.left[at], self.right[at])
        # Summed in tree order by plain addition, so that every machine rounds the same way.
        total = np.full(len(rows), self.baseline)
        for tree in range(at.shape[1]):
            total = total + self.value[at[:, tree]]
        return np.asarray(1 / (1 + np.exp(-total)))


@cache
def forest() -> Forest:
    """The trees as shipped."""
    model = json.loads(files(__package__).joinpath(MODEL_FILE).read_text())
    return Forest(
        roots=np.array(model["roots"]),
        feature=np.array(model["feature"]),
        threshold=np.array(model["threshold"]),
        left=np.array(model["left"]),
        right=np.array(model["right"]),
        value=np.array(model["value"]),
        depth=model["depth"],
        baseline=model["baseline"],
    )
