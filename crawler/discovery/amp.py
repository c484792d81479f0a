"""From an AMP page's address to its article's, by the forms that publishers use; pure."""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

_CACHE_HOST = re.compile(r"[a-z0-9-]+\.cdn\.ampproject\.org")
_CACHE_PATH = re.compile(r"/[cv]/(s/)?([^/]+)(/.*)")
_ENDINGS = (
    (re.compile(r"/index\.amp$"), "/"),  # Ukrainska Pravda
    (re.compile(r"-amp\.html$"), ".html"),  # Interfax-Ukraine
    (re.compile(r"/amp/?$"), "/"),  # WordPress, in a path
)


def without_amp(url: str) -> str:
    """The article's address behind an AMP address (Google's AMP cache too); any other URL as it is."""
    parts = urlsplit(url)
    if _CACHE_HOST.fullmatch(parts.hostname or "") and (cached := _CACHE_PATH.fullmatch(parts.path)):
        return without_amp(urlunsplit(("https" if cached[1] else "http", cached[2], cached[3], parts.query, "")))
    path = parts.path
    for ending, replacement in _ENDINGS:
        path = ending.sub(replacement, path)
    query = parts.query
    if "amp" in query:
        kept = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name != "amp"]
        query = urlencode(kept) if len(kept) != len(parse_qsl(query, keep_blank_values=True)) else query
    return url if (path, query) == (parts.path, parts.query) else urlunsplit(parts._replace(path=path, query=query))
