"""`scrapy extract --explain` and `--html` tell of a saved page what became of each block."""

import subprocess
import sys
from pathlib import Path

from .conftest import FIXTURES, PROJECT

URL = "https://www.pravda.com.ua/rus/news/2009/03/5/3790001/"


def test_a_page_is_explained_in_the_terminal_and_as_one_html_page(tmp_path: Path) -> None:
    page = FIXTURES / "ukrpravda" / "block61" / "page.html"
    out = tmp_path / "told.html"
    command = [sys.executable, "-m", "scrapy", "extract", str(page), "--url", URL, "--explain", "--html", str(out)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stderr
    assert "headline: h1" in done.stdout
    assert "- [.advtext] Реклама:" in done.stdout
    html = out.read_text(encoding="utf-8")
    assert html.count('<p class="kept">') == 3
    assert "<small>.advtext</small>" in html
    assert "<link" not in html
    assert "<script" not in html
