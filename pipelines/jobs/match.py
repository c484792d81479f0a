"""Finds the articles behind existing seed files: for each the version it most likely is, and how alike the two are.

Takes a folder of seed files, streams the catalogue's texts past their word runs, and makes the likeliest again.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from heapq import heappush, heappushpop
from pathlib import Path

from attrs import field, fields, frozen
from sqlalchemy import select

from pipelines.article import Rejection
from pipelines.catalogue import schema as t
from pipelines.catalogue.catalogue import Catalogue
from pipelines.errors import BadArchive, PressmarkError
from pipelines.jobs.choosing import Style
from pipelines.jobs.corpus import prepare, read, written
from pipelines.jobs.pool import ordered_map
from pipelines.jobs.seeds import Seed

RUN_WORDS = 5
"""Words of a run: two articles of one event share few runs of five, a copy shares nearly all."""
CANDIDATES = 8
"""Versions made again for a file: the copies of one story and its versions are seldom more."""
LEAST_SHARED = 0.3
"""Share of a version's runs that a file must hold to be taken for it; unrelated articles of an outlet share under 0.05,
and a file cut to a third of its article still reaches it."""
_NAME = re.compile(r"(\d{3,})_([0-9a-f]{16})\.txt")
_WORD = re.compile(r"\w+")


@frozen(kw_only=True)
class SeedFile:
    """A file to be matched."""

    name: str
    text: str = field(repr=False)
    index: int
    id: str | None
    """As its name says; None where the name is not of this format."""


@frozen(kw_only=True)
class Candidate:
    """A version that a file may be."""

    id: str
    version: int
    outlet: str
    url: str
    warc_file: str
    warc_offset: int


_CANDIDATE = tuple(each.name for each in fields(Candidate))


@frozen(kw_only=True)
class Match:
    """What a file most likely is; without an article where none in the archive is like it."""

    file: SeedFile
    article: Candidate | None = None
    style: Style | None = None
    score: float = 0.0
    """Share of the word runs of file and version, made in its style, that both have; 1 only if they are equal."""
    equal: bool = False
    """True where the version gives the file again, but for newlines at the very end, which the manifest pins."""

    @property
    def seed(self) -> Seed | None:
        """The line of the seeds manifest that makes the file again."""
        if self.article is None:
            return None
        text = self.file.text
        newlines = len(text) - len(text.rstrip("\n"))
        return Seed(
            index=self.file.index,
            id=self.file.id or self.article.id,
            url=self.article.url,
            style=self.style,
            version=self.article.version,
            newlines=None if newlines == 1 else newlines,
        )


def match_folder(
    folder: Path,
    catalogue: Catalogue,
    archive: Path,
    rules_folder: Path,
    *,
    workers: int,
    watch: Callable[[Iterable[Match]], Iterable[Match]] = iter,
) -> list[Match]:
    """The match of each seed file of a folder, in the order of their names. Raises PressmarkError."""
    files = read_files(folder)
    work = list(zip(files, candidates(catalogue, files), strict=True))
    return list(watch(ordered_map(judge, work, workers, prepare, (archive, rules_folder))))


def read_files(folder: Path) -> list[SeedFile]:
    """The `*.txt` files of a folder; one whose name pins no index comes after those that do."""
    if not folder.is_dir():
        raise PressmarkError(f"{folder} is no folder of seed files")
    paths = sorted(path for path in folder.glob("*.txt") if path.is_file())
    if not paths:
        raise PressmarkError(f"{folder} holds no .txt file")
    named = {path: found for path in paths if (found := _NAME.fullmatch(path.name))}
    taken = {int(found[1]) for found in named.values()}
    files, free = [], max(taken, default=-1) + 1
    seen: set[int] = set()
    for path in paths:
        found = named.get(path)
        index = int(found[1]) if found else free
        if index in seen:
            raise PressmarkError(f"{folder}: two files have the index {index}")
        seen.add(index)
        free += not found
        try:
            text = path.read_bytes().decode("utf-8")
        except UnicodeDecodeError as error:
            raise PressmarkError(f"{path} is not UTF-8: {error}") from error
        files.append(SeedFile(name=path.name, text=text, index=index, id=found[2] if found else None))
    return files


def candidates(catalogue: Catalogue, files: list[SeedFile]) -> list[list[Candidate]]:
    """For each file the versions whose texts it holds most of, likeliest first; memory grows with the files alone."""
    holders: defaultdict[int, list[int]] = defaultdict(list)
    for place, file in enumerate(files):
        for run in runs(file.text):
            holders[run].append(place)
    best: list[list[tuple[float, str, int, Candidate]]] = [[] for _ in files]
    c = t.versions.c
    columns = (c.id, c.version, c.outlet, c.url, c.warc_file, c.warc_offset, c.headline, c.body)
    for row in catalogue.stream(select(*columns).order_by(c.id, c.version)):
        mine = runs(f"{row.headline or ''} {row.body}")
        shared = Counter(place for run in mine if run in holders for place in holders[run])
        for place, count in shared.items():
            if count < LEAST_SHARED * len(mine):
                continue
            candidate = Candidate(**{name: getattr(row, name) for name in _CANDIDATE})
            # A long text held whole says more than a short one: share times length.
            ranked = (count * count / len(mine), row.id, -row.version, candidate)
            if len(best[place]) < CANDIDATES:
                heappush(best[place], ranked)
            else:
                heappushpop(best[place], ranked)
    return [[candidate for *_, candidate in sorted(ranked, reverse=True)] for ranked in best]


def judge(work: tuple[SeedFile, list[Candidate]]) -> Match:
    """The likeliest of a file's candidates: each is made again in the styles that the file may have."""
    file, likely = work
    best = Match(file=file)
    wanted = file.text.rstrip("\n")
    styles: tuple[Style, ...] = ("hugo",) if wanted.startswith("---\n") else ("page", "clean")
    for candidate in likely:
        try:
            _, page, article = read(candidate.warc_file, candidate.warc_offset)
        except BadArchive:
            continue
        if isinstance(article, Rejection):
            continue
        for style in styles:
            made = written(article, page, style).rstrip("\n")
            if made == wanted:
                return Match(file=file, article=candidate, style=style, score=1.0, equal=True)
            score = likeness(made, wanted)
            if score > best.score:
                best = Match(file=file, article=candidate, style=style, score=score)
    return best


def likeness(one: str, other: str) -> float:
    """The share of the word runs of two texts that both have, under 1."""
    first, second = runs(one), runs(other)
    return min(0.999, len(first & second) / (len(first | second) or 1))


def runs(text: str) -> frozenset[int]:
    """The text's runs of five words, each as a number; a shorter text is one run. Holds within this process."""
    words = _WORD.findall(text.casefold())
    if not words:
        return frozenset()
    return frozenset(hash(tuple(words[at : at + RUN_WORDS])) for at in range(max(1, len(words) - RUN_WORDS + 1)))
