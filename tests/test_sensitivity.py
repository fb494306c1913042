"""Each variant of the sensitivity panel equals a full run under its option."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path

import pandas as pd
import pytest

from bibliometrics import simulation
from bibliometrics.attribution import Matcher, entities, policies
from bibliometrics.attribution.answers import Answers, answer_affiliations
from bibliometrics.attribution.institutions import load_registry
from bibliometrics.attribution.place import country_of
from bibliometrics.corpus.assembling import Corpus, build_corpus
from bibliometrics.counting import ranking
from bibliometrics.counting.counts import count
from bibliometrics.firmness import moves, sensitivity
from bibliometrics.firmness.sensitivity import Base, Outcome
from bibliometrics.firmness.variants import AS_CHOSEN, Variant, variants
from bibliometrics.pipeline import Plan, make_edition, open_inputs
from bibliometrics.sources.reading import Opened
from bibliometrics.study.file import load_study
from bibliometrics.study.model import Study
from comparison_fixture import HARBIN, TSINGHUA, paper
from conftest import HEADER, ROOT
from numbers_fixture import STAMP, with_sections


@dataclass(frozen=True)
class Bench:
    """Records, registry and matcher of a simulated corpus, for runs under any study."""

    files: tuple[Opened, ...]
    matcher: Matcher
    kept: dict[str, tuple[Corpus, Answers]] = field(default_factory=dict)

    def base(self, study: Study) -> Base:
        """A full run; a corpus is only built once for all studies that ask for the same."""
        key = f"{study.query}{study.geography.scope}"
        if key not in self.kept:
            rows = (row for file in self.files for row in file.rows())
            corpus = build_corpus(rows, study, cache(country_of))
            answers = answer_affiliations(corpus.affiliations, self.matcher, study)
            self.kept[key] = corpus, answers
        corpus, answers = self.kept[key]
        credited = entities.credit(answers, self.matcher.registry, study)
        scopes = {name: entity.scope for name, entity in credited.entities.items()}
        authorships, by_affiliation = entities.for_counting(corpus.authorships, credited)
        counts = count(corpus.papers, authorships, by_affiliation, scopes)
        return Base(corpus, answers, credited, counts, self.matcher.registry, study)


@pytest.fixture(scope="module")
def bench(tmp_path_factory) -> Bench:
    folder = tmp_path_factory.mktemp("simulated")
    paths = simulation.write_exports(simulation.simulate(1200, 7), folder, generation="G2")
    return Bench(open_inputs(paths), Matcher(load_registry()))


@pytest.fixture(scope="module")
def study() -> Study:
    whole = load_study(ROOT / "queries" / "cingai-2020.toml")
    return with_sections(whole, thresholds={"rank_floor": 4})


def full_run(base: Base) -> pd.DataFrame:
    made, _ = ranking.institutions(
        base.corpus.papers, base.counts, base.credited.entities, base.study, STAMP
    )
    return told(made)


def told(frame: pd.DataFrame) -> pd.DataFrame:
    columns = frame[["institution_id", "group", "papers", "share", "rank"]]
    plain = columns.astype({"institution_id": "string", "group": "string", "papers": "Int64",
                            "share": "Float64", "rank": "Int64"})  # fmt: skip
    plain["share"] = plain["share"].round(10)
    return plain.sort_values("institution_id").reset_index(drop=True)


def outcomes(base: Base) -> dict[tuple[str, str], Outcome | Variant]:
    every = list(variants(base.study, base.counts.counted, partial(policies.lacking, base.answers)))
    found = sensitivity.outcomes(base, every)
    return {(v.dimension, v.option): each for v, each in zip(every, found, strict=True)}


@pytest.mark.parametrize("rule", ["full", "fractional", "corresponding_affiliation"])
def test_every_variant_equals_a_full_run_under_its_option(bench, study, rule) -> None:
    base = bench.base(with_sections(study, counting={"rule": rule}))
    found = outcomes(base)
    computed = {key: each for key, each in found.items() if isinstance(each, Outcome)}
    pd.testing.assert_frame_equal(told(computed.pop(AS_CHOSEN).frame), full_run(base))
    wider = [computed.pop(("geography", scope)) for scope in ("with_hong_kong_macao",
                                                              "with_taiwan")]  # fmt: skip
    assert len(computed) == 21
    moved = 0
    for (dimension, option), outcome in computed.items():
        if rule != "full" and dimension in {"counting", "denominator"}:
            continue  # the same computation as under full counting
        run = full_run(bench.base(outcome.variant.study))
        pd.testing.assert_frame_equal(told(outcome.frame), run, obj=f"{dimension} {option}")
        moved += not run.equals(full_run(base))
    assert moved >= 10
    mainland = set(full_run(base)["institution_id"])
    for outcome in wider:
        inside = outcome.frame[outcome.frame["institution_id"].isin(mainland)]
        assert list(told(inside)["papers"]) == list(full_run(base)["papers"])
        assert len(outcome.frame) > len(inside)
        assert "needs a harvest of its own" in outcome.variant.says[0]


@pytest.mark.parametrize(
    ("denominator", "hospitals"),
    [
        ("distinct_mainland_universities", "roll_up"),
        ("sum_over_institutions", "if_paper_names_university"),
    ],
)
def test_variants_keep_the_other_options_of_the_study(bench, study, denominator, hospitals) -> None:
    base = bench.base(
        with_sections(
            study,
            counting={"share_denominator": denominator},
            geography={"scope": "with_taiwan"},
            roll_up={"academy_institutes": "each_institute", "hospitals": hospitals},
        )
    )
    found = outcomes(base)
    for key in (AS_CHOSEN, ("geography", "mainland"), ("geography", "with_hong_kong_macao"),
                ("hospitals", "exclude"), ("hospitals", "if_paper_names_university"), ("academy_institutes", "one"),
                ("partner_definition", "by_address_country"), ("retracted", "drop"),
                ("keyword_left_out", "robot")):  # fmt: skip
        if key == ("hospitals", hospitals):
            continue
        outcome = found[key]
        assert isinstance(outcome, Outcome)
        run = full_run(bench.base(outcome.variant.study))
        pd.testing.assert_frame_equal(told(outcome.frame), run, obj=str(key))


def test_what_cannot_be_computed_says_why(bench, study) -> None:
    alone = {"keywords": ("robot",), "retracted": "drop"}
    base = bench.base(with_sections(study, query=alone))
    found = outcomes(base)
    said = {key: each.lacks for key, each in found.items() if isinstance(each, Variant)}
    assert set(said) == {
        ("campuses", "as_in_scopus"), ("keyword_left_out", "robot"), ("retracted", "keep"),
    }  # fmt: skip
    assert all(en and zh for en, zh in said.values())
    summary = moves.tables(list(found.values()), 0.9, STAMP).summary
    absent = summary[summary["status"] == "not available"]
    assert len(absent) == len(said)
    assert absent["kendall_tau_b"].isna().all()


def test_a_counting_rule_without_what_it_needs_is_not_available(study) -> None:
    counted = {"full": 9, "author_fractional": 0, "first_author": 9, "corresponding_author": 0}
    lacks = {v.option: v.lacks[0] for v in variants(study, counted, lambda _: "")
             if v.dimension == "counting"}  # fmt: skip
    assert lacks["first_affiliation"] == ""
    assert lacks["fractional"] == lacks["corresponding_affiliation"] != ""


def test_moves_are_told_with_their_reason(bench, study) -> None:
    base = bench.base(study)
    tables = moves.tables(list(outcomes(base).values()), 0.9, STAMP)
    summary = tables.summary.set_index(["dimension", "option", "group"])
    even = summary.loc[("denominator", "sum_over_institutions", "universities")]
    assert (even["kendall_tau_b"], even["rbo"], even["moved_more_than_three"]) == (1, 1, 0)
    assert pd.isna(even["largest_mover"])
    by_part = summary.loc[("counting", "fractional", "universities")]
    assert 0.5 < by_part["kendall_tau_b"] < 1
    assert 0.5 < by_part["rbo"] < 1
    told_moves = tables.moves[
        (tables.moves["dimension"] == "counting") & (tables.moves["option"] == "fractional")
    ].set_index("institution_id")
    ucas = told_moves.loc["university-of-chinese-academy-of-sciences"]
    assert ucas["moved"] == ucas["rank_from"] - ucas["rank_to"] < -3
    assert "it shares more of its papers with others" in ucas["why_en"]
    assert "合作" in ucas["why_zh"]
    numbered = told_moves["moved"].dropna()
    assert (numbered.abs() > 3).all()
    inside = told_moves[told_moves["group"] == "universities"]["moved"].notna().sum()
    assert by_part["moved_more_than_three"] == inside


def test_the_table_holds_the_study_and_every_computed_option(bench, study) -> None:
    base = bench.base(study)
    found = outcomes(base)
    options = moves.tables(list(found.values()), 0.9, STAMP).options
    computed = {key for key, each in found.items() if isinstance(each, Outcome)}
    assert set(zip(options["dimension"], options["option"], strict=True)) == computed
    own = options[options["dimension"] == "study"]
    assert (
        told(own.assign(group=""))
        .drop(columns="group")
        .equals(full_run(base).drop(columns="group"))
    )
    fractional = options[options["option"] == "fractional"]
    assert set(fractional["counting"]) == {"fractional"}


def test_a_study_that_counts_first_authors_may_rank_who_has_none(study, tmp_path) -> None:
    found = edition_of(study, tmp_path, "first_affiliation")
    moved = found["sensitivity_moves"]
    second = moved[(moved["institution_id"] == "harbin-institute-of-technology")]
    assert not second["why_en"].isna().any()
    summary = found["sensitivity_summary"]
    assert (summary[summary["dimension"] == "counting"]["status"] == "computed").any()


def test_a_rule_that_no_record_supports_ranks_nobody_and_says_so(study, tmp_path) -> None:
    found = edition_of(study, tmp_path, "corresponding_affiliation")
    own = found["sensitivity"][found["sensitivity"]["dimension"] == AS_CHOSEN[0]]
    assert own["rank"].isna().all()
    assert own["share"].isna().all()
    assert found["ranking"]["rank"].isna().all()
    full = found["sensitivity_moves"].query("option == 'full'")
    assert full["why_en"].str.contains("this corpus cannot be counted").all()


def edition_of(study: Study, folder: Path, rule: str) -> dict[str, pd.DataFrame]:
    """Tables of eight papers whose second author is of Harbin; none names whom to write to."""
    path = folder / "export.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, HEADER)
        writer.writeheader()
        writer.writerows([paper(number, TSINGHUA, HARBIN) for number in range(1, 9)])
    asked = with_sections(study, counting={"rule": rule}, thresholds={"rank_floor": 1})
    return make_edition(Plan(asked, "e", open_inputs([path]))).edition.tables
