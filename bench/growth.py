"""How varied pretend reports (bench/corpus.py) are in words, and real ones beside them.

    python bench/growth.py [FILE...]

Prints how many words and pairs of characters a thousand characters have, and how fast both grow
with more reports; FILEs are real reports as text.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
from collections.abc import Sequence
from pathlib import Path

from corpus import Corpus

from ingest.tokens import RUN, count_words, fold


def _print_growth(name: str, texts: Sequence[str]) -> None:
    words: set[str] = set()
    pairs: set[str] = set()
    print(
        f"{name}: {len(texts)} texts, median {statistics.median(map(len, texts)):,.0f} characters"
    )
    print("   nth  characters  words/1000  pairs/1000  new words  new pairs")
    for number, text in enumerate(texts, start=1):
        own = set(count_words(text))
        neighbours = {
            first + second for run in RUN.findall(text) for first, second in itertools.pairwise(run)
        }
        if number in (1, 2, 5, 10, 30, 100, 300):
            size = len(text)
            print(
                f"  {number:4} {size:11,} {len(own) / size * 1000:11.0f}"
                f" {len(neighbours) / size * 1000:11.0f} {len(own - words):10} "
                f"{len(neighbours - pairs):10}"
            )
        words |= own
        pairs |= neighbours


def main() -> None:
    """Print how varied the pretend reports are, and real ones beside them."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("files", nargs="*", type=Path, help="real reports as text files")
    files = parser.parse_args().files
    corpus = Corpus()
    _print_growth("pretend", [corpus.report(number).body for number in range(300)])
    if files:
        _print_growth("real", [fold(path.read_text(encoding="utf-8")) for path in files])


if __name__ == "__main__":
    main()
