"""The newsstand's profile is fail-closed: whatever is missing, no other address and no name server is asked.

Proven by an audit hook in the crawling process, which sees every connect, datagram and name look-up that Python makes.
"""

import json
from pathlib import Path

import pytest

from newsstand.server import Newsstand
from newsstand.world import World
from tests.crawl.conftest import Ran, run_scrapy

HOOK = """
import json, os, sys
_log = os.open(os.environ["NETWORK_LOG"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
def _hook(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        os.write(_log, (json.dumps([event, repr(arguments[1])]) + "\\n").encode())
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"):
        os.write(_log, (json.dumps([event, repr(arguments[0])]) + "\\n").encode())
sys.addaudithook(_hook)
"""
PROXIES = ("http_proxy", "https_proxy")


def crawl_watched(environment: dict[str, str], folder: Path) -> tuple[Ran, list[list[str]]]:
    """Crawls under the audit hook; what it printed, and every network event."""
    hook = folder / "hook"
    hook.mkdir()
    (hook / "sitecustomize.py").write_text(HOOK)
    log = folder / "network.jsonl"
    log.touch()
    ran = run_scrapy(
        environment, folder / "archive", "crawl", "ukrpravda", "--json", PYTHONPATH=str(hook), NETWORK_LOG=str(log)
    )
    return ran, [json.loads(line) for line in log.read_text().splitlines()]


@pytest.fixture(scope="module")
def small() -> World:
    return World(articles=6, days=1, past=False)


def test_the_hook_sees_what_a_crawl_of_the_newsstand_connects_to(small: World, tmp_path: Path) -> None:
    with Newsstand(small) as served:
        ran, events = crawl_watched(served.environment(), tmp_path)
    assert ran.status == 0, ran.err
    assert ran.json["kept"] != 0
    assert {where for event, where in events if event == "socket.connect"} == {repr(("127.0.0.1", served.port))}
    assert [where for event, where in events if event != "socket.connect"] == []


def test_without_the_newsstand_nobody_else_is_asked(small: World, tmp_path: Path) -> None:
    with Newsstand(small) as served:
        environment = served.environment()
    ran, events = crawl_watched(environment, tmp_path)
    assert ran.status == 1
    assert ran.json["fetched"] == 0
    assert {where for event, where in events if event == "socket.connect"} <= {repr(("127.0.0.1", served.port))}
    assert [where for event, where in events if event != "socket.connect"] == []


def test_with_the_proxy_variables_unset_nothing_is_asked_at_all(small: World, tmp_path: Path) -> None:
    with Newsstand(small) as served:
        environment = {key: value for key, value in served.environment().items() if key not in PROXIES}
        ran, events = crawl_watched(environment | dict.fromkeys(PROXIES, ""), tmp_path)
        assert served.access.entries == ()
    assert ran.status == 1
    assert ran.json["fetched"] == 0
    assert events == []
