"""The newsstand's server: a forward proxy on loopback that is itself every host it lets through.

Takes requests from the wire, asks the sites, writes answers and the access log; forwards nothing to anybody.
"""

import logging
import os
import socket
import socketserver
import ssl
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from newsstand.access import Access, AccessLog
from newsstand.authority import Authority
from newsstand.messages import BadRequest, Head, Request, Response, conditional, pieces, read_head, skip_body
from newsstand.sites import sites_by_host
from newsstand.walls import Wall, challenge
from newsstand.world import World

log = logging.getLogger(__name__)

Answer = Callable[[Request], Response]
IDLE_S = 120.0
"""A connection that says nothing for so long is closed: longer than a crawler's delays."""
_LEFT_UNREAD = 64
"""Reads of 64 KiB that a refused client's further bytes get."""
_FOREIGN = b"not of this world\n"
DELAY_S = 0.05
"""The crawl delay that the environment sets: loopback needs no manners, a demo needs an end."""


class Newsstand:
    """Serves a world at its outlets' own addresses, https and http, to whoever uses it as a proxy.

    A context manager: entered, it listens; left, every connection is closed and its folder removed.
    """

    def __init__(
        self,
        world: World,
        *,
        clock: Callable[[], datetime] | None = None,
        port: int = 0,
        log: Path | None = None,
        captured: Mapping[str, Answer] | None = None,
    ) -> None:
        """`clock` gives the instant served (default: the world's end); `captured` answers whole URLs before the sites.

        `port` 0: any free one. `log`: the access log as JSON lines.
        """
        self.world = world
        self.clock = clock or (lambda: world.end)
        self.walls: dict[str, Wall] = {}
        """Hosts that answer with a bot wall; may be changed while it serves."""
        self.rest_walled: set[str] = set()
        """Those of them whose wall stands before their REST API too."""
        self.access = AccessLog(log)
        self.authority = Authority()
        self._captured = dict(captured or {})
        self._answers: dict[str, Answer] = {host: site.answer for host, site in sites_by_host(world).items()}
        self._numbers = count(1)
        self._folder = tempfile.TemporaryDirectory(prefix="newsstand-")
        self.ca_file = Path(self._folder.name, "authority.pem")
        self._empty = Path(self._folder.name, "empty")
        self._empty.mkdir()
        self.authority.write(self.ca_file)
        self._hosts = set(self._answers) | {urlsplit(url).hostname or "" for url in self._captured}
        self._server = _Server(("127.0.0.1", port), self)
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="newsstand", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.hang_up()
        self._server.server_close()
        self._thread.join()
        self.access.close()
        self._folder.cleanup()

    def environment(self) -> dict[str, str]:
        """What a crawler's environment must hold: this proxy, this authority alone, and no other address at all."""
        proxy = f"http://127.0.0.1:{self.port}"
        return {
            "http_proxy": proxy,
            "https_proxy": proxy,
            "no_proxy": "",
            "SSL_CERT_FILE": str(self.ca_file),
            "SSL_CERT_DIR": str(self._empty),
            "PRESSMARK_ONLY_ADDRESSES": f"127.0.0.1:{self.port}",
            "PRESSMARK_CONTACT": "newsstand@example.org",
            "PRESSMARK_DOWNLOAD_DELAY": str(DELAY_S),
        }

    def knows(self, host: str) -> bool:
        """True where the host is one of the world's or of the captured pages."""
        return host in self._hosts

    def answer(self, head: Head, url: str, at: datetime) -> Response:
        """The answer to one request for an absolute URL."""
        request = Request(method=head.method, url=url, headers=head.headers, number=next(self._numbers), at=at)
        if head.method not in ("GET", "HEAD"):
            return Response(status=405, headers=(("Allow", "GET, HEAD"),))
        host = request.parts.hostname or ""
        barred = challenge(self.walls[host], request, rest_too=host in self.rest_walled) if host in self.walls else None
        if barred:
            return barred
        answer = self._captured.get(url) or self._answers.get(host)
        if answer is None:
            return Response(status=404 if self.knows(host) else 502, content_type="text/plain", body=_FOREIGN)
        return conditional(head, answer(request))


class _Server(socketserver.ThreadingTCPServer):
    """A thread a connection; open connections are known, so that the end does not wait for them."""

    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], newsstand: Newsstand) -> None:
        self.newsstand = newsstand
        self._open: set[socket.socket] = set()
        self._ending = False
        super().__init__(address, _Connection)

    @contextmanager
    def known(self, connection: socket.socket) -> Iterator[None]:
        """Within it the connection is one that `hang_up` shuts down."""
        self._open.add(connection)
        try:
            if self._ending:
                raise ConnectionAbortedError("the newsstand is closing")
            yield
        finally:
            self._open.discard(connection)

    def hang_up(self) -> None:
        """Shuts every open connection down, so that its thread ends."""
        self._ending = True
        for connection in tuple(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                log.debug("the connection had ended already")

    def handle_error(self, request: object, client_address: object) -> None:
        log.exception("a connection ended by an error of the newsstand's own")


class _Connection(socketserver.BaseRequestHandler):
    """One client's connection: requests to the proxy, then, after CONNECT, to one host under TLS."""

    server: _Server
    request: socket.socket

    def handle(self) -> None:
        """Serves until the client goes; what it does wrong ends its own connection only."""
        connection = self.request
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.settimeout(IDLE_S)
        try:
            with self.server.known(connection):
                host = self._serve(connection, None)
            if host:
                context = self.server.newsstand.authority.context(host)
                secured = context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
                with secured, self.server.known(secured):
                    secured.do_handshake()
                    self._serve(secured, host)
        except OSError as error:  # resets, time-outs and TLS failures alike: the client's doing
            log.debug("connection ended: %s", error)

    def _serve(self, connection: socket.socket, tunnel: str | None) -> str | None:
        """Answers requests until the connection ends; a host where CONNECT asks to go on under TLS."""
        with connection.makefile("rb") as stream:
            while True:
                try:
                    head = read_head(stream)
                    if head is None:
                        return None
                    started = (datetime.now(UTC), time.monotonic())
                    skip_body(stream, head)
                except BadRequest as error:
                    self._refuse(connection, str(error))
                    return None
                if head.method == "CONNECT" and tunnel is None:
                    host = self._connect(connection, head, started)
                    if host:
                        return host
                else:
                    self._exchange(connection, head, tunnel, started)
                if not head.keeps_alive:
                    return None

    def _refuse(self, connection: socket.socket, reason: str) -> None:
        """Says 400, and waits for the client to hear it: closing with unread bytes would reset it (RFC 9112 §9.6)."""
        head = Head(method="GET", target="", version="HTTP/1.0", headers={})
        answer = Response(status=400, content_type="text/plain", body=f"{reason}\n".encode())
        connection.sendall(b"".join(pieces(head, answer, self.server.newsstand.clock())))
        connection.settimeout(1)
        if not isinstance(connection, ssl.SSLSocket):
            connection.shutdown(socket.SHUT_WR)
        for _ in range(_LEFT_UNREAD):
            if not connection.recv(65_536):
                break

    def _connect(self, connection: socket.socket, head: Head, started: tuple[datetime, float]) -> str | None:
        """Opens a tunnel to a host of the world; 502 for any other, 403 for another port than 443."""
        host, _, port = head.target.lower().rpartition(":")
        known = self.server.newsstand.knows(host)
        if known and port == "443":
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            return host
        refusal = Response(status=403 if known else 502, content_type="text/plain", body=_FOREIGN)
        self._send(connection, head, refusal, f"{host}:{port}", host, started, self.server.newsstand.clock())
        return None

    def _exchange(
        self, connection: socket.socket, head: Head, tunnel: str | None, started: tuple[datetime, float]
    ) -> None:
        """Answers one request and logs it."""
        newsstand = self.server.newsstand
        at = newsstand.clock()
        url = _absolute(head, tunnel)
        host = (urlsplit(url).hostname or "") if url else ""
        if url is None:
            body = b"This is a proxy: ask it for absolute URLs.\n"
            response = Response(status=400, content_type="text/plain", body=body)
        else:
            response = newsstand.answer(head, url, at)
        self._send(connection, head, response, url or head.target, host, started, at)

    def _send(
        self,
        connection: socket.socket,
        head: Head,
        response: Response,
        url: str,
        host: str,
        started: tuple[datetime, float],
        at: datetime,
    ) -> None:
        """Writes the answer; its end is taken before its last piece, since the client may ask again right after."""
        out = list(pieces(head, response, at))
        for piece in out[:-1]:
            connection.sendall(piece)
        ended = (datetime.now(UTC), time.monotonic())
        self.server.newsstand.access.add(
            Access(
                started_at=started[0],
                ended_at=ended[0],
                started_s=started[1],
                ended_s=ended[1],
                world_at=at,
                host=host,
                method=head.method,
                url=url,
                status=response.status,
                bytes=sum(map(len, out)),
            )
        )
        connection.sendall(out[-1])


def _absolute(head: Head, tunnel: str | None) -> str | None:
    """The URL that is asked for; None where the request names no host as it should."""
    if tunnel is None:
        return head.target if head.target.lower().startswith("http://") else None
    named = head.headers.get("host", "").lower().removesuffix(":443")
    return f"https://{tunnel}{head.target}" if named == tunnel and head.target[:1] == "/" else None


def shell_lines(environment: Mapping[str, str]) -> str:
    """The environment as `export` lines for a POSIX shell."""
    return "".join(f"export {name}='{value}'\n" for name, value in environment.items()) + f"# process {os.getpid()}\n"
