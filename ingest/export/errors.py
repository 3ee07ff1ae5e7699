"""What can go wrong with an export."""

from __future__ import annotations

from crawler.errors import FazhiError


class ExportError(FazhiError):
    """An export cannot be written as was asked; nothing stands under the final name."""

    exit_code = 2
