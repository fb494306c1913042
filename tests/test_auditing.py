"""An audit kept beside a study: drawn from an edition, read back, carried by the next."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest

from bibliometrics import audit, auditing, schema
from bibliometrics.audit import Attributed, Mark
from bibliometrics.errors import InputError


def sampled():
    """Twelve strings: one alias wrong (b for a), one unmatched that is c."""
    items = [Attributed(f"s{n}", "CN", 1 + n, ("a",), "matched", "alias") for n in range(8)]
    items += [Attributed(f"t{n}", "CN", 2, (), "unmatched", "none") for n in range(4)]
    return audit.draw(items, 12, seed=1)


def truth(item):
    return {"s3": frozenset({"b"}), "t1": frozenset({"c"})}.get(
        item.affiliation, frozenset(item.institution_ids)
    )


def marked(day="2026-03-01"):
    sample = sampled()
    first = {d.sample_id: Mark(truth(d.item), "A", day) for d in sample}
    second = {d.sample_id: Mark(truth(d.item), "B", day) for d in sample if d.is_second}
    return auditing.Audited(sample, first, second)


def test_the_text_reads_back_as_the_same_audit():
    whole = marked()
    assert auditing.from_text(auditing.to_text(whole), "x") == whole


def test_a_text_that_is_no_audit_is_refused():
    with pytest.raises(InputError):
        auditing.from_text(audit.key(sampled()), "study.audit.csv")


def test_the_table_has_every_measure_by_strings_and_by_papers():
    table = auditing.table(marked(), "test", ["a", "b"]).set_index(
        ["measure", "stratum", "weighting"]
    )
    precision = table.loc[("precision", "all", "strings")]
    assert precision["estimate"] == pytest.approx(7 / 8)
    assert precision["shown_at_least"] == precision["low"] < precision["estimate"]
    assert table.loc[("recall", "all", "strings"), "estimate"] == pytest.approx(7 / 9)
    assert table.loc[("exact", "matched, alias", "strings"), "strings"] == 8
    assert table.loc[("precision", "institution a", "papers"), "estimate"] < 1
    assert table.loc[("recall", "institution b", "strings"), "estimate"] == 0
    assert table.loc[("agreement", "all", "strings"), "estimate"] == 1
    assert set(table["marked_on"]) == {"2026-03-01"}


def test_a_wrong_string_tells_what_was_given_what_is_right_and_how_many_it_stands_for():
    """All twelve strings were drawn, so that each stands for itself."""
    found = auditing.confused(marked())
    assert {(tuple(each.given), tuple(each.true)): each.weight for each in found} == {
        (("a",), ("b",)): pytest.approx(1), ((), ("c",)): pytest.approx(1)
    }  # fmt: skip
    assert auditing.confused(None) == ()


def test_a_wrong_string_stands_for_its_unmarked_ones_too():
    """Of eight strings of a rule four are marked, the wrong one among them: each stands for two."""
    whole = marked()
    of_rule = [d.sample_id for d in whole.sample if d.item.rule == "alias"]
    wrong = next(d.sample_id for d in whole.sample if d.item.affiliation == "s3")
    chosen = [wrong, *(each for each in of_rule if each != wrong)][:4]
    part = auditing.Audited(whole.sample, {each: whole.first[each] for each in chosen}, {})
    (each,) = auditing.confused(part)
    assert each.weight == pytest.approx(2)


def test_the_finding_names_the_pair_that_was_confused_most():
    whole = marked()
    found = list(auditing.findings(auditing.table(whole, "test"), whole, "2026-04-01"))
    assert (found[1].name, found[1].count) == ("confused in the audit", 1)
    assert "a given, b right (1 strings)" in found[1].says_en
    assert "判为 a，应为 b" in found[1].says_zh


@pytest.mark.parametrize(
    ("edition", "says", "is_warning"),
    [("2026-04-01", "31 days before this edition", False), ("spring", "age unknown", False),
     ("2028-01-01", "671 days before", True)],
)  # fmt: skip
def test_the_finding_gives_the_age(edition, says, is_warning):
    whole = marked()
    found = list(auditing.findings(auditing.table(whole, "test"), whole, edition))
    assert says in found[0].says_en
    assert found[0].is_warning is is_warning


def test_no_audit_no_finding():
    assert list(auditing.findings(schema.empty(schema.AUDIT), None, "2026-04-01")) == []


def test_strings_as_written_are_audited_by_whom_they_count_for():
    rows = pd.DataFrame(
        {
            "affiliation": ["Sfax University, Tunisia", "Tsinghua University"],
            "country": ["TN", None],
            "papers": [2, 3],
            "institution_ids": [None, "tsinghua-university"],
            "counted_ids": ["x-tn-sfax-university", "tsinghua-university"],
            "decision": ["matched", "matched"],
            "rule": ["organisation-as-written", "exact-name"],
        }
    )
    items = auditing.population(schema.conform(rows, schema.ATTRIBUTION))
    assert {i.institution_ids for i in items} == {
        ("x-tn-sfax-university",), ("tsinghua-university",)
    }  # fmt: skip


def test_marks_of_a_filled_form_become_the_audit():
    sample = sampled()
    rows = list(csv.DictReader(io.StringIO(audit.form(sample, "first"))))
    for row in rows:
        row.update(institution_ids="a", marked_by="A", marked_on="2026-03-01")
    out = io.StringIO()
    writer = csv.DictWriter(out, audit.FORM)
    writer.writeheader()
    writer.writerows(rows)
    marks = audit.read_marks(out.getvalue(), "form", sample, ["a"])
    table = auditing.table(auditing.Audited(sample, marks, {}), "test")
    whole = table[(table["stratum"] == "all") & (table["weighting"] == "strings")]
    assert whole.set_index("measure").loc["precision", "estimate"] == 1
