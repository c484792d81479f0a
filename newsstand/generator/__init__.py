"""A seeded generator of news: events, their tellings in three languages, later edits of them, and copies."""

from newsstand.generator.events import Event, Quotation, beside, generate
from newsstand.generator.telling import tell

__all__ = ["Event", "Quotation", "beside", "generate", "tell"]
