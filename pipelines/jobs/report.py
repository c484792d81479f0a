"""The page of an evidence pack that a person reads: what was captured when, the versions, and what changed. Pure."""

import difflib
import re
from collections.abc import Sequence
from html import escape
from itertools import pairwise
from typing import Any

_STYLE = """
body { font: 16px/1.5 Georgia, serif; max-width: 46em; margin: 2em auto; padding: 0 1em; color: #111; }
table { border-collapse: collapse; font-size: 13px; } td, th { border: 1px solid #999; padding: 2px 8px;
text-align: left; vertical-align: top; } code { font-size: 12px; word-break: break-all; }
pre { white-space: pre-wrap; font: inherit; border-left: 3px solid #999; padding-left: 1em; }
ins { background: #cfc; } del { background: #fcc; }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""Nothing is loaded, nothing runs, whatever a page's text holds."""
_WORDS = re.compile(r"\s+|\S+")


def report(facts: dict[str, Any], texts: Sequence[str]) -> str:
    """The page, whole in itself; `texts` are the versions in order."""
    article, versions = facts["article"], facts["versions"]
    title = versions[-1]["headline"] or article["url"]
    changes = [
        f"<h2>Version {number} to version {number + 1}</h2>\n<pre>{_changes(one, other)}</pre>"
        for number, (one, other) in enumerate(pairwise(texts), 1)
    ]
    captures = [
        (row["captured_at"], row["status"], _code(row["url"]), _code(row["payload_digest"]), _code(row["record_id"]))
        for row in facts["captures"]
    ]
    states = [
        (row["version"], row["captured_at"], escape(row["headline"] or "–"), _code(row["text_sha256"]))
        for row in versions
    ]
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<title>{escape(title)}</title><style>{_STYLE}</style></head>
<body>
<h1>{escape(title)}</h1>
<p>{escape(article["outlet_name"])}: {_code(article["url"])}</p>
<p>Evidence pack by Pressmark: {len(facts["captures"])} captures, {len(versions)} versions of the text. Times are UTC.
To verify it, without a network: <code>python3 verify.py</code></p>
<h2>Captures</h2>
{_table(("captured", "status", "URL", "payload digest", "WARC record"), captures)}
<h2>Versions</h2>
{_table(("version", "first captured", "headline", "SHA-256 of its text"), states)}
<h2>The text as last captured</h2>
<pre>{escape(texts[-1])}</pre>
{"".join(changes) or "<p>No other version was captured.</p>"}
</body></html>
"""


def _changes(one: str, other: str) -> str:
    """The second text, with what is new and what is gone marked word by word."""
    before, after = _WORDS.findall(one), _WORDS.findall(other)
    out = []
    for what, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        gone, new = escape("".join(before[a:b])), escape("".join(after[c:d]))
        if what == "equal":
            out.append(new)
        else:
            out.append((f"<del>{gone}</del>" if gone else "") + (f"<ins>{new}</ins>" if new else ""))
    return "".join(out)


def _code(text: str) -> str:
    return f"<code>{escape(text)}</code>"


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A table; cells of the rows are HTML already."""
    lines = ["".join(f"<th>{escape(name)}</th>" for name in head)]
    lines += ["".join(f"<td>{cell}</td>" for cell in row) for row in rows]
    return "<table>\n" + "\n".join(f"<tr>{line}</tr>" for line in lines) + "\n</table>"
