"""For those who extend the rules: label a document, and score the rules against labels."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.errors import FazhiError, UnreadableInputError
from scheduler.commands import common, documents

if TYPE_CHECKING:
    from ingest.scoring import Miss, Score, Tally

DOCUMENTS = (".html", ".htm", ".shtml", ".txt", ".pdf", ".docx", ".doc", ".ofd", ".xlsx")


def label(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A document; - is standard input.")],
    url: Annotated[str | None, typer.Option(help="The address the document came from.")] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="GOLD", help="Write a file instead of printing.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite GOLD, and all that was corrected in it.")
    ] = False,
) -> None:
    """Write the gold of a document as the present rules would fill it in, for you to correct."""
    from ingest.extract import extract
    from ingest.gold import prefilled

    common.begin()
    if out is not None and out.exists() and not force:
        raise FazhiError(f"{out}: exists, and may hold corrections: name another file, or --force")
    [(name, content)] = documents.read_contents([file])
    if isinstance(content, FazhiError):
        raise content
    gold = prefilled(extract(content, name=Path(name).name, url=url))
    text = json.dumps(gold, ensure_ascii=False, indent=1)
    if out is None:
        typer.echo(text)
        return
    try:
        out.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise FazhiError(
            f"{out}: {error.strerror or error}: name another place for the gold"
        ) from error
    typer.echo(
        f"{out}: {gold['verdict']}, {len(gold['indicators'])} indicators and "
        f"{len(gold['facts'])} facts to check",
        err=True,
    )


def score(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="DIR",
            help="Gold files (.json, also in folders), each beside its document: of the same name, "
            "or the only one in its folder.",
        ),
    ],
    texts: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where the documents are, if elsewhere.")
    ] = None,
    as_json: common.Json = False,
) -> None:
    """Score the present rules against gold: by code, look-alikes and facts, with every miss."""
    from ingest.extract import extract
    from ingest.scoring import score as score_documents

    common.begin()
    pairs = list(_pairs(folder, texts))
    found = score_documents(
        (name, gold, extract(content, name=name, url=gold.get("url")))
        for name, gold, content in pairs
    )
    if as_json:
        common.print_json(_as_json(found))
    else:
        _print_score(found)
    if len(pairs) > found.documents:
        typer.echo(f"{len(pairs) - found.documents} documents are no reports by gold.", err=True)


def _pairs(folder: Path, texts: Path | None) -> Iterator[tuple[str, dict[str, Any], bytes]]:
    """Name, gold and content of every labelled document. Errors: UnreadableInputError."""
    files = sorted(folder.rglob("*.json")) if folder.is_dir() else []
    if not files:
        raise UnreadableInputError(f"{folder}: no gold (.json) there: 'fazhi label' makes some")
    for file in files:
        gold = _gold(file)
        document = _document_of(file, str(gold.get("input") or ""), texts)
        name = str(file.relative_to(folder).with_suffix(""))
        [(_, content)] = documents.read_contents([str(document)])
        if isinstance(content, UnreadableInputError):
            raise content
        yield name, gold, content


def _gold(file: Path) -> dict[str, Any]:
    try:
        gold = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UnreadableInputError(f"{file}: {error}: correct it, or take it away") from None
    known = gold if isinstance(gold, dict) else {}
    missing = [key for key in ("verdict", "body", "indicators") if key not in known]
    if missing:
        raise UnreadableInputError(f"{file}: no gold, for it lacks {', '.join(missing)}")
    return known


def _document_of(file: Path, name: str, texts: Path | None) -> Path:
    place = texts or file.parent
    likely = [place / f"{file.stem}{suffix}" for suffix in DOCUMENTS]
    likely += [place / Path(name).name] if name else []
    present = [path for path in likely if path.is_file()]
    if not present and texts is None:
        beside = [path for path in place.iterdir() if path.suffix.lower() in DOCUMENTS]
        present = beside if len(beside) == 1 else []
    if not present:
        raise UnreadableInputError(
            f"{file}: no document for it in {place}: put {file.stem}.html or .txt there"
        )
    return present[0]


def _as_json(found: Score) -> dict[str, Any]:
    ratios = {code: _ratios(tally) for code, tally in _by_code(found)}
    right = max(1, found.indicators.right)
    return {
        "documents": found.documents,
        "indicators": {
            **_ratios(found.indicators),
            **{f"{name}_right": found.attributes[name] / right for name in _ATTRIBUTES},
        },
        "by_code": ratios,
        "look_alikes": {"gold": found.look_alikes, "taken": found.look_alikes_taken},
        "facts": {"documents": found.fact_documents, **_ratios(found.facts)},
        "misses": [asdict(miss) for miss in found.misses],
    }


_ATTRIBUTES = ("unit", "qualifier", "period")


def _ratios(tally: Tally) -> dict[str, float]:
    return {**asdict(tally), "precision": tally.precision, "recall": tally.recall, "f1": tally.f1}


def _by_code(found: Score) -> Sequence[tuple[str, Tally]]:
    return sorted(found.by_code.items(), key=lambda item: (-item[1].gold, item[0]))


def _print_score(found: Score) -> None:
    for miss in found.misses:
        typer.echo(_told(miss))
    if found.misses:
        typer.echo()
    rows = [*_by_code(found), ("indicators", found.indicators)]
    rows += [("facts", found.facts)] if found.fact_documents else []
    common.print_table(
        ["code", "gold", "pred", "right", "P", "R", "F1"],
        [
            (
                *(name, tally.gold, tally.pred, tally.right),
                *(f"{tally.precision:.3f}", f"{tally.recall:.3f}", f"{tally.f1:.3f}"),
            )
            for name, tally in rows
        ],
        empty="No gold.",
    )
    right = max(1, found.indicators.right)
    agreeing = ", ".join(f"{name} {found.attributes[name] / right:.1%}" for name in _ATTRIBUTES)
    typer.echo(
        f"{found.documents} reports, {found.fact_documents} with facts labelled; "
        f"look-alikes taken: {found.look_alikes_taken} of {found.look_alikes}; "
        f"of the right indicators: {agreeing}"
    )


def _told(miss: Miss) -> str:
    value = "" if miss.value is None else f"={miss.value:.15g}"
    why = f" ({miss.why})" if miss.why else ""
    context = " ".join((miss.context or miss.evidence).split())
    return f"{miss.document}: {miss.what}{why}: {miss.name}{value}: {context}"
