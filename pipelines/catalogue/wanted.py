"""What an operator searches for: words, "phrases", OR, -word and word*, read once and said to either database. Pure."""

import re

from attrs import frozen

from pipelines.catalogue.words import folded, stems_of, words_of
from pipelines.errors import PressmarkError

_PIECE = re.compile(r'\s*(?:(?P<out>-?)(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+)))')
_HELP = 'search with words, "a phrase", either OR other, -without, begin*'


class BadQuery(PressmarkError):
    """A search that cannot be understood; the message says why and what can."""


@frozen
class Term:
    """A word or a phrase."""

    stems: tuple[str, ...]
    beginning: str | None = None
    """Where the last word is cut by `*`: what it begins with."""


@frozen(kw_only=True)
class Wanted:
    """A search: one of each group, and none of the excluded."""

    groups: tuple[tuple[Term, ...], ...]
    excluded: tuple[Term, ...] = ()

    @property
    def terms(self) -> tuple[Term, ...]:
        """All that is looked for."""
        return tuple(term for group in self.groups for term in group)


def parse(query: str) -> Wanted:
    """Reads a search. Raises BadQuery."""
    if query.count('"') % 2:
        raise BadQuery(f"a quotation mark has no partner in {query!r}: {_HELP}")
    if re.search(r"[()]", re.sub(r'"[^"]*"', "", query)):
        raise BadQuery(f"brackets are not understood in {query!r}: {_HELP}")
    groups: list[list[Term]] = []
    excluded: list[Term] = []
    joining = False
    for piece in _PIECE.finditer(query):
        if piece["word"] == "OR" and not piece["out"]:
            if not groups or joining:
                raise BadQuery(f"OR stands between two words: {_HELP}")
            joining = True
            continue
        if piece["word"] == "AND" and not piece["out"] and not joining:
            continue
        term = _term(piece["phrase"] if piece["phrase"] is not None else piece["word"], query)
        if piece["out"]:
            if joining:
                raise BadQuery(f"OR does not go with what is left out: {_HELP}")
            excluded.append(term)
        elif joining:
            groups[-1].append(term)
        else:
            groups.append([term])
        joining = False
    if joining:
        raise BadQuery(f"OR stands between two words: {_HELP}")
    if not groups:
        what = "nothing is looked for, only left out" if excluded else "there is no word to search for"
        raise BadQuery(f"{what}: {_HELP}")
    return Wanted(groups=tuple(map(tuple, groups)), excluded=tuple(excluded))


def _term(said: str, query: str) -> Term:
    cut = said.endswith("*")
    stems = tuple(stems_of(said))
    if not stems:
        raise BadQuery(f"{said!r} in {query!r} holds no word: {_HELP}")
    last = [match[0] for match in words_of(said)][-1]
    return Term(stems, folded(last) if cut else None)


def as_fts5(wanted: Wanted) -> str:
    """The search as SQLite's FTS5 reads it."""
    found = " AND ".join(_either([_fts5(term) for term in group], "OR") for group in wanted.groups)
    if not wanted.excluded:
        return found
    return f"({found}) NOT {_either([_fts5(term) for term in wanted.excluded], 'OR')}"


def as_tsquery(wanted: Wanted) -> str:
    """The search as a tsquery of PostgreSQL."""
    found = [_either([_tsquery(term) for term in group], "|") for group in wanted.groups]
    return " & ".join(found + [f"!({_tsquery(term)})" for term in wanted.excluded])


def _fts5(term: Term) -> str:
    exact = f'"{" ".join(term.stems)}"'
    if term.beginning is None:
        return exact
    return f'({exact} OR "{" ".join([*term.stems[:-1], term.beginning])}" *)'


def _tsquery(term: Term) -> str:
    exact = " <-> ".join(term.stems)
    if term.beginning is None:
        return f"({exact})"
    return f"(({exact}) | ({' <-> '.join([*term.stems[:-1], term.beginning])}:*))"


def _either(terms: list[str], word: str) -> str:
    return f"({f' {word} '.join(terms)})"
