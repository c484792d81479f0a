"""URLs as names: the normalised URL and the article id; pure, touches no network."""

import hashlib
import re
from urllib.parse import urlsplit, urlunsplit

from w3lib.url import canonicalize_url

_TRACKING = re.compile(r"(?i)^(utm_[a-z_]+|fbclid|gclid|yclid|dclid|igshid|mc_[ce]id|_ga|ref_src|cmpid|outputType)$")
_DEFAULT_PORT = {"http": ":80", "https": ":443"}


def normalised_url(url: str) -> str:
    """The URL without fragment, tracking parameters and default port, query sorted, host in lower case.

    Raises ValueError where it is no http(s) URL.
    """
    parts = urlsplit(url.strip())
    scheme = parts.scheme.lower()
    # A backslash is a slash to browsers and to w3lib: the host would be another one, or none.
    if scheme not in _DEFAULT_PORT or not parts.hostname or "\\" in parts.netloc:
        raise ValueError(f"not an http(s) URL: {url!r}")
    query = "&".join(p for p in parts.query.split("&") if p and not _TRACKING.match(p.partition("=")[0]))
    netloc = parts.netloc.rpartition("@")[2].lower().removesuffix(_DEFAULT_PORT[scheme])
    return str(canonicalize_url(urlunsplit((scheme, netloc, parts.path or "/", query, ""))))


def without_credentials(url: str) -> str:
    """The URL without a user name and password in front of its host."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2])) if "@" in parts.netloc else url


def article_id(identity_url: str) -> str:
    """The first 16 hex digits of the SHA-256 of the identity URL (docs/seed-format.md)."""
    return hashlib.sha256(identity_url.encode()).hexdigest()[:16]


def host_of(url: str) -> str:
    """The host in lower case, without port; empty where there is none."""
    return (urlsplit(url).hostname or "").lower()
