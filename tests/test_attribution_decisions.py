"""Human decisions: read, checked, and obeyed."""

from __future__ import annotations

import csv

import pandas as pd
import pytest

from bibliometrics import review_form
from bibliometrics.attribution import Matcher, read_decisions
from bibliometrics.attribution.decisions import DecisionBook
from bibliometrics.attribution.institutions import load_registry
from bibliometrics.errors import InputError
from bibliometrics.schema.cells import harmless

HEADER = "affiliation,country,institution_ids,decided_by,decided_on,reason\n"


@pytest.fixture(scope="module")
def registry():
    return load_registry()


def write(tmp_path, rows):
    path = tmp_path / "decisions.csv"
    path.write_text("\ufeff" + HEADER + rows, encoding="utf-8")
    return path


def test_a_decision_comes_before_every_rule(tmp_path, registry):
    path = write(
        tmp_path,
        "Wuyi University,,wuyi-university-fujian,A. Reader,2026-01-02,author page\n"
        '"Fudan University, Shanghai",,,A. Reader,2026-01-02,a namesake company\n',
    )
    matcher = Matcher(registry, read_decisions(path, registry))
    answer = matcher.match("Wuyi  university")
    assert answer.institution_ids == ("wuyi-university-fujian",)
    assert answer.rule == "human-decision"
    assert "A. Reader" in answer.evidence
    none = matcher.match("Fudan University, Shanghai")
    assert (none.decision, none.institution_ids) == ("out_of_scope", ())


def test_a_decision_for_one_country_holds_there_alone(tmp_path, registry):
    path = write(tmp_path, "Wuyi University,China,wuyi-university-guangdong,B,2026-01-02,mail\n")
    matcher = Matcher(registry, read_decisions(path, registry))
    assert matcher.match("Wuyi University", country="CN").rule == "human-decision"
    assert matcher.match("Wuyi University").rule != "human-decision"


def test_all_faults_in_one_message(tmp_path, registry):
    path = write(
        tmp_path,
        "X,,no-such-id,A,2026-01-02,\n"
        ",,,A,2026-01-02,\n"
        "Y,Nowhere,,,yesterday,\n"
        "Z,,peking-university,A,2026-01-02,\n"
        "z,,tsinghua-university,A,2026-01-03,\n",
    )
    with pytest.raises(InputError) as caught:
        read_decisions(path, registry)
    message = str(caught.value)
    for part in (
        "row 2: 'no-such-id' is no institution",
        "row 3: the affiliation is empty",
        "row 4: 'Nowhere' is no country",
        "row 4: decided_by is empty",
        "row 4: decided_on 'yesterday' is no date",
        "row 6: contradicts an earlier decision",
    ):
        assert part in message


def test_missing_columns_are_named(tmp_path, registry):
    path = tmp_path / "decisions.csv"
    path.write_text("affiliation,reason\nX,\n", encoding="utf-8")
    with pytest.raises(InputError, match="institution_ids"):
        read_decisions(path, registry)


def test_rows_of_the_review_form_that_nobody_filled_are_passed_over(tmp_path, registry):
    path = write(
        tmp_path, "Some Works,CN,,,,\nWuyi University,,wuyi-university-fujian,B,2026-01-02,\n"
    )
    assert [d.affiliation for d in read_decisions(path, registry)] == ["Wuyi University"]


def test_a_string_that_looks_like_a_formula_is_settled_by_the_form(tmp_path, registry):
    strings = ["-Department of Works, Nanjing, China", "'s-Hertogenbosch Institute, Netherlands"]
    queue = pd.DataFrame(
        [(string, "", 2, 0, "", "why") for string in strings],
        columns=["affiliation", "country", "papers", "papers_uncounted", "candidates", "evidence"],
    )
    names = pd.DataFrame(
        columns=["other_id", "country", "papers_other", "entity_id", "other_name", "name", "reason"]
    )
    path = tmp_path / "decisions.csv"
    path.write_text(review_form.form(queue, names), encoding="utf-8")
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    assert rows[0]["affiliation"] == "'-Department of Works, Nanjing, China"
    signed = {"institution_ids": "fudan-university", "decided_by": "B", "decided_on": "2026-01-02"}
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, rows[0].keys())
        writer.writeheader()
        writer.writerows(row | signed | {"reason": "'tis told"} for row in rows)
    decided = read_decisions(path, registry)
    assert [d.affiliation for d in decided] == strings
    book = DecisionBook(decided)
    assert all(book.find(string, None) for string in strings)
    # The form made anew, from the edition's table of guarded cells, keeps both as they were filled.
    guarded = queue.assign(affiliation=[*map(harmless, strings)])
    again = review_form.form(guarded, names, review_form.held(path))
    assert again == path.read_text(encoding="utf-8").replace("\r\n", "\n")
