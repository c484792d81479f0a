"""A server of raw scripted bytes that logs what it read and sent, and a proxy that opens tunnels to it."""

import contextlib
import re
import socket
import ssl
import struct
import threading
import time
from collections.abc import Iterator, Mapping

from attrs import define, field, frozen

Send = bytes
Wait = float


@frozen
class Close:
    """Ends the connection well: over TLS with close_notify."""


@frozen
class Cut:
    """Ends the connection without a word: over TLS without close_notify."""


@frozen
class Reset:
    """Ends the connection with RST."""


@frozen
class Dribble:
    """Sends a byte at a time."""

    data: bytes


@frozen
class Flood:
    """Sends one piece again and again until the client is gone, or two minutes are over."""

    piece: bytes


Step = Send | Wait | Close | Cut | Reset | Dribble | Flood


@define
class Served:
    """One request as it was read and the bytes sent for it."""

    request: bytes
    sent: bytearray = field(factory=bytearray)


class Gone(Exception):
    """The connection is over."""


class ScriptedServer:
    """Plays a script for each path; a path asked for again plays its next script, the last one stays."""

    def __init__(self, scripts: Mapping[str, list[list[Step]]], tls: ssl.SSLContext | None = None) -> None:
        self.scripts = scripts
        self.log: dict[str, list[Served]] = {}
        self._lock = threading.Lock()
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._listener.getsockname()[1]
        self._open: set[socket.socket] = set()
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    def close(self) -> None:
        _close(self._listener, self._accepting)
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, raw: socket.socket) -> None:
        raw.settimeout(30)
        with self._lock:
            self._open.add(raw)
        connection = raw
        with contextlib.suppress(OSError, Gone):
            if self._tls:
                connection = self._tls.wrap_socket(raw, server_side=True)
            while request := _read_request(connection):
                path = request.split(b" ", 2)[1].decode("latin-1")
                path = re.sub(r"^https?://[^/]+", "", path)
                served = Served(request)
                with self._lock:
                    scripts = self.scripts[path]
                    turn = len(self.log.setdefault(path, []))
                    self.log[path].append(served)
                for step in scripts[min(turn, len(scripts) - 1)]:
                    _play(step, connection, served)
        connection.close()


class TunnelProxy:
    """Answers CONNECT, whatever the name, with a tunnel to one port; anything else is passed on as it is."""

    def __init__(self, port: int) -> None:
        self._target = ("127.0.0.1", port)
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._listener.getsockname()[1]
        self.heads: list[bytes] = []
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    def close(self) -> None:
        _close(self._listener, self._accepting)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._tunnel, args=(client,), daemon=True).start()

    def _tunnel(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError, Gone), client, socket.create_connection(self._target) as server:
            head = _read_request(client)
            self.heads.append(head)
            if head.startswith(b"CONNECT"):
                client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                server.sendall(head)
            threading.Thread(target=_pipe, args=(server, client), daemon=True).start()
            _pipe(client, server)


def _close(listener: socket.socket, accepting: threading.Thread) -> None:
    with contextlib.suppress(OSError):
        listener.shutdown(socket.SHUT_RDWR)
    accepting.join()
    listener.close()


def _pipe(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


def _read_request(connection: socket.socket) -> bytes:
    request = b""
    while b"\r\n\r\n" not in request:
        data = connection.recv(65536)
        if not data:
            return b""
        request += data
    head, _, body = request.partition(b"\r\n\r\n")
    length = re.search(rb"(?im)^content-length: (\d+)", head)
    while length and len(body) < int(length[1]):
        data = connection.recv(65536)
        if not data:
            return b""
        body += data
    return head + b"\r\n\r\n" + body


def _play(step: Step, connection: socket.socket, served: Served) -> None:
    match step:
        case bytes():
            connection.sendall(step)
            served.sent += step
        case float():
            time.sleep(step)
        case Dribble(data):
            for byte in _bytes(data):
                _play(byte, connection, served)
        case Flood(piece):
            until = time.monotonic() + 120
            while time.monotonic() < until:
                _play(piece, connection, served)
        case Close():
            if isinstance(connection, ssl.SSLSocket):
                connection.settimeout(2)
                connection.unwrap()
            raise Gone
        case Cut():
            connection.shutdown(socket.SHUT_RDWR)
            raise Gone
        case Reset():
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            raise Gone


def _bytes(data: bytes) -> Iterator[bytes]:
    return (data[at : at + 1] for at in range(len(data)))
