"""Every response and request record equals what the scripted server sent and read."""

import ssl
from typing import Any

import pytest
import trustme

from tests.capture.cases import AFTER, CASES, Case
from tests.capture.conftest import Crawl, Raw, raw_records
from tests.capture.scripted import ScriptedServer, TunnelProxy

Run = tuple[ScriptedServer, list[Raw], dict[str, Any]]
WAYS = ("tcp", "tls", "proxy", "tunnel")
ENDS_UNSEEN = {("end-unsaid", "tcp"), ("end-unsaid", "proxy"), ("reset-to-the-end", "proxy")}
"""Over TCP alone the end of the connection is the answer's end, and a proxy hides how its own went."""


@pytest.fixture(scope="module", params=WAYS)
def run(
    request: pytest.FixtureRequest,
    crawl: Crawl,
    authority: trustme.CA,
    trust: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[str, Run]:
    """One crawl of every case at concurrency 16, on one way to the server."""
    way: str = request.param
    secure = way in ("tls", "tunnel")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "outlet.test").configure_cert(context)
    server = ScriptedServer(AFTER | {case.path: [case.steps] for case in CASES}, context if secure else None)
    proxy = TunnelProxy(server.port)
    through = way in ("proxy", "tunnel")
    host = "outlet.test" if through else f"127.0.0.1:{server.port}"
    environment = dict(trust)
    if through:
        address = f"http://user:secret@127.0.0.1:{proxy.port}"
        environment |= {"http_proxy": address, "https_proxy": address}
    asked = [{"url": f"http{'s' * secure}://{host}{case.path}", **case.ask} for case in CASES]
    archive = tmp_path_factory.mktemp(way)
    result = crawl(
        archive,
        asked,
        environment,
        ALLOWED_ADDRESSES=[f"127.0.0.1:{server.port}"],
        DOWNLOAD_VERIFY_CERTIFICATES=True,
    )
    server.close()
    proxy.close()
    return way, (server, raw_records(archive), result["results"])


def _of(records: list[Raw], case: Case, *types: str) -> list[Raw]:
    return [r for r in records if r.type in types and r.headers.get("WARC-Target-URI", "").endswith(case.path)]


def _for_the_server(way: str, request: bytes) -> bytes:
    """The request without the proxy's password, which is for the proxy alone."""
    if way != "proxy":
        return request
    assert b"\r\nProxy-Authorization: Basic" in request
    return b"\r\n".join(line for line in request.split(b"\r\n") if not line.startswith(b"Proxy-Authorization"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_records_of_an_exchange_are_what_crossed_the_wire(run: tuple[str, Run], case: Case) -> None:
    way, (server, records, _) = run
    served = server.log[case.path]
    sent = bytes(served[-1].sent)
    requests = _of(records, case, "request")
    # Twisted asks again, on a new connection, where one that was kept alive goes before an answer.
    assert [request.block for request in requests] == [_for_the_server(way, one.request) for one in served]
    responses = _of(records, case, "response", "revisit")
    if case.note:
        assert responses == []
        return
    (response,) = responses
    if response.type == "revisit":
        assert case.name.startswith("same-payload")
        sent = sent[: sent.index(b"\r\n\r\n") + 4]
    if case.prefix:
        assert sent.startswith(response.block)
        assert len(response.block) > 15
    else:
        assert response.block == (case.record if case.record is not None else sent)
    ended = "complete" if (case.name, way) in ENDS_UNSEEN else case.ended
    assert response.headers.get("WARC-Truncated", "complete") == ended
    assert response.headers["WARC-Concurrent-To"] == requests[-1].headers["WARC-Record-ID"]
    assert requests[-1].headers["WARC-Concurrent-To"] == response.headers["WARC-Record-ID"]
    assert ("WARC-IP-Address" in response.headers) == (way in ("tcp", "tls"))
    assert ("WARC-Cipher-Suite" in response.headers) == (way in ("tls", "tunnel"))


def test_what_scrapy_gives_on_agrees_with_the_captures(run: tuple[str, Run]) -> None:
    _, (_, records, results) = run
    by_id = {record.headers["WARC-Record-ID"]: record for record in records}
    for number, case in enumerate(CASES):
        told = results[str(number)]
        assert ("failure" in told) == case.fails, (case.name, told)
        if not case.fails and case.name != "redirect":
            assert by_id[told["record_id"]].headers["WARC-Target-URI"].endswith(case.path)
        if case.decoded is not None:
            assert bytes.fromhex(told["decoded"]) == case.decoded, case.name


def test_what_is_no_answer_is_noted_with_its_reason(run: tuple[str, Run]) -> None:
    _, (_, records, _) = run
    for case in CASES:
        if case.note:
            request = _of(records, case, "request")[-1]
            note = _of(records, case, "metadata")[-1]
            assert f"reason: {case.note}\r\n".encode() in note.block, case.name
            assert note.headers["WARC-Concurrent-To"] == request.headers["WARC-Record-ID"]


def test_there_are_cases_enough() -> None:
    assert len(CASES) >= 55
    assert len({case.path for case in CASES}) == len(CASES)
