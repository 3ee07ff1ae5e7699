"""Why a change between two versions counts as it does, in words. Pure."""

from __future__ import annotations

from collections import Counter

from ingest.changes import SAYING, Changes, FieldChange, ParagraphChange, Weight
from ingest.character_runs import Kind

ONLY_FORM = "only width, punctuation width, spaces, quotes or dashes"
_KINDS = {
    Kind.ADDED: "a paragraph was added",
    Kind.REMOVED: "a paragraph was removed",
    Kind.CHANGED: "the text says something else",
}


def why_field(change: FieldChange) -> str:
    """Why a field's other value matters, or does not."""
    if change.weight is Weight.SUBSTANTIVE:
        return "the document says something else"
    if change.name == "published_at":
        return "the same date; only the time of day beside it"
    inside = change.name in SAYING or change.name == "attachments"
    return f"{ONLY_FORM}, or where a file lies" if inside else "stands around the text"


def why_paragraph(change: ParagraphChange) -> str:
    """Why a paragraph's change matters, or does not."""
    return ONLY_FORM if change.weight is Weight.COSMETIC else _KINDS[change.kind]


def why(found: Changes) -> str:
    """What the verdict on two versions rests on, in one line."""
    if not found.fields and not found.paragraphs:
        return (
            "no word of the text or its fields differs: lines broken otherwise, contacts, "
            "or what follows from the text"
        )
    if found.weight is Weight.COSMETIC:
        around = any(why_field(change) == "stands around the text" for change in found.fields)
        return f"{ONLY_FORM}{', or what stands around the text' if around else ''}"
    heavy = [change.name for change in found.fields if change.weight is Weight.SUBSTANTIVE]
    added, removed = found.characters(Kind.ADDED), found.characters(Kind.REMOVED)
    characters = f"{added:,} characters added, {removed:,} removed" if added or removed else ""
    return "; ".join(filter(None, (", ".join(heavy), _paragraphs(found), characters)))


def _paragraphs(found: Changes) -> str:
    """Such as "paragraphs: 2 changed, 1 added"; "" for none that matters."""
    counts = Counter(p.kind.value for p in found.paragraphs if p.weight is Weight.SUBSTANTIVE)
    told = ", ".join(f"{number:,} {kind}" for kind, number in counts.most_common())
    return f"paragraphs: {told}" if told else ""
