"""The report against itself: its contradictions come out computed, not copied."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from bibliometrics.claims.claim_file import ClaimSet, carried_claims, facts_rows
from bibliometrics.claims.consistency import OPERATIONS, consistency_table

FACTS = {row["check_id"]: row for row in facts_rows("consistency.csv")}


def checked(claims: ClaimSet) -> pd.DataFrame:
    return consistency_table(claims, "half_up", "Scopus").set_index("check_id")


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return checked(carried_claims())


def test_every_check_is_there_and_says_what_the_facts_say(table: pd.DataFrame) -> None:
    assert len(table) == 98
    assert (table["basis"] == "computed").sum() == 83
    differing = {c: v for c, v in table["verdict"].items() if v != FACTS[str(c)]["verdict"]}
    assert differing == {}


@pytest.mark.parametrize(
    ("check", "computed"),
    [
        ("ent-580-581", "580/797 = 72.77%, 581/797 = 72.90% is not 72.8%"),
        ("fin-655-653", "653 of 400 to 797 fit all shares"),
        ("rd-131-113", "131 of 1 to 200 fit all shares"),
        ("listed-route-sum", "98"),
        ("ent-797-vs-1189", "797/5386 = 14.80%; 1189/5386 = 22.08%"),
        ("patents-total", "83224-83241"),
        ("papers-mean", "404.4"),
        ("cnnic-population", "14.02"),
        ("conf-growth", "+86, +10.45%"),
        ("alli-190-189", "189"),
        ("province-rest", "55; 54 in the other 18"),
        ("inst-named-sum", "83; 20 elsewhere"),
        ("interval-tsinghua", "1958-1962"),
        ("uni-counts", "298 is the smallest: 97+81+65+55 = 298"),
        ("fin-unit", "15298.06 -> 1529.81"),
        ("rank-order", "3.70 > 3.12 > 3.08 > 3.03 > 2.06"),
        ("pct-ent-world", "14.7976 -> 14.80"),
        ("listed-route-counts", "30%: 15; 25%: none; 22%: 11; 21%: none"),
        ("ucas-vs-zju-gap", "0.97"),
        ("vn-foreign-share", "35.88%"),
        ("inst-14-vs-103", "14 <= 103"),
    ],
)
def test_the_figures_behind_a_verdict(table: pd.DataFrame, check: str, computed: str) -> None:
    assert table.loc[check, "computed"] == computed


@pytest.mark.parametrize(
    ("claim", "value", "check", "verdict"),
    [
        ("conv-app-layer-en", "580", "ent-580-581", "ok"),
        ("fin-enterprises", "653", "fin-655-653", "ok"),
        ("rd-enterprises-footnote", "131", "rd-131-113", "ok"),
        ("conv-route-mna", "23", "listed-route-sum", "ok"),
        ("alli-total", "189", "alli-190-189", "ok"),
        ("majors-total", "216", "majors-sum", "contradiction"),
        ("aiuniv-beijing-share", "13.7", "pct-aiuniv-beijing", "contradiction"),
        ("share-hit", "3.13", "rank-order", "contradiction"),
        ("inst-2018", "76", "edition2019-inst-2018", "external_mismatch"),
        ("papers-institutes", "104", "inst-14-vs-103", "contradiction"),
        ("ent-layer-application", "72.9", "ent-layer-counts", "ok"),
        ("ent-layer-application", "72.9", "ent-layer-share-sum", "contradiction"),
        ("uni-sensetime", "32.56", "uni-sum", "contradiction"),
        ("aiuniv-total", "60", "province-rest", "contradiction"),
        ("ent-caict-china", "797", "ent-797-vs-1189", "ok"),
        ("cnnic-users", "9.05", "cnnic-units", "contradiction"),
    ],
)
def test_another_number_in_the_report_gives_another_verdict(
    claim: str, value: str, check: str, verdict: str
) -> None:
    carried = carried_claims()
    claims = tuple(replace(c, value=value) if c.claim_id == claim else c for c in carried.claims)
    assert checked(replace(carried, claims=claims)).loc[check, "verdict"] == verdict


def test_every_operation_is_used_and_every_used_one_exists() -> None:
    used = {row["operation"] for row in facts_rows("checks.csv")}
    assert used == set(OPERATIONS)


def test_comparisons_of_wording_are_told_as_read(table: pd.DataFrame) -> None:
    read = table[table["basis"] == "read"]
    assert all(str(check).startswith("zhen-") for check in read.index)
