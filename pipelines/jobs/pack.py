"""An evidence pack of one article: its captures as they lie in the archive, its versions, what changed, and a verifier.

Takes the catalogue and the WARC files, gives a folder that needs nothing of ours to be checked; the same archive gives
the same bytes, signature included.
"""

import difflib
import hashlib
import json
import shutil
from collections.abc import Iterable
from datetime import datetime
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any

from attrs import frozen
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from sqlalchemy import Row, or_, select

from pipelines.catalogue import schema as t
from pipelines.catalogue.catalogue import Catalogue
from pipelines.catalogue.queries import find_article
from pipelines.errors import BadArchive, PressmarkError
from pipelines.jobs.cdxj import index_file
from pipelines.jobs.check_pack import CAPTURES, KEY, MANIFEST, SIGNATURE, WARC
from pipelines.jobs.report import report
from pipelines.jobs.wacz import zip_up
from pipelines.urls import normalised_url
from pipelines.warc.records import parse_record, read_members

_ARTICLE = ("id", "outlet", "outlet_name", "url", "canonical_url")
_CAPTURE = ("record_id", "url", "captured_at", "status", "revisit", "payload_digest", "warc_file", "warc_offset")
_VERSION = ("version", "captured_at", "record_id", "url", "headline", "published_at", "modified_at", "text_sha256")


@frozen(kw_only=True)
class Packed:
    """An evidence pack as made."""

    folder: Path
    captures: int
    versions: int
    manifest_sha256: str
    """What the operator may deposit elsewhere: it fixes every byte of the pack."""


def make_pack(catalogue: Catalogue, archive: Path, url: str, out: Path, key_file: Path | None = None) -> Packed:
    """Writes the pack of the article of a URL; `key_file`: an Ed25519 private key in PEM to sign it with.

    Raises PressmarkError where the archive holds no such article, a key cannot be read, or `out` is no earlier pack.
    """
    key = None if key_file is None else _key(key_file)
    article = find_article(catalogue, normalised_url(url))
    if article is None:
        raise PressmarkError(f"the archive holds no article of {url}")
    _refuse_foreign(out)
    c = t.versions.c
    versions = catalogue.rows(select(t.versions).where(c.id == article).order_by(c.version))
    captures = _captures(catalogue, article, versions)
    unfinished = out.with_name(f".{out.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    for folder in ("versions", "diffs"):
        (unfinished / folder).mkdir(parents=True)
    texts = [_text(archive, row) for row in versions]
    for row, text in zip(versions, texts, strict=True):
        _write(unfinished / "versions" / f"{row.version}.txt", text)
    for number, (one, other) in enumerate(pairwise(texts), 1):
        _write(unfinished / "diffs" / f"{number}-{number + 1}.diff", _diff(number, one, other))
    _write_captures(unfinished, archive, captures, versions)
    facts: dict[str, Any] = {
        "article": {
            name: getattr(versions[-1], name) for name in ("id", "outlet", "outlet_name", "url", "canonical_url")
        },
        "captures": [{name: getattr(row, name) for name in _CAPTURE} for row in captures],
        "versions": [{name: getattr(row, name) for name in _VERSION} for row in versions],
    }
    _write(unfinished / "report.html", report(facts, texts))
    shutil.copyfile(Path(__file__).with_name("check_pack.py"), unfinished / "verify.py")
    if key is not None:
        public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        (unfinished / KEY).write_bytes(public)
    manifest = (json.dumps(facts | {"files": _files(unfinished)}, ensure_ascii=False, indent=2) + "\n").encode()
    (unfinished / MANIFEST).write_bytes(manifest)
    if key is not None:
        (unfinished / SIGNATURE).write_bytes(key.sign(manifest))
    if out.exists():
        shutil.rmtree(out)
    unfinished.rename(out)
    return Packed(
        folder=out,
        captures=len(captures),
        versions=len(versions),
        manifest_sha256=hashlib.sha256(manifest).hexdigest(),
    )


def _write_captures(folder: Path, archive: Path, captures: list[Row[Any]], versions: list[Row[Any]]) -> None:
    """Writes the captures as a WACZ, with a page a version."""
    warc = folder / Path(WARC).name
    with warc.open("wb") as file:
        for members in _members(archive, captures):
            file.write(members)
    zip_up(
        folder / CAPTURES,
        {warc.name: warc},
        list(index_file(warc, folder, warc.name).lines),
        versions,
        # Not the clock: the same archive gives the same bytes.
        created=datetime.fromisoformat(captures[-1].captured_at),
        software=f"pressmark {version('pressmark')}",
        title=versions[-1].headline or versions[-1].url,
        watch=lambda items, _label: items,
    )
    warc.unlink()


def _captures(catalogue: Catalogue, article: str, versions: list[Row[Any]]) -> list[Row[Any]]:
    """Every capture of the article's URLs and of its versions, and what revisits among them refer to, in time."""
    c, covered = t.captures.c, t.coverage.c
    urls = {row.url for row in versions}
    urls |= {row.url for row in catalogue.rows(select(covered.url).where(covered.article_id == article))}
    ids = [row.record_id for row in versions]
    found = {
        row.record_id: row
        for row in catalogue.rows(
            select(t.captures).where(c.role == "article", or_(c.url.in_(sorted(urls)), c.record_id.in_(ids)))
        )
    }
    digests = sorted({row.payload_digest for row in found.values() if row.revisit})
    originals = select(t.captures).where(c.payload_digest.in_(digests), ~c.revisit)
    for row in catalogue.rows(originals.order_by(c.captured_at.desc(), c.record_id)):
        known = any(not held.revisit and held.payload_digest == row.payload_digest for held in found.values())
        if not known:
            found[row.record_id] = row
    return sorted(found.values(), key=lambda row: (row.captured_at, row.record_id))


def _members(archive: Path, captures: Iterable[Row[Any]]) -> Iterable[bytes]:
    """The gzip members of the captures byte for byte, each file's warcinfo before its first. Raises BadArchive."""
    told: set[str] = set()
    for row in captures:
        path = archive / row.warc_file
        try:
            with path.open("rb") as stream:
                starts = [row.warc_offset] if row.warc_file in told else [0, row.warc_offset]
                told.add(row.warc_file)
                spans = [_span(stream, start) for start in starts]
                for start, end in spans:
                    stream.seek(start)
                    yield stream.read(end - start)
        except FileNotFoundError as error:
            raise BadArchive(f"{row.warc_file}: there is no such file in the archive") from error


def _span(stream: Any, start: int) -> tuple[int, int]:
    """Where the records lie that were written together from this offset on."""
    first: str | None = None
    end = start
    for member in read_members(stream, start):
        record = parse_record(member)
        if first is not None and first not in record.all("WARC-Concurrent-To"):
            break
        end = member.end
        first = first or record.record_id
        if record.type == "warcinfo":
            break
    return start, end


def _text(archive: Path, row: Row[Any]) -> str:
    try:
        content = (archive / str(row.text_file)).read_bytes()
    except FileNotFoundError as error:
        raise BadArchive(f"{row.text_file} is missing: make it again with `scrapy rebuild`") from error
    if hashlib.sha256(content).hexdigest() != row.text_sha256:
        raise BadArchive(f"{row.text_file} is not as it was written: make it again with `scrapy rebuild`")
    return content.decode()


def _diff(number: int, one: str, other: str) -> str:
    names = f"versions/{number}.txt", f"versions/{number + 1}.txt"
    return "".join(difflib.unified_diff(one.splitlines(True), other.splitlines(True), *names))


def _files(folder: Path) -> dict[str, dict[str, Any]]:
    """Every file of the pack so far, with its size and digest."""
    return {
        path.relative_to(folder).as_posix(): {
            "bytes": path.stat().st_size,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _refuse_foreign(out: Path) -> None:
    """Raises PressmarkError unless `out` is missing, empty, or an earlier pack."""
    if not out.exists() or (out.is_dir() and not any(out.iterdir())):
        return
    try:
        named = set(json.loads((out / MANIFEST).read_text(encoding="utf-8"))["files"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PressmarkError(f"{out} holds something that is no evidence pack: choose another folder") from error
    held = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    if foreign := sorted(held - named - {MANIFEST, SIGNATURE}):
        raise PressmarkError(f"{out} holds files that are not of our making, such as {foreign[0]}: choose another")


def _key(path: Path) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise PressmarkError(f"the key {path} cannot be read: {error}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise PressmarkError(f"the key {path} is no Ed25519 key: openssl genpkey -algorithm ed25519 -out KEY makes one")
    return key


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
