"""A seeded generator of news: events, their tellings in three languages, later edits of them, and copies."""

from newsstand.generator.copies import COPIES, CopyKind, copy, splice
from newsstand.generator.edits import EDITS, EditKind, Unfit, retell
from newsstand.generator.events import Event, Quotation, beside, generate
from newsstand.generator.telling import tell

__all__ = [
    "COPIES",
    "EDITS",
    "CopyKind",
    "EditKind",
    "Event",
    "Quotation",
    "Unfit",
    "beside",
    "copy",
    "generate",
    "retell",
    "splice",
    "tell",
]
