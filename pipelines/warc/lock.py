"""One crawl of an outlet at a time: the lock that its WARC files are written and repaired under."""

from pathlib import Path

from filelock import FileLock, Timeout

from pipelines.errors import PressmarkError


def lock_outlet(archive: Path, outlet: str) -> FileLock:
    """The outlet's lock, taken; the system frees it when the process ends, however it ends.

    Raises PressmarkError where another process holds it, OSError where the archive cannot be written.
    """
    folder = archive / "warc" / outlet
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / ".lock", timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise PressmarkError(
            f"{outlet}: another crawl of this outlet writes to {archive}; wait for it to end, or stop it"
        ) from error
    return lock
