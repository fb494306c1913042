"""Each named computation answers a claim from small tables by hand, or says what it would need."""

from __future__ import annotations

import csv
import hashlib
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest

from bibliometrics.claims import COMPUTATIONS, ClaimSet, carried_claims, claims_of
from bibliometrics.claims.claim_file import COLUMNS, Claim, carried_for, facts_text, read_claims
from bibliometrics.claims.computations import Computed, Figures, Member, compute
from bibliometrics.claims.given_claims import given_claims
from bibliometrics.errors import InputError
from bibliometrics.study.model import Study
from numbers_fixture import with_sections

RANKING = pd.DataFrame(
    [
        # institution, group, province, papers, fractional, first, corresponding, international
        ("a", "universities", "Beijing", 10, 4.5, 3, 2, 5),
        ("b", "universities", "Shanghai", 8, 5.5, 3, 1, 0),
        ("h", "universities", "HK", 9, 6.0, 1, 1, 9),
        ("k", "universities", "HK", 2, 1.0, 1, 1, 1),
        ("m", "universities", "MO", 1, 0.5, 0, 0, 0),
        ("i", "institutes", None, 20, 9.0, 9, 9, 4),
        ("n", "universities", None, 8, 2.0, 2, 2, 2),
    ],
    columns=["institution_id", "group", "province", "papers", "papers_fractional_author",
             "papers_first_author", "papers_corresponding_author", "papers_international"],
)  # fmt: skip
TABLES = {
    "ranking": RANKING,
    "partners": pd.DataFrame({"partner_id": ["x", "y"], "rank": [1, 2], "papers": [7, 3]}),
    "collaborations": pd.DataFrame(
        {"source_id": ["a", "a"], "target_id": ["b", "x"], "papers": [4, 6]}
    ),
    "countries": pd.DataFrame({"country": ["US", "FR"], "papers": [11, 2]}),
    "provinces": pd.DataFrame({"province": ["Beijing", "HK"], "papers": [12, 10]}),
    "years": pd.DataFrame(
        {"year": [2018, 2019], "papers": [15, 25], "papers_international": [4, 6]}
    ),
}
MEMBERS = (
    Member("a", "Beijing", "moe", "1"),
    Member("b", "Shanghai", "moe", "2"),
    Member("c", "Beijing", "provincial", "1"),
    Member("d", "", "other", "3"),
)
PATENTS = {"a": 30, "b": 50, "c": 15, "d": 5}


def claim(computation: str, of: str = "", value: str = "1", claim_id: str = "c") -> Claim:
    cells = dict.fromkeys(COLUMNS, "") | {
        "claim_id": claim_id, "value": value, "computation": computation, "of": of,
    }  # fmt: skip
    return Claim(**cells)


@pytest.fixture
def study(flagship: Study) -> Study:
    return with_sections(flagship, counting={"rule": "full"}, claims={"total_meaning": "distinct"})


def figures(study: Study, **given: object) -> Figures:
    totals = {
        "all_chinese_hits": Fraction(40), "distinct": Fraction(30),
        "sum_over_institutions": Fraction(58),
    }  # fmt: skip
    return Figures(study, TABLES, 40, Fraction(50), totals, **given)


@pytest.mark.parametrize(
    ("computation", "of", "value"),
    [
        ("total", "", 30),
        ("institutions", "all", 7),
        ("institutions", "universities", 6),
        ("institutions", "institutes", 1),
        ("papers", "a", 10),
        ("papers", "absent", 0),
        ("papers_fractional", "a", Fraction(9, 2)),
        ("papers_first_author", "b", 3),
        ("papers_international", "h", 9),
        ("international_share", "a", 50),
        ("share", "a", 20),
        ("share", "absent", 0),
        # Rivals are of the same group and place: h is not before a, nor is the institute.
        ("rank", "a", 1),
        ("rank", "b", 2),
        ("rank", "n", 2),
        ("rank", "h", 1),
        ("rank", "k", 2),
        ("rank", "m", 1),
        ("rank", "i", 1),
        ("partner_position", "y", 2),
        ("partner_papers", "x", 7),
        ("partner_papers", "absent", 0),
        ("pair_papers", "a|b", 4),
        ("pair_papers", " x | a ", 6),
        ("pair_papers", "b|x", 0),
        ("country_papers", "FR", 2),
        ("country_papers", "DE", 0),
        ("province_papers", "HK", 10),
        ("province_papers", "Hunan", 0),
        ("year_papers", " 2018 ", 15),
        ("year_papers", "2017", 0),
        ("corpus_papers", "", 40),
        ("corpus_international_share", "", 25),
        ("list_count", "ai_universities", 4),
        ("list_provinces", "ai_universities", 2),
        ("list_province", "ai_universities|Beijing", 2),
        ("list_authority", "ai_universities|moe", 2),
        ("list_round", "ai_universities|1", 2),
        ("list_province_share", "ai_universities|Shanghai", 25),
        ("list_authority_share", "ai_universities|moe", 50),
        ("patents_top", "2", 80),
        ("patents_top_share", "3", 95),
    ],
)
def test_a_claim_is_answered_by_its_computation(
    study: Study, computation: str, of: str, value: int
) -> None:
    given = figures(study, lists={"ai_universities": MEMBERS}, patents=PATENTS)
    found = compute(claim(computation, of), given)
    assert (found.value, found.text, found.needs_en, found.needs_zh) == (value, "", "", "")


def test_what_a_query_asks_is_counted(study: Study) -> None:
    asked = figures(study)
    query = study.query
    for computation, options in (
        ("query_keywords", query.keywords), ("query_fields", query.fields),
        ("query_document_types", query.document_types), ("query_source_types", query.source_types),
    ):  # fmt: skip
        assert compute(claim(computation), asked).value == len(options)
    assert compute(claim("query_end_date"), asked).text == query.end_date.isoformat()


def test_a_share_says_what_it_was_made_of_and_whose_it_is(study: Study) -> None:
    found = compute(claim("share", "a"), figures(study))
    assert (found.count, found.denominator, found.institution_id) == (10, 50, "a")
    abroad = compute(claim("international_share", "a"), figures(study))
    assert (abroad.count, abroad.denominator, abroad.institution_id) == (5, 10, "a")
    for computation in ("papers", "rank"):
        assert compute(claim(computation, "a"), figures(study)).institution_id == "a"
    assert compute(claim("papers", "absent"), figures(study)).institution_id == "absent"


@pytest.mark.parametrize(
    ("rule", "share", "rank_of_b"),
    [("full", 20, 2), ("fractional", 9, 1), ("first_affiliation", 6, 1),
     ("corresponding_affiliation", 4, 3)],
)  # fmt: skip
def test_shares_and_ranks_are_by_the_studys_rule(
    study: Study, rule: str, share: int, rank_of_b: int
) -> None:
    other = figures(with_sections(study, counting={"rule": rule}))
    assert compute(claim("share", "a"), other).value == share
    assert compute(claim("rank", "b"), other).value == rank_of_b


def test_outside_china_all_institutions_of_a_group_are_rivals(study: Study) -> None:
    other = figures(with_sections(study, geography={"country": "DE"}))
    assert [compute(claim("rank", who), other).value for who in "ahbmi"] == [1, 2, 3, 6, 1]


@pytest.mark.parametrize(
    ("computation", "of", "needs"),
    [
        ("", "", "figures outside a bibliographic corpus"),
        ("rank", "absent", "a paper of this institution"),
        ("partner_position", "absent", "a joint paper with this partner"),
        ("international_share", "absent", "a paper to divide by"),
        (
            "list_count",
            "ai_universities",
            "the list itself: bibliometrics validate cingai-2020 --list FILE --of ai_univ",
        ),
        ("list_provinces", "ai_universities", "the list itself"),
        ("list_province", "ai_universities|Beijing", "the list itself"),
        ("list_province_share", "ai_universities|Beijing", "the list itself"),
        (
            "patents_top",
            "10",
            "the institutes' patents: bibliometrics validate cingai-2020 --patents FILE",
        ),
        ("patents_top_share", "10", "the institutes' patents"),
    ],
)
def test_what_cannot_be_computed_says_what_it_needs_in_both_languages(
    study: Study, computation: str, of: str, needs: str
) -> None:
    found = compute(claim(computation, of), figures(study))
    assert found.value is None
    assert found.needs_en.startswith(needs)
    assert found.needs_zh
    assert not found.needs_zh.isascii()


def test_an_unknown_meaning_of_the_total_is_no_figure(study: Study) -> None:
    open_ = figures(with_sections(study, claims={"total_meaning": "unknown"}))
    assert compute(claim("total"), open_) == Computed(
        needs_en="the meaning of the total: see total_meanings",
        needs_zh="总数的含义：见 total_meanings",
    )


def test_a_count_the_source_cannot_give_says_which_records_would(study: Study) -> None:
    blank = RANKING.assign(papers_fractional_author=pd.NA, papers_corresponding_author=pd.NA)
    for rule, needs in (
        ("fractional", "affiliations tied to authors"),
        ("corresponding_affiliation", "records that say who corresponds"),
    ):
        other = with_sections(study, counting={"rule": rule})
        silent = Figures(other, TABLES | {"ranking": blank}, 40, Fraction(50), {})
        for computation in ("share", "rank"):
            found = compute(claim(computation, "a"), silent)
            assert found.value is None
            assert found.needs_en.startswith(needs)
            assert not found.needs_zh.isascii()


def test_rounds_are_counted_only_where_the_list_gives_all_of_them(study: Study) -> None:
    half = (*MEMBERS[:3], Member("d", "Hunan", "moe", ""))
    given = figures(study, lists={"majors": half})
    found = compute(claim("list_round", "majors|1"), given)
    assert found.needs_en == "a column `round` in the list"
    assert not found.needs_zh.isascii()
    assert compute(claim("list_province", "majors|"), given).value == 0


def test_no_patents_at_all_have_no_share(study: Study) -> None:
    found = compute(claim("patents_top_share", "10"), figures(study, patents={}))
    assert found.needs_en == "a paper to divide by: there is none"


def test_a_list_and_patents_answer_just_their_claims(study: Study) -> None:
    claims = ClaimSet(
        "r", "",
        (
            claim("list_count", "ai_universities", "4", "size"),
            claim("list_provinces", "ai_universities", "3", "provinces"),
            claim("list_count", "institutes", "9", "other list"),
            claim("patents_top_share", "2", "80.0", "patents"),
            claim("share", "a", "20", "share"),
        ),
    )  # fmt: skip
    told = list(given_claims(claims, study, {"ai_universities": MEMBERS}, PATENTS))
    assert told == [
        ("size", "4", "4", "reproduced"),
        ("provinces", "3", "2", "not reproduced"),
        ("patents", "80.0", "80.000", "reproduced"),
    ]


def test_the_carried_claims_are_those_of_the_facts_with_their_computations() -> None:
    claims = carried_claims()
    assert claims.report == "cingai-2020"
    text = facts_text("claims.csv") + facts_text("computations.csv")
    assert claims.sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert claims.published("share-tsinghua") == "3.70"
    by_id = {each.claim_id: each for each in claims.claims}
    rows = list(csv.DictReader(facts_text("claims.csv").splitlines()))
    assert [each.claim_id for each in claims.claims] == [row["claim_id"] for row in rows]
    assert (by_id["share-tsinghua"].computation, by_id["share-tsinghua"].of) == (
        "share", "tsinghua-university",
    )  # fmt: skip
    without = [each for each in claims.claims if not each.computation]
    assert without
    assert all(each.of == "" for each in without)


def test_a_study_compares_itself_with_the_report_of_its_name_or_the_one_it_asks_for(
    flagship: Study,
) -> None:
    by_name = with_sections(flagship, claims={"report": "by_study_name"})
    assert carried_for(by_name) is not None
    other = by_name.model_copy(
        update={"study": by_name.study.model_copy(update={"name": "another"})}
    )
    assert carried_for(other) is None
    assert carried_for(with_sections(other, claims={"report": "cingai-2020"})) is not None
    assert carried_for(with_sections(flagship, claims={"report": "none"})) is None


NAMES = frozenset(COMPUTATIONS)


def test_a_file_of_claims_is_read_cell_by_cell(tmp_path: Path) -> None:
    text = (
        "\ufeffclaim_id,value,computation,of,unit,further\r\n"
        'a, 3.70 ,share,tsinghua-university,percent,"x"\r\nb,1,,,\r\n'
    )
    path = tmp_path / "r.claims.csv"
    path.write_bytes(text.encode())
    claims = claims_of(path.read_bytes(), path.name)
    first, second = claims.claims
    assert (first.value, first.unit, first.of, first.note) == (
        "3.70", "percent", "tsinghua-university", "",
    )  # fmt: skip
    assert (second.claim_id, second.computation) == ("b", "")
    assert claims.report == "r.claims.csv"
    assert claims.sha256 == hashlib.sha256(text.encode()).hexdigest()


def test_lines_may_end_as_on_any_machine() -> None:
    for end in ("\n", "\r\n", "\r"):
        text = end.join(("claim_id,value,computation", "a,1,", "b,2,"))
        assert [each.value for each in read_claims(text, "x", NAMES).claims] == ["1", "2"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "lacks the columns claim_id, value, computation"),
        ("claim_id,value\n", "lacks the column computation"),
        ("claim_id,value,computation\n,1,\n", "row 1: claim_id '' is empty or stands twice"),
        (
            "claim_id,value,computation\na,1,\na,2,\n",
            "row 2: claim_id 'a' is empty or stands twice",
        ),
        ("claim_id,value,computation\na,,\n", "row 1, value: 'a' claims nothing"),
        ("claim_id,value,computation\na,1,guess\n", "row 1, computation: 'guess' is not known"),
    ],
)
def test_a_fault_in_a_file_of_claims_is_told_with_its_row(text: str, says: str) -> None:
    with pytest.raises(InputError) as told:
        read_claims(text, "made.csv", NAMES)
    assert says in str(told.value)
    assert "made.csv" in str(told.value)


def test_of_many_faults_twenty_are_listed_and_all_are_counted() -> None:
    rows = "".join(f"c{n},,\n" for n in range(25))
    with pytest.raises(InputError) as told:
        read_claims("claim_id,value,computation\n" + rows, "made.csv", NAMES)
    assert "25 faults" in str(told.value)
    assert str(told.value).count("claims nothing") == 20
