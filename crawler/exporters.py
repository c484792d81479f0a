"""What `scrapy crawl -o FILE` writes: the articles a crawl kept, under the names that `scrapy extract` gives them."""

from typing import Any

from itemadapter import ItemAdapter
from scrapy.exporters import BaseItemExporter, CsvItemExporter, JsonItemExporter, JsonLinesItemExporter

from pipelines.article import Article
from pipelines.extraction import as_json
from pipelines.warc.coding import page_of


class ArticleExporter(BaseItemExporter):
    """Passes readings of articles on as JSON values, and leaves every other item of a crawl out."""

    def export_item(self, item: Any) -> None:
        """Exports an article; a source's leads, a redirect or a rejected page are none."""
        adapter = ItemAdapter(item)
        if isinstance(adapter.get("result"), Article):
            super().export_item(as_json(adapter["result"], page_of(adapter["capture"])))  # type: ignore[safe-super]


class Json(ArticleExporter, JsonItemExporter):
    """One JSON array."""


class JsonLines(ArticleExporter, JsonLinesItemExporter):
    """One JSON object a line."""


class Csv(ArticleExporter, CsvItemExporter):
    """A row an article; lists are joined with commas."""
