"""A second report as claims beside a study: the NCSES tables of AI articles."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from bibliometrics.claims import claims_of
from bibliometrics.pipeline import Plan, make_edition, open_inputs
from bibliometrics.study.file import load_study
from conftest import ROOT, SHARED, export_row

CLAIMS = ROOT / "queries" / "ncses-ai.claims.csv"
TABLE = SHARED / "data" / "reference" / "ncses_10064.csv"


def test_its_claims_stand_in_the_published_table() -> None:
    if not TABLE.is_file():
        pytest.skip("the NCSES tables are not here")
    with TABLE.open(encoding="utf-8") as lines:
        published = {row["institution"]: row for row in csv.DictReader(lines)}
    claims = [
        c
        for c in claims_of(CLAIMS.read_bytes(), CLAIMS.name).claims
        if c.claim_id.startswith("whole-")
    ]
    assert len(claims) == 11
    for claim in claims:
        assert published[claim.subject]["number_of_papers_whole_"] == claim.value


def test_a_run_answers_what_can_be_computed_and_says_what_cannot(
    write_export: Callable[..., Path],
) -> None:
    tsinghua = "School of Software, Tsinghua University, Beijing, 100084, China"
    beihang = "School of Software, Beihang University, Beijing, 100191, China"
    both = export_row(
        1, **{"Authors with affiliations": f"Li W., {tsinghua}; Wu Q., {beihang}",
              "Affiliations": f"{tsinghua}; {beihang}"}
    )  # fmt: skip
    path = write_export([both, export_row(2)])
    study = load_study(ROOT / "queries" / "ncses-ai.toml")
    plan = Plan(study, "e", open_inputs([path]), claims=claims_of(CLAIMS.read_bytes(), CLAIMS.name))
    claims = make_edition(plan).edition.tables["claims"].set_index("claim_id")
    assert claims.loc["whole-tsinghua", "computed"] == "2"
    assert claims.loc["whole-tsinghua", "difference"] == "-7335"
    assert claims.loc["whole-tsinghua", "verdict"] == "not reproduced"
    assert claims.loc["fractional-tsinghua", "computed"] == "1.50"
    assert claims.loc["rank-tsinghua", "verdict"] == "reproduced"
    assert claims.loc["pair-beihang-tsinghua", "computed"] == "1"
    assert claims.loc["china-whole", "computed"] == "2"
    assert claims.loc["international-tsinghua", "computed"] == "0.000"
    assert claims.loc["china-fractional", "verdict"] == "not computable"
    assert claims.loc["rank-beihang", "computed"] == "2"
