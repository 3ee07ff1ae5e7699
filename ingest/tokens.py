"""The one tokenizer, for index and query: text as it is searched, and its words.

``fold`` makes traditional characters simplified, full-width letters and digits plain, and capitals
small, one character for one, so that an offset in the folded text is one in the printed text.
``segment`` cuts folded text into words: the most probable cut by jieba's dictionary and
seeds/dictionary.txt, without guessing of unknown words, so that a word is cut the same wherever it
stands and the database can cut queries by the same rule (search_segment). jieba is the reference;
rjieba does the same fifty times faster.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

from crawler.errors import SeedError
from crawler.seeds import SEEDS

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff〇"
WORDS_REMEMBERED = 1 << 16
"""By each cache of words. Twice as many take more memory and no less time."""
RUN = re.compile(f"[0-9a-z{HAN}]+")
"""Characters that are searched for; all others part words."""
_RUN_OF_HAN = re.compile(f"[{HAN}]+")
_NUMBER = re.compile(r"[0-9a-z]+(?:\.[0-9]+)*")
_PIECE = re.compile(f"{_RUN_OF_HAN.pattern}|{_NUMBER.pattern}")
_LATIN = {
    **{chr(code): chr(code + 32) for code in range(ord("A"), ord("Z") + 1)},
    **{chr(code + 0xFEE0): chr(code).lower() for code in range(0x21, 0x7F) if chr(code).isalnum()},
    "％": "%",
    "．": ".",
}


@dataclass(frozen=True, slots=True)
class Dictionary:
    """All words with their frequencies, and the name of this state of affairs."""

    words: Mapping[str, int]
    total: int
    version: str


def fold(text: str) -> str:
    """The text as it is searched: as long as the printed one."""
    return replace_all(text, *foldings(text))


def replace_all(text: str, printed: str, plain: str) -> str:
    """The text with what ``foldings`` found in it replaced."""
    for before, after in zip(printed, plain, strict=True):
        text = text.replace(before, after)  # a handful at most, and each in no time
    return text


def foldings(text: str) -> tuple[str, str]:
    """Those characters of the text that ``fold`` changes, and what it makes of them."""
    pairs = fold_pairs()
    found = sorted(set(_folded_characters().findall(text)))
    return "".join(found), "".join(pairs[char] for char in found)


def segment(text: str) -> list[str]:
    """The words of a folded text in their order; a number and a Latin word stay whole."""
    words: list[str] = []
    for piece in _PIECE.findall(text):
        words += [piece] if piece.isascii() else _cutter().cut(piece, False)
    return words


def count_words(text: str) -> Counter[str]:
    """The words of a long folded text, without their order: ten times faster than one by one."""
    words = Counter(_cutter().cut("\n".join(_RUN_OF_HAN.findall(text)), False))
    words.update(_NUMBER.findall(text))
    del words["\n"]
    return words


@lru_cache(maxsize=WORDS_REMEMBERED)
def words_within(word: str) -> tuple[str, ...]:
    """The words of two or more characters inside a longer one, 复议 in 行政复议."""
    size = len(word)
    if size < 3 or word.isascii():
        return ()
    known = _cutter().has_word
    return tuple(
        word[begin:end]
        for begin in range(size - 1)
        for end in range(begin + 2, size + 1)
        if end - begin < size and known(word[begin:end])
    )


@cache
def words_of_two() -> frozenset[str]:
    """Those words of the dictionary that are two characters long."""
    words = (word for word, _ in (*_jieba_words(), *own_words()))
    return frozenset(word for word in words if len(word) == 2)


def load_dictionary(seeds: Path = SEEDS) -> Dictionary:
    """jieba's dictionary with our own words. Errors: SeedError that names file and line."""
    words = dict(_jieba_words())
    total = sum(words.values())
    for word, count in own_words(seeds):
        words[word] = count
        total += count
    return Dictionary(words, total, dictionary_version(seeds))


def _jieba_words() -> Iterator[tuple[str, int]]:
    found = find_spec("jieba")
    if found is None or found.origin is None:
        raise SeedError("the package jieba is not installed: run make install")
    with Path(found.origin).with_name("dict.txt").open(encoding="utf-8") as lines:
        for line in lines:
            word, count, _ = line.split(" ")
            if count != "0":
                yield word, int(count)


@cache
def dictionary_version(seeds: Path = SEEDS) -> str:
    """Short name of the words and the folding; another one means that reports are indexed anew."""
    digest = hashlib.sha256(f"jieba {version('jieba')} keys 1\0".encode())
    for name in ("dictionary.txt", "traditional.txt"):
        digest.update((seeds / name).read_bytes())
    return digest.hexdigest()[:12]


def own_words(seeds: Path = SEEDS) -> Iterator[tuple[str, int]]:
    """The lines of seeds/dictionary.txt. Errors: SeedError that names file and line."""
    for where, line in _lines(seeds / "dictionary.txt"):
        word, _, count = line.partition(" ")
        if not re.fullmatch(f"[{HAN}]{{2,16}}", word) or not re.fullmatch("[1-9][0-9]*", count):
            raise SeedError(
                f"{where}: {line!r} is not 'WORD FREQUENCY', a word of 2 to 16 characters"
            )
        yield word, int(count)


@cache
def fold_pairs() -> dict[str, str]:
    """Each character that ``fold`` changes, and what it becomes. No one becomes another of them."""
    pairs = dict(_LATIN)
    for where, line in _lines(SEEDS / "traditional.txt"):
        if len(line) != 2:
            raise SeedError(f"{where}: {line!r} is not a pair of characters")
        pairs[line[0]] = line[1]
    return pairs


@cache
def _folded_characters() -> re.Pattern[str]:
    return re.compile(f"[{re.escape(''.join(fold_pairs()))}]")


@cache
def _cutter() -> ModuleType:
    # It reads its dictionary when imported, half a second that no other command should wait.
    import rjieba

    for word, count in own_words():
        rjieba.add_word(word, count, "n")
    return rjieba


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    """Lines that say something, each with file and line number."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise SeedError(f"{path} is missing; restore it from the project's seeds/") from None
    for number, line in enumerate(text.splitlines(), start=1):
        if line and not line.startswith("#"):
            yield f"{path}:{number}", line
