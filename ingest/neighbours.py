"""The neighbours of a report and its set of numbers, thousands at a time: numpy's work.

Two characters that stand side by side are one code, first | second << 16, as they lie in memory:
what a run is made of lies below 2^16. Making a string of each would be most of the work.
Import it when it is needed: numpy takes a tenth of a second that no other command should wait.
"""

from __future__ import annotations

from array import array
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from ingest.hashes import PAIRS, key
from ingest.tokens import RUN, words_of_two

Codes = npt.NDArray[np.uint32]
Numbers = npt.NDArray[np.int32]
_WIDTH = 16
"""Bits of a character in a code."""
_LOW = (1 << _WIDTH) - 1


def numbers_in_order(folded: str, keys: bytes, codes: bytes) -> array[int]:
    """All numbers of a report, each once, ascending, as the index takes them fastest.

    ``keys`` are those of its words and marks (int32), ``codes`` those of its words of two
    characters (uint32): what of the folded text's neighbours is no word of it comes to the keys.
    """
    across = _across(folded, np.frombuffer(codes, np.uint32))
    found = _distinct(np.concatenate((np.frombuffer(keys, np.int32), across)))
    return array("i", found.tobytes())


def runs(text: str, size: int) -> list[str]:
    """All runs of so many characters of a text that has as many and no NUL, in order: a third of
    the time that slicing takes."""
    codes = text.encode("utf-32-le", "surrogatepass")
    count = len(text) - size + 1
    every: list[str] = np.ndarray(count, f"<U{size}", codes, strides=(4,)).tolist()
    return every


def _across(folded: str, known: Codes) -> Numbers:
    codes = _distinct(_neighbours(folded))
    codes = codes[~np.isin(codes, known)]
    words, numbers = _words_of_two()
    places = np.minimum(np.searchsorted(words, codes), len(words) - 1)
    are_words = words[places] == codes
    pairs = ((codes & _LOW) * 7919 + (codes >> _WIDTH)) & (PAIRS - 1)
    places = places[are_words]
    for place in places[numbers[places] == 0]:
        numbers[place] = key("~" + chr(words[place] & _LOW) + chr(words[place] >> _WIDTH))
    return np.concatenate((pairs[~are_words].astype(np.int32), numbers[places]))


def _neighbours(folded: str) -> Codes:
    """The codes of all two characters that stand side by side in a run."""
    row = np.frombuffer(folded.encode("utf-16-le", "surrogatepass"), np.uint16)
    searched = _searched()[row]
    together = searched[:-1] & searched[1:]
    codes: Codes = row[:-1][together] | row[1:][together].astype(np.uint32) << np.uint32(_WIDTH)
    return codes


def _distinct(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Each value once, ascending: a third of the time of np.unique."""
    values = np.sort(values)
    first = np.ones(len(values), np.bool_)
    first[1:] = values[1:] != values[:-1]
    distinct: npt.NDArray[Any] = values[first]
    return distinct


@cache
def _searched() -> npt.NDArray[np.bool_]:
    """Whether a character is one that runs are made of."""
    return np.array([RUN.fullmatch(chr(code)) is not None for code in range(1 << _WIDTH)])


@cache
def _words_of_two() -> tuple[Codes, Numbers]:
    """The code of each word of two characters that a run can hold, ascending; and room for the
    number that it has across words, found when first met."""
    words = "".join(word for word in words_of_two() if RUN.fullmatch(word))
    codes = np.sort(np.frombuffer(words.encode("utf-16-le"), np.uint32))
    return codes, np.zeros(len(codes), np.int32)
