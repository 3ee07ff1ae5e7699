"""Captures as a WARC 1.1 archive (ISO 28500), gzipped record by record when the name ends in .gz.

What was sent and how it was encoded on the wire was not kept: a capture holds the body after its
transfer- and content-encoding were undone. So the headers that told of those encodings and of the
length on the wire are not repeated in the record; they are kept, as they came, in its metadata
field WARC-Fazhi-Wire-Headers.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from datetime import UTC
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.capture import Capture

WIRE = {"content-encoding", "transfer-encoding", "content-length"}


def write_warc(path: Path, numbered: Iterable[tuple[int, Capture]], *, gzip: bool) -> int:
    """Write all captures; how many there were."""
    count = 0
    with path.open("wb") as out:
        writer = WARCWriter(out, gzip=gzip, warc_version="1.1")
        about = {"software": "fazhi", "format": "WARC File Format 1.1"}
        writer.write_record(writer.create_warcinfo_record(path.name, about))
        for number, capture in numbered:
            writer.write_record(_record(writer, number, capture))
            count += 1
    return count


def _record(writer: WARCWriter, number: int, capture: Capture) -> object:
    """A response; of a file that somebody gave, where nothing was sent, a resource."""
    moment = capture.fetched_at.astimezone(UTC)
    about = {
        "WARC-Date": f"{moment:%Y-%m-%dT%H:%M:%S.%f}Z",
        "WARC-Fazhi-Capture": str(number),
        "WARC-Fazhi-Sha256": capture.sha256,
        **({"WARC-Fazhi-Portal": capture.portal_id} if capture.portal_id else {}),
    }
    payload, length = io.BytesIO(capture.body), len(capture.body)
    if capture.url is None:
        name = f"file:{quote(capture.file_name or '')}"
        return writer.create_warc_record(
            *(name, "resource", payload, length, "application/octet-stream", about)
        )
    kept = [(name, value) for name, value in capture.headers if name.lower() not in WIRE]
    wire = [(name, value) for name, value in capture.headers if name.lower() in WIRE]
    phrase = HTTPStatus(capture.status).phrase if capture.status in set(HTTPStatus) else ""
    http = StatusAndHeaders(
        f"{capture.status} {phrase}".strip(),
        [*kept, ("Content-Length", str(len(capture.body)))],
        protocol="HTTP/1.1",
    )
    if wire:
        about["WARC-Fazhi-Wire-Headers"] = json.dumps(wire)
    return writer.create_warc_record(
        *(capture.url, "response", payload, length), http_headers=http, warc_headers_dict=about
    )
