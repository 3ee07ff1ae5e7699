"""Coverage-guided fuzzing of the whole chain: decode, page, cleaner, metadata, outline.

    pip install atheris          # Linux; not among the project's dependencies
    python tests/fuzz/fuzz_extract.py CORPUS_DIR tests/golden -max_total_time=1800 -timeout=10

Every input is read raw, and once more as fragments of portal pages put together by it. What must
hold: no exception, a verdict with a reason, offsets within the body, every paragraph of the body a
body piece, and JSON that can be written. A hang is libFuzzer's ``-timeout``, memory its
``-rss_limit_mb``. Inputs that break something become golden cases.
"""

from __future__ import annotations

import json
import sys
from itertools import pairwise
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["ingest", "crawler"]):
    from ingest.extract import Rules, Understood, understand
    from ingest.pieces import Place
    from ingest.records import Verdict, as_json

RULES = Rules.load()
FRAGMENTS: list[str] = json.loads(
    (Path(__file__).parent / "fragments.json").read_text(encoding="utf-8")
)


def check(content: bytes) -> None:
    """Understand one input and hold the result to the contract."""
    understood = understand(content, name="fuzz", rules=RULES)
    record = understood.record
    assert record.verdict_reason
    json.dumps(as_json(record), ensure_ascii=False).encode("utf-8", "surrogatepass")
    if record.verdict is Verdict.REPORT:
        _check_report(understood)


def _check_report(understood: Understood) -> None:
    record = understood.record
    body = record.body or ""
    assert body == "\n".join(p.text for p in understood.pieces if p.place is Place.BODY)
    for section in record.sections:
        assert 0 <= section.start <= section.end <= len(body)
    for one, other in pairwise(record.sections):
        assert one.start <= other.start
    for piece in understood.pieces:
        assert piece.text and (piece.place is Place.BODY or piece.name)


def composed(data: bytes) -> bytes:
    """A page of fragments: each byte chooses one, a byte 255 quotes the bytes that follow."""
    provider = atheris.FuzzedDataProvider(data)
    parts: list[str] = []
    while provider.remaining_bytes():
        choice = provider.ConsumeInt(1) % 256
        if choice < len(FRAGMENTS):
            parts.append(FRAGMENTS[choice])
        elif choice < 200:
            parts.append(FRAGMENTS[choice % len(FRAGMENTS)] * (choice % 7))
        else:
            parts.append(provider.ConsumeUnicodeNoSurrogates(choice - 190))
    return "".join(parts).encode("utf-8")


def one_input(data: bytes) -> None:
    """What libFuzzer calls."""
    check(data)
    check(composed(data))


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
