"""The files that add an outlet, as a draft makes them: rules, spider, and a synthetic fixture."""

import json
import re
import tempfile
from datetime import datetime
from html import escape
from pathlib import Path

from pipelines.article import Article
from pipelines.capture import Page
from pipelines.errors import PressmarkError
from pipelines.extraction.output import as_json
from pipelines.extraction.reading import extract
from pipelines.jobs.drafting import Draft
from pipelines.rules import load_rules

ERA = "draft"
_SELECTOR = re.compile(r"(?P<tag>\w*)(?:\.(?P<cls>[\w-]+)|#(?P<id>[\w-]+)|\[itemprop=(?P<prop>[^\]]+)\])?")
_SPIDER = '''"""{name}: name its feeds, sitemaps or listings as sources."""

from crawler.outlet import OutletSpider


class {title}Spider(OutletSpider):
    """Drafted: without sources it finds nothing."""

    name = "{slug}"
    sources = ()
'''
_PAGE = """<!DOCTYPE html>
<!-- Synthetic: invented text in the drafted layout. -->
<html><head><title>An invented headline</title></head><body>
<article>
{heading}
{opening}
<p>An invented first paragraph, long enough to be read as one, with a full stop.</p>
<p>An invented second paragraph, which says no more than the first one, and ends.</p>
{closing}
</article>
</body></html>
"""


def draft_files(drafted: Draft, now: datetime) -> dict[str, str]:
    """Text by path in the project; raises PressmarkError where the drafted rules do not read their own fixture."""
    slug = drafted.slug
    page = Page(url=f"https://{drafted.host}/drafted", body=_fixture(drafted).encode(), captured_at=now)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, f"{slug}.toml").write_text(drafted.toml(), encoding="utf-8")
        rules = load_rules(Path(folder))
    article = extract(page, rules)
    if not isinstance(article, Article) or article.verdict != "rules":
        raise PressmarkError(f"{slug}: the drafted rules do not hold: give other pages of the outlet")
    shown = as_json(article, page)
    facts = {key: shown[key] for key in ("headline", "body", "verdict", "reason")}
    expected = {"url": page.url, "captured_at": now.isoformat(), "article": facts}
    title = "".join(part.capitalize() for part in slug.split("_"))
    spider = _SPIDER.format(name=drafted.name.replace("\\", " ").replace('"', "'"), title=title, slug=slug)
    return {
        f"crawler/rules/{slug}.toml": drafted.toml(),
        f"crawler/spiders/{slug}.py": spider,
        f"tests/fixtures/{slug}/{ERA}/page.html": page.body.decode(),
        f"tests/fixtures/{slug}/{ERA}/expected.json": json.dumps(expected, ensure_ascii=False, indent=1) + "\n",
    }


def _fixture(drafted: Draft) -> str:
    headline = next((c for c in drafted.fields.get("headline", ()) if _SELECTOR.fullmatch(c)), "h1")
    opening, closing = _element(drafted.container[0], "div")
    before, behind = _element(headline, "h1")
    return _PAGE.format(heading=f"{before}An invented headline{behind}", opening=opening, closing=closing)


def _element(selector: str, otherwise: str) -> tuple[str, str]:
    """The tags of an element that a drafted selector matches."""
    match = _SELECTOR.fullmatch(selector)
    parts = match.groupdict() if match else {}
    tag = parts.get("tag") or otherwise
    names = (("class", parts.get("cls")), ("id", parts.get("id")), ("itemprop", parts.get("prop")))
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in names if value)
    return f"<{tag}{attributes}>", f"</{tag}>"
