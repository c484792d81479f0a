"""Rules files are checked when loaded; outlets are found by host."""

from pathlib import Path

import pytest

from pipelines.errors import BadRules
from pipelines.rules import RuleBook, candidate_of, load_rules

GOOD = """
[outlet]
slug = "maple"
name = "Maple Street"
zone = "Europe/Kyiv"
hosts = ["www.maple.example"]
[[era]]
name = "one"
since = 2020-01-01
container = [".text"]
[era.fields]
headline = ["h1", "json-ld:headline"]
"""


def written(folder: Path, text: str) -> Path:
    (folder / "maple.toml").write_text(text)
    return folder


def test_a_file_gives_an_outlet_and_its_eras(tmp_path: Path) -> None:
    book = load_rules(written(tmp_path, GOOD))
    assert book.outlet("maple").hosts == ("maple.example",)
    assert [e.name for e in book.rules["maple"].eras] == ["one"]
    assert len(book.version) == 12


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (('"Europe/Kyiv"', '"Europe/Nowhere"'), "zone"),
        (('[".text"]', '[".text["]'), "container"),
        (('container = [".text"]', ""), "container"),
        (("headline =", "headlin ="), "headlin"),
        (('"json-ld:headline"', '"url:("'), "headline"),
        (('"json-ld:headline"', '"url:abc"'), "headline"),
        (("since = 2020-01-01", 'since = "soon"'), "since"),
        (('slug = "maple"', 'slug = "Maple Street"'), "slug"),
        (("[[era]]", "[[era"), "TOML"),
        (('hosts = ["www.maple.example"]', ""), "hosts"),
    ],
)
def test_a_fault_names_file_and_key(tmp_path: Path, change: tuple[str, str], named: str) -> None:
    with pytest.raises(BadRules) as caught:
        load_rules(written(tmp_path, GOOD.replace(*change)))
    assert "maple.toml" in str(caught.value)
    assert named in str(caught.value)


def test_any_change_of_a_file_changes_the_version(tmp_path: Path) -> None:
    before = load_rules(written(tmp_path, GOOD)).version
    assert load_rules(written(tmp_path, GOOD)).version == before
    assert load_rules(written(tmp_path, GOOD + "\n# a note\n")).version != before


@pytest.mark.parametrize(
    ("url", "slug"),
    [
        ("https://www.pravda.com.ua/eng/news/2025/02/13/7498191/", "ukrpravda"),
        ("http://pravda.com.ua/", "ukrpravda"),
        ("https://life.pravda.com.ua/x/", None),
        ("https://en.interfax.com.ua/news/general/1.html", "interfax_ukraine"),
        ("https://interfax.com.ua/news/general/1.html", "interfax_ukraine"),
        ("https://notinterfax.com.ua/", None),
        ("https://thehill-mirror.example/post/x/", "thehill_mirror"),
        ("not a url", None),
    ],
)
def test_an_outlet_is_found_by_its_host(rules: RuleBook, url: str, slug: str | None) -> None:
    outlet = rules.outlet_for(url)
    assert (outlet and outlet.slug) == slug


@pytest.mark.parametrize(
    "url",
    [
        "https://www.pravda.com.ua/eng/news/2025/02/13/7498191/",
        "https://www.pravda.com.ua/columns/2003/01/5/12345/",
        "https://en.interfax.com.ua/news/general/1047915.html",
        "https://thehill.com/homenews/news/471033-south-dakota-governor-doubles-down",
        "https://thehill.com/policy/defense/5143068-hegseth-us-ukraine-russia/",
    ],
)
def test_article_addresses_fit_their_outlets_rule(rules: RuleBook, url: str) -> None:
    outlet = rules.outlet_for(url)
    assert outlet
    assert outlet.article_url
    assert outlet.article_url.search(url)


@pytest.mark.parametrize("written", ["h1.title", "json-ld:author", "meta:og:title", "time@datetime"])
def test_a_candidate_is_labelled_as_it_was_written(written: str) -> None:
    assert candidate_of(written).label == written
