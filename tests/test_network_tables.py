"""Communities and their firmness, chance and backbone, brokerage, concentration, change, indices."""

from __future__ import annotations

import math
import tomllib

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bibliometrics.attribution.entities import Entity
from bibliometrics.counting.cooccurrence import pairs
from bibliometrics.counting.ranking import Stamp
from bibliometrics.network import backbone, brokerage, tie_list
from bibliometrics.network.atlas import weight_of_many
from bibliometrics.network.change import change, windows
from bibliometrics.network.concentration import concentration
from bibliometrics.network.domestic_graph import domestic, stability
from bibliometrics.network.international import collaboration_indices
from bibliometrics.network.tables import tables
from bibliometrics.study.choices import choices
from bibliometrics.study.model import Study
from conftest import ROOT
from numbers_fixture import credits_of

STAMP = Stamp("full", "unknown", "SIMULATED")


def study(**network: object) -> Study:
    raw = tomllib.loads((ROOT / "queries" / "cingai-2020.toml").read_text(encoding="utf-8"))
    raw["network"] = {**raw["network"], **network}
    return Study.model_validate(raw)


def entity(name: str) -> Entity:
    scope = "foreign" if name.startswith("x-") else "domestic"
    return Entity(name, f"Name of {name}", "", scope, "universities", "university", "Beijing",
                  "moe", "CN", "CN", scope)  # fmt: skip


def made(
    papers: list[set[str]], years: list[int] | None = None, **network: object
) -> dict[str, pd.DataFrame]:
    credits_ = credits_of(papers)
    frame = pd.DataFrame(
        {"paper_id": [f"p{n}" for n in range(len(papers))], "year": years or [2019] * len(papers)}
    ).astype({"paper_id": "string", "year": "Int64"})
    ties = pairs(credits_)
    asked = study(**network)
    graph = domestic(credits_, ties, asked)
    known = {name: entity(name) for name in credits_["institution_id"].unique()}
    return tables(frame, credits_, credits_, ties, graph, known, asked, STAMP)


CLIQUES = 12 * [{"a", "b"}, {"b", "c"}, {"a", "c"}, {"d", "e"}, {"e", "f"}, {"d", "f"}] + [
    {"c", "d"}, {"a"}, {"g"}, {"a", "x-1"},
]  # fmt: skip


def test_the_tables_of_two_cliques_and_a_bridge() -> None:
    found = made(CLIQUES)
    measures = found["network_measures"].set_index("institution_id")
    assert measures["community"].dropna().to_dict() == dict(
        zip("abcdef", [1, 1, 1, 2, 2, 2], strict=True)
    )
    assert pd.isna(measures.loc["g", "community"])
    assert measures.loc["g", "pagerank"] > 0
    assert "x-1" not in measures.index
    assert measures["strength_abroad"].to_dict()["a"] == 1
    assert measures["betweenness"].idxmax() in {"c", "d"}
    # Whatever papers are drawn, the cliques stay together.
    assert (measures["community_stability"].dropna() == 1).all()
    communities = found["communities"]
    assert communities["members_ids"].tolist() == ["a|c|b", "d|e|f"]
    assert communities["largest_id"].tolist() == ["a", "d"]
    assert communities["weight_internal"].tolist() == [36, 36]
    assert communities["weight_external"].tolist() == [1, 1]
    assert communities["papers"].tolist() == [39, 37]
    assert (communities["stability_seeds"] == 1).all()


def test_fewer_than_ten_papers_make_no_closest_partner() -> None:
    found = made([*10 * [{"a", "b"}], *9 * [{"c", "d"}], {"a", "c"}])
    closest = found["network_measures"].set_index("institution_id")["closest_id"]
    assert closest.dropna().to_dict() == {"a": "b", "b": "a"}


def test_a_corpus_without_ties_or_institutions_has_empty_tables() -> None:
    for papers in ([{"a"}, {"b"}], [{"x-1"}], [{"x-1", "x-2"}]):
        found = made(papers)
        assert found["communities"].empty
        assert found["backbone"].empty
        assert found["network_measures"]["community"].isna().all()
    lone = made([{"a"}, {"b"}])["network_measures"]
    assert lone["pagerank"].tolist() == [0.5, 0.5]


names = st.sampled_from(["a", "b", "c", "d", "e", "x-1", "x-2"])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sets(names, min_size=1), min_size=1, max_size=25))
def test_tables_hold_for_any_papers(papers: list[set[str]]) -> None:
    found = made(papers, resamples=10)
    measures = found["network_measures"]
    institutions = {name for paper in papers for name in paper if not name.startswith("x-")}
    assert set(measures["institution_id"]) == institutions
    if institutions:
        assert measures["pagerank"].sum() == pytest.approx(1)
        assert measures["eigenvector"].max() == pytest.approx(1)
    both = measures["strength"] + measures["strength_abroad"]
    for name, total in zip(measures["institution_id"], both, strict=True):
        # Fractional: a domestic institution's strength, abroad included, is its shared papers.
        assert total == pytest.approx(sum(name in p and len(p) > 1 for p in papers))
    tied = measures[measures["degree"] > 0]
    assert tied["community"].notna().all()
    assert tied["participation"].between(-1e-9, 1).all()
    communities = found["communities"]
    assert communities["members"].sum() == len(tied)
    for column in ("stability_seeds", "stability_bootstrap"):
        assert communities[column].dropna().between(0, 1).all()
    internal, external = communities["weight_internal"].sum(), communities["weight_external"].sum()
    assert 2 * internal + external == pytest.approx(measures["strength"].sum())


def test_an_unsure_grouping_is_less_stable_than_a_sure_one() -> None:
    ring = [{f"i{n}", f"i{(n + 1) % 12}"} for n in range(12)]
    papers = pd.DataFrame({"paper_id": [f"p{n}" for n in range(len(ring))], "year": 2019})
    credits_ = credits_of(ring)
    graph = domestic(credits_, pairs(credits_), study())
    stable, groups = stability(papers, credits_, graph, study())
    assert np.nanmax(stable) < 0.95
    assert all(resampled < 0.95 for _, resampled in groups.values())


def random_ties(seed: int, papers: int, institutions: int) -> tuple[list[set[str]], pd.DataFrame]:
    rng = np.random.default_rng(seed)
    weight = rng.pareto(1.5, institutions) + 1
    drawn = [
        {f"i{n:02}" for n in rng.choice(institutions, rng.integers(2, 5), False, weight / weight.sum())}
        for _ in range(papers)
    ]  # fmt: skip
    return drawn, pairs(credits_of(drawn))


def test_ties_made_by_chance_are_seldom_above_it_and_a_planted_one_is() -> None:
    drawn, ties = random_ties(3, 1_500, 40)
    found = made(drawn)["backbone"]
    assert not (found["is_above_chance"] == "yes").any()
    full = tie_list(
        set(ties["source_id"]) | set(ties["target_id"]),
        ties["source_id"], ties["target_id"], ties["papers"],
    )  # fmt: skip
    value = backbone.chance(full, len(drawn))
    assert (value < 0.05).mean() < 0.05
    assert backbone.expected(full).sum() <= full.weight.sum() * 1.001
    planted = made([*drawn, *40 * [{"i38", "i39"}]])["backbone"]
    above = planted[planted["is_above_chance"] == "yes"]
    assert above[["source_id", "target_id"]].to_numpy().tolist() == [["i38", "i39"]]


def test_the_corrected_expectation_sums_to_the_pairs_that_there_are() -> None:
    # Every pair of a complete graph is there, so the sum over ties is the sum over pairs.
    nodes = ["a", "b", "c", "d"]
    edges = [(a, b) for a in nodes for b in nodes if a < b]
    weights = [5, 1, 2, 7, 1, 3]
    ties = tie_list(nodes, [a for a, _ in edges], [b for _, b in edges], weights)
    assert backbone.expected(ties).sum() == pytest.approx(sum(weights))
    two = tie_list("ab", ["a"], ["b"], [7])
    assert backbone.expected(two).tolist() == [7]


def test_the_disparity_filter_by_hand() -> None:
    # A star of four: the centre deals 9, 1, 1, 1 over four ties; its ends have one tie each.
    ties = tie_list("abcde", ["a"] * 4, ["b", "c", "d", "e"], [9, 1, 1, 1])
    assert backbone.disparity(ties) == pytest.approx([(3 / 12) ** 3, *3 * [(11 / 12) ** 3]])


def test_holm_by_hand_with_tests_that_are_not_given() -> None:
    assert backbone.holm(np.array([0.01, 0.04, 0.03]), 3) == pytest.approx([0.03, 0.06, 0.06])
    assert backbone.holm(np.array([0.01]), 50) == pytest.approx([0.5])
    assert backbone.holm(np.array([0.2, 0.9]), 10).tolist() == [1, 1]


def test_constraint_is_that_of_networkx_and_participation_by_hand() -> None:
    graph = nx.Graph()
    graph.add_weighted_edges_from([("a", "b", 2), ("a", "c", 1), ("b", "c", 3), ("c", "d", 4)])
    rows = list(graph.edges(data="weight"))
    ties = tie_list([*graph, "z"], *([r[i] for r in rows] for i in range(3)))
    expected = nx.constraint(graph, weight="weight")
    found = brokerage.constraint(ties)
    assert found[:4] == pytest.approx([expected[node] for node in "abcd"])
    assert math.isnan(found[4])
    shares = brokerage.participation(ties, np.array([1, 1, 2, 2, 0]))
    # c has 1 + 3 of 8 in community 1 and 4 of 8 in community 2.
    assert shares[:4] == pytest.approx([1 - (4 + 1) / 9, 1 - (4 + 9) / 25, 0.5, 0])


def test_concentration_by_hand() -> None:
    found = {m.name: m.value for m in concentration(np.array([6.0, 2, 2, 0, 0]))}
    assert found == pytest.approx(
        {"share of the top 01": 0.6, "share of the top 05": 1, "gini": 56 / 100,
         "hhi": 0.44, "effective number": 1 / 0.44}
    )  # fmt: skip
    even = {m.name: m.value for m in concentration(np.full(8, 3.0))}
    assert (even["gini"], even["effective number"]) == pytest.approx((0, 8))
    assert not list(concentration(np.zeros(3)))


def test_change_between_windows_by_hand() -> None:
    assert windows(2019, 4) == ((2012, 2015), (2016, 2019))
    before = pairs(credits_of([{"a", "b"}, {"a", "c"}, {"a", "c"}, {"a", "d"}]))
    after = pairs(credits_of([*3 * [{"a", "b"}], {"a", "c"}, {"a", "d"}, {"b", "d"}, {"a", "x-1"}]))
    found = change(before, after).set_index(["source_id", "target_id"])
    assert found["change"].to_dict() == {
        ("a", "b"): "grown", ("a", "c"): "shrunk", ("a", "d"): "level", ("b", "d"): "new",
        ("a", "x-1"): "new",
    }  # fmt: skip
    # Domestic ties grew from 4 to 6 papers.
    assert found["papers_expected"]["a", "c"] == pytest.approx(2 * 6 / 4)
    assert found["share_change"]["a", "c"] == pytest.approx(1 / 6 - 2 / 4)
    assert pd.isna(found["papers_expected"]["a", "x-1"])
    empty = before.iloc[:0].astype(
        {"source_id": "string", "target_id": "string", "scope": "string"}
    )
    assert change(empty, empty).empty
    lost = change(before, before.iloc[:0])
    assert set(lost["change"]) == {"lost"}


def test_the_windows_of_an_edition_are_its_last_years() -> None:
    found = made([{"a", "b"}, {"a", "b"}, {"a", "c"}], [2010, 2018, 2015], window_years=3)
    changed = found["network_change"]
    assert changed["window_before"].unique().tolist() == ["2013-2015"]
    assert changed["window_after"].unique().tolist() == ["2016-2018"]
    told = dict(zip(changed["target_id"], changed["change"], strict=True))
    assert told == {"b": "new", "c": "lost"}


def test_windows_of_a_short_corpus_are_equally_long() -> None:
    found = made([{"a", "b"}, {"a", "b"}, {"a", "c"}], [2016, 2017, 2018], window_years=4)
    changed = found["network_change"]
    assert changed["window_before"].unique().tolist() == ["2017-2017"]
    assert changed["window_after"].unique().tolist() == ["2018-2018"]
    assert made([{"a", "b"}], [2018], window_years=4)["network_change"].empty


def test_the_weight_of_large_papers_counts_only_pairs_that_are_ties() -> None:
    large = {f"x-{n}" for n in range(10)} | {"a"}
    # 10 pairs of the large paper have a domestic end; the other papers bring 1 and 1.
    assert weight_of_many(credits_of([large, {"a", "b"}, {"b", "x-1"}, {"x-1", "x-2"}])) == 10 / 12


def asked(**network: object) -> pd.DataFrame:
    countries = ["CN", "US", "FR", "HK"]
    affiliations = pd.DataFrame({"affiliation_id": range(4), "country": countries})
    papers = [(0, 1)] * 60 + [(0, 2)] * 10 + [(0, 3)] * 5 + [(0, 1, 2)] * 2 + [(1, 2)] * 3 + [(0,)]
    rows = [(f"p{n}", place) for n, places in enumerate(papers) for place in places]
    authorships = pd.DataFrame(rows, columns=["paper_id", "affiliation_id"])
    found = collaboration_indices(authorships, affiliations, study(**network), STAMP)
    return found.set_index("country")


def test_without_totals_no_index_is_computed() -> None:
    found = asked()
    assert found["papers"].to_dict() == {"US": 62, "FR": 12, "HK": 5}
    assert found["index"].isna().all()
    apart = "not available: stands apart from foreign countries in this study"
    without = "not available: the study gives no international_totals"
    assert found["status"].to_dict() == {"US": without, "FR": without, "HK": apart}


def test_an_index_needs_the_partners_total_and_fifty_papers() -> None:
    found = asked(
        international_totals={"world": 10_000, "US": 4_000, "FR": 900},
        totals_from="counted by hand on 2020-06-24",
    )
    # China's papers with a foreign address: 60 + 10 + 2; the 5 with Hong Kong stand apart.
    assert set(found["papers_international"]) == {72}
    assert found["index"]["US"] == pytest.approx((62 / 72) / (4_000 / 10_000))
    assert found["status"].to_dict() == {
        "US": "computed",
        "FR": "not available: fewer than 50 papers together",
        "HK": "not available: stands apart from foreign countries in this study",
    }
    low = asked(international_totals={"world": 10_000, "US": 50}, totals_from="x")
    assert low["status"]["US"].startswith("not available: the corpus holds more papers")


@pytest.mark.parametrize(
    ("network", "message"),
    [
        ({"international_totals": {"world": 5}}, "totals_from is missing"),
        ({"international_totals": {"US": 5}, "totals_from": "x"}, "world is missing"),
        ({"international_totals": {"world": 5, "US": 6}, "totals_from": "x"}, "US has more papers"),
        ({"international_totals": {"world": 5, "usa": 6}, "totals_from": "x"}, "usa"),
    ],
)
def test_totals_that_cannot_be_used_are_refused(network: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        study(**network)


def test_the_options_of_the_network_are_told_in_both_languages() -> None:
    told = {choice.place: choice for choice in choices(study())}
    for option in ("resolution", "resamples", "window_years"):
        choice = told[f"[network] {option}"]
        assert choice.says_en
        assert choice.says_zh
