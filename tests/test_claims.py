"""Claims on simulated editions whose truth is known: every verdict, and the set of joint choices."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bibliometrics import schema, simulation
from bibliometrics.attribution import Matcher, entities
from bibliometrics.claims import COMPUTATIONS, Claim, ClaimSet, carried_claims, claims_of
from bibliometrics.claims.claim_file import COLUMNS, carried_for, read_claims
from bibliometrics.claims.edition_claims import (
    Attributed,
    Counted,
    claim_tables,
    own_listing,
    readings_of,
    search_choices,
    search_claims,
)
from bibliometrics.claims.effects import targets
from bibliometrics.claims.search import Search
from bibliometrics.claims.verdicts import summary
from bibliometrics.counting import ranking
from bibliometrics.counting.ranking import Denominator, Stamp
from bibliometrics.errors import InputError
from bibliometrics.pipeline import Made, Plan, make_edition, open_inputs
from bibliometrics.study.file import load_study
from bibliometrics.study.model import Study
from conftest import ROOT

TSINGHUA, SJTU = "tsinghua-university", "shanghai-jiao-tong-university"
PAPERS = 1500
NARROW = ("counting", "share_denominator", "total_meaning", "ucas", "selection")


def flagship(**changes: object) -> Study:
    study = load_study(ROOT / "queries" / "cingai-2020.toml")
    claims = study.claims.model_copy(update={"placebo_sets": 50, "vary": NARROW, **changes})
    return study.model_copy(update={"claims": claims})


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, dict[str, str]]]:
    folder = tmp_path_factory.mktemp("simulated")
    made = simulation.simulate(PAPERS, 7)
    simulation.write_exports(made, folder)
    simulation.write_truth(made, folder)
    with (folder / "truth" / "institutions.csv").open(encoding="utf-8") as lines:
        truth = {row["institution_id"]: row for row in csv.DictReader(lines)}
    return folder, truth


@dataclass(frozen=True)
class Ready:
    made: Made
    run: Attributed
    counted: Counted
    truth: dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def ready(drawn: tuple[Path, dict[str, dict[str, str]]]) -> Ready:
    """A run whose counts are done, with the truth that the simulation wrote down."""
    folder, truth = drawn
    study = flagship(report="none")
    made = make_edition(Plan(study, "e", open_inputs(sorted(folder.glob("*.csv")))))
    matcher = Matcher(made.registry)
    answers = entities.answer_affiliations(made.corpus.affiliations, matcher, study)
    counted = Counted(
        made.edition.tables, made.counts, Denominator("papers", made.edition.papers),
        Stamp("full", "unknown", "SIMULATED"),
    )  # fmt: skip
    run = Attributed(made.corpus, answers, made.credited, made.registry)
    return Ready(made, run, counted, truth)


def tables_of(
    ready: Ready, claims: ClaimSet | None, study: Study, counted: Counted | None = None
) -> dict[str, pd.DataFrame]:
    counted = counted or ready.counted
    found = search_claims(claims, ready.run, study, counted.stamp.source)
    return claim_tables(claims, found, ready.run, counted, study)


def claim(claim_id: str, value: object, computation: str, of: str = "", **rest: str) -> Claim:
    cells = dict.fromkeys(COLUMNS, "") | {
        "claim_id": claim_id, "value": str(value), "computation": computation, "of": of, **rest,
    }  # fmt: skip
    return Claim(**cells)


def set_of(*claims: Claim) -> ClaimSet:
    return ClaimSet("made up", "", claims)


def share(count: int, of: int = PAPERS) -> str:
    hundredths = (20_000 * count + of) // (2 * of)
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def domestic(ready: Ready, kind: str) -> dict[str, int]:
    inside = {
        who: int(row["papers"]) for who, row in ready.truth.items() if row["scope"] == "domestic"
    }
    registry = ready.made.registry.institutions
    return {
        who: n
        for who, n in inside.items()
        if (registry[who].group == "university") == (kind == "u")
    }


def true_claims(ready: Ready) -> ClaimSet:
    """The claims of a report that was made from the very records, and printed rightly."""
    universities, institutes = domestic(ready, "u"), domestic(ready, "i")
    leaders = sorted(universities, key=lambda who: -universities[who])[:5]
    rows = [
        claim("total", PAPERS, "total"),
        claim("universities", len(universities), "institutions", "universities"),
        claim("institutes", len(institutes), "institutions", "institutes"),
    ]
    for who in leaders:
        rank = 1 + sum(n > universities[who] for n in universities.values())
        rows.append(claim(f"share-{who}", share(universities[who]), "share", who))
        rows.append(claim(f"rank-{who}", rank, "rank", who))
    return set_of(*rows)


def judged(ready: Ready, claims: ClaimSet, study: Study | None = None) -> pd.DataFrame:
    table = tables_of(ready, claims, study or flagship())["claims"]
    return table.set_index("claim_id")


def test_a_report_made_of_the_records_is_reproduced(ready: Ready) -> None:
    claims = true_claims(ready)
    table = judged(ready, claims)
    under = table.pop("verdict")
    assert under["total"].startswith(("reproduced under total_meaning=all", "not identifiable"))
    assert set(under.drop("total")) == {"reproduced"}
    assert (table["source"] == "SIMULATED").all()
    known = judged(ready, claims, flagship(total_meaning="all_chinese_hits"))["verdict"]
    assert set(known) == {"reproduced"}


def test_one_percent_of_one_university_moved_is_not_reproduced(ready: Ready) -> None:
    """Rounding decides, not sampling: the bounds are whole papers."""
    count = domestic(ready, "u")[TSINGHUA]
    moved = max(1, count // 100)
    claims = [c for c in true_claims(ready).claims if c.claim_id != f"share-{TSINGHUA}"]
    wrong = claim("moved", share(count - moved), "share", TSINGHUA)
    study = flagship(total_meaning="all_chinese_hits")
    told = judged(ready, set_of(*claims, wrong), study).loc["moved"]
    assert told["verdict"] == "not reproduced"
    assert told["count"] == count
    assert told["count_high"] < count
    assert f"{count - told['count_high']} papers above" in told["note"]
    near = flagship(total_meaning="all_chinese_hits", tolerance=moved + 1)
    assert judged(ready, set_of(*claims, wrong), near).loc["moved", "verdict"] == "reproduced"


def fractional_claims(ready: Ready) -> ClaimSet:
    """Shares that a report counted author-fractionally, by the simulation's own exact fractions."""
    rows = [claim("total", PAPERS, "total")]
    for who in (TSINGHUA, SJTU, "zhejiang-university", "harbin-institute-of-technology"):
        exact = Fraction(ready.truth[who]["fractional"])
        hundredths = int(exact * 10_000 / PAPERS + Fraction(1, 2))
        rows.append(claim(f"share-{who}", f"{hundredths / 100:.2f}", "share", who))
    return set_of(*rows)


def searched(ready: Ready, claims: ClaimSet, study: Study) -> Search:
    readings = readings_of(ready.run, study)
    return search_choices(targets(claims.claims), ready.run, study, readings)


def test_the_true_choices_are_found_and_with_them_just_their_class(ready: Ready) -> None:
    study = flagship(total_meaning="all_chinese_hits")
    claims = fractional_claims(ready)
    found = searched(ready, claims, study)
    fitting = found.fitting
    truth = {"counting": "fractional", "share_denominator": "papers_total", "ucas": "separate",
             "total_meaning": "all_chinese_hits", "selection": "all"}  # fmt: skip
    is_true = np.logical_and.reduce([(fitting[name] == value) for name, value in truth.items()])
    assert is_true.sum() == 1
    shown = {found.effects[int(at)].shown for at in fitting["effect"]}
    assert len(shown) == 1
    same = [n for n, effect in enumerate(found.effects) if effect.shown in shown]
    assert set(fitting.index) == set(found.vectors.index[found.vectors["effect"].isin(same)])
    table = judged(ready, claims, study)
    under = table.loc[f"share-{TSINGHUA}"]
    assert under["verdict"] == "reproduced under counting=fractional"
    assert under["under"] == "counting=fractional"
    assert table.loc["total", "verdict"] == "reproduced"


def test_several_figures_that_fit_are_not_identifiable(ready: Ready) -> None:
    count = domestic(ready, "u")[TSINGHUA]
    loose = claim("loose", f"{100 * count // PAPERS + 60}", "share", TSINGHUA)
    study = flagship(tolerance=1000)
    told = judged(ready, set_of(loose), flagship())
    assert told.loc["loose", "verdict"] == "not reproduced"
    assert judged(ready, set_of(loose), study).loc["loose", "verdict"] == "reproduced"


def verdict_of(ready: Ready, who: str, value: str, *vary: str) -> pd.Series[str]:
    """The verdict on one share, where only the choices ``vary`` are open."""
    study = flagship(vary=vary, total_meaning="all_chinese_hits")
    told = judged(ready, set_of(claim("one", value, "share", who)), study)
    return told.loc["one"]


def percent(count: int | Fraction) -> str:
    return str(int(100 * Fraction(count) / PAPERS + Fraction(1, 2)))


def test_two_figures_on_either_side_are_not_identifiable_and_one_figure_is(ready: Ready) -> None:
    listing = own_listing(ready.run, flagship(), readings_of(ready.run, flagship()))
    firsts = dict(zip(listing.tally.institutions, listing.tally.first, strict=True))  # type: ignore[arg-type]
    who, full, first, fractional = next(
        (who, count, int(firsts[who]), fraction)
        for who, count in domestic(ready, "u").items()
        for fraction in [Fraction(ready.truth[who]["fractional"])]
        if percent(firsts[who]) == percent(fraction) != percent(count)
        and len({share(count), share(int(firsts[who])), f"{float(100 * fraction / PAPERS):.2f}"})
        == 3
    )
    # First authors and fractions print alike, and are not the same papers: nothing tells them apart.
    vague = verdict_of(ready, who, percent(first), "counting")
    assert (vague["verdict"], vague["under"]) == ("not identifiable", "")
    assert first != fractional
    # Two places more, and one of them is left: it must not be said.
    closer = verdict_of(ready, who, share(first), "counting")
    assert closer["verdict"] == "reproduced under counting=first_affiliation"
    # Many joint choices of one figure: what they differ in does not touch it.
    many = verdict_of(ready, who, share(first), "counting", "selection", "ucas")
    assert many["verdict"] == "reproduced under counting=first_affiliation"
    # What the study's own choices print is reproduced, whatever else fits; and nothing prints 99.
    assert verdict_of(ready, who, share(full), "counting")["verdict"] == "reproduced"
    assert verdict_of(ready, who, "99.00", "counting")["verdict"] == "not reproduced"


@pytest.mark.parametrize(
    "selection",
    [
        {"selection": "minimum_papers", "minimum_papers": 12},
        {"selection": "top_n", "top_n": 20},
        {"selection": "given_list", "given_list": (TSINGHUA, "zhejiang-university", SJTU)},
    ],
)
@pytest.mark.parametrize("denominator", ["papers_total", "sum_over_institutions"])
def test_a_study_that_lists_fewer_has_its_own_choices_among_the_tried(
    ready: Ready, selection: dict[str, object], denominator: str
) -> None:
    study = flagship(total_meaning="all_chinese_hits")
    study = study.model_copy(
        update={
            "institutions": study.institutions.model_copy(update=selection),
            "counting": study.counting.model_copy(update={"share_denominator": denominator}),
        }
    )
    papers, counts = ready.made.corpus.papers, ready.made.counts
    ranked, below = ranking.institutions(
        papers, counts, ready.made.credited.entities, study, ready.counted.stamp
    )
    listed = ranking.selected(ranked, study)
    assert 0 < len(listed) < len(ranked)
    tables = {**ready.counted.tables, "ranking": listed}
    counted = replace(ready.counted, tables=tables, denominator=below)
    by_group = listed.groupby("group").size()
    claims = [
        claim("total", PAPERS, "total"),
        *(claim(f"n-{group}", n, "institutions", str(group)) for group, n in by_group.items()),
    ]
    for row in listed.head(5).itertuples():
        exact = Fraction(int(row.papers)) / Fraction(float(below.value))
        hundredths = int(exact * 10_000 + Fraction(1, 2))
        who = str(row.institution_id)
        claims.append(claim(f"share-{who}", f"{hundredths / 100:.2f}", "share", who))
        rank = 1 + int((ranked["papers"] > row.papers)[ranked["group"] == row.group].sum())
        claims.append(claim(f"rank-{who}", rank, "rank", who))
    found = search_choices(targets(claims), ready.run, study, readings_of(ready.run, study))
    assert found.own is not None
    own = found.effects[found.own]
    assert [
        t.claim.claim_id for t, met in zip(found.targets, own.met, strict=True) if not met
    ] == []
    is_own = np.logical_and.reduce(
        [found.fitting[name] == value for name, value in found.choices.own.items()
         if name in found.fitting]
    )  # fmt: skip
    assert is_own.sum() == 1
    same = [n for n, effect in enumerate(found.effects) if effect.is_fitting]
    assert set(found.fitting.index) == set(found.vectors.index[found.vectors["effect"].isin(same)])
    verdicts = tables_of(ready, set_of(*claims), study, counted)["claims"]
    assert set(verdicts["verdict"]) == {"reproduced"}


def test_every_joint_choice_says_what_a_run_of_it_says(
    ready: Ready, drawn: tuple[Path, object]
) -> None:
    """The arrays against the pipeline: a study with those options, run from its records."""
    study = flagship(vary=("counting", "share_denominator", "ucas", "campuses", "hospitals"))
    claims = true_claims(ready)
    found = searched(ready, claims, study)
    wanted = [
        {"counting": "fractional", "share_denominator": "sum_over_institutions",
         "ucas": "merge_into_cas", "campuses": "split", "hospitals": "roll_up"},
        {"counting": "first_affiliation", "share_denominator": "distinct_mainland_universities",
         "ucas": "separate", "campuses": "merge_campuses_of_one_university",
         "hospitals": "exclude"},
    ]  # fmt: skip
    folder = drawn[0]
    for options in wanted:
        rolled = {k: v for k, v in options.items() if k in {"ucas", "campuses", "hospitals"}}
        variant = study.model_copy(
            update={
                "roll_up": study.roll_up.model_copy(update=rolled),
                "counting": study.counting.model_copy(
                    update={
                        "rule": options["counting"],
                        "share_denominator": options["share_denominator"],
                    }
                ),
                "claims": study.claims.model_copy(update={"report": "none"}),
            }
        )
        ranking = make_edition(
            Plan(variant, "v", open_inputs(sorted(folder.glob("*.csv"))))
        ).edition.tables["ranking"].set_index("institution_id")  # fmt: skip
        at = found.vectors
        for name, value in options.items():
            at = at[at[name] == value]
        effect = found.effects[int(at["effect"].iloc[0])]
        for target, figure in zip(found.targets, effect.figures, strict=True):
            if target.is_share and figure is not None:
                expected = ranking["share"].get(target.claim.of, 0.0)
                assert float(figure[0] / figure[1]) == pytest.approx(expected, abs=1e-9)


def test_the_own_choices_count_as_the_edition_does(ready: Ready) -> None:
    listing = own_listing(ready.run, flagship(), readings_of(ready.run, flagship()))
    ranking = ready.made.edition.tables["ranking"].set_index("institution_id")
    for who, at in listing.tally.number.items():
        if listing.listed[at]:
            assert listing.tally.full[at] == ranking.loc[who, "papers"]
            assert listing.tally.first[at] == ranking.loc[who, "papers_first_author"]  # type: ignore[index]
            assert listing.tally.fractional[at] == pytest.approx(  # type: ignore[index]
                ranking.loc[who, "papers_fractional_author"], abs=1e-9
            )
    assert int(listing.listed.sum()) == len(ranking)


def test_the_published_report_on_simulated_records(ready: Ready) -> None:
    tables = tables_of(ready, carried_claims(), flagship())
    claims = tables["claims"]
    assert len(claims) == 196
    counts = dict(summary(claims))
    assert sum(counts.values()) == 196
    by_id = claims.set_index("claim_id")
    assert by_id.loc["query-end-date", "verdict"] == "reproduced"
    assert by_id.loc["partner-cnrs", "verdict"] == "reproduced"
    assert by_id.loc["aiuniv-total", "verdict"] == "not computable"
    assert "bibliometrics validate cingai-2020 --list" in by_id.loc["aiuniv-total", "note"]
    assert by_id.loc["papers-total", "verdict"] == "not reproduced"
    assert "1958 to 1962" in by_id.loc["share-tsinghua", "note"] or (
        by_id.loc["share-tsinghua", "verdict"] == "not reproduced"
    )
    assert set(tables["total_meanings"]["meaning"]) == {
        "all_chinese_hits", "distinct", "sum_over_institutions",
    }  # fmt: skip
    options = tables["choice_options"]
    wider = options[options["option"] == "with_taiwan"].iloc[0]
    assert wider["vectors"] == 0
    assert "another harvest" in wider["needs"]
    search = tables["choice_search"].set_index("item")["value"]
    assert search["placebo_sets"] == 50
    assert search["tried"] == 3 * 4 * 3 * 3 * 3
    assert len(tables["consistency"]) == 98


def test_a_study_without_claims_has_empty_tables(ready: Ready) -> None:
    tables = tables_of(ready, None, flagship())
    assert set(tables) == {table.name for table in schema.CLAIM_TABLES}
    assert all(table.empty for table in tables.values())
    assert carried_for(flagship(report="none")) is None
    assert carried_for(flagship()) is not None


def test_claims_of_any_report_are_read_and_faults_listed(tmp_path: Path) -> None:
    good = "claim_id,value,computation,of,unit\na,3.70,share,tsinghua-university,percent\nb,1,,,\n"
    path = tmp_path / "r.claims.csv"
    path.write_text(good, encoding="utf-8")
    claims = claims_of(path.read_bytes(), path.name)
    assert [c.claim_id for c in claims.claims] == ["a", "b"]
    assert claims.claims[0].of == TSINGHUA
    assert claims.report == "r.claims.csv"
    names = frozenset(COMPUTATIONS)
    with pytest.raises(InputError, match="lacks the columns value, computation"):
        read_claims("claim_id\n", "x", names)
    bad = "claim_id,value,computation\na,1,nonsense\na,,share\n"
    with pytest.raises(InputError) as caught:
        read_claims(bad, "x", names)
    assert "row 1, computation" in str(caught.value)
    assert "stands twice" in str(caught.value)
    assert "claims nothing" in str(caught.value)
    path.write_bytes(b"claim_id\xff")
    with pytest.raises(InputError, match="not UTF-8 at byte 8"):
        claims_of(path.read_bytes(), path.name)


def test_every_carried_claim_has_its_words_and_a_known_computation() -> None:
    claims = carried_claims().claims
    assert len(claims) == 196
    assert sum(bool(c.computation) for c in claims) == 66
    assert {c.computation for c in claims if c.computation} <= set(COMPUTATIONS)
    assert all(c.zh_quote and c.en_quote for c in claims)
    assert replace(claims[0], note="") != claims[0]
