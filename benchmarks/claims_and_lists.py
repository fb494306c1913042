"""Claims at the published size, and the proposal of a list: times as ratios, verdicts as figures.

    python benchmarks/claims_and_lists.py [PAPERS]

A simulated corpus of the published total (52,976) is made to the published shares; the claims must be
reproduced. Then one percent of one university's papers is moved to nobody; its share must not be.
Times are given as ratios to the same run without claims.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import pandas as pd

from bibliometrics import pipeline, simulation
from bibliometrics.claims import ClaimSet, carried_claims
from bibliometrics.claims.edition_claims import Counted, claim_tables
from bibliometrics.counting.counts import count
from bibliometrics.counting.ranking import Stamp, institutions
from bibliometrics.lists.candidates import candidates_of
from bibliometrics.lists.constraints import carried_constraints
from bibliometrics.lists.proposal import family, problem_of, solve
from bibliometrics.study.file import load_study
from bibliometrics.study.model import Study

WHO = "tsinghua-university"
ROOT = Path(__file__).resolve().parents[1]


def main(papers: int) -> None:
    study = load_study(ROOT / "queries" / "cingai-2020.toml")
    caught: list[Counted] = []
    spent: list[float] = []
    made = pipeline.claim_tables

    def watched(claims: ClaimSet | None, run: Counted, study_: Study) -> dict[str, pd.DataFrame]:
        began = time.process_time()
        found = made(claims, run, study_)
        spent.append(time.process_time() - began)
        caught.append(run)
        return found

    pipeline.claim_tables = watched
    with tempfile.TemporaryDirectory() as place:
        simulation.write_exports(simulation.simulate(papers), Path(place))
        files = pipeline.open_inputs(sorted(Path(place).glob("*.csv")))
        began = time.process_time()
        edition = pipeline.make_edition(pipeline.Plan(study, "b", files, processes=1)).edition
        whole = time.process_time() - began
    print(
        f"papers {papers}: claims take {spent[0] / (whole - spent[0]):.2f} of the run without them"
    )
    show(edition.tables["claims"])
    moved = without_one_percent(caught[0], study)
    show(claim_tables(carried_claims(), moved, study)["claims"])
    lists(caught[0])


def show(claims: pd.DataFrame) -> None:
    for row in claims[claims["section"] == "academia_papers"].itertuples():
        if row.computation.split(" ")[0] in {"total", "institutions", "share", "rank"}:
            print(
                f"  {row.claim_id:<22} {row.published:>7} {row.computed}  {row.verdict}  {row.note}"
            )


def without_one_percent(run: Counted, study: Study) -> Counted:
    """The run with one percent of one university's papers credited to nobody."""
    ours = {a for a, ids in run.credited.by_affiliation.items() if WHO in ids}
    rows = run.corpus.authorships
    named = sorted(set(rows.loc[rows["affiliation_id"].isin(ours), "paper_id"]))
    gone = set(random.Random(1).sample(named, len(named) // 100))
    left_out = rows["paper_id"].isin(gone) & rows["affiliation_id"].isin(ours)
    kept = rows.assign(affiliation_id=rows["affiliation_id"].mask(left_out))
    kept = kept.drop_duplicates(["paper_id", "author_position", "affiliation_id"])
    corpus = replace(run.corpus, authorships=kept)
    scopes = {name: entity.scope for name, entity in run.credited.entities.items()}
    counts = count(corpus.papers, kept, run.credited.by_affiliation, scopes)
    stamp = Stamp("full", "unknown", "SIMULATED")
    ranked, denominator = institutions(corpus.papers, counts, run.credited.entities, study, stamp)
    print(f"  moved: {len(gone)} papers of {WHO}")
    made = {**run.tables, "ranking": ranked}
    return replace(run, corpus=corpus, counts=counts, tables=made, denominator=denominator)


def lists(run: Counted) -> None:
    papers = dict(zip(run.tables["ranking"]["institution_id"], run.tables["ranking"]["papers"]))
    chance = random.Random(1)
    filled = {i: int(papers.get(i, 0)) or chance.randint(1, 9) for i in run.registry.institutions}
    problem = problem_of(
        candidates_of(run.registry, filled, (), 1), carried_constraints("ai_universities")
    )
    began = time.process_time()
    solve(problem)
    one = time.process_time() - began
    began = time.process_time()
    family(problem, 0.01, 100, 2020, 0.25)
    print(
        f"candidates {len(problem.candidates)}: one solve with ties broken {one:.2f} s of CPU,"
        f" the whole proposal {time.process_time() - began:.0f} s"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 52_976)
