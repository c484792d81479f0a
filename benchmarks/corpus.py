"""A corpus at size: time and memory of `scrapy corpus` over a newsstand archive, beside datatrove on the same files.

    python -m benchmarks.corpus FOLDER [--articles N] [--workers N] [--datatrove PYTHON]

Draws N articles from the newsstand generator, writes their pages as WARC files below FOLDER (once: a later run takes
what is there), makes their catalogue and then corpora in each style, with one worker and with several, in the archive
and in a copy of it elsewhere: all must be equal. `--datatrove` is the interpreter of an environment of its own with
`datatrove[io]` and trafilatura: it reads the same files with trafilatura's fast mode and writes JSON lines.
"""

import argparse
import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from newsstand.world import World
from tests.corpus.archived import shown, write_pages

ROOT = Path(__file__).resolve().parents[1]
A_STORY = 9.1
"""Articles that a world's outlets publish for each story that one of them tells: measured at 12 to 2,000 stories."""
DATATROVE = """
import sys
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.extractors import Trafilatura
from datatrove.pipeline.readers import WarcReader
from datatrove.pipeline.writers.jsonl import JsonlWriter
if __name__ == "__main__":
    warc, out, logs, tasks = sys.argv[1:]
    LocalPipelineExecutor(
        pipeline=[
            WarcReader(warc, glob_pattern="**/*.warc.gz"),
            Trafilatura(favour_precision=True, timeout=10),
            JsonlWriter(out),
        ],
        tasks=int(tasks), workers=int(tasks), logging_dir=logs, skip_completed=False,
    ).run()
"""


def main() -> int:
    """Runs the benchmark; the exit status says whether all corpora were equal and memory stayed in bounds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--datatrove", type=Path, metavar="PYTHON")
    args = parser.parse_args()
    archive = args.folder / "archive"
    if not (archive / "warc").exists():
        began = time.monotonic()
        world = World(articles=round(args.articles / A_STORY), past=False)
        count = write_pages(shown(world), archive)
        print(f"{count} pages written in {time.monotonic() - began:.0f} s", flush=True)
        del world
    if not (archive / "catalogue.sqlite").exists():
        measured("rebuild", archive, "rebuild", "--workers", str(args.workers))
    digests = set()
    peaks = []
    for workers in (args.workers, 1):
        out = args.folder / f"clean{workers}"
        peaks.append(measured(f"corpus, {workers} workers", archive, "corpus", str(out), "--workers", str(workers)))
        digests.add(digest_of(out))
    print(f"{'equal' if len(digests) == 1 else 'DIFFERENT'}: {sorted(digests)}")
    if args.datatrove:
        datatrove(args.datatrove, args.folder, archive, args.workers)
    return int(len(digests) > 1 or max(peaks) > 400)


def measured(label: str, archive: Path, *arguments: str) -> float:
    """Runs a Scrapy command; prints time and memory, gives the peak of all its processes together in MB."""
    environment = os.environ | {"PRESSMARK_ARCHIVE_DIR": str(archive.absolute())}
    return watched(label, [sys.executable, "-m", "scrapy", *arguments], environment)


def watched(label: str, command: list[str], environment: dict[str, str]) -> float:
    """Runs a command; prints its time and the peak memory (PSS) of its processes in each quarter of the run, in MB."""
    began = time.monotonic()
    process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL)
    samples = []
    while process.poll() is None:
        samples.append(sum(map(pss_of, tree_of(process.pid))) / 1024)
        time.sleep(0.5)
    took = time.monotonic() - began
    parts = [max(samples[n * len(samples) // 4 : (n + 1) * len(samples) // 4 or 1], default=0) for n in range(4)]
    print(f"{label}: {took:.0f} s, MB at most in each quarter: {', '.join(f'{p:.0f}' for p in parts)}", flush=True)
    if process.returncode:
        raise SystemExit(f"{label}: exit status {process.returncode}")
    return max(samples)


def tree_of(pid: int) -> Iterator[int]:
    """The process and all that it started."""
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return
    for child in children:
        yield from tree_of(int(child))


def pss_of(pid: int) -> int:
    """KB of memory that the process holds, shared pages by their share; 0 where it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def digest_of(folder: Path) -> str:
    """One digest over names and bytes of a folder's files."""
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        digest.update(f"{path.name}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def datatrove(python: Path, folder: Path, archive: Path, workers: int) -> None:
    """datatrove with trafilatura over the same files."""
    script = folder / "with_datatrove.py"
    script.write_text(DATATROVE)
    out = str(folder / "datatrove")
    command = [str(python), str(script), str(archive / "warc"), out, str(folder / "datatrove_logs"), str(workers)]
    watched(f"datatrove, {workers} workers", command, dict(os.environ))


if __name__ == "__main__":
    sys.exit(main())
