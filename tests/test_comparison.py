"""Every change between two editions has its causes, and their parts sum to it."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibliometrics import store
from bibliometrics.attribution import HumanDecision
from bibliometrics.comparison import compare, unlike_stored
from bibliometrics.comparison.shapley import shapley
from bibliometrics.editions import making as editions
from bibliometrics.editions import stored
from bibliometrics.errors import EditionError
from bibliometrics.pipeline import Plan, open_inputs
from bibliometrics.study.model import Study
from comparison_fixture import FUDAN, HARBIN, TSINGHUA, Editions, paper, parts
from conftest import HEADER, WriteExport, with_options

T, H, F = "tsinghua-university", "harbin-institute-of-technology", "fudan-university"


@pytest.fixture
def made(tmp_path: Path, write_export: WriteExport, flagship: Study) -> Editions:
    return Editions(tmp_path, write_export, flagship)


BASE = [paper(1, TSINGHUA), paper(2, TSINGHUA, HARBIN), paper(3, HARBIN), paper(4, FUDAN)]


def test_nothing_changed(made: Editions) -> None:
    found = made.compare(made.make("a", BASE), made.make("b", BASE))
    assert found.players == ()
    assert parts(found) == {}
    assert (found.tables["changes"]["papers_change"] == 0).all()
    assert found.tables["changed_papers"].empty
    assert found.tables["causes"]["acted"].sum() == 0
    assert "as before" in found.tables["changes"]["says_en"].iloc[0]


def test_an_old_paper_indexed_since_a_new_year_and_a_paper_gone(made: Editions) -> None:
    old = made.make("a", BASE, query={"end_date": "2019-12-31"})
    new = made.make(
        "b",
        [*BASE[1:], paper(5, TSINGHUA, Year="2018"), paper(6, HARBIN, Year="2020")],
        query={"end_date": "2020-12-31"},
    )
    found = made.compare(old, new)
    assert found.players == ("new_years", "newly_indexed", "papers_gone")
    assert parts(found) == {
        T: {"newly_indexed": 1, "papers_gone": -1}, H: {"new_years": 1},
    }  # fmt: skip
    options = found.tables["changed_options"].set_index("option")["cause"].to_dict()
    assert options == {"query.end_date": "new_years"}
    shares = found.tables["changes"].set_index("institution_id")
    assert shares.loc[F, "share_change"] == pytest.approx(1 / 5 - 1 / 4)
    assert shares.loc[F, "share_change_own"] == pytest.approx(0)
    assert shares.loc[H, "share_change_low"] <= shares.loc[H, "share_change_high"]


def test_a_record_whose_affiliation_was_parsed_anew(made: Editions) -> None:
    found = made.compare(made.make("a", BASE), made.make("b", [*BASE[:3], paper(4, HARBIN)]))
    assert found.players == ("record_changed",)
    assert parts(found) == {H: {"record_changed": 1}, F: {"record_changed": -1}}
    moved = found.tables["changed_papers"].iloc[0]
    assert (moved["institutions_before"], moved["institutions_after"]) == (F, H)
    # No cause of sampling acted, so no word of sampling is said.
    assert found.tables["changes"]["share_change_low"].isna().all()


def test_a_retracted_article_and_an_old_paper_with_new_index_terms_are_changed_records(
    made: Editions,
) -> None:
    unmatched = paper(7, FUDAN, Title="On gardens", Abstract="Of cats.")
    matched = unmatched | {"Index Keywords": "machine learning"}
    retracted = BASE[0] | {"Document Type": "Retracted"}
    found = made.compare(
        made.make("a", [*BASE, unmatched]), made.make("b", [retracted, *BASE[1:], matched])
    )
    assert found.players == ("record_changed",)
    assert parts(found) == {T: {"record_changed": -1}, F: {"record_changed": 1}}


def test_a_merged_eid_is_the_same_paper(made: Editions) -> None:
    merged = BASE[0] | {"EID": "2-s2.0-999", "Link": ""}
    found = made.compare(made.make("a", BASE), made.make("b", [merged, *BASE[1:]]))
    assert parts(found) == {}
    assert found.tables["changed_papers"].empty


def test_an_eid_and_doi_that_changed_are_linked_by_title_within_two_years(made: Editions) -> None:
    title = {"Title": "Machine learning of very long names"}
    old = paper(1, TSINGHUA, **title)
    near = paper(91, TSINGHUA, Year="2018", **title)
    far = paper(91, TSINGHUA, Year="2010", **title)
    before = made.make("a", [old, *BASE[1:]])
    assert made.compare(before, made.make("b", [near, *BASE[1:]])).players == ("record_changed",)
    assert made.compare(before, made.make("c", [far, *BASE[1:]])).players == (
        "newly_indexed", "papers_gone",
    )  # fmt: skip


def test_a_keyword_dropped_from_the_query(made: Editions) -> None:
    robots = paper(8, FUDAN, Title="On a robot")
    old = made.make("a", [*BASE, robots])
    kept = ["Artificial Intelligence", "Machine learning"]
    new = made.make("b", [*BASE, robots], query={"keywords": kept})
    assert parts(made.compare(old, new)) == {F: {"query": -1}}
    assert parts(made.compare(new, old)) == {F: {"query": 1}}


def test_a_new_year_that_only_the_new_query_finds_is_shared_by_both(made: Editions) -> None:
    late = paper(9, FUDAN, Title="On a robot", Year="2020")
    old = made.make("a", BASE, query={"keywords": ["Machine learning"]})
    new = made.make(
        "b", [*BASE, late],
        query={"keywords": ["Machine learning", "robot"], "end_date": "2020-12-31"},
    )  # fmt: skip
    found = made.compare(old, new)
    assert parts(found) == {F: {"new_years": 0.5, "query": 0.5}}
    row = found.tables["change_parts"].query("institution_id == @F and cause == 'query'").iloc[0]
    assert (row["part_least"], row["part_most"]) == (0, 1)


def test_a_decision_moves_a_string(made: Editions) -> None:
    works = "Unheard-of Works, Harbin, China"
    rows = [*BASE, paper(10, works)]
    decided = (HumanDecision(works, None, (H,), "Li Wei", "2026-11-24", "their annual report"),)
    found = made.compare(made.make("a", rows), made.make("b", rows, decisions=decided))
    assert found.players == ("registry",)
    assert parts(found) == {H: {"registry": 1}}
    string = found.tables["changed_strings"].iloc[0]
    assert (string["affiliation"], string["counted_after"], string["rule_after"]) == (
        works, H, "human-decision",
    )  # fmt: skip


def test_another_counting_rule_is_policy_and_moves_the_share_alone(made: Editions) -> None:
    found = made.compare(
        made.make("a", BASE), made.make("b", BASE, counting={"rule": "fractional"})
    )
    assert found.players == ("policy",)
    assert parts(found) == {}
    shares = parts(found, "share")
    assert shares[T]["policy"] == pytest.approx(1.5 / 4 - 2 / 4)
    assert F not in shares


def test_figures_that_another_version_printed_are_the_softwares(made: Editions) -> None:
    old, new = made.make("a", BASE), made.make("b", BASE)
    path = old / "tables" / "ranking.csv"
    lines = path.read_text(encoding="utf-8").replace(",0.25,", ",0.2,", 1)
    path.write_text(lines, encoding="utf-8")
    found = made.compare(old, new)
    assert found.players == ("software",)
    assert parts(found, "share") == {F: {"software": pytest.approx(0.05)}}


def test_a_rise_by_the_fall_of_another_is_not_ones_own(made: Editions) -> None:
    ahead = [*BASE, paper(11, TSINGHUA)]
    found = made.compare(made.make("a", ahead), made.make("b", BASE[1:]))
    ranks = found.tables["changes"].set_index("institution_id")
    assert ranks.loc[H, ["rank_before", "rank_after"]].tolist() == [2, 1]
    assert ranks.loc[T, "rank_change"] == 1
    assert ranks.loc[T, "rank_change_own"] + ranks.loc[T, "rank_change_others"] == 1


def test_every_part_sums_to_its_change(made: Editions) -> None:
    rows = [paper(n, *[TSINGHUA, HARBIN, FUDAN][n % 3 :]) for n in range(30)]
    later = [
        *rows[4:20], *[row | {"Document Type": "Review"} for row in rows[20:25]],
        *[paper(n, FUDAN, HARBIN) for n in range(25, 30)],
        *[paper(n, TSINGHUA, Year=str(2016 + n % 6)) for n in range(40, 60)],
    ]  # fmt: skip
    found = made.compare(
        made.make("a", rows),
        made.make(
            "b", later, query={"end_date": "2020-12-31"},
            counting={"share_denominator": "sum_over_institutions"},
        ),
    )  # fmt: skip
    changes = found.tables["changes"].set_index("institution_id")
    for figure in ("papers", "share"):
        frame = found.tables["change_parts"].query("figure == @figure")
        summed = frame.groupby("institution_id")["part"].sum()
        assert np.allclose(
            summed.astype(float), changes.loc[summed.index, f"{figure}_change"].astype(float),
            rtol=0, atol=1e-9,
        )  # fmt: skip
        assert (frame["part_least"] <= frame["part"] + 1e-9).all()
        assert (frame["part"] <= frame["part_most"] + 1e-9).all()


@given(
    st.integers(0, 4).flatmap(
        lambda n: st.lists(
            st.lists(st.integers(-50, 50), min_size=2, max_size=2),
            min_size=2**n, max_size=2**n,
        )
    )
)  # fmt: skip
def test_the_average_is_that_over_all_orders(values: list[list[int]]) -> None:
    table = np.array(values, dtype=np.int64)
    n = len(values).bit_length() - 1
    steps = []
    for order in itertools.permutations(range(n)):
        state, row = 0, np.zeros((n, 2))
        for cause in order:
            row[cause] = table[state | 1 << cause] - table[state]
            state |= 1 << cause
        steps.append(row)
    split = shapley(table)
    if n:
        assert np.allclose(split.average, np.mean(steps, axis=0), rtol=0, atol=1e-9)
        assert (split.least == np.min(steps, axis=0)).all()
        assert (split.most == np.max(steps, axis=0)).all()
    assert split.average.shape == (n, 2)


def test_an_edition_that_cannot_be_compared_says_why(made: Editions) -> None:
    empty = made.make("empty", [])
    whole = made.make("whole", BASE)
    with pytest.raises(EditionError, match="no papers"):
        made.compare(empty, whole)
    (whole / "corpus" / "registry.json.gz").write_bytes(b"torn")
    with pytest.raises(EditionError, match="registry kept with the edition cannot be read"):
        stored.side(stored.read(whole))
    assert store.is_finished(whole)
    assert editions.latest(whole.parent.parent, "cingai-2020")[0]


@pytest.mark.parametrize("says_who", [True, False])
def test_the_corresponding_author_is_recounted_as_the_ranking_counts(
    made: Editions, tmp_path: Path, write_export: WriteExport, flagship: Study, says_who: bool
) -> None:
    corresponds = {"Correspondence Address": f"A1 X.; {HARBIN}; email: a@b.cn"}
    rows = [paper(1, TSINGHUA, HARBIN, **corresponds), paper(2, TSINGHUA, FUDAN, **corresponds)]
    header = [*HEADER, "Correspondence Address"] if says_who else HEADER
    study = with_options(
        flagship, thresholds={"rank_floor": 1}, counting={"rule": "corresponding_affiliation"}
    )
    export = open_inputs([write_export(rows, header=header)])
    edition = editions.run(Plan(study, "e", export), tmp_path / "out").folder
    side = stored.side(stored.read(edition))
    shares = side.tables["ranking"].set_index("institution_id")["share"]
    if says_who:
        assert shares.to_dict() == {H: 0.5, F: 0.5, T: 0.0}
    else:
        assert shares.isna().all()
    assert unlike_stored(side) == ()
    assert parts(compare(side, side), "share") == {}
