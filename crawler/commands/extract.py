"""`scrapy extract FILE`: what extraction makes of one saved page, or of many; no network, no archive."""

import argparse
import sys
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from crawler.command import DONE, FOUND, json_text, print_json, shown
from crawler.command import Command as Verb
from crawler.places import RULES_FOLDER
from pipelines.article import Article, Rejection
from pipelines.capture import Page
from pipelines.errors import PressmarkError
from pipelines.extraction import as_json, extract
from pipelines.extraction.batch import BAD_LINE, read_batch
from pipelines.extraction.explain import HTML_BEGINS, as_html, as_lines, explain
from pipelines.jobs.folder import refuse_foreign_file
from pipelines.rules import Outlet, RuleBook, load_rules
from pipelines.text.clean import write_clean
from pipelines.text.hugo import write_hugo
from pipelines.text.page import write_page
from pipelines.urls import normalised_url
from pipelines.warc.coding import plain

NOWHERE = "http://localhost/"
"""What links are made absolute with where the page's own URL is not given."""


class Command(Verb):
    """Reads saved pages."""

    arguments: ClassVar[range] = range(2)

    def syntax(self) -> str:
        return (
            "FILE [--url URL] [--outlet NAME] [--style json|clean|page|hugo | --explain | --html OUT] | --batch [FILE]"
        )

    def short_desc(self) -> str:
        return "Extract the article of one saved page ('-': standard input), or of many with --batch"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        add = parser.add_argument
        add("--url", help="where the page was; known outlets are read with their rules")
        add("--outlet", metavar="NAME", help="read with this outlet's rules, whatever the URL")
        add("--style", choices=("json", "clean", "page", "hugo"), default="json", help="what to print (json)")
        add(
            "--explain",
            action="store_true",
            help="print the whole page, each block kept (+) or removed (-) and by which rule",
        )
        add("--html", metavar="OUT", type=Path, help="write the same explanation as one HTML page")
        add("--batch", action="store_true", help="JSON lines in (id, url, crawled_at, html or file) and out")

    def act(self, args: list[str], opts: argparse.Namespace) -> int:
        rules = load_rules(RULES_FOLDER)
        if opts.batch:
            if opts.explain or opts.html or opts.url or opts.outlet or opts.style != "json":
                raise PressmarkError("--url, --outlet, --style, --explain and --html do not go with --batch")
            return batch(args[0] if args else "-", rules)
        if not args:
            raise PressmarkError("which page? Give a FILE, or - for standard input")
        body = read_file(args[0])
        page = Page(url=web_url(opts.url or NOWHERE), body=body, captured_at=datetime.now(UTC))
        outlet = None
        if opts.outlet and (outlet := rules.outlet_or_none(opts.outlet)) is None:
            known = ", ".join(sorted(o.slug for o in rules.outlets))
            raise PressmarkError(f"no outlet {opts.outlet!r}; known are: {known}")
        if opts.explain or opts.html:
            return explained(page, rules, outlet, opts.explain, opts.html)
        result = extract(page, rules, outlet)
        if opts.style == "json":
            read = as_json(result, page)
            # Without its URL nobody can say which article it is.
            print_json(read if opts.url else read | {"id": None, "url": None, "outlet": opts.outlet})
        elif isinstance(result, Article):
            text = styled(result, page, opts.style)
            sys.stdout.write(shown(text) if sys.stdout.isatty() else text)
        if isinstance(result, Rejection):
            why = result.reason + (f" ({shown(result.detail)})" if result.detail else "")
            print(f"scrapy extract: no article there: {why}", file=sys.stderr)
            return FOUND
        return DONE


def explained(page: Page, rules: RuleBook, outlet: Outlet | None, printed: bool, html: Path | None) -> int:
    """Prints how a page was read, or writes it as one HTML page, or both."""
    told = explain(page, rules, outlet)
    if html is not None:
        refuse_foreign_file(html, _is_explanation)
        html.write_text(as_html(told), encoding="utf-8")
    if printed:
        print("\n".join(map(shown, as_lines(told))))
    return FOUND if isinstance(told.result, Rejection) else DONE


def _is_explanation(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(HTML_BEGINS)) == HTML_BEGINS.encode()


def styled(article: Article, page: Page, style: str) -> str:
    """An article as a seed file."""
    if style == "clean":
        return write_clean(article)
    if style == "hugo":
        return write_hugo(article)
    return write_page(page, article.published_at, article.zone, is_day=article.published_is_day)


def batch(name: str, rules: RuleBook) -> int:
    """Prints one line of JSON for each line of a file."""
    bad = 0
    base = Path.cwd() if name == "-" else Path(name).parent
    try:
        with nullcontext(sys.stdin) if name == "-" else Path(name).open(encoding="utf-8") as lines:
            for result in read_batch(lines, base, rules):
                bad += result["reason"] == BAD_LINE
                print(json_text(result), flush=name == "-")
    except OSError as error:
        raise PressmarkError(f"{name}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise PressmarkError(f"{name} is no file of JSON lines: {error}") from error
    if bad:
        print(f"scrapy extract: {bad} lines could not be read: see their reason and detail", file=sys.stderr)
    return FOUND if bad else DONE


def web_url(url: str) -> str:
    """The URL as it is given. Raises PressmarkError where it is no http(s) URL."""
    try:
        normalised_url(url)
    except ValueError as error:
        raise PressmarkError(str(error)) from error
    return url


def read_file(name: str) -> bytes:
    """The bytes of a file or of standard input; gzip is undone, to the limit of a page."""
    try:
        body = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise PressmarkError(f"{name}: {error.strerror}") from error
    return plain(body)
