"""Indexes WARC files as replay tools read them: one CDXJ line a capture, sorted; changes nothing."""

import json
from datetime import UTC
from pathlib import Path

from attrs import frozen
from surt import surt

from pipelines.errors import BadArchive
from pipelines.warc import fields, http
from pipelines.warc.records import BadMember, Record, date_of, read_records


@frozen(kw_only=True)
class FileIndex:
    """The index of one WARC file."""

    lines: tuple[str, ...]
    """Sorted, without line ends."""
    refers_to: frozenset[str]
    """Other WARC files, relative to the archive, in which originals of its revisits lie."""


def index_file(path: Path, archive: Path, filename: str) -> FileIndex:
    """The index of a closed WARC file of the archive, under the name that replay finds it by. Raises BadArchive."""
    lines: list[str] = []
    refers_to: set[str] = set()
    own = path.relative_to(archive).as_posix()
    with path.open("rb") as stream:
        try:
            for record in read_records(stream):
                if record.type in ("response", "revisit"):
                    lines.append(_line(record, filename))
                elif record.type == "metadata":
                    refers_to.update(v for name, v in fields.read(record.block) if name == "refers-to-file")
        except BadMember as bad:
            raise BadArchive(f"{own}: at byte {bad.at}: {bad}; see `scrapy verify`") from bad
    return FileIndex(lines=tuple(sorted(lines)), refers_to=frozenset(refers_to - {own}))


def _line(record: Record, filename: str) -> str:
    url = record.header("WARC-Target-URI") or ""
    stamp = date_of(record.header("WARC-Date") or "").astimezone(UTC).strftime("%Y%m%d%H%M%S")
    status, headers = http.parse_head(http.split_head(record.block)[0])
    content_type = next((value for name, value in headers if name.lower() == "content-type"), "unk")
    told = {
        "url": url,
        "mime": "warc/revisit" if record.type == "revisit" else content_type.partition(";")[0].strip() or "unk",
        "status": str(status),
        "digest": record.header("WARC-Payload-Digest") or "-",
        "length": str(record.end - record.offset),
        "offset": str(record.offset),
        "filename": filename,
    }
    return f"{surt(url)} {stamp} {json.dumps(told, ensure_ascii=False)}"
