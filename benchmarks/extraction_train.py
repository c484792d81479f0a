"""Trains the two block classifiers on captured pages with gold, and writes them as data beside the code that uses it.

    extraction_train.py PAGES_FOLDER [--all]

PAGES_FOLDER holds `aeb`, `fundus` and `evaldata`, each with `gold.jsonl`. A third of each set, by the hash of
the page id, is kept out (`--all` takes it in), so that benchmarks/extraction.py can report pages never trained on.
Needs scikit-learn, which nothing else does: `pip install scikit-learn`.
"""

import json
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from extraction import document_of, is_held_out
from sklearn.ensemble import HistGradientBoostingClassifier

from pipelines.extraction.blocks import RawBlock
from pipelines.extraction.classifier import CHEAP, FULL
from pipelines.extraction.features import folded
from pipelines.extraction.generic import heard_of_trafilatura, witnesses_of
from pipelines.extraction.witnesses import Measured

SETTINGS: dict[str, Any] = {
    "max_iter": 150,
    "max_leaf_nodes": 15,
    "max_depth": 6,
    "learning_rate": 0.08,
    "min_samples_leaf": 40,
    "l2_regularization": 5,
    "random_state": 0,
}
"""Chosen by cross-validation over hosts; neighbours of these differ by less than the noise (0.002)."""
PHRASE_WEIGHT = 0.15
"""A block labelled by a phrase counts less than a share of a page whose whole text is known."""
WORDS = re.compile(r"\w+")


def labels_by_text(blocks: list[RawBlock], gold: str) -> tuple[np.ndarray, np.ndarray]:
    """Which blocks the gold text holds, and each block's weight: its share of the page's text."""
    gold_words = WORDS.findall(gold.casefold())
    shingles = {tuple(gold_words[i : i + 4]) for i in range(len(gold_words) - 3)}
    lines = {folded(line) for line in gold.splitlines()} - {""}
    whole = folded(gold)
    label, words = np.zeros(len(blocks)), np.zeros(len(blocks))
    for i, block in enumerate(blocks):
        own, key = WORDS.findall(block.text.casefold()), folded(block.text)
        words[i] = len(own)
        if len(own) >= 6:
            mine = [tuple(own[j : j + 4]) for j in range(len(own) - 3)]
            label[i] = sum(s in shingles for s in mine) / len(mine) > 0.5
        elif key:
            label[i] = key in lines or (len(key) > 12 and key in whole)
    _keep_one_of_equals(blocks, label, words)
    return label, np.minimum(1, (words + 2) / max(1, (words * label).sum()))


def _keep_one_of_equals(blocks: list[RawBlock], label: np.ndarray, words: np.ndarray) -> None:
    """Of blocks with the same text only the one amid most body text is body."""
    places: dict[str, list[int]] = {}
    for i, block in enumerate(blocks):
        if label[i]:
            places.setdefault(folded(block.text), []).append(i)
    body = label * np.minimum(words, 50)
    for same in places.values():
        if len(same) > 1:
            around = {
                i: sum(body[j] for j in range(max(0, i - 6), min(len(blocks), i + 7)) if j not in same) for i in same
            }
            for i in same:
                label[i] = i == max(same, key=around.__getitem__)


def labels_by_phrases(blocks: list[RawBlock], gold: dict[str, list[str]]) -> tuple[np.ndarray, np.ndarray]:
    """Blocks with a phrase that must be there, and those with one that must not; the others weigh nothing."""
    label, weight = np.zeros(len(blocks)), np.zeros(len(blocks))
    for i, block in enumerate(blocks):
        text = " ".join(block.text.split())
        if any(" ".join(p.split()) in text or (len(text) > 40 and text in p) for p in gold["with"]):
            label[i], weight[i] = 1, PHRASE_WEIGHT
        if any(" ".join(p.split()) in text for p in gold["without"]):
            label[i], weight[i] = 0, PHRASE_WEIGHT
    return label, weight


def flat(model: HistGradientBoostingClassifier) -> dict[str, Any]:
    """The trees as plain lists, one after another; a leaf leads to itself."""
    out: dict[str, Any] = {"roots": [], "feature": [], "threshold": [], "left": [], "right": [], "value": []}
    depth = 0
    for (tree,) in model._predictors:
        start = len(out["feature"])
        out["roots"].append(start)
        for i, node in enumerate(tree.nodes):
            leaf = bool(node["is_leaf"])
            out["feature"].append(0 if leaf else int(node["feature_idx"]))
            out["threshold"].append(0.0 if leaf else float(node["num_threshold"]))
            out["left"].append(start + (i if leaf else int(node["left"])))
            out["right"].append(start + (i if leaf else int(node["right"])))
            out["value"].append(round(float(node["value"]), 6))
            depth = max(depth, int(node["depth"]))
    return {**out, "depth": depth, "baseline": float(np.ravel(model._baseline_prediction)[0])}


def main(folder: Path, take_all: bool) -> None:
    """Trains and writes."""
    rows: dict[str, list[np.ndarray]] = {CHEAP: [], FULL: []}
    labels, weights = [], []
    counts: Counter[str] = Counter()
    for name in ("aeb", "fundus", "evaldata"):
        for line in (folder / name / "gold.jsonl").read_text(encoding="utf8").splitlines():
            row = json.loads(line)
            if is_held_out(row["id"]) and not take_all:
                continue
            document = document_of(row, folder / name)
            blocks = document.blocks
            by_phrases = "with" in row["gold"]
            label, weight = (
                labels_by_phrases(blocks, row["gold"]) if by_phrases else labels_by_text(blocks, row["gold"]["body"])
            )
            witnesses = witnesses_of(document)
            measured = Measured(blocks, witnesses)
            rows[CHEAP].append(measured.rows(witnesses.density))
            rows[FULL].append(measured.rows(heard_of_trafilatura(document)))
            labels.append(label)
            weights.append(weight)
            counts[name] += 1
    y, w = np.concatenate(labels), np.concatenate(weights)
    used = w > 0
    for name, parts in rows.items():
        x = np.vstack(parts)
        model = HistGradientBoostingClassifier(**SETTINGS).fit(x[used], y[used], sample_weight=w[used] / w[used].mean())
        target = Path(__file__).parent.parent / "pipelines" / "extraction" / name
        target.write_text(json.dumps(flat(model), separators=(",", ":")) + "\n")
        print(f"{name}: {dict(counts)} pages, {int(used.sum())} blocks, {x.shape[1]} columns")


if __name__ == "__main__":
    main(Path(sys.argv[1]), "--all" in sys.argv)
