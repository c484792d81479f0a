"""What pages load beside their HTML: style, scripts and pictures, made from their addresses alone."""

import hashlib
import re
import struct
import zlib

from newsstand.messages import Response, text

HEAD = '<link rel="stylesheet" href="/static/page.css">\n<script src="/static/page.js" defer></script>'
"""What every page of the world loads."""
_PICTURE = re.compile(r"(?i)\.(?:jpe?g|png|gif|webp|ico)$")
_STYLE = """@import "print.css" print;
body { max-width: 60em; margin: 0 auto; padding: 1em; font-family: Georgia, serif;
  background: #fbf8f1 url("../img/paper.png") no-repeat top right; }
h1 { color: #7b1e1e; border-bottom: 2px solid currentColor; }
img { max-width: 100%; min-width: 16em; height: auto; }
"""
_SCRIPT = 'document.documentElement.classList.add("scripted");\n'


def asset(path: str) -> Response | None:
    """The style, script or picture at a path, by its ending; None where it names none."""
    if path.endswith(".css"):
        imported = "print" in path.rpartition("/")[2]
        return text("nav { display: none; }\n" if imported else _STYLE, "text/css; charset=UTF-8")
    if path.endswith(".js"):
        return text(_SCRIPT, "text/javascript; charset=UTF-8")
    if _PICTURE.search(path):
        return Response(content_type="image/png", body=picture(path), tagged=True)
    return None


def picture(path: str, width: int = 96, height: int = 54) -> bytes:
    """A PNG of two pale colours that the path decides; another path, another picture."""
    digest = bytes(160 + byte // 3 for byte in hashlib.sha256(path.encode()).digest())
    above, below = bytes(digest[:3]) * width, bytes(digest[3:6]) * width
    horizon = height // 3 + digest[6] % (height // 3)
    rows = b"".join(b"\0" + (above if row < horizon else below) for row in range(height))
    size = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = _part(b"IHDR", size), _part(b"IDAT", zlib.compress(rows)), _part(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _part(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
