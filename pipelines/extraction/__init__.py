"""Takes a captured page and the rules, gives an article or the reason there is none; pure, touches no disk."""

from pipelines.extraction.output import as_json
from pipelines.extraction.reading import extract, extract_answer

__all__ = ["as_json", "extract", "extract_answer"]
