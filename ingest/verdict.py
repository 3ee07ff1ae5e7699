"""What a document is, and the rule that said so: report, not_report, challenge or unreadable."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from itertools import islice
from pathlib import Path

from crawler.challenges import challenge, soft_404
from crawler.errors import SeedError
from crawler.screening import TitleVerdict
from crawler.seeds import SEEDS
from ingest.decode import Decoded
from ingest.evidence import FILE
from ingest.page import Page
from ingest.records import Verdict
from ingest.rules import read_toml
from ingest.tangle import tangled

LARGEST = 20 * 1024 * 1024
"""Bytes of a page or text file; the largest real report page known is half a megabyte."""
BROKEN_SHARE = 0.1
"""Share of undecodable characters from which a text is unreadable."""
OPENING = 500
"""Characters of the body that count as its opening."""
VETOED = 3000
"""Characters of the body in which vetoes are looked for."""
FILLER = 120
"""Characters that stand for a text too long to be looked at."""
_LOGIN = re.compile(r"请先登录|用户登录|无权访问|统一身份认证")
_REDIRECT = re.compile(
    r"(?:window\.|top\.|self\.)?location(?:\.href)?\s*=|location\.(?:replace|reload)\("
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict and the rule that said so."""

    verdict: Verdict
    reason: str


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign of body.toml."""

    id: str
    in_opening: bool
    points: int
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Veto:
    """What makes a document no report, if it is seen so many times."""

    id: str
    times: int
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class BodySigns:
    """The signs of a kind, how many points make a report, and what speaks against one."""

    threshold: int
    title_points: int
    """Points of a title that may be a report's."""
    subject: re.Pattern[str]
    """What the body must speak of somewhere, if no such title does."""
    signs: tuple[Sign, ...]
    vetoes: tuple[Veto, ...] = ()

    def against(self, body: str) -> str | None:
        """The id of the veto that the body meets, in its beginning or its last words."""
        text = body if len(body) <= VETOED + OPENING else f"{body[:VETOED]}\n{body[-OPENING:]}"
        for veto in self.vetoes:
            seen = islice(veto.pattern.finditer(text), veto.times)
            if sum(1 for _ in seen) == veto.times:
                return veto.id
        return None

    def seen(self, body: str, *, title: str | None = None) -> tuple[str, ...] | None:
        """Ids of the signs seen, if they make a report; ``title`` is the rule of one that may be
        a report's, and a sign too."""
        if title is None and not self.subject.search(body):
            return None
        opening = body[:OPENING]
        seen = [s for s in self.signs if s.pattern.search(opening if s.in_opening else body)]
        points = sum(sign.points for sign in seen) + (self.title_points if title else 0)
        named = (*filter(None, [title]), *(sign.id for sign in seen))
        return named if points >= self.threshold else None


@cache
def load_signs(kind: str, seeds: Path = SEEDS) -> BodySigns:
    """Read seeds/kinds/<kind>/body.toml."""
    path = seeds / "kinds" / kind / "body.toml"
    data = read_toml(path)
    try:
        signs = tuple(
            Sign(row["id"], row["where"] == "opening", row["points"], re.compile(row["pattern"]))
            for row in data["sign"]
        )
        vetoes = tuple(
            Veto(row["id"], int(row["times"]), re.compile(row["pattern"]))
            for row in data.get("veto", ())
        )
        points, subject = int(data["title_points"]), re.compile(data["subject"])
        return BodySigns(int(data["threshold"]), points, subject, signs, vetoes)
    except (KeyError, TypeError, ValueError, re.error) as error:
        raise SeedError(f"{path}: {error!r}; correct the file") from None


def judge_bytes(content: bytes) -> Judgement | None:
    """A verdict that needs no understanding: empty, or far too large. None: go on."""
    if not content or content.isspace():
        return Judgement(Verdict.UNREADABLE, "empty")
    if len(content) > LARGEST:
        return Judgement(Verdict.UNREADABLE, f"too_large: {len(content)} bytes, limit {LARGEST}")
    return None


def judge_text(content: bytes, decoded: Decoded) -> Judgement | None:
    """A verdict on text that is no document: broken characters, a challenge, hopeless markup."""
    if decoded.broken > BROKEN_SHARE * max(1, len(decoded.text)):
        return Judgement(Verdict.UNREADABLE, f"undecodable: {decoded.broken} broken characters")
    protection = challenge(200, (), content)
    if protection is not None:
        return Judgement(Verdict.CHALLENGE, protection)
    knot = tangled(decoded.text)
    return Judgement(Verdict.UNREADABLE, f"tangled_markup: {knot}") if knot else None


def judge_page(page: Page, text: str) -> Judgement | None:
    """A verdict on a page without an article: a login wall, a soft 404, a redirect, nothing."""
    visible = sum(len(block.text) for block in page.blocks)
    if visible < OPENING and any(_LOGIN.search(block.text) for block in page.blocks):
        return Judgement(Verdict.CHALLENGE, "login_wall")
    if _is_soft_404(page, visible):
        return Judgement(Verdict.NOT_REPORT, "soft_404")
    if visible == 0:
        if _REDIRECT.search(text):
            return Judgement(Verdict.CHALLENGE, "redirect_by_script")
        return Judgement(Verdict.UNREADABLE, "no_text")
    return None


def _is_soft_404(page: Page, visible: int) -> bool:
    """By the title of the page, or by its text when that is all there is."""
    text = " ".join(block.text for block in page.blocks) if visible < OPENING else "…" * FILLER
    return soft_404(f"<title>{escape(page.title or '')}</title>{escape(text)}")


def is_listing(page: Page) -> bool:
    """An article of links to pages: a column taken for an article. Links to files are none."""
    if any(block.prose for block in page.article):
        return False
    characters = sum(len(block.text) for block in page.article)
    to_pages = {link.block for link in page.links if not FILE.search(link.href)}
    linked = sum(page.blocks[i].linked for i in range(page.start, page.end) if i in to_pages)
    return characters > 0 and linked * 2 > characters


def judge_document(
    title: TitleVerdict | None,
    paragraphs: Sequence[str],
    signs: BodySigns,
    *,
    has_files: bool,
    only_links: bool,
) -> Judgement:
    """The verdict on a document that was read: by its title, else by the signs of its body."""
    if title is not None and title.kind == "near_miss":
        return Judgement(Verdict.NOT_REPORT, f"title:{title.rule}")
    if only_links:
        return Judgement(Verdict.NOT_REPORT, "listing")
    titled = title is not None and title.kind == "report"
    if titled and not paragraphs and not has_files:
        return Judgement(Verdict.UNREADABLE, "no_body")
    body = "\n".join(paragraphs)
    veto = signs.against(body)
    if veto is not None:
        return Judgement(Verdict.NOT_REPORT, f"body:{veto}")
    if title is not None and titled:
        return Judgement(Verdict.REPORT, f"title:{title.rule}")
    seen = signs.seen(body, title=title.rule if title and title.names_document else None)
    if seen is not None:
        return Judgement(Verdict.REPORT, "body:" + "+".join(seen))
    return Judgement(Verdict.NOT_REPORT, "no_sign_of_a_report")
