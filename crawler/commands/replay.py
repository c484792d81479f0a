"""`scrapy replay`: the archive in a browser, as it was captured, with pywb on loopback."""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

from scrapy.utils.conf import closest_scrapy_cfg

from crawler.command import DONE, FOUND, print_json, print_table, progress
from crawler.command import Command as Verb
from crawler.places import RULES_FOLDER, archive_folder, existing_catalogue
from crawler.requisites import missing_requisites
from pipelines.errors import PressmarkError
from pipelines.jobs.replay import COLLECTION, ready_replay
from pipelines.rules import load_rules
from pipelines.warc.reader import warc_files

ENVIRONMENT = ".venv-replay"
"""Of pywb's own: its brotlipy and pyOpenSSL are other than Scrapy's."""
PACKAGES = ("pywb>=2.10,<3", "setuptools<81")
"""Tried with Python 3.11; pywb asks setuptools for `pkg_resources`, which newer ones lack."""


class Command(Verb):
    """Old pages, seen again."""

    def syntax(self) -> str:
        return "[--port N] [--bind ADDRESS] | --missing [--json] | --install"

    def short_desc(self) -> str:
        return "Serve captured pages as they were, on loopback (pywb)"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        add = parser.add_argument
        add("--port", type=int, default=8080, metavar="N", help="port (default: 8080)")
        add("--bind", default="127.0.0.1", metavar="ADDRESS", help="address to serve at (default: loopback)")
        add("--missing", action="store_true", help="list what articles need to be seen and the archive lacks")
        add("--install", action="store_true", help=f"install pywb in an environment of its own, {ENVIRONMENT}")
        add("--json", action="store_true", help="print what is missing as JSON")

    def act(self, args: list[str], opts: argparse.Namespace) -> int:
        if opts.install:
            return install()
        archive = archive_folder(self.settings)
        if not warc_files(archive):
            raise PressmarkError(f"{archive} holds no WARC files; `scrapy crawl OUTLET` makes some")
        if opts.missing:
            return self.missing(archive, opts.json)
        return self.serve(archive, opts.bind, opts.port)

    def serve(self, archive: Path, address: str, port: int) -> NoReturn:
        """Becomes pywb."""
        program = pywb(str(self.settings.get("PYWB")))
        folder = ready_replay(archive, lambda items, label: progress(items, label))
        print(f"http://{address}:{port}/{COLLECTION}/ (Ctrl-C ends it)", flush=True)
        os.chdir(folder)
        # pywb takes this process over, signals and all: there is nothing left to do after it.
        os.execv(program, [program, "-b", address, "-p", str(port), "-d", str(folder)])

    def missing(self, archive: Path, as_json: bool) -> int:
        """Lists the first party's pictures, styles and scripts of each article that were not captured."""
        catalogue = existing_catalogue(self.settings)
        found = [
            (article, url)
            for article, urls in progress(missing_requisites(archive, catalogue, load_rules(RULES_FOLDER)), "articles")
            for url in urls
        ]
        catalogue.close()
        if as_json:
            print_json([{"article": article, "missing": url} for article, url in found])
        elif found:
            print_table(("article", "missing"), found)
            print(f"{len(found)} missing; PAGE_REQUISITES captures them with their articles")
        else:
            print("nothing is missing")
        return FOUND if found else DONE


def pywb(configured: str) -> str:
    """The `wayback` program: as PYWB says, of the environment made for it, or on the path. Raises PressmarkError."""
    found = shutil.which(configured or str(_environment() / "bin" / "wayback")) or shutil.which("wayback")
    if found is None:
        raise PressmarkError("no pywb here: `scrapy replay --install` installs it in an environment of its own")
    return found


def install() -> int:
    """Makes pywb's environment."""
    folder = _environment()
    made = subprocess.run([sys.executable, "-m", "venv", str(folder)], check=False).returncode
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", *PACKAGES]
    if made or subprocess.run(pip, check=False).returncode:
        raise PressmarkError(f"pywb could not be installed in {folder}: see above")
    print(f"pywb is in {folder}; `scrapy replay` finds it there")
    return DONE


def _environment() -> Path:
    project = closest_scrapy_cfg()
    return (Path(project).parent if project else Path.cwd()) / ENVIRONMENT
