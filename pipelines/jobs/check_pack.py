#!/usr/bin/env python3
"""Verifies an evidence pack, offline: `python3 verify.py [FOLDER]`.

Exit status 0: everything holds; 1: something does not. Needs Python 3.9 and nothing else.

Checked: that the folder holds just the files that manifest.json names, each with its SHA-256; that each record of the
WARC file in captures.wacz is whole and has its digests; that each capture and version that the manifest names is there;
and the signature of the manifest, where there is one (by `openssl` 3, or the Python package `cryptography`).
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MANIFEST, SIGNATURE, KEY = "manifest.json", "manifest.json.sig", "public_key.pem"
CAPTURES, WARC = "captures.wacz", "archive/captures.warc.gz"


def check(folder: Path) -> Iterator[str]:
    """What does not hold of a pack, a line each."""
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    named = manifest["files"]
    held = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    for name in sorted(held - set(named) - {MANIFEST, SIGNATURE}):
        yield f"{name}: the manifest does not name it"
    for name, facts in sorted(named.items()):
        if name not in held:
            yield f"{name}: missing"
        elif hashlib.sha256((folder / name).read_bytes()).hexdigest() != facts["sha256"]:
            yield f"{name}: its SHA-256 is not the manifest's"
    if CAPTURES in held:
        yield from check_captures(folder / CAPTURES, manifest)


def check_captures(path: Path, manifest: dict[str, Any]) -> Iterator[str]:
    """What does not hold of the WARC file in the WACZ."""
    records: dict[str, dict[str, str]] = {}
    try:
        with zipfile.ZipFile(path) as packed:
            content = packed.read(WARC)
        for headers, block in read_records(content):
            records[headers.get("warc-record-id", "")] = headers
            if not digest_holds(headers.get("warc-block-digest"), block):
                yield f"{CAPTURES}: {headers.get('warc-record-id')}: the block digest does not hold"
            is_payload = headers.get("warc-type") == "response"
            if is_payload and not digest_holds(headers.get("warc-payload-digest"), payload_of(block)):
                yield f"{CAPTURES}: {headers.get('warc-record-id')}: the payload digest does not hold"
    except (ValueError, KeyError, zlib.error, zipfile.BadZipFile) as error:
        yield f"{CAPTURES}: not whole: {error}"
    payloads = {h.get("warc-payload-digest") for h in records.values() if h.get("warc-type") == "response"}
    for capture in manifest["captures"]:
        found = records.get(capture["record_id"])
        if found is None:
            yield f"{CAPTURES}: {capture['record_id']} is missing"
        elif found.get("warc-payload-digest") != capture["payload_digest"]:
            yield f"{CAPTURES}: {capture['record_id']}: its payload digest is not the manifest's"
        elif capture["payload_digest"] not in payloads:
            yield f"{CAPTURES}: {capture['record_id']}: no record holds its payload"
    for version in manifest["versions"]:
        if version["record_id"] not in records:
            yield f"version {version['version']}: its capture {version['record_id']} is missing"


def read_records(data: bytes) -> Iterator[tuple[dict[str, str], bytes]]:
    """The headers (names in lower case) and block of each record. Raises ValueError or zlib.error."""
    while data:
        inflater = zlib.decompressobj(31)
        content = inflater.decompress(data)
        if not inflater.eof:
            raise ValueError("the file ends inside a record")
        data = inflater.unused_data
        head, _, rest = content.partition(b"\r\n\r\n")
        lines = head.decode("utf-8", "replace").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        length = int(headers["content-length"])
        if rest[length:] != b"\r\n\r\n":
            raise ValueError("a record's length is not what it says")
        yield headers, rest[:length]


def digest_holds(named: str | None, data: bytes) -> bool:
    """Whether a digest such as `sha256:ABC…` (Base32 or hexadecimal) is that of the data."""
    algorithm, _, value = (named or "").partition(":")
    if algorithm not in hashlib.algorithms_guaranteed:
        return False
    raw = hashlib.new(algorithm, data).digest()
    return value.lower() == raw.hex() or value.rstrip("=") == base64.b32encode(raw).decode().rstrip("=")


def payload_of(block: bytes) -> bytes:
    """The body of an answer, without chunk framing."""
    head = re.search(rb"\n\r?\n", block)
    body = block[head.end() :] if head else b""
    chunked = head and re.search(rb"(?im)^transfer-encoding:[^\r\n]*chunked", block[: head.end()])
    return dechunked(body) if chunked else body


def dechunked(body: bytes) -> bytes:
    """The body without chunk framing, up to where that breaks; one that never was framed, as it is."""
    parts: list[bytes] = []
    at = 0
    while True:
        line = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\n]*)?\r?\n").match(body, at)
        if not line:
            return b"".join(parts) if at or not body.strip() else body
        size = int(line[1], 16)
        if not size:
            return b"".join(parts)
        parts.append(body[line.end() : line.end() + size])
        at = line.end() + size
        if body[at : at + 2] == b"\r\n":
            at += 2
        elif body[at : at + 1] == b"\n":
            at += 1
        else:
            return b"".join(parts)


def check_signature(folder: Path) -> bool | None:
    """True or False; None where the pack is not signed or nothing here can check it."""
    if not (folder / SIGNATURE).exists():
        return None
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.serialization import load_pem_public_key
    except ImportError:
        return check_with_openssl(folder)
    key: Any = load_pem_public_key((folder / KEY).read_bytes())
    try:
        key.verify((folder / SIGNATURE).read_bytes(), (folder / MANIFEST).read_bytes())
    except InvalidSignature:
        return False
    return True


def check_with_openssl(folder: Path) -> bool | None:
    """The signature as `openssl` sees it; None where there is none."""
    if not shutil.which("openssl"):
        return None
    said = ["-pubin", "-inkey", KEY, "-rawin", "-in", MANIFEST, "-sigfile", SIGNATURE]
    done = subprocess.run(["openssl", "pkeyutl", "-verify", *said], cwd=folder, capture_output=True, check=False)
    return done.returncode == 0


def main(arguments: list[str]) -> int:
    """Prints what was found."""
    folder = Path(arguments[0]) if arguments else Path(__file__).resolve().parent
    wrong = list(check(folder))
    signed = check_signature(folder)
    if signed is False:
        wrong.append(f"{MANIFEST}: the signature does not hold")
    for line in wrong:
        print(line)
    print(f"manifest.json has the SHA-256 {hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()}")
    if signed:
        key = hashlib.sha256((folder / KEY).read_bytes()).hexdigest()
        print(f"signed by the key in {KEY} (SHA-256 {key}): compare it with the signer's")
    elif (folder / SIGNATURE).exists() and signed is None:
        print("the signature was not checked: neither openssl nor the Python package cryptography is here")
    print("everything holds" if not wrong else f"{len(wrong)} do not hold")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
