"""Simulated attribution errors: what a wrong string takes with it, and what a rate rests on."""

from __future__ import annotations

import dataclasses
from functools import cache

import numpy as np
import pandas as pd
import pytest

from bibliometrics import schema, simulation
from bibliometrics.attribution import Matcher, entities, policies
from bibliometrics.attribution.answers import answer_affiliations
from bibliometrics.attribution.institutions import load_registry
from bibliometrics.attribution.place import country_of
from bibliometrics.attribution.rollup import counted_id
from bibliometrics.corpus.assembling import build_corpus
from bibliometrics.counting.counts import count
from bibliometrics.firmness import attribution_error
from bibliometrics.firmness.attribution_error import Rate, _Simulation, rates, simulate
from bibliometrics.firmness.confusers import Confused, ranges
from bibliometrics.firmness.sensitivity import Base
from bibliometrics.pipeline import open_inputs
from bibliometrics.study.file import load_study
from conftest import ROOT
from numbers_fixture import with_sections

NO_AUDIT = schema.empty(schema.AUDIT)


@pytest.fixture(scope="module")
def base(tmp_path_factory) -> Base:
    folder = tmp_path_factory.mktemp("simulated")
    files = open_inputs(simulation.write_exports(simulation.simulate(700, 5), folder,
                                                 generation="G2"))  # fmt: skip
    study = with_sections(
        load_study(ROOT / "queries" / "cingai-2020.toml"),
        thresholds={"rank_floor": 5}, uncertainty={"draws": 200},
    )  # fmt: skip
    registry = load_registry()
    corpus = build_corpus((row for f in files for row in f.rows()), study, cache(country_of))
    answers = answer_affiliations(corpus.affiliations, Matcher(registry), study)
    credited = entities.credit(answers, registry, study)
    scopes = {name: entity.scope for name, entity in credited.entities.items()}
    counts = count(corpus.papers, corpus.authorships, credited.by_affiliation, scopes)
    return Base(corpus, answers, credited, counts, registry, study)


def laid_out(base: Base) -> tuple[_Simulation, pd.Index]:
    domestic = base.counts.credits[base.counts.credits["scope"] == "domestic"]
    ids = pd.Index(sorted(set(domestic["institution_id"])), dtype=object)
    used = {(row.answer.decision, row.answer.rule) for row in base.answers.rows}
    found = rates(NO_AUDIT, {key for key in used if key[0] != "out_of_scope"})
    return _Simulation(base, ids, found), ids


def test_a_draw_equals_a_recount_with_the_strings_moved(base) -> None:
    """Brute force: the papers of an institution are those that any of its strings stands on."""
    sim, ids = laid_out(base)
    claims = sim._claims
    rng = np.random.default_rng(3)
    for _ in range(40):
        wrong = np.flatnonzero(rng.random(len(claims.rate)) < 0.3)
        target = np.array([rng.choice(claims.to[claim]) for claim in wrong], dtype=np.int64)
        rows = ranges(claims.start[wrong], claims.size[wrong])
        to = np.repeat(target, claims.size[wrong])
        got = sim._full + sim._moved(rows, to)
        holder = claims.institution.copy()
        holder[rows] = to
        named = {(int(p), int(i)) for p, i in zip(claims.paper, holder, strict=True) if i >= 0}
        expected = np.bincount([i for _, i in named], minlength=len(ids))
        assert (got == expected).all()


def test_without_errors_nothing_moves(base, monkeypatch) -> None:
    def never(_: pd.DataFrame, used: set[tuple[str, str]]) -> dict[tuple[str, str], Rate]:
        return {(d, r): Rate(r, d, 0, 0, False, 1e-300, 1e9) for d, r in sorted(used)}

    monkeypatch.setattr(attribution_error, "rates", never)
    frame, _ = simulate(base, NO_AUDIT)
    full = frame[frame["counting"] == "full"].set_index("institution_id")
    domestic = base.counts.credits[base.counts.credits["scope"] == "domestic"]
    counted = domestic.groupby("institution_id").size()
    for column in ("papers_attribution_low", "papers_attribution_high"):
        assert full[column].to_dict() == counted.to_dict()
    fractional = frame[frame["counting"] == "fractional"].set_index("institution_id")
    weights = domestic.groupby("institution_id")["weight_author"].sum()
    assert fractional["papers_attribution_low"].to_dict() == pytest.approx(weights.to_dict())


def test_the_range_reaches_below_the_count_and_a_seed_fixes_it(base) -> None:
    frame, _ = simulate(base, NO_AUDIT)
    again, _ = simulate(base, NO_AUDIT)
    pd.testing.assert_frame_equal(frame, again)
    full = frame[frame["counting"] == "full"]
    low, high = full["papers_attribution_low"], full["papers_attribution_high"]
    assert (low <= high).all()
    domestic = base.counts.credits[base.counts.credits["scope"] == "domestic"]
    counted = full["institution_id"].map(domestic.groupby("institution_id").size())
    assert (low <= counted).all()
    assert (low < counted).sum() > len(full) / 4
    seed = {"seed": 1, "draws": 200}
    other, _ = simulate(dataclasses.replace(base, study=with_sections(base.study, uncertainty=seed)),
                        NO_AUDIT)  # fmt: skip
    assert not other.equals(frame)


def test_what_the_audit_saw_confused_moves_the_papers_there(base) -> None:
    """Strings of the largest were found to be the second's: the second may gain what it loses."""
    ranked = base.counts.credits[base.counts.credits["scope"] == "domestic"]
    first, second = ranked.groupby("institution_id").size().nlargest(2).index
    seen = Confused(frozenset({first}), frozenset({second}), 1.0)
    before, _ = simulate(base, NO_AUDIT)
    after, _ = simulate(base, NO_AUDIT, [seen] * 20)
    high = {
        name: frame[frame["counting"] == "full"].set_index("institution_id")[
            "papers_attribution_high"
        ]
        for name, frame in (("before", before), ("after", after))
    }
    assert high["after"][second] > high["before"][second]


def test_an_error_that_the_roll_up_undoes_changes_nothing(base) -> None:
    """A campus taken for its university counts for the university either way."""
    policy = policies.roll_up_policy(base.study)
    counted = set(base.counts.credits["institution_id"])
    campus, university = next(
        (name, owner)
        for name in base.registry.institutions
        if (owner := counted_id(name, base.registry, policy)) != name and owner in counted
    )
    seen = Confused(frozenset({university}), frozenset({campus}), 1.0)
    before, _ = simulate(base, NO_AUDIT)
    after, _ = simulate(base, NO_AUDIT, [seen])
    pd.testing.assert_frame_equal(after, before)


def test_marks_of_the_audit_go_before_what_was_measured_elsewhere() -> None:
    audit = schema.conform(
        pd.DataFrame(
            {
                "measure": ["exact", "exact", "precision"], "weighting": "strings",
                "stratum": ["matched, alias", "all", "all"], "strings": [200, 900, 900],
                "estimate": [0.9, 0.95, 0.99],
            }
        ), schema.AUDIT,
    )  # fmt: skip
    used = {("matched", "alias"), ("matched", "exact-name"), ("matched", "never-measured")}
    found = rates(audit, used)
    alias = found["matched", "alias"]
    assert (alias.marked, alias.wrong, alias.is_audited) == (200, 20, True)
    assert alias.a / (alias.a + alias.b) == pytest.approx(0.1, abs=0.01)
    known, unknown = found["matched", "exact-name"], found["matched", "never-measured"]
    assert (known.is_audited, known.marked) == (False, 1286)
    assert unknown.marked == 0
    # Ten strings' worth of the pooled rate: wide.
    assert unknown.a + unknown.b == pytest.approx(10)


def test_the_table_says_what_is_assumed(base) -> None:
    _, found = simulate(base, NO_AUDIT)
    table = attribution_error.rates_table(found, base, "SIMULATED")
    assert table["basis_en"].str.startswith("assumption").all()
    assert table["basis_zh"].str.startswith("假设").all()
    assert (table["share_wrong_low"] <= table["share_wrong"]).all()
    exact = table.set_index(["decision", "rule"]).loc[("matched", "exact-name")]
    told = base.credited.attribution
    of_rule = told[(told["decision"] == "matched") & (told["rule"] == "exact-name")]
    assert exact["strings"] == len(of_rule)
