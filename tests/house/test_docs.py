"""The documents keep up with the code: every command, every setting, every outlet."""

import re
from pathlib import Path

import pytest

import crawler.settings

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = sorted(path.stem for path in (ROOT / "crawler" / "commands").glob("*.py") if path.stem != "__init__")
OURS = re.findall(
    r"^([A-Z][A-Z_0-9]+)(?::[^=]+)? =", (ROOT / "crawler" / "settings.py").read_text("utf-8"), re.MULTILINE
)


def document(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_stands_in_the_docs(command: str) -> None:
    assert f"### scrapy {command}" in document("docs/commands.md")


@pytest.mark.parametrize("setting", OURS)
def test_a_setting_stands_in_the_docs(setting: str) -> None:
    assert hasattr(crawler.settings, setting)
    assert f"`{setting}`" in document("docs/settings.md")


def test_the_documented_test_command_is_what_ci_runs() -> None:
    assert "exec make test" in document(".ci/run")
    assert "make test" in document("README.md")
    assert "make demo" in document("README.md")
