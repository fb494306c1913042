"""A package with which a reviewer rebuilds the tables of an edition from records of their own.

It names the papers and says whom each address counts for. A public package holds nothing that a
database does not let pass on: no title, abstract or address; an address is known by its sha256.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import TypeAdapter

from bibliometrics import auditing, lookup, schema, store
from bibliometrics.attribution import HumanDecision
from bibliometrics.attribution.foreign import is_spelling
from bibliometrics.auditing import Audited
from bibliometrics.corpus.frames import paper_id
from bibliometrics.editions import registry_snapshot, stored
from bibliometrics.errors import EditionError
from bibliometrics.firmness.delineation import Judged
from bibliometrics.pipeline import Plan, make_edition
from bibliometrics.sources.reading import Opened
from bibliometrics.sources.record import Quarantined, Record
from bibliometrics.study.model import Study

# Tables of numbers and ids: they hold no text of a record, and follow from the papers named.
TABLES = (
    schema.RANKING, schema.RANKING_BY_YEAR, schema.YEARS, schema.PROVINCES, schema.AUTHORITIES,
    schema.COUNTRIES, schema.KEYWORDS, schema.COLLABORATIONS, schema.AUDIT, schema.DELINEATION,
    schema.ATTRIBUTION_ERROR,
)  # fmt: skip
_AUDIT = "audit.csv"
_JUDGED = TypeAdapter(tuple[Judged, ...])
_ATTRIBUTED = ("sha256", "country", "institution_ids", "counted_ids", "decision", "rule")
_DAY = (1980, 1, 1, 0, 0, 0)
_README = """\
Replication package of an edition made by bibliometrics.

package.json       the study with every option, the decisions, the marks of the check of the corpus,
                   the sha256 of each table
ids.csv            the papers of the corpus: EID, DOI, year
attribution.csv    each affiliation, by the sha256 of its text, and whom it counts for
registry.json.gz   the registry of institutions it was attributed by
audit.csv          the audit of the attribution with its marks, where there is one
tables/            the tables of numbers

To rebuild them from records of your own (an export of the query in package.json, or a harvest):

    bibliometrics verify PACKAGE.zip --input export.csv
"""


@dataclass(frozen=True)
class Rebuilt:
    """``differing``: tables that come out otherwise; ``missing``: papers the records lack;
    ``moved``: affiliations that count for others, or are not in the package."""

    edition: str
    differing: tuple[str, ...]
    missing: tuple[str, ...]
    moved: int
    papers: int

    @property
    def is_identical(self) -> bool:
        return not self.differing and not self.missing and not self.moved


def pack(folder: Path, out: Path, *, public: bool) -> None:
    """Write the package of an edition; the same bytes for the same edition."""
    edition = stored.read(folder)
    papers = store.read_parquet(folder / "corpus", schema.PAPERS)
    attribution = lookup.read_table(folder, schema.ATTRIBUTION)
    tables = {table.name: lookup.read_table(folder, table) for table in TABLES}
    told = {
        "edition": edition.name,
        "software": edition.manifest["software"],
        "registry_version": edition.manifest["registry_version"],
        "is_simulated": edition.manifest["is_simulated"],
        "is_public": public,
        "as_of": edition.manifest["as_of"],
        "query": edition.manifest["query"],
        "study": edition.study.model_dump(mode="json"),
        "decisions": [_decision(decision, public) for decision in edition.decisions],
        "delineation": [asdict(judged) for judged in edition.delineation],
        "tables": {name: _digest(tables[name], _table(name), None) for name in sorted(tables)},
    }
    files = {
        "README.txt": _README.encode(),
        "package.json": json.dumps(told, ensure_ascii=False, indent=2).encode() + b"\n",
        "ids.csv": _csv(papers, ("paper_id", "eid", "doi", "year")),
        "attribution.csv": _csv(
            attribution.assign(sha256=attribution["affiliation"].map(_key)),
            _ATTRIBUTED if public else ("affiliation", *_ATTRIBUTED),
        ),
        "registry.json.gz": registry_snapshot.pack(stored.registry_of(edition)),
    }
    audited = stored.audit_of(edition)
    if audited is not None:
        kept = _without_addresses(audited) if public else audited
        files[_AUDIT] = auditing.to_text(kept).encode()
    files |= {
        f"tables/{name}.csv": store.csv_text(
            schema.conform(frame, _table(name)), _table(name)
        ).encode()
        for name, frame in tables.items()
    }
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in sorted(files):
            packed.writestr(zipfile.ZipInfo(name, _DAY), files[name], zipfile.ZIP_DEFLATED)
    store.write_bytes(out, content.getvalue())


def rebuild(package: Path, inputs: Sequence[Opened]) -> Rebuilt:
    """Make the tables of a package again from records, of which only its papers are taken.

    Raises
    ------
    EditionError : the package cannot be read.
    """
    told, ids, attributed, registry, audited = _read(package)
    study = Study.model_validate(told["study"])
    # A second paper of one title has its number behind the hash; the record knows the hash alone.
    hashed = {paper.split("-")[0] for paper in ids["paper_id"] if paper.startswith("title:")}
    wanted = hashed | {value for column in ids.values() for value in column if value}
    # Blocks, pieces and kept rows would be handed on unfiltered.
    opened = [
        replace(file, rows=_only(file, wanted), blocks=None, pieces=None, paged=None)
        for file in inputs
    ]
    decisions = _decisions(told["decisions"], opened)
    plan = Plan(
        study, str(told["edition"]), tuple(opened), decisions=decisions,
        registry=registry_snapshot.unpack(registry, package.name),
        audited=audited, delineation=_JUDGED.validate_python(told["delineation"]),
    )  # fmt: skip
    made = make_edition(plan)
    tables = made.edition.tables
    differing = tuple(
        name for name, digest in sorted(told["tables"].items())
        if _digest(tables[name], _table(name), str(told["as_of"])) != digest
    )  # fmt: skip
    found = {store.harmless(paper) for paper in made.corpus.papers["paper_id"]}
    known = {store.harmless(doi) for doi in made.corpus.papers["doi"].dropna()}
    missing = tuple(
        paper
        for paper, doi in zip(ids["paper_id"], ids["doi"], strict=True)
        if paper not in found and doi not in known
    )
    now = tables["attribution"]
    moved = sum(
        attributed.get((_key(text), country if isinstance(country, str) else "")) != (counted or "")
        for text, country, counted in zip(
            now["affiliation"], now["country"], now["counted_ids"].fillna(""), strict=True
        )
    )
    return Rebuilt(str(told["edition"]), differing, missing, moved, len(found))


def _table(name: str) -> schema.Table:
    return next(table for table in TABLES if table.name == name)


def _digest(frame: pd.DataFrame, table: schema.Table, as_of: str | None) -> str:
    """sha256 of a table's text. A rebuilt one is stamped with the package's day: records fetched
    again are of a later one."""
    stamped = frame if as_of is None else frame.assign(as_of=as_of)
    text = store.csv_text(schema.conform(stamped, table), table)
    return hashlib.sha256(text.encode()).hexdigest()


def _key(affiliation: str) -> str:
    """sha256 of an address, spaces and case aside, made harmless as tables show it."""
    plain = " ".join(store.harmless(affiliation).split()).casefold()
    return hashlib.sha256(plain.encode()).hexdigest()


def _without_addresses(audited: Audited) -> Audited:
    """The audit with each address known by its sha256: what it shows follows from the marks."""
    sample = tuple(
        replace(drawn, item=replace(drawn.item, affiliation=_key(drawn.item.affiliation)))
        for drawn in audited.sample
    )
    return replace(audited, sample=sample)


def _decision(decision: HumanDecision, public: bool) -> dict[str, object]:
    told = {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(decision).items()}
    if public:
        # An id of an organisation outside the registry is no address: a table shows it.
        told["affiliation"] = decision.affiliation if is_spelling(decision.affiliation) else ""
        # What a person wrote may quote the address.
        told["reason"] = ""
    return told | {"sha256": _key(decision.affiliation)}


def _decisions(
    told: Sequence[Mapping[str, Any]], opened: Sequence[Opened]
) -> tuple[HumanDecision, ...]:
    """Decisions of a package; those of a public one find their address among the records."""
    hidden = {row["sha256"] for row in told if not row["affiliation"]}
    strings: dict[str, str] = {}
    if hidden:
        for file in opened:
            for row in file.rows():
                if isinstance(row, Record):
                    strings |= {
                        key: text
                        for text in row.affiliations or ()
                        if (key := _key(text)) in hidden
                    }
    return tuple(
        HumanDecision(
            row["affiliation"] or strings[row["sha256"]],
            row["country"],
            tuple(row["institution_ids"]),
            row["decided_by"],
            row["decided_on"],
            row["reason"],
        )
        for row in told
        if row["affiliation"] or row["sha256"] in strings
    )


def _only(file: Opened, wanted: set[str]) -> Callable[[], Iterator[Record | Quarantined]]:
    def rows() -> Iterator[Record | Quarantined]:
        for row in file.rows():
            if isinstance(row, Record) and _names(row) & wanted:
                yield row

    return rows


def _names(row: Record) -> set[str]:
    own = paper_id(row.eid, row.doi, row.source_id, row.title, row.year, row.source_title)
    # As ids.csv shows them, where no cell is a formula.
    return {store.harmless(name) for name in (own, row.eid, row.doi) if name}


def _csv(frame: pd.DataFrame, columns: Sequence[str]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    shown = frame[list(columns)].astype("string").fillna("")
    writer.writerows([store.harmless(cell) for cell in row] for row in shown.to_numpy().tolist())
    return out.getvalue().encode()


def _read(
    package: Path,
) -> tuple[dict[str, Any], dict[str, list[str]], dict[tuple[str, str], str], bytes, Audited | None]:
    try:
        with zipfile.ZipFile(package) as packed:
            told = json.loads(packed.read("package.json"))
            ids = pd.read_csv(
                io.BytesIO(packed.read("ids.csv")), dtype="string", keep_default_na=False
            )
            attribution = pd.read_csv(
                io.BytesIO(packed.read("attribution.csv")), dtype="string", keep_default_na=False
            )
            registry = packed.read("registry.json.gz")
            audit = packed.read(_AUDIT).decode() if _AUDIT in packed.namelist() else None
        unknown = set(told["tables"]) - {table.name for table in TABLES}
        if unknown:
            raise KeyError(*sorted(unknown))
        _JUDGED.validate_python(told["delineation"])
        columns = {name: ids[name].tolist() for name in ("paper_id", "eid", "doi")}
        attributed = {
            (key, country): counted
            for key, country, counted in attribution[
                ["sha256", "country", "counted_ids"]
            ].to_numpy()
        }
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise EditionError(
            "this is no replication package, or a damaged one",
            where=package.name,
            hint="make one with: bibliometrics package EDITION --out package.zip",
        ) from error
    audited = None if audit is None else auditing.from_text(audit, f"{package.name}/{_AUDIT}")
    return told, columns, attributed, registry, audited
