"""The outlets' spiders, found among the modules of `crawler.spiders` and never listed anywhere."""

from functools import cache

from scrapy.utils.misc import walk_modules_iter
from scrapy.utils.spider import iter_spider_classes

from crawler.outlet import OutletSpider
from pipelines.capture import Capture
from pipelines.errors import PressmarkError
from pipelines.jobs.keep import Naming
from pipelines.rules import RuleBook


@cache
def spiders() -> dict[str, type[OutletSpider]]:
    """The outlets' spiders by name, in the order of their names."""
    classes = [spider for module in walk_modules_iter("crawler.spiders") for spider in iter_spider_classes(module)]
    ours = {spider.name: spider for spider in classes if issubclass(spider, OutletSpider) and hasattr(spider, "name")}
    return dict(sorted(ours.items()))


def chosen(name: str) -> list[str]:
    """The outlets that a name on the command line means: one, or all of a group such as `syndicators`.

    Raises PressmarkError on a name that means none.
    """
    groups = sorted({spider.group for spider in spiders().values() if spider.group})
    found = [slug for slug, spider in spiders().items() if name in (slug, spider.group)]
    if not found:
        raise PressmarkError(f"no outlet {name!r}; known are: {', '.join([*spiders(), *groups])}")
    return found


def read_naming(capture: Capture, rules: RuleBook) -> Naming:
    """The articles that a source capture names, as the crawl of its outlet reads them; `scrapy rebuild` uses it."""
    spider = spiders().get(capture.outlet)
    if spider is None or rules.outlet_or_none(capture.outlet) is None:
        return Naming(capture=capture, leads=())
    return spider.read_naming(capture, rules)
