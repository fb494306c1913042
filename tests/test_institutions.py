"""The registry as examples: what it holds, and what it refuses."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bibliometrics.attribution.institutions import (
    FormerName,
    is_ror_id,
    load_registry,
    registry_faults,
    registry_version,
)
from bibliometrics.attribution.text import normalise
from bibliometrics.errors import RegistryError

HEADER = "id,name_en,name_zh,kind,country,city,ror_id,aliases,aliases_conditional,parent_id\n"


@pytest.fixture(scope="module")
def registry():
    return load_registry()


def test_holds_universities_and_institutes_of_greater_china(registry):
    tsinghua = registry.institutions["tsinghua-university"]
    assert (tsinghua.group, tsinghua.country, tsinghua.name_zh) == ("university", "CN", "清华大学")
    assert registry.institutions["university-of-hong-kong"].country == "HK"
    assert registry.institutions["university-of-macau"].country == "MO"
    assert registry.institutions["national-taiwan-university"].country == "TW"
    assert registry.institutions["institute-of-automation-cas"].group == "institute"


def test_owner_and_place_of_a_corporate_laboratory_differ(registry):
    laboratory = registry.institutions["microsoft-research-asia"]
    assert (laboratory.country, laboratory.owner_country) == ("CN", "US")
    assert registry.institutions["microsoft-research-asia-partner"].same_as == laboratory.id


def test_a_name_that_is_also_conditional_does_not_stand_alone(registry):
    assert (
        "Northeastern University"
        not in registry.institutions["northeastern-university"].unconditional_names
    )


def test_ancestors_are_nearest_first(registry):
    assert registry.ancestors("institute-of-automation-cas") == ("chinese-academy-of-sciences",)
    assert registry.ancestors("tsinghua-university") == ()


def test_ror_ids_have_check_digits():
    assert is_ror_id("03cve4549")
    assert not is_ror_id("03cve4548")
    assert not is_ror_id("3cve4549")


def test_all_faults_are_listed_at_once(tmp_path):
    extra = tmp_path / "extra.csv"
    extra.write_text(
        HEADER
        + "tsinghua-university,Another,,university,CN,,,,,\n"
        + "second-tongji,Tongji University,,university,CN,,,,,\n"
        + "orphan,Orphan Institute,,academy,CN,,03cve4548,,,nobody\n",
        encoding="utf-8",
    )
    with pytest.raises(RegistryError) as caught:
        load_registry([extra])
    message = str(caught.value)
    assert "tsinghua-university: the id stands twice" in message
    assert "second-tongji and tongji-university" in message
    assert "orphan: parent_id nobody is not in the registry" in message
    assert "03cve4548 is not a ROR id" in message


def test_an_id_is_one_word_of_small_letters(registry):
    for wrong in ("", "Tsinghua", "a b", "a/b", "-a"):
        row = replace(registry.institutions["tsinghua-university"], id=wrong)
        assert any("is no id" in fault for fault in registry_faults([row], []))


def test_former_names_of_two_need_a_year(registry):
    def with_former(who, name, year):
        return replace(registry.institutions[who], former_names=(FormerName(name, year),))

    tongji = registry.institutions["tongji-university"]
    undated = with_former("fudan-university", "Tongji University", None)
    assert any("give its last year" in fault for fault in registry_faults([tongji, undated], []))
    dated = with_former("fudan-university", "Tongji University", 1950)
    assert registry_faults([tongji, dated], []) == []
    both = [with_former(who, "Old Name", 1950) for who in ("fudan-university", "tongji-university")]
    assert any("the former name 'old name' belongs to" in f for f in registry_faults(both, []))


def test_no_name_stands_for_two_when_compared(registry):
    """The words as compared, not only as written: abbreviations and small words make no other name."""
    owners: dict[str, set[str]] = {}
    for row in registry.institutions.values():
        if not row.same_as:
            for name in row.unconditional_names:
                owners.setdefault(normalise(name), set()).add(row.id)
    assert {name: ids for name, ids in owners.items() if len(ids) > 1} == {}


def test_a_circle_of_parents_is_refused(registry):
    first = replace(registry.institutions["tsinghua-university"], parent_id="peking-university")
    second = replace(registry.institutions["peking-university"], parent_id="tsinghua-university")
    faults = registry_faults([first, second], [])
    assert any("belongs to itself" in fault for fault in faults)


def test_extra_rows_are_added(tmp_path, registry):
    extra = tmp_path / "extra.csv"
    extra.write_text(
        HEADER + "universite-x,Université X,,university,MA,Rabat,,,,\n", encoding="utf-8"
    )
    larger = load_registry([extra])
    assert larger.institutions["universite-x"].country == "MA"
    assert registry_version(larger) != registry_version(registry)


def test_a_missing_extra_file_is_named(tmp_path):
    with pytest.raises(RegistryError, match=r"absent\.csv"):
        load_registry([tmp_path / "absent.csv"])


def test_version_is_the_same_for_the_same_content(registry):
    assert registry_version(registry) == registry_version(load_registry())
