"""Scrapy's settings, each with the reason for its value. Scrapy's default stands beside it.

FAZHI_* come from the environment; `crawler.crawl.crawl_portal` may be handed others.
"""

from __future__ import annotations

import os
from typing import Any

from platformdirs import user_data_path

from crawler.seeds import SEEDS

BOT_NAME = "fazhi"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"
# Our `crawl` exits with an honest code; Scrapy's exits 0 whatever became of the crawl.
COMMANDS_MODULE = "crawler.commands"
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"

# -- ours ------------------------------------------------------------------------------------
FAZHI_HOME = os.environ.get("FAZHI_HOME") or str(user_data_path("fazhi"))
# Who runs this crawl: an address or URL, shown to portals. Public hosts are refused without it.
FAZHI_CONTACT = os.environ.get("FAZHI_CONTACT")
# Seconds between two requests to one host. None: 2. Less than 1 only for pretend portals.
FAZHI_DELAY = os.environ.get("FAZHI_DELAY")
FAZHI_SIMULATOR = os.environ.get("FAZHI_SIMULATOR") or "127.0.0.1:8017"
FAZHI_SEEDS = str(SEEDS)
FAZHI_SINK = os.environ.get("FAZHI_SINK") or "crawler.pipelines.DirectorySink"
# Who remembers, between runs, whom to leave alone and what was asked today; see crawler.memory.
FAZHI_MEMORY = os.environ.get("FAZHI_MEMORY") or "crawler.memory.ProcessMemory"
# Requests a day to one portal. None: 2000. Pretend portals have no bound unless it is set.
FAZHI_DAILY_PAGES = os.environ.get("FAZHI_DAILY_PAGES")
# Hours for which a domain is left alone after its first challenge; doubled with each, up to a
# week. None: 12. Pretend portals are met again at once unless it is set.
FAZHI_BACK_OFF = os.environ.get("FAZHI_BACK_OFF")
# What remembers between crawls; the service's is in the database.
FAZHI_FRONTIER = os.environ.get("FAZHI_FRONTIER") or "crawler.frontier.MemoryFrontier"
# Pages a portal may cost until its columns are found: hubs, searches, first pages of columns.
# None: 60.
FAZHI_DISCOVERY_PAGES = os.environ.get("FAZHI_DISCOVERY_PAGES")
# Read everything anew in this crawl: it finds what was posted with an old date, and silent edits.
FAZHI_SWEEP = os.environ.get("FAZHI_SWEEP") or "no"
# Days after which that is done without being asked for. None: 30.
FAZHI_SWEEP_DAYS = os.environ.get("FAZHI_SWEEP_DAYS")

# -- politeness ------------------------------------------------------------------------------
# Default 0. Portals are small machines, some on an office line. The spider sets it (FAZHI_DELAY).
DOWNLOAD_DELAY = 2.0
# Default 0.5: half to one and a half of the delay, so that many portals do not beat in time.
DOWNLOAD_DELAY_JITTER = 0.5
# Default 8. One request at a time per host is what we promise.
CONCURRENT_REQUESTS_PER_DOMAIN = 1
# Default 16. A crawl is one portal; many portals are many crawls. With one request in hand none
# waits behind it, past every check, when its answer turns out to be a challenge.
CONCURRENT_REQUESTS = 1
# Default off. A slow answer lengthens the delay to its own latency; never below DOWNLOAD_DELAY.
AUTOTHROTTLE_ENABLED = True
# Default 5. The spider sets it to the delay: AutoThrottle would begin slower than was asked.
AUTOTHROTTLE_START_DELAY = 2.0
# Default 60. A portal that takes so long to answer is left to its time-out.
AUTOTHROTTLE_MAX_DELAY = 30.0
# Default off; but Scrapy's reading of errors is not that of RFC 9309: crawler.robots obeys.
ROBOTSTXT_OBEY = False

# -- failures --------------------------------------------------------------------------------
# Default 180. The slowest portal that did answer took under 40 s.
DOWNLOAD_TIMEOUT = 60
# Default 60, per attempt, in a thread of the reactor's few.
DNS_TIMEOUT = 20
# Default 2. A portal that fails three times in a row will be visited again tomorrow.
RETRY_TIMES = 2
# Default adds 408, 429, 522 and 524: asking again is not the answer to "too many requests",
# and a protection service's status is a challenge, never retried.
RETRY_HTTP_CODES = [500, 502, 503, 504]
RETRY_GIVE_UP_LOG_LEVEL = "INFO"
# Default off. Every status reaches the spider, because every failure gets a name.
HTTPERROR_ALLOW_ALL = True
# Default 20. Chains longer than this were all login walls.
REDIRECT_MAX_TIMES = 5
# Default on. A page that is nothing but a refresh is a stub, and is named so.
METAREFRESH_ENABLED = False
# Default 1 GB. The largest report seen, a scanned PDF, had 31 MB.
DOWNLOAD_MAXSIZE = 50 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0

# -- safety ----------------------------------------------------------------------------------
# Default resolves anything. Ours leads *.test to the simulator and refuses private addresses.
TWISTED_DNS_RESOLVER = "crawler.resolver.GuardedResolver"
# Default on: a proxy from the environment would resolve names itself, behind the guard's back.
HTTPPROXY_ENABLED = False
# Default on: consoles that run code are holes in a service.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
# Default on. Cookies carry state from page to page: a portal that needs them is named instead.
COOKIES_ENABLED = False
# Defaults include file, ftp, s3 and data. Only http and https are left, and theirs is ours: one
# line a machine for all crawls of the process, TLS by portal, bounds below HTTP.
DOWNLOAD_HANDLERS: dict[str, Any] = {
    **{"data": None, "file": None, "ftp": None, "s3": None},
    **{"http": "crawler.download.PoliteHandler", "https": "crawler.download.PoliteHandler"},
}

# -- the way through -------------------------------------------------------------------------
# Default 100: so many tasks are made for every answer. Ours bring one capture, or none.
CONCURRENT_ITEMS = 1
# The frontier decides what is asked for, before a request is made; Scrapy's filter drops
# requests without a word to their errback.
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"
DOWNLOADER_MIDDLEWARES: dict[str, Any] = {
    # SiteBounds takes this one's place: it also sees redirects, and its refusals have names.
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "crawler.middlewares.SiteBounds": 50,
    "crawler.middlewares.LeaveAlone": 90,
    "crawler.robots.Robots": 100,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "crawler.middlewares.Retries": 550,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "crawler.middlewares.Redirects": 600,
    # Scrapy's hands on what it could unpack of a body that was cut off.
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "crawler.unpacking.Unpacking": 590,
    "crawler.middlewares.Departures": 900,
    # Fills in passwords that no portal gave us.
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    # Counts bytes and methods, a dozen sums a page; Departures counts what a visit is told by.
    "scrapy.downloadermiddlewares.stats.DownloaderStats": None,
}
# Defaults keep sums and lines that the outcome and the spider's own lines have already, watch the
# memory of the whole process once a crawl, and keep a spider's state in files.
EXTENSIONS: dict[str, Any] = {
    f"scrapy.extensions.{name}": None
    for name in (
        "corestats.CoreStats",
        "logcount.LogCount",
        "memusage.MemoryUsage",
        "logstats.LogStats",
        "spiderstate.SpiderState",
    )
}
# Defaults guess a Referer, count depth, mark the first request, and drop statuses and long
# addresses without a word to the errback; the spider sets the Referer itself: the listing that
# shows an article. With none left, an answer goes from the spider to Scrapy through fewer hands.
SPIDER_MIDDLEWARES: dict[str, Any] = {
    f"scrapy.spidermiddlewares.{name}": None
    for name in (
        "httperror.HttpErrorMiddleware",
        "referer.RefererMiddleware",
        "urllength.UrlLengthMiddleware",
        "depth.DepthMiddleware",
        "start.StartSpiderMiddleware",
        "metacopy.MetaCopyDetectionMiddleware",
    )
}
ITEM_PIPELINES = {"crawler.pipelines.SinkPipeline": 300}
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    # Default "en": some portals answer it with their English edition.
    "Accept-Language": "zh-CN,zh;q=0.9",
}
FEED_EXPORT_ENCODING = "utf-8"
# Default DEBUG, a line a request. The spider's own lines tell the story.
LOG_LEVEL = "INFO"
# Default on: reads the source of every callback of every crawl, to warn who writes spiders.
WARN_ON_GENERATOR_RETURN_VALUE = False
# Default: ten libraries and their versions at the head of every crawl.
LOG_VERSIONS: list[str] = []
# Default on: the sum of a crawl is its outcome, which the spider logs.
STATS_DUMP = False
