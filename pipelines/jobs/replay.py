"""Readies an archive for pywb: an index a WARC file, made once, and pywb's configuration; both lie in `.replay`."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from pipelines.jobs.cdxj import index_file
from pipelines.jobs.keep import write_whole
from pipelines.warc.reader import warc_files

FOLDER = ".replay"
COLLECTION = "archive"

_CONFIG = """# Written by `scrapy replay`.
collections:
  {collection}:
    index_paths: {indexes}
    archive_paths: {warcs}
framed_replay: true
enable_auto_fetch: false
"""


def ready_replay(archive: Path, watch: Callable[[Iterable[Any], str], Iterable[Any]]) -> Path:
    """The folder that pywb is started in; indexes of closed files that are there already stay. Raises BadArchive."""
    folder = archive / FOLDER
    indexes, warcs = folder / "indexes", archive / "warc"
    files = {path.relative_to(warcs).as_posix(): path for path in warc_files(archive)}
    held = {f"{Path(name).name}.cdxj" for name in files}
    for path in indexes.glob("*.cdxj"):
        if path.name not in held:
            path.unlink()
    for name, path in watch(files.items(), "indexed"):
        index = indexes / f"{path.name}.cdxj"
        if not index.exists():
            lines = index_file(path, archive, name).lines
            write_whole(index, "".join(f"{line}\n" for line in lines).encode(), durable=False)
    config = _CONFIG.format(collection=COLLECTION, indexes=f"{indexes}/", warcs=f"{warcs}/")
    write_whole(folder / "config.yaml", config.encode(), durable=False)
    return folder
