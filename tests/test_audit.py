"""The audit against known truth: what is drawn, what is read back, what it shows."""

from __future__ import annotations

import csv
import io
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bibliometrics.audit import (
    Attributed,
    Mark,
    draw,
    evaluate,
    form,
    key,
    read_key,
    read_marks,
)
from bibliometrics.errors import InputError
from bibliometrics.firmness.estimates import cohen_kappa, hajek, wilson

RULES = ("exact-name", "alias", "unit-hospital", "repaired-spelling")


def population(number: int, seed: int) -> list[Attributed]:
    rng = random.Random(seed)
    items = []
    for index in range(number):
        rule = rng.choices((*RULES, "none"), (60, 20, 8, 2, 10))[0]
        ids = () if rule == "none" else (f"u{index % 7}",)
        if rule == "exact-name" and index % 25 == 0:
            ids = ("u1", "u2")
        papers = int(rng.paretovariate(1.1))
        decision = "matched" if ids else "unmatched"
        items.append(Attributed(f"string {index}", "CN", papers, ids, decision, rule))
    return items


def truth_of(item: Attributed) -> frozenset[str]:
    """A known truth: one hospital in four is another's, one unmatched string in five is u3's."""
    number = int(item.affiliation.split()[1])
    if item.rule == "unit-hospital" and number % 4 == 0:
        return frozenset({"other"})
    if item.rule == "none" and number % 5 == 0:
        return frozenset({"u3"})
    return frozenset(item.institution_ids)


def marks_of(sample, who="A"):
    return {d.sample_id: Mark(truth_of(d.item), who, "2026-02-03") for d in sample}


def value(audit, measure, weighting="strings"):
    return next(e for e in audit.estimates if e.measure == measure and e.weighting == weighting)


def test_the_same_seed_draws_the_same_sample_in_any_order():
    items = population(2000, 1)
    assert draw(items, 200, seed=5) == draw(list(reversed(items)), 200, seed=5)
    assert draw(items, 200, seed=5) != draw(items, 200, seed=6)


def test_every_stratum_is_drawn_and_a_fifth_is_marked_twice():
    items = population(3000, 2)
    sample = draw(items, 300, seed=1)
    strata = {item.stratum for item in items}
    assert {drawn.item.stratum for drawn in sample} == strata
    for stratum in strata:
        there = sum(item.stratum == stratum for item in items)
        taken = sum(drawn.item.stratum == stratum for drawn in sample)
        assert taken >= min(there, 9)
    assert abs(len(sample) - 300) <= 2 * len(strata)
    assert sum(d.is_second for d in sample) == -(-len(sample) // 5)
    assert sum(d.is_blind for d in sample) == -(-len(sample) // 2)
    assert len({d.item.affiliation for d in sample}) == len(sample)


def test_probabilities_are_those_of_the_draw():
    """Over many draws a string is drawn as often as its probability says."""
    items = population(120, 3)
    seen: dict[str, int] = {}
    told: dict[str, float] = {}
    rounds = 600
    for seed in range(rounds):
        for drawn in draw(items, 60, seed):
            seen[drawn.item.affiliation] = seen.get(drawn.item.affiliation, 0) + 1
            told[drawn.item.affiliation] = drawn.probability
    for name, probability in told.items():
        spread = 4 * (probability * (1 - probability) / rounds) ** 0.5 + 1e-9
        assert abs(seen[name] / rounds - probability) <= spread


@pytest.mark.parametrize("weighting", ["strings", "papers"])
def test_estimates_find_the_truth(weighting):
    """On average over samples the estimate is the truth, and the interval covers it."""
    items = population(4000, 4)

    def mass(item):
        return item.papers if weighting == "papers" else 1

    right = sum(mass(i) * len(truth_of(i) & set(i.institution_ids)) for i in items)
    precision = right / sum(mass(i) * len(i.institution_ids) for i in items)
    recall = right / sum(mass(i) * len(truth_of(i)) for i in items)
    exact = sum(mass(i) * (truth_of(i) == set(i.institution_ids)) for i in items) / sum(
        map(mass, items)
    )
    found = {"precision": [], "recall": [], "exact": []}
    for seed in range(40):
        sample = draw(items, 400, seed)
        audit = evaluate(sample, marks_of(sample))
        for name, values in found.items():
            values.append(value(audit, name, weighting))
    for name, true in (("precision", precision), ("recall", recall), ("exact", exact)):
        values = [e.value for e in found[name]]
        assert abs(sum(values) / len(values) - true) < 0.008
        assert sum(e.low <= true <= e.high for e in found[name]) >= 34


def test_strings_drawn_but_not_marked_count_through_their_stratum():
    items = population(2000, 5)
    sample = draw(items, 400, seed=1)
    marks = marks_of(sample)
    kept = {i: mark for i, mark in marks.items() if i % 3}
    audit = evaluate(sample, kept)
    assert (audit.drawn, audit.marked) == (len(sample), len(kept))
    assert abs(value(audit, "exact").value - value(evaluate(sample, marks), "exact").value) < 0.03


def test_a_wrong_match_is_an_error_and_a_miss():
    item = Attributed("s", "CN", 1, ("u1",), "matched", "alias")
    sample = draw([item], 1, seed=1)
    audit = evaluate(sample, {0: Mark(frozenset({"u2"}), "A", "2026-01-01")})
    assert value(audit, "precision").value == 0
    assert value(audit, "recall").value == 0
    assert value(audit, "exact").value == 0


def test_nothing_marked_shows_nothing():
    audit = evaluate(draw(population(50, 6), 20, seed=1), {})
    assert all((e.value, e.low, e.high) == (None, 0.0, 1.0) for e in audit.estimates)
    assert audit.kappa is None


def test_clean_samples_show_what_their_size_allows():
    """381 clean strings show 0.99, fifty only 0.929."""
    assert wilson(1.0, 381)[0] >= 0.99 > wilson(1.0, 380)[0]
    assert round(wilson(1.0, 50)[0], 3) == 0.929


def test_unequal_weights_are_worth_fewer_strings():
    estimate = hajek("m", "strings", [(1.0, 1.0)] * 50 + [(50.0, 1.0)])
    assert estimate.strings == 51
    assert round(estimate.effective, 2) == round(100**2 / (50 + 2500), 2)


def test_kappa_of_a_known_table():
    """Cohen's worked kind of table: 20 and 15 agree, 5 and 10 do not: κ = 0.4."""
    pairs = [(1, 1)] * 20 + [(1, 0)] * 5 + [(0, 1)] * 10 + [(0, 0)] * 15
    assert cohen_kappa(pairs) == pytest.approx(0.4)
    assert cohen_kappa([(1, 1)] * 4) is None
    assert cohen_kappa([]) is None


def filled(text, answer):
    rows = list(csv.DictReader(io.StringIO(text)))
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow(
            {**row, "institution_ids": answer(row), "marked_by": "A", "marked_on": "2026-02-03"}
        )
    return out.getvalue()


def test_forms_are_filled_and_read_back():
    sample = draw(population(500, 7), 100, seed=2)
    assert read_key(key(sample), "key.csv") == sample
    truths = {str(d.sample_id): truth_of(d.item) for d in sample}
    first = form(sample, "first")
    shown = {row["sample_id"]: row["machine"] for row in csv.DictReader(io.StringIO(first))}
    assert all(not shown[str(d.sample_id)] for d in sample if d.is_blind)
    assert all(shown[str(d.sample_id)] for d in sample if not d.is_blind)

    def answer(row):
        return "|".join(sorted(truths[row["sample_id"]])) or "NONE"

    known = {"u0", "u1", "u2", "u3", "u4", "u5", "u6", "other"}
    marks = read_marks(filled(first, answer), "first.csv", sample, known)
    assert {i: m.institution_ids for i, m in marks.items()} == {
        d.sample_id: truth_of(d.item) for d in sample
    }
    second = form(sample, "second")
    twice = read_marks(filled(second, answer), "second.csv", sample, known)
    assert set(twice) == {d.sample_id for d in sample if d.is_second}
    assert "machine" in second
    assert not any(row["machine"] for row in csv.DictReader(io.StringIO(second)))
    audit = evaluate(sample, marks, twice)
    assert audit.agreement == 1.0
    assert audit.marked_on == "2026-02-03"


def test_the_sign_for_the_same_needs_the_answer_to_have_been_shown():
    sample = draw(population(200, 8), 60, seed=3)
    shown = filled(form(sample, "first"), lambda row: "=" if row["machine"] else "")
    marks = read_marks(shown, "f", sample, {"u0", "u1", "u2", "u3", "u4", "u5", "u6"})
    assert marks
    assert all(not d.is_blind for d in sample if d.sample_id in marks)
    with pytest.raises(InputError, match="was not shown"):
        read_marks(filled(form(sample, "first"), lambda row: "="), "f", sample, {"u0"})


def test_every_fault_of_a_form_is_named():
    sample = draw(population(50, 9), 10, seed=1)
    text = (
        "sample_id,affiliation,country,machine,institution_ids,marked_by,marked_on\n"
        "0,x,CN,,nobody,A,2026-01-01\n"
        "9999,x,CN,,NONE,A,2026-01-01\n"
        "1,x,CN,,NONE,,soon\n"
        "1,x,CN,,NONE,A,2026-01-01\n"
    )
    with pytest.raises(InputError) as caught:
        read_marks(text, "marks.csv", sample, {"u0"})
    for part in (
        "row 2: 'nobody' is no institution",
        "row 3: '9999' is not of this sample",
        "row 4: marked_by is empty",
        "row 4: marked_on 'soon' is no date",
        "row 5: sample 1 is marked twice",
    ):
        assert part in str(caught.value)


def test_bad_input_is_refused():
    with pytest.raises(InputError, match="at least one"):
        draw(population(5, 1), 0, seed=1)
    with pytest.raises(InputError, match="not the key"):
        read_key("a,b\n1,2\n", "key.csv")
    with pytest.raises(InputError, match="columns are missing"):
        read_marks("a\n1\n", "m.csv", (), ())


def test_a_form_opens_harmlessly_in_a_spreadsheet():
    item = Attributed("=HYPERLINK(1)", "CN", 1, (), "unmatched", "none")
    row = next(csv.DictReader(io.StringIO(form(draw([item], 1, 1), "first"))))
    assert not row["affiliation"].startswith("=")


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.floats(0.01, 1e6), st.floats(0, 1)), min_size=1, max_size=50))
def test_any_interval_holds_its_estimate(shares):
    estimate = hajek("m", "papers", shares)
    assert 0 <= estimate.low <= estimate.value + 1e-9
    assert estimate.value - 1e-9 <= estimate.high <= 1
    assert 1 - 1e-9 <= estimate.effective <= estimate.strings + 1e-6
