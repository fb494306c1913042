"""From OpenAlex's snapshot to counts and pairs on Spark, for corpora that fit no single machine.

The stages are those of ``pipeline``, and so are the functions: works are read and judged, distinct
strings attributed, in vectorised UDFs over a broadcast registry; counting and co-occurrence are the
same SQL. Only totals, pairs, institutions and spellings outside the registry come to the driver.
Papers are joined by work id and DOI; ``run`` also joins by title.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import orjson
import pandas as pd

from bibliometrics import schema
from bibliometrics.attribution import HumanDecision, Matcher
from bibliometrics.attribution.answers import Answered, Answers, answered, identities_of
from bibliometrics.attribution.entities import Entity, credit
from bibliometrics.attribution.identity import Identities, Sighting
from bibliometrics.attribution.institutions import Registry
from bibliometrics.attribution.place import country_of
from bibliometrics.corpus.columns import Judge
from bibliometrics.corpus.frames import paper_id
from bibliometrics.counting import counts as counting
from bibliometrics.counting import numbering, questions
from bibliometrics.counting.cooccurrence import Institutions, ask_pairs, check_pairs, strengths
from bibliometrics.counting.counts import check_totals, counted_by_rule
from bibliometrics.engine.spark import spark_engine
from bibliometrics.errors import StudyError
from bibliometrics.network import atlas
from bibliometrics.sources.openalex_filter import study_filter, study_glance
from bibliometrics.sources.openalex_json import work_record
from bibliometrics.sources.reading import printable
from bibliometrics.sources.record import AffiliationFacts, Record
from bibliometrics.study.model import Study

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_TIES = {"author": 2, "paper": 1, "none": 0}
_WORKS = (
    "paper_id string, year long, authors_announced long, tie string, is_cut long, rank long,"
    " filled long, path string, number long, reason string, raw string,"
    " rows array<struct<author_position: long,"
    " affiliation: string, country: string, ror: string, is_corresponding: long>>"
)
_RAW_LIMIT = 2_000
_ANSWERS = (
    "affiliation_id long, answered binary, sightings array<struct<seen: binary, papers: long>>"
)
_CREDITED = "affiliation_id long, institution_id string, scope string, entity binary"
_TIE = """
SELECT n.paper, n.institution, CASE WHEN e.scope = 'domestic' THEN 1 ELSE 0 END AS is_domestic
FROM named n JOIN institutions i ON n.institution = i.institution
JOIN scopes e ON i.institution_id = e.institution_id
JOIN numbered_papers m ON n.paper = m.paper JOIN papers p ON m.paper_id = p.paper_id
WHERE p.is_cut = 0 AND p.authors_announced <= {most}
"""
_UNLIMITED = 2**31

Frames = Iterable[pd.DataFrame]


@dataclass(frozen=True)
class Scaled:
    """What comes back: ``totals`` as in ``Counts``, ``pairs`` as ``cooccurrence.pairs`` gives.

    ``quarantined``: lines set aside, by the reason's first words.
    """

    papers: int
    quarantined: dict[str, int]
    counted: dict[str, int]
    totals: pd.DataFrame
    pairs: pd.DataFrame
    entities: dict[str, Entity]


def count_snapshot(
    spark: SparkSession,
    folder: str,
    study: Study,
    registry: Registry,
    out: str,
    decisions: tuple[HumanDecision, ...] = (),
) -> Scaled:
    """Count a snapshot's ``folder`` of gzip JSON lines, wherever Spark can read it.

    The corpus is left under ``out`` as Parquet: works, affiliations, answers, credited; lines that
    may be of the study and cannot be read are under ``quarantine``, each with its file, line and
    reason.

    Raises
    ------
    StudyError : an option that asks for all strings of a paper, or of a profile, at once.
    InvariantError : weights are not conserved, or pairs do not add up.
    """
    if (
        study.roll_up.campuses == "as_in_scopus"
        or study.roll_up.hospitals == "if_paper_names_university"
    ):
        raise StudyError(
            "campuses = as_in_scopus and hospitals = if_paper_names_university"
            " cannot be computed on Spark",
            where=study.name,
            hint="choose another value, or run the study without --engine",
        )
    read = _kept(spark, _read(spark, folder, study), f"{out}/read")
    aside = read.filter("reason IS NOT NULL").selectExpr("path", "number AS line", "reason", "raw")
    aside = _kept(spark, aside, f"{out}/quarantine")
    laid = _kept(spark, _works(read.filter("reason IS NULL")), f"{out}/works")
    rows = laid.selectExpr("paper_id", "inline(rows)")
    affiliations = _kept(spark, _affiliations(rows), f"{out}/affiliations")
    known = spark.sparkContext.broadcast((registry, decisions))
    answers = affiliations.mapInPandas(_attribute(known, study), _ANSWERS)
    answers = _kept(spark, answers, f"{out}/answers")
    joined = spark.sparkContext.broadcast(_identities(answers, decisions))
    credited = answers.select("answered").mapInPandas(_credit(known, joined, study), _CREDITED)
    credited = _kept(spark, credited, f"{out}/credited")
    named = credited.dropDuplicates(["institution_id"]).select("institution_id", "entity")
    entities = {row["institution_id"]: _loaded(row["entity"]) for row in named.collect()}
    engine = spark_engine(spark)
    with engine:
        numbered = affiliations.select("affiliation_id", "affiliation")
        laid.createOrReplaceTempView("papers")
        rows.join(numbered, "affiliation", "left").createOrReplaceTempView("authorships")
        credited.createOrReplaceTempView("credited")
        credited.select("institution_id", "scope").distinct().createOrReplaceTempView("scopes")
        numbering.keep_papers(engine)
        questions.keep(engine)
        summed = questions.totals(engine)
        papers, tied = laid.count(), laid.filter("tie = 'author'").count()
        says = rows.filter("is_corresponding = 1").select("paper_id").distinct().count()
        counted = counted_by_rule(papers, tied, says)
        check_totals(summed, counted)
        leaves_out = study.network.many_authors == "leave_out"
        questions.forget_strings(engine)
        engine.keep("tying", _TIE.format(most=atlas.MANY_AUTHORS if leaves_out else _UNLIMITED))
        together, expected = ask_pairs(engine)
        ids = numbering.institutions(engine)
    scopes = pd.Series([entities[name].scope for name in ids], dtype="string")
    institutions = Institutions(ids, scopes)
    check_pairs(together, expected, institutions.is_domestic)
    reasons = aside.selectExpr("split(reason, ':')[0] AS reason").groupBy("reason").count()
    quarantined = {row["reason"]: row["count"] for row in reasons.orderBy("reason").collect()}
    return Scaled(papers, quarantined, counted, summed, strengths(together, institutions), entities)


def tables(scaled: Scaled, study: Study) -> dict[str, pd.DataFrame]:
    """``schema.SNAPSHOT_TABLES``: institutions by counting rule, ties, and what was set aside."""
    told = pd.DataFrame(
        [(e.entity_id, e.name_en, e.name_zh, e.scope, e.country) for e in scaled.entities.values()],
        columns=["institution_id", "name_en", "name_zh", "scope", "country"],
    )
    known = scaled.totals[scaled.totals["institution_id"].isin(told["institution_id"])]
    counts = counting.add(known, ["counting", "institution_id"]).rename("papers").reset_index()
    names = told.set_index("institution_id")["name_en"]
    ties = scaled.pairs.assign(
        source_name=scaled.pairs["source_id"].map(names),
        target_name=scaled.pairs["target_id"].map(names),
    )
    aside = pd.DataFrame([*scaled.quarantined.items()], columns=["reason", "lines"])
    made = {
        schema.SNAPSHOT_COUNTS: counts.merge(told, on="institution_id"),
        schema.SNAPSHOT_TIES: ties,
        schema.SNAPSHOT_QUARANTINE: aside,
    }
    return {
        table.name: schema.conform(frame.assign(study=study.name), table)
        for table, frame in made.items()
    }


def _kept(spark: SparkSession, frame: DataFrame, path: str) -> DataFrame:
    """``frame`` written once: what follows reads it and computes nothing again."""
    frame.write.mode("overwrite").parquet(path)
    return spark.read.parquet(path)


def _loaded(written: bytes) -> Any:  # noqa: ANN401
    """What another stage of this run wrote."""
    return pickle.loads(written)  # noqa: S301


def _read(spark: SparkSession, folder: str, study: Study) -> DataFrame:
    """Every work that the study's filter keeps, and every line that should be one and is not."""
    from pyspark.sql import functions as f  # noqa: PLC0415

    options = {"recursiveFileLookup": "true", "pathGlobFilter": "*.gz", "lineSep": "\n"}
    lines = spark.read.options(**options).text(folder).withColumn("path", f.input_file_name())
    # Within a file these numbers are in the order of its lines.
    lines = lines.withColumn("number", f.monotonically_increasing_id())
    lines = lines.filter(~f.col("path").contains("/merged_ids/"))
    return lines.mapInPandas(_lay_down(study), _WORKS)


def _works(found: DataFrame) -> DataFrame:
    """The papers of the study: of those of one id the one that ``duplicates`` would keep."""
    from pyspark.sql import Window  # noqa: PLC0415
    from pyspark.sql import functions as f  # noqa: PLC0415

    # The newest partition is read first, as ``openalex_json.partitions`` has it.
    updated = f.regexp_extract("path", r"updated_date=([^/]*)", 1)
    order = [f.desc("rank"), f.desc("filled"), updated.desc(), f.asc("path"), f.asc("number")]
    first = f.row_number().over(Window.partitionBy("paper_id").orderBy(*order))
    return (
        found.withColumn("place", first)
        .filter("place = 1")
        .drop("place", "path", "number", "reason", "raw")
    )


def _lay_down(study: Study) -> Callable[[Frames], Frames]:
    def judged(batches: Frames) -> Frames:
        judge = Judge(study, cache(country_of))
        keep_, glance = study_filter(study), study_glance(study)
        steps = len(judge.selection.steps)
        first: dict[str, int] = {}
        for batch in batches:
            found = []
            for line, path, number in zip(
                batch["value"], batch["path"], batch["number"], strict=True
            ):
                # A gzip file is read whole by one process, its lines in order.
                first.setdefault(path, number)
                if not line.strip() or not glance(line.encode()):
                    continue
                record = _record(line, keep_)
                if isinstance(record, str):
                    found.append(_aside(line, record, path, number - first[path] + 1))
                elif record is not None:
                    stop = judge.selection.verdict(record, judge.hits(record)).stop
                    if stop == steps:
                        found.append(_row(record, path, number))
            yield pd.DataFrame(
                found, columns=[part.split()[0] for part in _names(_WORKS)], dtype=object
            )

    return judged


def _record(line: str, keep_: Callable[[dict[str, Any]], bool]) -> Record | str | None:
    """The work of a line; the reason why it is none; None where the study cannot want it."""
    try:
        work = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return f"not JSON: {error}"
    if not isinstance(work, dict):
        return "not a work"
    return work_record(work, "", 0) if keep_(work) else None


def _aside(line: str, reason: str, path: str, number: int) -> tuple[object, ...]:
    nothing = [None] * (len(_names(_WORKS)) - 5)
    return (*nothing, path, number, reason, printable(line.strip())[:_RAW_LIMIT], [])


def _names(declared: str) -> list[str]:
    """The columns of a declaration, those inside brackets left out."""
    depth, parts = 0, [""]
    for letter in declared:
        depth += (letter == "<") - (letter == ">")
        if letter == "," and not depth:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts]


def _row(record: Record, path: str, number: int) -> tuple[object, ...]:
    identity = paper_id(
        record.eid, record.doi, record.source_id, record.title, record.year, record.source_title
    )
    return (
        identity, record.year, record.authors_announced, record.tie, int(record.is_cut),
        _TIES[record.tie], record.filled, path, number, None, None, list(_ties(record)),
    )  # fmt: skip


def _ties(record: Record) -> Iterator[dict[str, object]]:
    """The rows of ``schema.AUTHORSHIPS`` of a paper, its strings still as words."""
    said = record.corresponding
    listed = record.author_affiliations if record.tie == "author" else ()
    for position, strings in enumerate(listed or (), 1):
        told = None if said is None else int(position in said)
        for string in dict.fromkeys(strings) or [None]:
            yield _tie(record, position, string, told)
    tied = {string for strings in listed or () for string in strings}
    for string in dict.fromkeys(record.affiliations or ()):
        if string not in tied:
            yield _tie(record, None, string, None)


def _tie(
    record: Record, position: int | None, string: str | None, told: int | None
) -> dict[str, object]:
    facts = record.facts.get(string or "", AffiliationFacts())
    return {
        "author_position": position,
        "affiliation": string,
        "country": facts.country or None,
        "ror": facts.ror or None,
        "is_corresponding": told,
    }


def _affiliations(rows: DataFrame) -> DataFrame:
    """Distinct strings with what their source says of them most often, and a number."""
    from pyspark.sql import Window  # noqa: PLC0415
    from pyspark.sql import functions as f  # noqa: PLC0415

    placed = rows.filter("affiliation IS NOT NULL")
    papers = placed.groupBy("affiliation").agg(f.countDistinct("paper_id").alias("papers"))
    told = placed.filter("country IS NOT NULL OR ror IS NOT NULL")
    told = told.groupBy("affiliation", "country", "ror").agg(
        f.countDistinct("paper_id").alias("times")
    )
    order = [f.desc("times"), f.coalesce("ror", f.lit("")), f.coalesce("country", f.lit(""))]
    best = f.row_number().over(Window.partitionBy("affiliation").orderBy(*order))
    told = told.withColumn("place", best).filter("place = 1").drop("place", "times")
    return papers.join(told, "affiliation", "left").withColumn(
        "affiliation_id", f.monotonically_increasing_id()
    )


def _attribute(known: Any, study: Study) -> Callable[[Frames], Frames]:  # noqa: ANN401
    """What each string names: ``answers.answered``, a batch at a time."""

    def attributed(batches: Frames) -> Frames:
        registry, decisions = known.value
        matcher = Matcher(registry, decisions)
        for batch in batches:
            stated = batch["affiliation"].map(country_of)
            country = stated.where(stated.notna(), batch["country"])
            frame = schema.conform(batch.assign(country=country), schema.AFFILIATIONS)
            rows, sightings = answered(frame, matcher, study)
            yield pd.DataFrame(
                {
                    "affiliation_id": [row.affiliation_id for row in rows],
                    "answered": [pickle.dumps(row) for row in rows],
                    "sightings": [
                        [
                            {"seen": pickle.dumps((s.organisation, s.ids)), "papers": s.papers}
                            for s in of
                        ]
                        for of in sightings
                    ],
                }
            )

    return attributed


def _identities(answers: DataFrame, decisions: tuple[HumanDecision, ...]) -> Identities:
    """Spellings outside the registry, joined over the whole corpus: one row each comes here."""
    seen = answers.selectExpr("inline(sightings)").groupBy("seen").sum("papers").collect()
    sightings = []
    for written, papers in seen:
        organisation, ids = _loaded(written)
        sightings.append(Sighting(organisation, papers, ids))
    return identities_of(sightings, decisions)


def _credit(known: Any, joined: Any, study: Study) -> Callable[[Frames], Frames]:  # noqa: ANN401
    """Whom each string credits: ``entities.credit``, a batch at a time."""

    def credited(batches: Frames) -> Frames:
        registry, _ = known.value
        for batch in batches:
            rows: tuple[Answered, ...] = tuple(_loaded(each) for each in batch["answered"])
            found = credit(Answers(rows, joined.value), registry, study)
            yield pd.DataFrame(
                [
                    (number, entity, of.scope, pickle.dumps(of))
                    for number, ids in found.by_affiliation.items()
                    for entity in ids
                    for of in [found.entities[entity]]
                ],
                columns=[part.split()[0] for part in _names(_CREDITED)],
            )

    return credited
