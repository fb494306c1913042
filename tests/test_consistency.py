"""The report against itself: its contradictions come out computed, not copied."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from bibliometrics.claims import printed
from bibliometrics.claims.claim_file import ClaimSet, carried_claims, facts_rows
from bibliometrics.claims.consistency import OPERATIONS, Check, consistency_table
from bibliometrics.errors import InvariantError

FACTS = {row["check_id"]: row for row in facts_rows("consistency.csv")}


def checked(claims: ClaimSet) -> pd.DataFrame:
    return consistency_table(claims, "half_up", "Scopus").set_index("check_id")


@pytest.fixture
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


def check(of: str, against: str = "") -> Check:
    numbers = [tuple(filter(None, map(printed.parse, text.split()))) for text in (of, against)]
    return Check(numbers[0], numbers[1], "half_up")


@pytest.mark.parametrize(
    ("operation", "of", "against", "told", "holds"),
    [
        ("sum", "1.5 2.25", "", "3.75", True),
        ("sum", "1 2", "4", "3", False),
        ("rest", "3 4", "7", "7; 0 elsewhere", True),
        ("rest", "3 4", "6", "7; -1 elsewhere", False),
        ("rest", "3 4", "9 4", "7; 2 in the other 2", True),
        ("rest", "3 4", "8 4", "7; 1 in the other 2", False),
        ("rest", "3 4", "7 2", "7; 0 in the other 0", True),
        ("rest", "3 4", "8 1", "7; 1 in the other -1", False),
        ("descending", "3 2 1", "", "3 > 2 > 1", True),
        ("descending", "3 2 2", "", "3 > 2 > 2", False),
        ("percent", "1 8", "12.5", "12.5000 -> 12.5", True),
        ("ratio", "9.04", "64.5", "14.02", True),
        ("ratio", "3", "4", "75.00%", True),
        ("ratio", "4", "4", "1.00", True),
        ("ratio", "7", "3", "2.33", True),
        ("ratio", "200", "2", "100.00", True),
        ("ratio", "201", "2", "100.5", True),
        ("ratio", "9", "1 2", "3.00", True),
        ("difference", "5.0 2.25", "", "2.75", True),
        ("growth", "8 10", "", "-2, -20.00%", True),
        ("growth", "10 10", "", "+0, +0.00%", True),
        ("growth", "12 10", "", "+2, +20.00%", True),
        ("at_most", "3", "3", "3 <= 3", True),
        ("at_most", "4", "3", "4 <= 3", False),
        ("count_interval", "25", "50", "13-12", False),
        ("whole_behind", "10", "25", "40-40", True),
        ("whole_behind", "1", "99", "none", False),
        ("only_denominator", "33.3", "3 2 5", "3 of 2 to 5 fit all shares", True),
        ("only_denominator", "33.3", "4 4 5", "none of 4 to 5 fit all shares", False),
        ("least_denominator", "33.3 66.7", "1 9", "3 is the smallest: 1+2 = 3", True),
        ("least_denominator", "33.3 33.3", "1 9", "3 is the smallest: 1+1 = 2", False),
        ("least_denominator", "33.3", "1 2", "none", False),
        ("same_share", "1 2", "4", "1/4 = 25.00%; 2/4 = 50.00%", False),
        ("same_count", "1 2", "25 4", "1/4 = 25.00%, 2/4 = 50.00% is not 25%", False),
        ("in_units", "15298.06", "10 1529.81", "15298.06 -> 1529.81", True),
        ("in_units", "130000", "10000 14", "130000 -> 13", False),
        ("other_sets", "1 2", "", "1 and 2: counts of different things", True),
        ("undecided", "1", "", "cannot be decided from the text: see total_meanings", True),
    ],
)
def test_each_operation_says_what_it_found(
    operation: str, of: str, against: str, told: str, holds: bool
) -> None:
    assert OPERATIONS[operation](check(of, against)) == (told, holds)


def test_a_check_on_what_is_no_number_is_a_fault_of_the_program() -> None:
    carried = carried_claims()
    claims = tuple(
        replace(c, value="many") if c.claim_id == "majors-2018" else c for c in carried.claims
    )
    with pytest.raises(InvariantError) as caught:
        checked(replace(carried, claims=claims))
    assert caught.value.what == "majors-2018 is not a number"
    assert caught.value.where == "facts/checks.csv"


def test_a_row_carries_its_basis_note_and_source(table: pd.DataFrame) -> None:
    assert (table["source"] == "Scopus").all()
    row = table.loc["zhen-or"]
    assert (row["basis"], row["computed"]) == ("read", FACTS["zhen-or"]["computed"])
    assert table.loc["ent-580-581", "note"] == FACTS["ent-580-581"]["note"]
    assert set(table["basis"]) == {"read", "computed"}
    assert table.loc["auth-share-sum", "stated"] == "100"


def test_every_operation_is_used_and_every_used_one_exists() -> None:
    used = {row["operation"] for row in facts_rows("checks.csv")}
    assert used == set(OPERATIONS)


def test_comparisons_of_wording_are_told_as_read(table: pd.DataFrame) -> None:
    read = table[table["basis"] == "read"]
    assert all(str(check).startswith("zhen-") for check in read.index)
