"""The throw-away certificate authority: made at start, kept in memory, trusted by nobody who was not told to."""

import ssl
import threading
from pathlib import Path

import trustme


class Authority:
    """Gives a TLS server context for any host, its certificate signed by one authority of this run."""

    def __init__(self) -> None:
        self._ca = trustme.CA(organization_name="Pressmark newsstand")
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._making = threading.Lock()

    def context(self, host: str) -> ssl.SSLContext:
        """The server side of TLS as `host`; made once a host."""
        with self._making:
            if host not in self._contexts:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.set_alpn_protocols(["http/1.1"])
                self._ca.issue_cert(host).configure_cert(context)
                self._contexts[host] = context
            return self._contexts[host]

    def write(self, path: Path) -> None:
        """Writes the authority's own certificate, PEM, for clients to trust."""
        self._ca.cert_pem.write_to_path(str(path))
