"""Takes Scrapy requests, gives Scrapy responses, and hands every exchange on the way to the WARC writer."""

import re
import sys
from datetime import datetime
from urllib.parse import urlsplit

from OpenSSL import SSL
from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler, TunnelError
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    NotConfigured,
    StopDownload,
)
from scrapy.http import Response
from scrapy.utils._download_handlers import wrap_twisted_exceptions
from scrapy.utils.defer import maybe_deferred_to_future
from service_identity import CertificateError, VerificationError
from twisted.internet.interfaces import IAddress

from crawler.capture.agent import PoolView, WireAgent
from crawler.capture.archiver import Archiver
from crawler.capture.attempt import Attempt
from crawler.capture.guard import AddressRefused, Guard, GuardedResolver, literal_address
from crawler.capture.wire import HEAD_LIMIT, WireFactory
from pipelines.capture import Ended, Exchange, Note, Role
from pipelines.errors import PressmarkError

_DETAIL = 200
"""Bytes of an answer that is no HTTP kept in its note."""
_VERSION = re.compile(r"\d\.\d")
_SUITE = re.compile(r"(?:((?:ECDHE|DHE)-(?:ECDSA|RSA))-)?(AES|CHACHA20)-?(.+)")
_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (AddressRefused, "guard"),
    (CannotResolveHostError, "dns"),
    (DownloadConnectionRefusedError, "refused"),
    (DownloadTimeoutError, "time"),
    (TunnelError, "proxy"),
)


class RecordingDownloadHandler(HTTP11DownloadHandler):
    """Scrapy's HTTP/1.1 handler, with each attempt's exact bytes written to the archive before its answer goes on.

    `request.meta` may hold `role`, `lead` and `revalidates`; the last attempt's capture is put in
    `request.meta["capture"]`.
    """

    def __init__(self, crawler: Crawler) -> None:
        archiver = crawler.get_extension(Archiver)
        if archiver is None:
            raise NotConfigured("EXTENSIONS must name crawler.capture.archiver.Archiver: nothing is fetched unrecorded")
        self._archiver = archiver
        self._guard = Guard.from_settings(crawler.settings)
        self._is_guarded = False
        super().__init__(crawler)
        self._pool._factory = WireFactory

    async def download_request(self, request: Request) -> Response:
        view = PoolView(self._pool, request, self._admit, self._archiver.clock)
        response = None
        request.meta.pop("capture", None)
        try:
            self._check(request)
            response = await self._download(request, view)
        finally:
            failure = sys.exception()
            if failure is None or isinstance(failure, Exception):
                self._record(request, view.attempts, response, failure)
        return response

    async def _download(self, request: Request, view: PoolView) -> Response:
        """As the parent does it, which takes no other agent than its own."""
        agent = WireAgent(
            crawler=self._crawler,
            contextFactory=self._contextFactory,
            bindAddress=self._bind_address,
            pool=view,
            maxsize=self._default_maxsize,
            warnsize=self._default_warnsize,
            fail_on_dataloss=self._fail_on_dataloss,
            tls_verbose_logging=self._tls_verbose_logging,
        )
        with wrap_twisted_exceptions():
            response: Response = await maybe_deferred_to_future(agent.download_request(request))
        return response

    def _check(self, request: Request) -> None:
        """Refuses what cannot be checked later: literal addresses through a proxy, and a resolver without a guard."""
        if not self._is_guarded:
            from twisted.internet import reactor

            if not isinstance(reactor.nameResolver, GuardedResolver):
                raise PressmarkError("TWISTED_DNS_RESOLVER must name crawler.capture.guard.GuardedResolver")
            self._is_guarded = True
        if not request.meta.get("proxy"):
            return
        target = urlsplit(request.url)
        if target.hostname and literal_address(target.hostname):
            port = target.port or (443 if target.scheme == "https" else 80)
            if refusal := self._guard.refusal(target.hostname, port):
                raise AddressRefused(refusal)

    def _admit(self, request: Request, address: IAddress) -> None:
        if request.meta.get("proxy") and self._guard.looks_up_names:
            return
        if refusal := self._guard.refusal(address.host, address.port):
            raise AddressRefused(refusal)

    def _record(
        self, request: Request, attempts: list[Attempt], response: Response | None, failure: Exception | None
    ) -> None:
        """Writes each attempt; raises what tells more truly than Scrapy why there is no response."""
        cut = response is not None and "download_stopped" in response.flags
        sent = [attempt for attempt in attempts if attempt.request]
        for attempt in sent:
            last = attempt is sent[-1]
            ended = _ended(attempt, failure if last else None, cut and last)
            answer = attempt.final_response()
            if answer.startswith(b"HTTP/"):
                capture = self._archiver.write(_exchange(request, attempt, answer, ended))
                if last:
                    request.meta["capture"] = capture
            else:
                self._archiver.note(_unanswered(request, attempt, answer, ended), request=attempt.request_sent)
            attempt.close()
        if not sent and failure is not None:
            failure = self._explained(request, failure)
            self._archiver.note(_note(request, self._archiver.clock(), _reason(failure), str(failure)))
            raise failure
        if sent and sent[-1].over_limit:
            raise DownloadCancelledError(f"{request.url}: a head of more than {HEAD_LIMIT} bytes") from failure
        if response is not None and "capture" not in request.meta:
            raise DownloadFailedError(f"{request.url}: the answer does not begin with HTTP/")

    def _explained(self, request: Request, failure: Exception) -> Exception:
        """The guard's refusal where it is behind a look-up without an address."""
        from twisted.internet import reactor

        host = urlsplit(request.url).hostname or ""
        if isinstance(failure, CannotResolveHostError) and host in reactor.nameResolver.refused:
            return AddressRefused(reactor.nameResolver.refused[host])
        return failure


def _ended(attempt: Attempt, failure: Exception | None, cut: bool) -> Ended:
    """How the answer of an attempt ended."""
    if attempt.over_limit:
        return "length"
    if attempt.finished:
        return "complete"
    if isinstance(failure, DownloadTimeoutError):
        return "time"
    if cut or isinstance(failure, DownloadCancelledError | StopDownload):
        return "length"
    return "disconnect"


def _exchange(request: Request, attempt: Attempt, response: bytes, ended: Ended) -> Exchange:
    version = response[len("HTTP/") : len("HTTP/1.1")].decode("latin-1")
    protocols = [f"http/{version}"] if _VERSION.fullmatch(version) else []
    if attempt.tls_version:
        protocols.append(_tls_protocol(attempt.tls_version))
    return Exchange(
        url=_asked(request),
        method=request.method,
        started_at=attempt.started_at,
        role=_role(request),
        request=attempt.request_sent,
        response=response,
        ended=ended,
        ip_address=None if request.meta.get("proxy") else attempt.ip_address,
        protocols=tuple(protocols),
        cipher=_suite(attempt.cipher) if attempt.cipher else None,
        lead=request.meta.get("lead"),
        hops=len(request.meta.get("redirect_urls", ())),
        revalidates=request.meta.get("revalidates"),
    )


def _unanswered(request: Request, attempt: Attempt, answer: bytes, ended: Ended) -> Note:
    """What became of an attempt whose answer, if any, is no HTTP."""
    if attempt.lost is not None and attempt.lost.check(SSL.Error, CertificateError, VerificationError):
        return _note(request, attempt.started_at, "tls", str(attempt.lost.value))
    if answer and not b"HTTP/".startswith(answer[:5]):
        return _note(request, attempt.started_at, "not-http", ascii(answer[:_DETAIL])[2:-1])
    why = attempt.lost.getErrorMessage() if attempt.lost else "no answer came"
    return _note(request, attempt.started_at, "time" if ended == "time" else "disconnect", why)


def _note(request: Request, noted_at: datetime, reason: str, detail: str) -> Note:
    return Note(
        url=_asked(request),
        noted_at=noted_at,
        reason=reason,
        detail=detail,
        role=_role(request),
        lead=request.meta.get("lead"),
    )


def _asked(request: Request) -> str:
    """The URL as it was asked for: a fragment is never sent."""
    return request.url.partition("#")[0]


def _reason(failure: Exception) -> str:
    return next((reason for kind, reason in _REASONS if isinstance(failure, kind)), "failed")


def _role(request: Request) -> Role:
    role: Role | None = request.meta.get("role")
    if role is None:
        is_robots = "/robots.txt" in request.url and urlsplit(request.url).path == "/robots.txt"
        role = "robots" if is_robots else "other"
    return role


def _tls_protocol(version: str) -> str:
    """`tls/1.3` of OpenSSL's `TLSv1.3`, as WARC-Protocol names it."""
    number = version.removeprefix("TLSv")
    return f"tls/{number if '.' in number else number + '.0'}"


def _suite(cipher: str) -> str:
    """The IANA name of a cipher suite, which OpenSSL gives for TLS 1.3 only."""
    older = _SUITE.fullmatch(cipher)
    if not older:
        return cipher
    exchange, cipher_name, rest = older.groups()
    key = exchange.replace("-", "_") + "_" if exchange else "RSA_"
    size, _, mode = rest.partition("-") if cipher_name == "AES" else ("", "", rest)
    parts = [cipher_name, size, mode.replace("-", "_")]
    return f"TLS_{key}WITH_" + "_".join(filter(None, parts))
