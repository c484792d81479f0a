"""What `scrapy crawl -o FILE` writes: the articles a crawl kept, under the names that `scrapy extract` gives them."""

from typing import Any

from itemadapter import ItemAdapter
from scrapy.exporters import BaseItemExporter, CsvItemExporter, JsonItemExporter, JsonLinesItemExporter

from pipelines.article import Article
from pipelines.extraction import as_json
from pipelines.warc.coding import page_of

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What begins a formula (OWASP, CSV injection)."""


class ArticleExporter(BaseItemExporter):
    """Passes readings of articles on as JSON values, and leaves every other item of a crawl out."""

    def export_item(self, item: Any) -> None:
        """Exports an article; a source's leads, a redirect or a rejected page are none."""
        adapter = ItemAdapter(item)
        if isinstance(adapter.get("result"), Article):
            read = as_json(adapter["result"], page_of(adapter["capture"]))
            super().export_item({name: self.cell(value) for name, value in read.items()})  # type: ignore[safe-super]

    def cell(self, value: Any) -> Any:
        """A value as the format holds it."""
        return value


class Json(ArticleExporter, JsonItemExporter):
    """One JSON array."""


class JsonLines(ArticleExporter, JsonLinesItemExporter):
    """One JSON object a line."""


class Csv(ArticleExporter, CsvItemExporter):
    """A row an article; lists are joined with commas, and no text is a formula to a spreadsheet."""

    def cell(self, value: Any) -> Any:
        """Text that a spreadsheet would reckon with stands behind an apostrophe."""
        if isinstance(value, list):
            return [self.cell(each) for each in value]
        return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
