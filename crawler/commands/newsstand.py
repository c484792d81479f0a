"""`scrapy newsstand`: a local world of outlets to crawl, on loopback."""

import argparse

from scrapy.exceptions import UsageError

from crawler.command import Command as Verb


class Command(Verb):
    """Serves the newsstand until Ctrl-C; its options are the newsstand's own."""

    def syntax(self) -> str:
        return "[options]"

    def short_desc(self) -> str:
        return "Serve a local world of outlets at their real URLs, on loopback"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        try:
            from newsstand.serve import add_arguments
        except ImportError as error:
            # The newsstand's own packages are an extra; every other command works without them.
            raise UsageError(f"{error}: pip install 'pressmark[newsstand]'", print_help=False) from error
        add_arguments(parser)

    def act(self, args: list[str], opts: argparse.Namespace) -> int:
        from newsstand.serve import run

        return run(opts)
