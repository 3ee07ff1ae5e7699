"""`scrapy crawl`, with one line instead of a traceback and an exit code that tells the truth."""

from __future__ import annotations

import sys
from argparse import Namespace
from typing import TYPE_CHECKING, NoReturn

from scrapy.commands.crawl import Command as ScrapyCrawl

from crawler.assignment import assign
from crawler.errors import FazhiError
from crawler.spiders.portal import PortalSpider

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler


class Command(ScrapyCrawl):
    """Exit codes: 0 succeeded, 1 the crawl failed, 2 wrong arguments, settings or seeds."""

    def process_options(self, args: list[str], opts: Namespace) -> None:
        """Find fault with the arguments before Scrapy starts anything."""
        super().process_options(args, opts)
        assert self.settings is not None
        if args and args != [PortalSpider.name]:
            _give_up(f"there is one spider, {PortalSpider.name!r}, not {' '.join(args)!r}", 2)
        try:
            assign(self.settings, opts.spargs.get("portal", ""), opts.spargs.get("run_id"))
        except FazhiError as error:
            _give_up(str(error), error.exit_code)

    def run(self, args: list[str], opts: Namespace) -> None:
        """Crawl, then say how it ended."""
        super().run(args, opts)
        outcome = getattr(self._running.spider, "outcome", None)
        if outcome is None:
            self.exitcode = self.exitcode or 1
        elif outcome.state == "failed":
            _give_up(outcome.message, 1)

    def _create_crawler(self, spidercls: type[Spider] | str) -> Crawler:
        self._running = super()._create_crawler(spidercls)
        return self._running


def _give_up(message: str, code: int) -> NoReturn:
    sys.stderr.write(f"fazhi: {message}\n")
    raise SystemExit(code)
