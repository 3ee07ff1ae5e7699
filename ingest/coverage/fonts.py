"""Chinese text in pictures: which fonts have the characters."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ingest.export.errors import ExportError

HAN_FONTS = (
    *("Noto Sans CJK SC", "Source Han Sans SC", "Source Han Sans CN", "WenQuanYi Zen Hei"),
    *("WenQuanYi Micro Hei", "PingFang SC", "Heiti SC", "STHeiti", "Hiragino Sans GB"),
    *("Microsoft YaHei", "SimHei", "Arial Unicode MS", "AR PL UMing CN", "Droid Sans Fallback"),
)


def chinese_fonts(path: Path) -> Any:
    """Settings of matplotlib for a picture of this name.

    Errors: ExportError where a PNG would need a Chinese font and none is installed. In an SVG the
    text stays text, and the viewer's fonts are used.
    """
    from matplotlib import font_manager

    installed = {font.name for font in font_manager.fontManager.ttflist}
    usable = [name for name in HAN_FONTS if name in installed]
    if path.suffix.lower() == ".svg":
        return {"svg.fonttype": "none", "font.family": [*usable, *HAN_FONTS[:1], "sans-serif"]}
    if not usable:
        raise ExportError(
            "no font with Chinese characters is installed, so a PNG cannot show names: install one "
            "(Debian: fonts-noto-cjk), or draw to a file that ends in .svg"
        )
    return {"font.family": [usable[0], "sans-serif"], "axes.unicode_minus": False}


@contextmanager
def no_word_of_fonts() -> Iterator[None]:
    """Matplotlib measures text with a font of its own where the viewer's is not here, and says so
    for every character."""
    teller = logging.getLogger("matplotlib.font_manager")
    before = teller.level
    teller.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Glyph .* missing")
            yield
    finally:
        teller.setLevel(before)
