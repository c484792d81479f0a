"""Rules drafted from two pages of an outlet whose rules are gone read its other articles."""

import json
import re
import subprocess
import sys
from collections import Counter
from itertools import groupby
from pathlib import Path

import pytest

from pipelines.article import Article
from pipelines.capture import Page
from pipelines.extraction import extract
from pipelines.jobs.drafting import draft
from pipelines.rules import load_rules

from .conftest import PROJECT, serving, world_of
from .test_world import told, written

WORD = re.compile(r"\w+")


def words_f1(one: str, other: str) -> float:
    left, right = Counter(WORD.findall(one.casefold())), Counter(WORD.findall(other.casefold()))
    return 2 * (left & right).total() / max(1, left.total() + right.total())


@pytest.mark.parametrize("outlet", ["ukrpravda", "interfax_ukraine", "thehill", "primewebinargroup", "news_zox"])
def test_two_pages_draft_rules_that_read_the_others_of_their_layout(outlet: str, tmp_path: Path) -> None:
    serve = serving(world_of(1))
    layouts = [list(each) for _, each in groupby(sorted(told(outlet, 1), key=_layout), _layout)]
    first, second, *others = max(layouts, key=len)
    drafted = draft("drafted", [serve(first.url, published=first), serve(second.url, published=second)])
    (tmp_path / "drafted.toml").write_text(drafted.toml(), encoding="utf-8")
    rules = load_rules(tmp_path)
    scores = []
    for truth in others:
        article = extract(serve(truth.url, published=truth), rules, rules.outlet("drafted"))
        assert isinstance(article, Article), truth.url
        assert (article.verdict, article.headline) == ("rules", truth.draft.headline), truth.url
        body = " ".join(block.text for block in article.blocks)
        scores.append(words_f1(body, " ".join(text for _, text in written(truth))))
    assert others
    assert sum(scores) / len(scores) >= 0.97, (scores, drafted.toml())


def _layout(published: object) -> str:
    return str(getattr(published, "era", ""))


def test_add_outlet_writes_rules_spider_and_fixture_once(tmp_path: Path) -> None:
    serve = serving(world_of(1))
    first, second = told("thehill", 1)[:2]
    files = []
    for truth in (first, second):
        saved = tmp_path / f"{truth.number}.html"
        saved.write_bytes(serve(truth.url, published=truth).body)
        files += ["--file", str(saved)]
    into = tmp_path / "project"
    command = [sys.executable, "-m", "scrapy", "add_outlet", "new_paper", first.url, second.url, *files]
    command += ["--into", str(into)]
    once, twice = (
        subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=180, check=False) for _ in range(2)
    )
    assert once.returncode == 0, once.stderr
    assert (twice.returncode, "there already" in twice.stderr) == (2, True)
    rules = load_rules(into / "crawler" / "rules")
    fixture = into / "tests" / "fixtures" / "new_paper" / "draft"
    expected = json.loads((fixture / "expected.json").read_text())
    result = extract(Page(url=expected["url"], body=(fixture / "page.html").read_bytes()), rules)
    assert isinstance(result, Article)
    assert (result.verdict, result.headline) == ("rules", "An invented headline")
    compile((into / "crawler" / "spiders" / "new_paper.py").read_text(), "spider", "exec")
