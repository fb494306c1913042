"""Human decisions: read, checked, and obeyed."""

from __future__ import annotations

import pytest

from bibliometrics.attribution import Matcher, read_decisions
from bibliometrics.attribution.institutions import load_registry
from bibliometrics.errors import InputError

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
