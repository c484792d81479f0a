"""Chromium without a window and without a network but loopback, driven over its debugging pipe."""

import base64
import json
import os
import select
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from attrs import field, frozen

CHROMIUM = shutil.which("chromium")
_FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage --window-size=1000,1400"
).split()
_NO_NETWORK = (
    # Every other address goes to a port that nobody listens at, and no name is looked up.
    "--proxy-server=127.0.0.1:9",
    "--proxy-bypass-list=127.0.0.1",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


@frozen(kw_only=True)
class Loaded:
    """What a page loaded."""

    statuses: dict[str, int]
    """By URL; 0: no answer at all."""
    text: str
    """What the page's frame shows."""
    classes: str
    """Of the page's root element: its own script sets one."""
    widths: tuple[int, ...]
    """Of its pictures as they were decoded; 0: not shown."""
    screenshot: bytes = field(repr=False)


class Browser:
    """One running Chromium."""

    def __init__(self, out: int, into: int) -> None:
        self._out, self._into = out, into
        self._number = 0
        self._received = b""
        self._events: list[dict[str, Any]] = []

    def load(self, url: str, timeout_s: float = 40.0, quiet_s: float = 1.0) -> Loaded:
        """Opens a URL in a page of its own and waits until it asked for nothing more for `quiet_s`."""
        target = self._call("Target.createTarget", {"url": "about:blank"})["targetId"]
        session = self._call("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
        for domain in ("Network", "Page"):
            self._call(f"{domain}.enable", {}, session)
        self._events.clear()
        self._call("Page.navigate", {"url": url}, session)
        ends = time.monotonic() + timeout_s
        while time.monotonic() < ends and (message := self._next(quiet_s)):
            self._events.append(message)
        statuses = _statuses(self._events)
        shown = self._call(
            "Runtime.evaluate",
            {"expression": _SHOWN, "returnByValue": True, "awaitPromise": True},
            session,
        )["result"]["value"]
        shot = self._call("Page.captureScreenshot", {"format": "png"}, session)["data"]
        self._call("Target.closeTarget", {"targetId": target})
        return Loaded(
            statuses=statuses,
            text=shown["text"],
            classes=shown["classes"],
            widths=tuple(shown["widths"]),
            screenshot=base64.b64decode(shot),
        )

    def _call(self, method: str, parameters: dict[str, Any], session: str | None = None) -> dict[str, Any]:
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self._into, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next(30.0)
            assert answer is not None, f"no answer to {method}"
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                result: dict[str, Any] = answer["result"]
                return result
            self._events.append(answer)

    def _next(self, timeout_s: float) -> dict[str, Any] | None:
        """The next message, or None where none comes in time."""
        while b"\0" not in self._received:
            if not select.select([self._out], [], [], timeout_s)[0]:
                return None
            self._received += os.read(self._out, 2**20)
        message, _, self._received = self._received.partition(b"\0")
        decoded: dict[str, Any] = json.loads(message)
        return decoded


_SHOWN = """(() => {
  const frames = root => [...root.querySelectorAll("*")].flatMap(each => [
    ...(each.tagName === "IFRAME" && each.contentDocument ? [each.contentDocument] : []),
    ...(each.shadowRoot ? frames(each.shadowRoot) : [])]);
  let page = document;
  for (let inner = frames(page); inner.length; inner = frames(page)) page = inner[0];
  return {text: page.body.innerText, classes: page.documentElement.className,
          widths: [...page.images].map(image => image.naturalWidth)};
})()"""
"""Of the innermost frame: replay tools show a page inside their own, shadow trees and all."""


def _statuses(events: list[dict[str, Any]]) -> dict[str, int]:
    asked: dict[str, str] = {}
    statuses: dict[str, int] = {}
    for event in events:
        told = event.get("params", {})
        match event.get("method"):
            case "Network.requestWillBeSent":
                asked[told["requestId"]] = told["request"]["url"]
                statuses.setdefault(told["request"]["url"], 0)
            case "Network.responseReceived":
                statuses[asked.get(told["requestId"], told["response"]["url"])] = told["response"]["status"]
    return statuses


@contextmanager
def browser(folder: Path) -> Iterator[Browser]:
    """A Chromium with a fresh profile, ended at the end."""
    assert CHROMIUM is not None
    their_in, our_out = os.pipe()
    our_in, their_out = os.pipe()

    def hand_over() -> None:
        # Chromium reads at 3 and writes at 4.
        os.dup2(their_in, 10)
        os.dup2(their_out, 11)
        os.dup2(10, 3)
        os.dup2(11, 4)

    command = [CHROMIUM, *_FLAGS, *_NO_NETWORK, "--remote-debugging-pipe", f"--user-data-dir={folder}", "about:blank"]
    process = subprocess.Popen(
        command, preexec_fn=hand_over, pass_fds=(3, 4), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    os.close(their_in)
    os.close(their_out)
    try:
        yield Browser(our_in, our_out)
    finally:
        process.terminate()
        process.wait(20)
        os.close(our_in)
        os.close(our_out)
