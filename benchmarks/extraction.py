"""Scores extraction on captured pages with gold: all pages, and the third that nothing was trained or tuned on.

    extraction.py PAGES_FOLDER SCORER [--others] [SET…]
    extraction.py PAGES_FOLDER --cost [SET…]

SCORER is the scoring script that stands beside the pages. `--others` adds rows for trafilatura and for Resiliparse, and
for newspaper4k and readability where they are installed: `pip install -e '.[bench]'` (by a pip of 2024 or later), best
into an environment of its own. No extractor may ask the network; one that tries gets an error.

`--cost` prints what a page costs beside trafilatura with metadata, read turn by turn in one run: the ratio of the
medians and the median of the pages' ratios, for the pages that are read generically and for those of known outlets.
"""

import hashlib
import importlib.util
import json
import socket
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

import trafilatura

from pipelines.article import Article
from pipelines.capture import Page
from pipelines.extraction import as_json, extract
from pipelines.extraction.batch import page_of_row
from pipelines.extraction.document import Document
from pipelines.extraction.reading import outlet_of_host
from pipelines.rules import load_rules

RULES = Path(__file__).parent.parent / "crawler" / "rules"
Reader = Callable[[Page], dict[str, Any]]
SETS = ("aeb", "fundus", "evaldata")
KNOWN = "outlets"
"""The folder of pages of outlets that there are rules for; it has no gold."""
TURNS = 3
"""Times that each page is read by each; its cheapest counts, as other work of the machine only ever adds."""


def is_held_out(page_id: str) -> bool:
    """True for the third of the pages that training and tuning never see."""
    return int(hashlib.sha256(page_id.encode()).hexdigest(), 16) % 3 == 0


def document_of(row: dict[str, Any], base: Path) -> Document:
    """The parsed page of one gold row."""
    page = page_of_row(row, base)
    return Document.of(page, outlet_of_host(row["url"]))


def offline(*_: object) -> NoReturn:
    """Stands where a connection would be made: reading a saved page needs none."""
    raise OSError("extractors are measured without a network")


def by_trafilatura(page: Page) -> dict[str, Any]:
    """What trafilatura's default with metadata gives."""
    got = trafilatura.bare_extraction(page.body, url=page.url, with_metadata=True, include_comments=False)
    if got is None:
        return {}
    authors = got.author.split("; ") if got.author else []
    return {"body": got.text, "headline": got.title, "authors": authors, "published_at": got.date}


def extractors(others: bool) -> dict[str, Reader]:
    """Ours and, if asked, the published ones that are installed."""
    rules = load_rules(RULES)
    found: dict[str, Reader] = {"pressmark": lambda page: as_json(extract(page, rules), page)}
    if not others:
        return found
    socket.socket.connect = offline
    socket.getaddrinfo = offline
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.encoding import bytes_to_str, detect_encoding

    def by_resiliparse(page: Page) -> dict[str, Any]:
        html = bytes_to_str(page.body, detect_encoding(page.body))
        return {"body": extract_plain_text(html, main_content=True, alt_texts=False)}

    found |= {"trafilatura": by_trafilatura, "resiliparse": by_resiliparse}
    if importlib.util.find_spec("newspaper"):
        import newspaper

        def by_newspaper(page: Page) -> dict[str, Any]:
            # By default it would fetch the page's images to choose one.
            article = newspaper.Article(page.url, fetch_images=False)
            article.download(input_html=page.body.decode("utf-8", "replace"))
            article.parse()
            day = article.publish_date.isoformat() if article.publish_date else None
            return {"body": article.text, "headline": article.title, "authors": article.authors, "published_at": day}

        found["newspaper4k"] = by_newspaper
    if importlib.util.find_spec("readability"):
        import lxml.html
        import readability

        def by_readability(page: Page) -> dict[str, Any]:
            document = readability.Document(page.body.decode("utf-8", "replace"))
            return {"body": lxml.html.fromstring(document.summary()).text_content(), "headline": document.title()}

        found["readability"] = by_readability
    return found


def scores(scorer: ModuleType, rows: list[tuple[dict[str, Any], dict[str, Any]]]) -> dict[str, Any]:
    """The scorer's figures over (prediction, gold) pairs."""
    bodies = [(p.get("body") or "", g) for p, g in rows]
    report: dict[str, Any] = {"pages": len(rows), "empty": sum(not body for body, _ in bodies)}
    report |= scorer.score_chunks(bodies) if "with" in rows[0][1] else scorer.score_bodies(bodies)
    return report | scorer.score_metadata(rows)


def measured(
    name: str, folder: Path, scorer: ModuleType, read: Callable[[Page], dict[str, Any]]
) -> list[dict[str, Any]]:
    """One line of figures for all pages of a set, one for the held-out third."""
    pairs, times = [], []
    for line in (folder / "gold.jsonl").read_text(encoding="utf8").splitlines():
        row = json.loads(line)
        page = page_of_row(row, folder)
        started = time.process_time()
        try:
            got = read(page)
        except Exception as error:  # noqa: BLE001 - other extractors raise what they like; that is a result too
            got = {"error": repr(error)}
        times.append((time.process_time() - started) * 1000)
        pairs.append((row["id"], got, row["gold"]))
    cost = {"ms_median": statistics.median(times), "ms_max": max(times)}
    whole = scores(scorer, [(p, g) for _, p, g in pairs])
    held = scores(scorer, [(p, g) for i, p, g in pairs if is_held_out(i)])
    lines = [{"set": folder.name, "extractor": name, "part": "all", **whole, **cost}]
    return [*lines, {"set": folder.name, "extractor": name, "part": "held out", **held}]


def timed(read: Callable[[Page], Any], page: Page) -> float:
    """CPU milliseconds of one reading."""
    started = time.process_time()
    read(page)
    return (time.process_time() - started) * 1000


def costs(folder: Path, sets: Iterable[str]) -> Iterator[tuple[bool, float, float]]:
    """Of each page: if it is read by rules, and the CPU milliseconds of ours and of trafilatura."""
    rules = load_rules(RULES)
    for name in sets:
        listing = folder / name / ("pages.jsonl" if name == KNOWN else "gold.jsonl")
        for line in listing.read_text(encoding="utf8").splitlines():
            page = page_of_row(json.loads(line), folder / name)
            result = extract(page, rules)
            turns = [(timed(lambda p: extract(p, rules), page), timed(by_trafilatura, page)) for _ in range(TURNS)]
            ours, theirs = (min(column) for column in zip(*turns, strict=True))
            yield isinstance(result, Article) and result.verdict == "rules", ours, theirs


def print_costs(folder: Path, sets: list[str]) -> None:
    """Prints one JSON object for the pages read generically, one for those of known outlets."""
    pages = list(costs(folder, sets or (*SETS, KNOWN)))
    for part, by_rules in (("generic", False), ("known outlets", True)):
        own = [(ours, theirs) for known, ours, theirs in pages if known == by_rules]
        if not own:
            continue
        ours, theirs = ([*column] for column in zip(*own, strict=True))
        median, other = statistics.median(ours), statistics.median(theirs)
        line = {"part": part, "pages": len(own), "ms_median": median, "ms_max": max(ours), "trafilatura_median": other}
        line |= {"ratio_of_medians": median / other, "median_of_ratios": statistics.median(a / b for a, b in own)}
        print(json.dumps({k: round(v, 3) if isinstance(v, float) else v for k, v in line.items()}), flush=True)


def main(folder: Path, scorer_file: Path, others: bool, sets: list[str]) -> None:
    """Prints one JSON object a line."""
    spec = importlib.util.spec_from_file_location("scorer", scorer_file)
    if spec is None or spec.loader is None:
        sys.exit(f"{scorer_file}: not a Python script")
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    for set_name in sets or SETS:
        for name, read in extractors(others).items():
            for line in measured(name, folder / set_name, scorer, read):
                shown = {k: round(v, 4) if isinstance(v, float) else v for k, v in line.items() if v is not None}
                print(json.dumps(shown), flush=True)


if __name__ == "__main__":
    plain = [a for a in sys.argv[1:] if not a.startswith("--")]
    if "--cost" in sys.argv and plain:
        print_costs(Path(plain[0]), plain[1:])
    elif len(plain) < 2:
        sys.exit(__doc__)
    else:
        main(Path(plain[0]), Path(plain[1]), "--others" in sys.argv, plain[2:])
