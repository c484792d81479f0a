"""What answers say against indexing, AI and text mining: recorded and shown, whatever it asks of those who use them."""

import re
from urllib.parse import urljoin

from protego import Protego

from pipelines.capture import Capture
from pipelines.warc.coding import body_of

_OPT_OUTS = re.compile(r"(?i)\bno(?:ai|imageai|ml|archive|index)\b|\bnone\b|\bunavailable_after\b")


def opt_out(headers: tuple[tuple[str, str], ...]) -> str | None:
    """What an answer's headers say against indexing, AI or text mining, as sent; None where they say nothing.

    Source: X-Robots-Tag, and the TDM Reservation Protocol's `tdm-reservation` and `tdm-policy`.
    """
    said = [
        f"{name}: {value}"
        for name, value in headers
        if (name.lower() == "x-robots-tag" and _OPT_OUTS.search(value))
        or (name.lower() == "tdm-reservation" and value.strip() == "1")
        or name.lower() == "tdm-policy"
    ]
    return "; ".join(said) or None


AI_AGENTS = (
    "GPTBot", "ChatGPT-User", "ClaudeBot", "anthropic-ai", "CCBot", "Google-Extended", "Applebot-Extended",
    "Meta-ExternalAgent", "Bytespider", "PerplexityBot", "Amazonbot", "cohere-ai", "Diffbot",
)  # fmt: skip
"""Names of robots.txt groups by which sites speak to those who collect text for AI."""
_ROBOTS_BYTES = 500 * 1024


def opt_out_of(capture: Capture) -> str | None:
    """What an answer says: its headers, and a robots.txt by its groups for AI."""
    by_headers = opt_out(capture.headers)
    by_groups = _shut_out(capture) if capture.role == "robots" and capture.status == 200 else ()
    said = [by_headers, f"robots.txt: not {', '.join(by_groups)}" if by_groups else None]
    return "; ".join(filter(None, said)) or None


def _shut_out(capture: Capture) -> tuple[str, ...]:
    """The names that a robots.txt keeps from the home page though it lets others in."""
    policy = Protego.parse(body_of(capture)[:_ROBOTS_BYTES].decode("utf-8", "replace"))
    home = urljoin(capture.url, "/")
    if not policy.can_fetch(home, "anybody"):
        return ()
    return tuple(name for name in AI_AGENTS if not policy.can_fetch(home, name))
