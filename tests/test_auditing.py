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


def test_outcomes_by_rule_with_the_confused_pairs():
    found = auditing.outcomes(marked())
    assert found["alias"] == auditing.Outcome(7, 1, (("a", "b", 1),))
    assert found["none"] == auditing.Outcome(3, 1, (("", "c", 1),))


@pytest.mark.parametrize(
    ("edition", "says", "is_warning"),
    [("2026-04-01", "31 days before this edition", False), ("spring", "age unknown", False),
     ("2028-01-01", "671 days before", True)],
)  # fmt: skip
def test_the_finding_gives_the_age(edition, says, is_warning):
    whole = marked()
    found = list(auditing.findings(auditing.table(whole, "test"), whole, edition))
    assert len(found) == 1
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
