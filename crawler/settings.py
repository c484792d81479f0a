"""Every setting with its unit and its reason.

To add one: write it here in capitals, with its unit and the reason for its value, and name it in
docs/settings.md. An operator sets it with `-s NAME=value`, or as `PRESSMARK_NAME` in the environment
(`-s` wins).
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

BOT_NAME = "pressmark"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"


def _commands_module() -> str:
    """The module of the command that was typed; that of all for `scrapy -h`, and for what is none of ours.

    Scrapy imports each command of a module to run one of them, which takes longer than many a command's own work.
    """
    program = Path(sys.argv[0])
    if program.stem != "scrapy" and (program.parent.name, program.name) != ("scrapy", "__main__.py"):
        return "crawler.commands"
    typed = next((word for word in sys.argv[1:] if not word.startswith("-")), "")
    ours = {path.stem for path in (Path(__file__).parent / "commands").glob("[a-z]*.py")}
    return f"crawler.commands.{typed}" if typed in ours else "crawler.commands"


COMMANDS_MODULE = _commands_module()

# --- What an operator sets ---------------------------------------------------------------------------------------

# The folder that holds warc/, text/, catalogue and corpora/; relative to the folder of scrapy.cfg.
ARCHIVE_DIR = "archive"
# A database URL; empty: SQLite inside ARCHIVE_DIR.
CATALOGUE_URL = ""
# Who answers for the crawl: a web page or an e-mail address, sent in the user agent. A crawl without one stops.
CONTACT = ""
# Addresses (or CIDR ranges) that may be fetched though they are loopback, private or link-local.
ALLOWED_ADDRESSES: list[str] = []
# When set, the only `address:port` pairs that may be connected to; no name is looked up. The newsstand's profile.
ONLY_ADDRESSES: list[str] = []
# Images, styles and scripts of kept articles into WARC too: of the first party; "all": of other parties as well.
PAGE_REQUISITES = False

# pywb's `wayback` program, which `scrapy replay` starts; empty: that of .venv-replay, or on the path.
PYWB = ""

# Sent with every request; `scrapy crawl` adds the contact.
USER_AGENT = "pressmark/0.1"

# --- Manners -----------------------------------------------------------------------------------------------------

ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "pressmark"
# One request at a time and at least 1 s from an answer to the next question, a host: 1.25 s give or take a fifth.
CONCURRENT_REQUESTS_PER_DOMAIN = 1
# Requests that wait for their host's turn or are under way, all hosts together: an outlet has few hosts, and what
# waits here is sent even where a bot wall shows meanwhile.
CONCURRENT_REQUESTS = 4
DOWNLOAD_DELAY = 1.25
DOWNLOAD_DELAY_JITTER = 0.2
# Longest delay that a robots.txt Crawl-delay may ask for, in seconds; longer ones are cut to it.
CRAWL_DELAY_MAX_S = 60
# Longest time a Retry-After may hold a host back, in seconds.
RETRY_AFTER_MAX_S = 3600
# A host that answers 429 or 503 without Retry-After is left alone this long, in seconds.
BACK_OFF_S = 60
# Requests that are answered in any 24 hours, an outlet; past it, the crawl asks nothing more.
REQUESTS_A_DAY = 20_000
# The share of what an outlet's sources named that must be kept: below it `scrapy outlets --coverage` ends with 1.
COVERAGE_LEAST = 0.95
# How long a host's robots.txt is kept before it is asked again, in seconds (RFC 9309 §2.4: a day at most).
ROBOTS_KEPT_S = 24 * 3600
# No cookies: an archive shows what any reader is shown.
COOKIES_ENABLED = False
REFERRER_POLICY = "no-referrer"
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "uk,en;q=0.8,ru;q=0.6",
    "Accept-Encoding": "gzip, deflate, br, zstd",
}
RETRY_TIMES = 2
RETRY_HTTP_CODES = [500, 502, 503, 504, 522, 524, 408, 429]

# --- Limits ------------------------------------------------------------------------------------------------------

# A whole exchange, in seconds; what came until then is kept as WARC-Truncated: time.
DOWNLOAD_TIMEOUT = 30
# Bytes of a body, on the wire and decoded; what came until then is kept as WARC-Truncated: length.
DOWNLOAD_MAXSIZE = 32 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_FAIL_ON_DATALOSS = True
DNS_TIMEOUT = 10
REDIRECT_MAX_TIMES = 5
URLLENGTH_LIMIT = 2083
DEPTH_LIMIT = 0
# Pages of one listing followed in one crawl without dates; enough for a day's news of a busy outlet.
LISTING_PAGES_MAX = 20
# The same for a crawl with dates, and for the files of a sitemap.
LISTING_PAGES_BACK_MAX = 500
# Bytes that the archive's disk keeps free: with less a crawl pauses. Room for what is under way, and for a rebuild.
DISK_FREE_LEAST = 1024 * 1024 * 1024
# How long a paused crawl waits for room, in seconds, before it ends with status 1.
DISK_WAIT_S = 600

# --- The wire ----------------------------------------------------------------------------------------------------

TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
# uvloop: 0.76 of the CPU a page of stock asyncio's.
ASYNCIO_EVENT_LOOP = "uvloop.Loop"
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_HANDLERS: dict[str, Any] = {
    "http": "crawler.capture.handler.RecordingDownloadHandler",
    "https": "crawler.capture.handler.RecordingDownloadHandler",
    # A link must not read files, make up pages or reach other services.
    "file": None,
    "data": None,
    "ftp": None,
    "s3": None,
}
TWISTED_DNS_RESOLVER = "crawler.capture.guard.GuardedResolver"

# --- Lean --------------------------------------------------------------------------------------------------------

# Scrapy makes this many tasks for every response; 8 costs 0.74 of the CPU of the default 100.
CONCURRENT_ITEMS = 8
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
METAREFRESH_ENABLED = False

# --- Parts -------------------------------------------------------------------------------------------------------

EXTENSIONS: dict[str, int | None] = {
    "crawler.capture.archiver.Archiver": 0,
    "crawler.manners.Pace": 100,
    "crawler.room.Room": 200,
    "crawler.progress.Progress": 500,
    "scrapy.extensions.logstats.LogStats": None,
}
ITEM_PIPELINES = {
    "pipelines.stages.ExtractStage": 100,
    "pipelines.stages.StoreStage": 200,
}
FEED_EXPORTERS = {
    "json": "crawler.exporters.Json",
    "jsonl": "crawler.exporters.JsonLines",
    "jsonlines": "crawler.exporters.JsonLines",
    "csv": "crawler.exporters.Csv",
}
DOWNLOADER_MIDDLEWARES: dict[str, int | None] = {
    # Ours keeps the refusals, disallows on 5xx and applies Crawl-delay.
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.manners.Restraint": 50,
    "crawler.manners.Robots": 100,
    # Bodies are decoded from the capture, with a limit; what cannot be decoded is archived all the same.
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
}

# Progress and the closing table tell the rest; INFO and DEBUG are a flag away (-L INFO).
LOG_LEVEL = "WARNING"
LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"

# --- The environment ---------------------------------------------------------------------------------------------


def _from_environment(name: str, default: Any) -> Any:
    """A PRESSMARK_ variable as its setting's type: JSON where it is JSON, a comma-separated list, or text."""
    value = os.environ[f"PRESSMARK_{name}"]
    if isinstance(default, str):
        return value
    try:
        return json.loads(value)
    except json.JSONDecodeError:
        return [part.strip() for part in value.split(",") if part.strip()] if isinstance(default, list) else value


for _name in [key for key in dict(globals()) if key.isupper()]:
    if f"PRESSMARK_{_name}" in os.environ:
        globals()[_name] = _from_environment(_name, globals()[_name])
