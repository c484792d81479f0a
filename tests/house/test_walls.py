"""The house's walls hold, and a planted violation breaks each of them."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

VIOLATIONS = {
    "The library never imports the Scrapy application": ("pipelines/urls.py", "import crawler.settings"),
    "The newsstand is a world of its own": ("newsstand/story.py", "import pipelines.urls"),
    "Inside the library imports run one way": ("pipelines/capture.py", "import pipelines.jobs.keep"),
    "Scrapy stands in the stages only": ("pipelines/extraction/output.py", "import scrapy"),
    "Discovery is pure: bytes in, leads out": ("crawler/discovery/found.py", "import crawler.settings"),
}


def walls(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    return subprocess.run(
        command, cwd=folder, env={"PYTHONPATH": str(folder)}, capture_output=True, text=True, check=False
    )


@pytest.fixture
def house(tmp_path: Path) -> Path:
    for name in ("crawler", "pipelines", "newsstand"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


@pytest.mark.parametrize("wall", VIOLATIONS)
def test_a_planted_violation_breaks_the_wall(wall: str, house: Path) -> None:
    path, line = VIOLATIONS[wall]
    file = house / path
    file.write_text(f"{file.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")
    checked = walls(house)
    assert checked.returncode == 1
    assert f"{wall} BROKEN" in checked.stdout


def test_the_walls_hold(house: Path) -> None:
    checked = walls(house)
    assert checked.returncode == 0, checked.stdout
    assert all(f"{wall} KEPT" in checked.stdout for wall in VIOLATIONS)
