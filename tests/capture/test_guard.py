"""No address that is not public is talked to, however it is spelt and on whatever hop, unless the operator lists it."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import trustme

from crawler.capture.guard import Allowed, Guard, literal_address
from pipelines.capture import Note
from pipelines.errors import PressmarkError
from pipelines.warc.reader import read_archive
from tests.capture.cases import answer
from tests.capture.conftest import Crawl
from tests.capture.resolvers import TabledResolver
from tests.capture.scripted import ScriptedServer, TunnelProxy

REFUSED = [
    "127.0.0.1",
    "127.1.2.3",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "100.100.100.200",
    "169.254.169.254",
    "192.0.0.192",
    "198.18.0.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
]
PUBLIC = ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
NOTATIONS = ["127.0.0.1", "0x7f000001", "2130706433", "127.1", "0177.0.0.1", "[::ffff:127.0.0.1]", "127.0.0.1."]


@pytest.mark.parametrize("host", REFUSED)
def test_an_address_that_is_not_public_is_refused(host: str) -> None:
    assert "not a public address" in (Guard().refusal(host, 80) or "")


@pytest.mark.parametrize("host", PUBLIC)
def test_a_public_address_is_allowed(host: str) -> None:
    assert Guard().refusal(host, 80) is None


@pytest.mark.parametrize("spelt", NOTATIONS)
def test_a_literal_is_known_in_every_notation(spelt: str) -> None:
    address = literal_address(spelt)
    assert address is not None
    assert Guard().refusal(spelt, 80)
    assert literal_address("outlet.test") is None


def test_the_operator_may_list_addresses_networks_and_ports() -> None:
    guard = Guard(allowed=["127.0.0.1:8080", "10.0.0.0/8", "[::1]:443", "fd00::/8"])
    assert guard.refusal("127.0.0.1", 8080) is None
    assert guard.refusal("127.0.0.1", 80)
    assert guard.refusal("10.9.8.7", 1) is None
    assert guard.refusal("::1", 443) is None
    assert guard.refusal("::1", 80)
    assert guard.refusal("fd00::1", 80) is None
    assert guard.refusal("8.8.8.8", 53) is None


def test_the_closed_profile_allows_what_it_lists_alone() -> None:
    guard = Guard(allowed=["127.0.0.0/8"], only=["127.0.0.1:8118"], proxies=["http://127.0.0.9:1"])
    assert guard.refusal("127.0.0.1", 8118) is None
    assert guard.refusal("127.0.0.1", 80)
    assert guard.refusal("8.8.8.8", 8118)
    assert not guard.looks_up_names
    assert not guard.is_proxy("127.0.0.9", 1)


@pytest.mark.parametrize("entry", ["localhost", "127.0.0.1:http", "300.0.0.1", "10.0.0.0/99", ""])
def test_an_entry_that_is_no_address_is_a_clear_error(entry: str) -> None:
    with pytest.raises(PressmarkError, match="ALLOWED_ADDRESSES"):
        Allowed.parse(entry)


def _notes(archive: Path) -> dict[str, str]:
    return {found.url: found.reason for found in read_archive(archive) if isinstance(found, Note)}


def _fetch(crawl: Crawl, archive: Path, urls: list[str], resolver: str, **settings: Any) -> dict[str, Any]:
    asked = [{"url": url} for url in urls]
    path = f"tests.capture.resolvers.{resolver}"
    told = crawl(archive, asked, settings.pop("environment", None), TWISTED_DNS_RESOLVER=path, **settings)
    return {url: told["results"][str(number)] for number, url in enumerate(urls)}


def test_a_crawl_talks_to_listed_and_public_addresses_alone(crawl: Crawl, tmp_path: Path) -> None:
    server = ScriptedServer({"/": [[answer(b"here")]], "/to-private": [[_redirect("http://127.0.0.67/")]]})
    server.scripts["/to-named"] = [[_redirect("http://private.test/")]]  # type: ignore[index]
    server.scripts["/to-odd"] = [[_redirect("http://0x7f000001:9/")]]  # type: ignore[index]
    here = f"http://here.test:{server.port}"
    refused = [
        *(f"http://{spelt}:9/" for spelt in NOTATIONS),
        "http://private.test/",
        "https://private.test/",
        "http://mapped.test/",
    ]
    redirects = [f"{here}/to-private", f"{here}/to-named", f"{here}/to-odd"]
    good = [f"{here}/", f"http://mixed.test:{server.port}/"]
    listed = [f"127.0.0.1:{server.port}"]
    told = _fetch(crawl, tmp_path, [*refused, *redirects, *good], "TabledResolver", ALLOWED_ADDRESSES=listed)
    server.close()
    assert {told[url].get("failure") for url in [*refused, *redirects]} == {"AddressRefused"}
    assert [told[url]["status"] for url in good] == [200, 200]
    notes = _notes(tmp_path)
    assert {notes[url] for url in refused} == {"guard"}
    assert notes["http://127.0.0.67/"] == notes["http://0x7f000001:9/"] == "guard"


def _redirect(target: str) -> bytes:
    return b"HTTP/1.1 302 Found\r\nLocation: " + target.encode() + b"\r\nContent-Length: 0\r\n\r\n"


class _Receiver:
    """Keeps what a resolver resolves."""

    def __init__(self) -> None:
        self.hosts: list[str] = []
        self.complete = False

    def resolutionBegan(self, resolution: Any) -> None:
        pass

    def addressResolved(self, address: Any) -> None:
        self.hosts.append(address.host)

    def resolutionComplete(self) -> None:
        self.complete = True


def test_the_resolver_hands_on_no_address_that_is_refused() -> None:
    resolver = TabledResolver(SimpleNamespace(nameResolver=None), 0, Guard(allowed=["127.0.0.1:8080"]))
    given = {}
    for name in ("here.test", "private.test", "mapped.test", "mixed.test", "0x7f000001", "127.0.0.66", "::1"):
        receiver = _Receiver()
        resolver.resolveHostName(receiver, name, 8080)
        assert receiver.complete
        given[name] = receiver.hosts
    assert given.pop("here.test") == given.pop("mixed.test") == ["127.0.0.1"]
    assert given.pop("0x7f000001") == ["127.0.0.1"]
    assert not any(given.values())
    assert set(resolver.refused) == {*given, "mixed.test"}


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_name_that_was_rebound_is_refused_before_a_request_is_sent(
    scheme: str, crawl: Crawl, authority: trustme.CA, trust: dict[str, str], tmp_path: Path
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("here.test").configure_cert(context)
    server = ScriptedServer({"/": [[answer(b"secret")]]}, context if scheme == "https" else None)
    url = f"{scheme}://here.test:{server.port}/"
    told = _fetch(crawl, tmp_path, [url], "RebindingResolver", environment=trust, DOWNLOAD_VERIFY_CERTIFICATES=True)
    server.close()
    assert told[url]["failure"] == "AddressRefused"
    assert server.log == {}
    assert _notes(tmp_path) == {url: "guard"}


def test_the_closed_profile_looks_up_no_name(crawl: Crawl, tmp_path: Path) -> None:
    server = ScriptedServer({"/": [[answer(b"here")]]})
    only = f"127.0.0.1:{server.port}"
    urls = [f"http://{only}/", f"http://here.test:{server.port}/", "http://127.0.0.2/", "http://127.0.0.1:9/"]
    told = _fetch(crawl, tmp_path, urls, "TabledResolver", ONLY_ADDRESSES=[only], ALLOWED_ADDRESSES=["127.0.0.0/8"])
    server.close()
    assert told[urls[0]]["status"] == 200
    assert {told[url]["failure"] for url in urls[1:]} == {"AddressRefused"}
    assert "no name is looked up" in told[urls[1]]["told"]


@pytest.mark.parametrize("profile", ["open", "closed"])
def test_through_a_proxy_literals_are_refused_and_names_are_the_proxys(
    profile: str, crawl: Crawl, tmp_path: Path
) -> None:
    server = ScriptedServer({"/": [[answer(b"proxied")]]})
    proxy = TunnelProxy(server.port)
    address = f"http://127.0.0.1:{proxy.port}"
    urls = ["http://outlet.test/", "http://127.0.0.5/", "http://2130706433/", "https://[::1]/"]
    settings = {"ONLY_ADDRESSES": [f"127.0.0.1:{proxy.port}"]} if profile == "closed" else {}
    environment = {"http_proxy": address, "https_proxy": address}
    told = _fetch(crawl, tmp_path, urls, "TabledResolver", environment=environment, **settings)
    server.close()
    proxy.close()
    assert told[urls[0]]["status"] == 200
    assert {told[url]["failure"] for url in urls[1:]} == {"AddressRefused"}
    assert len(proxy.heads) == 1


def test_certificates_that_do_not_hold_are_refused_and_noted(
    crawl: Crawl, authority: trustme.CA, trust: dict[str, str], tmp_path: Path
) -> None:
    past = datetime.now(UTC) - timedelta(days=1)
    certificates = {
        "self-signed": trustme.CA().issue_cert("127.0.0.1"),
        "wrong-host": authority.issue_cert("other.test"),
        "expired": authority.issue_cert("127.0.0.1", not_after=past),
        "good": authority.issue_cert("127.0.0.1"),
    }
    servers = {}
    for name, certificate in certificates.items():
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(context)
        servers[name] = ScriptedServer({f"/{name}": [[answer(b"x")]]}, context)
    urls = {name: f"https://127.0.0.1:{server.port}/{name}" for name, server in servers.items()}
    told = _fetch(
        crawl,
        tmp_path,
        list(urls.values()),
        "TabledResolver",
        environment=trust,
        ALLOWED_ADDRESSES=["127.0.0.1"],
        DOWNLOAD_VERIFY_CERTIFICATES=True,
    )
    for server in servers.values():
        server.close()
    assert told[urls.pop("good")]["status"] == 200
    assert all("failure" in told[url] for url in urls.values())
    assert _notes(tmp_path) == dict.fromkeys(urls.values(), "tls")
    assert [server.log for name, server in servers.items() if name != "good"] == [{}, {}, {}]


def test_what_cannot_be_reached_is_noted_with_its_reason(crawl: Crawl, tmp_path: Path) -> None:
    gone = ScriptedServer({})
    gone.close()
    urls = [f"http://127.0.0.1:{gone.port}/", "http://nowhere.test/"]
    told = _fetch(crawl, tmp_path, urls, "TabledResolver", ALLOWED_ADDRESSES=["127.0.0.1"])
    assert all("failure" in one for one in told.values())
    assert _notes(tmp_path) == {urls[0]: "refused", urls[1]: "dns"}
