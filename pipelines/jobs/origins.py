"""Where a text came from and who copied it: asks the traced catalogue, gives a tree with what each copy changed."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import frozen
from sqlalchemy import select

from pipelines.article import Origin
from pipelines.catalogue import traced as d
from pipelines.catalogue.catalogue import Catalogue
from pipelines.jobs.trace import read_tellings
from pipelines.tracing.changes import Changes, changes
from pipelines.tracing.credits import credits
from pipelines.tracing.telling import Telling


@frozen(kw_only=True)
class Node:
    """An article in the tree of a text's copies."""

    id: str
    outlet: str
    url: str
    headline: str
    told_at: datetime | None
    """None where neither the page nor a source states it."""
    told_on_day: bool
    """True where a day is stated, and no hour of it."""
    captured_at: datetime
    stated: Origin | None
    """What its page says it was taken from."""
    credited: tuple[str, ...]
    """What its text says of other newsrooms: kind and name."""
    of_copy: float | None = None
    """The share of its own words that its source has; None for the origin, as are the next four."""
    of_source: float | None = None
    evidence: tuple[str, ...] = ()
    main: bool = True
    """False where another article gave more of it: it stands in that one's tree with its own copies."""
    further: tuple[str, ...] = ()
    """URLs of its other sources."""
    changes: Changes | None = None
    copies: tuple["Node", ...] = ()


def origin_tree(catalogue: Catalogue, article: str) -> Node:
    """The tree of the text that an article has, from its origin; a single node where nobody copied. Needs it traced."""
    root = catalogue.scalar(select(d.clusters.c.origin).where(d.clusters.c.id == article)) or article
    debts = _debts(catalogue, root)
    ids = {root, *(row.id for row in debts), *(row.source for row in debts)}
    held: dict[str, list[Telling]] = defaultdict(list)
    for telling in read_tellings(catalogue, ids=sorted(ids)):
        held[telling.id].append(telling)
    return _node(root, None, debts, held)


def _debts(catalogue: Catalogue, root: str) -> list[Any]:
    """Who took what from whom: all debts of the origin's cluster, and of those who took from its members besides."""
    c = d.copies.c
    clusters = d.clusters.c
    members = [root, *(row.id for row in catalogue.rows(select(clusters.id).where(clusters.origin == root)))]
    takers = [row.id for row in catalogue.rows(select(c.id).where(c.source.in_(members)))]
    rows = catalogue.rows(select(d.copies).where(c.id.in_([*members, *takers])))
    return sorted(rows, key=lambda row: (not row.main, -row.of_copy, row.id, row.source))


def _node(name: str, debt: Any, debts: Sequence[Any], held: Mapping[str, Sequence[Telling]]) -> Node:
    newest = held[name][-1]
    mine = [row for row in debts if row.id == name]
    main = debt is None or debt.main
    sources = [held[row.source][-1] for row in mine if debt is None or row.source != debt.source]
    takers = [row for row in debts if row.source == name] if main else []
    takers.sort(key=lambda row: (held[row.id][0].known_at, row.id))
    return Node(
        id=name,
        outlet=newest.outlet,
        url=newest.url,
        headline=newest.headline,
        told_at=held[name][0].told_at,
        told_on_day=held[name][0].told_on_day,
        captured_at=held[name][0].captured_at,
        stated=newest.origin,
        credited=tuple(f"{credit.kind}: {credit.name}" for credit in credits(newest) if credit.kind != "page"),
        of_copy=debt.of_copy if debt else None,
        of_source=debt.of_source if debt else None,
        evidence=tuple(json.loads(debt.evidence)) if debt else (),
        main=main,
        further=tuple(telling.url for telling in sources),
        changes=_changed(held[debt.source], held[name], [each.body for each in sources]) if debt else None,
        copies=tuple(_node(row.id, row, debts, held) for row in takers),
    )


def _changed(source: Sequence[Telling], copy: Sequence[Telling], further: Sequence[str]) -> Changes:
    """What the copy's first version changed of the source's version that it is nearest to."""
    return max(
        (changes(version.body, copy[0].body, further) for version in source),
        key=lambda found: (found.kept, -len(found.cut)),
    )
