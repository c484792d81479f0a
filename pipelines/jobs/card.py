"""The dataset card of an export: what it holds and how it is read, as Hugging Face and people read it."""

import io
from collections import Counter
from collections.abc import Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from attrs import asdict
from ruamel.yaml import YAML

from pipelines.jobs.choosing import Choice
from pipelines.jobs.columns import COLUMNS, SHOWN

if TYPE_CHECKING:
    from pipelines.jobs.export import File

_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
"""Hugging Face's names of sizes."""


def dataset_card(files: "Sequence[File]", form: str, choice: Choice) -> str:
    """The card, Markdown with YAML front matter; the same export gives the same card."""
    rows = sum(each.rows for each in files)
    languages = sorted({language for each in files for language in each.languages})
    matter: dict[str, Any] = {
        "pretty_name": "News articles archived by Pressmark",
        "language": languages,
        "license": "other",
        "license_name": "rights-of-the-outlets",
        "size_categories": [next((name for limit, name in _SIZES if rows < limit), "n>1M")],
        "task_categories": ["text-generation", "summarization"],
        "configs": [{"config_name": "default", "data_files": [{"split": "train", "path": f"data/*/*.{form}"}]}],
    }
    outlets: Counter[str] = Counter()
    for each in files:
        outlets[each.outlet] += each.rows
    months = sorted({each.month for each in files})
    span = f"{months[0]} to {months[-1]}" if months else "no month"
    return f"""---
{_yaml(matter)}---

# News articles archived by Pressmark

{rows} rows of {len(outlets)} outlets, {span}, in {len(files)} files: `data/<outlet>/<YYYY-MM>.{form}`.
`manifest.jsonl` names each file with its rows and SHA-256.

{_table(("outlet", "rows"), [(outlet, str(count)) for outlet, count in sorted(outlets.items())])}

## Columns

{_table(("column", "type", "meaning"), [(f"`{c.name}`", f"`{SHOWN[c.kind]}`", c.meaning) for c in COLUMNS])}

Null, or an empty list, means that the page does not state it.

## How it was made

Pressmark {version("pressmark")}, with the options {_options(choice)}. Each row says which capture it was read from
(`warc_file`, `warc_offset`, `payload_digest`) and by what (`extractor`, `rules_version`), so that it can be made again
from the WARC files.

## Rights

The texts are their outlets' and authors' property. This card grants no right to them.
"""


def _options(choice: Choice) -> str:
    said = [f"`{name}` {_shown(value)}" for name, value in asdict(choice).items() if value]
    return ", ".join(said) or "of everything"


def _shown(value: Any) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _yaml(matter: dict[str, Any]) -> str:
    out = io.StringIO()
    YAML().dump(matter, out)
    return out.getvalue()


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
