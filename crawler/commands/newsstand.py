"""`scrapy newsstand`: a local world of outlets to crawl, on loopback."""

import argparse
from contextlib import suppress

from crawler.command import Command as Verb
from pipelines.errors import PressmarkError


class Command(Verb):
    """Serves the newsstand until Ctrl-C; its options are the newsstand's own."""

    def syntax(self) -> str:
        return "[options]"

    def short_desc(self) -> str:
        return "Serve a local world of outlets at their real URLs, on loopback"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        # The newsstand's own packages are an extra; every other command works without them.
        with suppress(ImportError):
            from newsstand.serve import add_arguments

            add_arguments(parser)

    def act(self, args: list[str], opts: argparse.Namespace) -> int:
        try:
            from newsstand.serve import run
        except ImportError as error:
            raise PressmarkError(f"{error}: pip install 'pressmark[newsstand]'") from error
        return run(opts)
