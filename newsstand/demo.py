"""The demo: the newsstand served, its outlets crawled with the real spiders, and what came of it shown.

Every step is a command that an operator could type; each is printed before it runs.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

from newsstand.seeds import pinned_seeds
from newsstand.serve import SEEDS
from newsstand.server import Newsstand
from newsstand.world import World

OUTLETS = ("ukrpravda", "interfax_ukraine", "thehill", "syndicators")
SINCE = "2015-01-01"
SEED = "https://www.pravda.com.ua/eng/news/2025/02/13/7498191/"
MANIFEST = Path(__file__).with_name("seeds.jsonl")


def main() -> int:
    """Runs the demo; the exit status is the worst of its commands."""
    started = time.monotonic()
    with Newsstand(World(pinned=pinned_seeds(SEEDS))) as newsstand:
        # The environment is the newsstand's alone: no proxy or setting of the caller's shell reaches the real web.
        kept = {key: value for key, value in os.environ.items() if not key.startswith("PRESSMARK_")}
        environment = kept | newsstand.environment()
        delay = environment["PRESSMARK_DOWNLOAD_DELAY"]
        print(f"A local world of outlets at their real URLs, on 127.0.0.1:{newsstand.port}; crawl delay {delay} s.\n")
        worst = max(scrapy(environment, "crawl", outlet, "-a", f"since={SINCE}") for outlet in OUTLETS)
        article = newsstand.world.articles("interfax_ukraine", language="en")[0]
    word, url = max(article.draft.headline.split(), key=len), article.url
    if SEEDS.is_dir():
        word, url = "Hegseth", SEED
    looks = [["outlets"], ["search", word, "--limit", "3"], ["story", url]]
    if SEEDS.is_dir():
        looks.append(["corpus", "archive/corpora/seeds", "--seeds", os.path.relpath(MANIFEST)])
    for look in looks:
        worst = max(worst, scrapy(environment, *look))
    example = next(Path("archive/text/interfax_ukraine").rglob("*.txt"))
    print(f"\nDone in {time.monotonic() - started:.0f} s. A clean text, {example}:\n")
    print("\n".join(f"    {line}" for line in example.read_text(encoding="utf-8").splitlines()[:9]))
    return worst


def scrapy(environment: dict[str, str], *arguments: str) -> int:
    """Types one Scrapy command; its exit status."""
    print(f"$ scrapy {' '.join(arguments)}", flush=True)
    return subprocess.run([sys.executable, "-m", "scrapy", *arguments], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
