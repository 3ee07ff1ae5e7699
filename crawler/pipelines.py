"""From the spider to the sink: captures are kept, and a small summary goes on to Scrapy's feeds."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from scrapy.exceptions import CloseSpider, DropItem
from scrapy.utils.misc import load_object

from crawler.capture import Capture, CaptureSink
from crawler.errors import CrawlError, FazhiError
from crawler.outcome import Reason

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings

    from crawler.spiders.portal import PortalSpider


class SinkPipeline:
    """Hands each capture to the sink named by FAZHI_SINK.

    A sink that fails ends the crawl with the reason ``storage``: what cannot be kept must not
    be fetched.
    """

    def __init__(self, crawler: Crawler, sink: CaptureSink):
        self.crawler = crawler
        self.sink = sink

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Built by Scrapy."""
        sink_class = load_object(crawler.settings["FAZHI_SINK"])
        build = getattr(sink_class, "from_settings", None)
        return cls(crawler, build(crawler.settings) if build else sink_class())

    @property
    def spider(self) -> PortalSpider:
        """The one spider of this crawl."""
        assert self.crawler.spider is not None
        return self.crawler.spider  # type: ignore[return-value]

    def open_spider(self) -> None:
        """Make the sink ready."""
        try:
            self.sink.open()
        except FazhiError as error:
            self.spider.stop_for_storage(self.spider.portal.base_url, str(error))
            raise CloseSpider("storage") from error

    async def process_item(self, item: Capture) -> dict[str, Any]:
        """Store one capture; its summary goes on."""
        try:
            return await self._store(item)
        finally:
            self.spider.kept(item)

    async def _store(self, item: Capture) -> dict[str, Any]:
        url = item.url or ""
        if self.spider.account.stopped is Reason.STORAGE:
            raise DropItem(f"not stored, the sink has failed: {url}", log_level="INFO")
        try:
            new = await self.sink.store(item)
        except FazhiError as error:
            self.spider.stop_for_storage(url, str(error))
            raise DropItem(str(error), log_level="INFO") from error
        self.spider.account.capture(item, new)
        return {
            "url": url,
            "status": item.status,
            "bytes": len(item.body),
            "sha256": item.sha256,
            "title": item.finding.title if item.finding else None,
            "new": new,
        }

    def close_spider(self) -> None:
        """Let the sink go."""
        self.sink.close()


class DirectorySink:
    """Captures as files: ``<sha256>`` holds the bytes, ``<sha256>.<address>.json`` what is known.

    Both appear whole or not at all; the second one last, so that a name ending in .json vouches
    for its bytes. <address> is a hash of the URL: one body may come from several.
    """

    def __init__(self, folder: Path):
        self.folder = folder

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        """Below FAZHI_HOME."""
        return cls(Path(settings["FAZHI_HOME"]).expanduser() / "captures")

    def open(self) -> None:
        """Make the folder; CrawlError if it cannot be written to."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.folder):
                pass
        except OSError as error:
            raise self._failure(error) from error

    async def store(self, capture: Capture) -> bool:
        """See CaptureSink."""
        address = hashlib.sha256((capture.url or "").encode()).hexdigest()[:16]
        about = self.folder / f"{capture.sha256}.{address}.json"
        try:
            if about.exists():
                return False
            _write(self.folder / capture.sha256, capture.body)
            _write(about, json.dumps(_about(capture), ensure_ascii=False).encode() + b"\n")
        except OSError as error:
            raise self._failure(error) from error
        return True

    def close(self) -> None:
        """Nothing is held open."""

    def _failure(self, error: OSError) -> CrawlError:
        reason = error.strerror or str(error)
        return CrawlError(
            f"captures cannot be written to {self.folder}: {reason}; set FAZHI_HOME elsewhere"
        )


def _about(capture: Capture) -> dict[str, Any]:
    finding = capture.finding
    return {
        "url": capture.url,
        "requested_url": capture.requested_url,
        "status": capture.status,
        "headers": capture.headers,
        "sha256": capture.sha256,
        "bytes": len(capture.body),
        "fetched_at": capture.fetched_at.isoformat(),
        "portal_id": capture.portal_id,
        "run_id": capture.run_id,
        "listing_url": finding.listing_url if finding else None,
        "title": finding.title if finding else None,
        "date": finding.date if finding else None,
    }


def _write(path: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all, also after a power cut."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise
