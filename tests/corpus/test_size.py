"""A corpus of twenty thousand articles: the same bytes from one worker and from several, in flat memory."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.prove
def test_twenty_thousand_articles_in_flat_memory(tmp_path: Path) -> None:
    """The benchmark's exit status tells: equal corpora, under 400 MB for all processes together; it prints figures."""
    subprocess.run(
        [sys.executable, "-m", "benchmarks.corpus", str(tmp_path), "--articles", "20000"], cwd=ROOT, check=True
    )
