"""Bot walls on demand: what a host answers to a crawler that it does not want, in place of its articles."""

import re
from enum import Enum

from newsstand.messages import Request, Response

OPEN = re.compile(r"/robots\.txt|.*/feed/|/feed/|.*\.(?:rss|xml)|.*/rss/.*")
"""What walls leave open, as The Hill's and Ukrainska Pravda's do: feeds and robots.txt."""
REST = re.compile(r"/wp-json/.*")
"""What most leave open besides."""
_CHALLENGE = b"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Access to this page has been denied</title>
<meta name="description" content="px-captcha"><script>window._pxAppId = 'PXNEWSSTAND';</script></head>
<body><div class="px-captcha-container"><div class="px-captcha-header">Before we continue...</div>
<div class="px-captcha-message">Press &amp; Hold to confirm you are a human (and not a bot).</div>
<div id="px-captcha"></div>
<noscript>Please enable JavaScript and cookies to continue</noscript></div></body></html>
"""


class Wall(Enum):
    """The status that a wall's challenge page comes with."""

    FORBIDDEN = 403
    ACCEPTED = 202
    POLITE = 200


def challenge(wall: Wall, request: Request, *, rest_too: bool = False) -> Response | None:
    """The challenge page, or None for what the wall leaves open."""
    path = request.parts.path
    if OPEN.fullmatch(path) or (REST.fullmatch(path) and not rest_too):
        return None
    return Response(status=wall.value, body=_CHALLENGE, headers=(("Cache-Control", "no-store"),))
