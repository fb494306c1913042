"""The study file: defaults, all faults at once, and what becomes of the options."""

from __future__ import annotations

from pathlib import Path

import pytest

from bibliometrics.errors import StudyError
from bibliometrics.study.choices import choices
from bibliometrics.study.file import find_study, load_study
from bibliometrics.study.model import Study
from conftest import ROOT

GOOD = (ROOT / "queries" / "cingai-2020.toml").read_text(encoding="utf-8")


def faults(tmp_path: Path, text: str) -> str:
    path = tmp_path / "study.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        load_study(path)
    return str(caught.value)


def test_every_shipped_study_loads_and_is_named_like_its_file() -> None:
    files = sorted((ROOT / "queries").glob("*.toml"))
    assert len(files) >= 2
    for path in files:
        assert load_study(path).name == path.stem


def test_the_flagship_takes_every_default(flagship: Study) -> None:
    own = {"[query] keywords", "[query] end_date", "[report] borders"}
    chosen = [c for c in choices(flagship) if c.place not in own]
    assert all(choice.is_default for choice in chosen)


def test_every_documented_option_speaks_both_languages(flagship: Study) -> None:
    for choice in choices(flagship):
        assert choice.says_en, choice.place
        assert any("\u4e00" <= letter <= "\u9fff" for letter in choice.says_zh), choice.place


def test_all_faults_come_in_one_message_each_with_place_and_allowed_values(tmp_path: Path) -> None:
    text = GOOD.replace('phrase = "phrase"', 'phrase = "sentence"')
    text = text.replace('counting]\nrule = "full"', 'counting]\nrule = "half"')
    text = text.replace("end_date = 2019-12-31", "end_date = 2019-06-30")
    text = text.replace("[network]", "[networks]")
    message = faults(tmp_path, text)
    assert message.startswith("study.toml: 4 faults")
    assert "[query] phrase (line" in message
    assert "allowed: phrase, words_and, or_before_and" in message
    assert "[counting] rule" in message
    assert "allowed: full, fractional, first_affiliation, corresponding_affiliation" in message
    assert "it must be a 31 December" in message
    assert "[networks] (line" in message
    assert "did you mean network?" in message


def test_a_misspelt_option_is_told_its_neighbour(tmp_path: Path) -> None:
    message = faults(tmp_path, GOOD.replace("rank_floor", "rank_flor"))
    assert "did you mean rank_floor?" in message


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name = ", "not valid TOML"),
        (GOOD.replace('country = "CN"', 'country = "China"'), "[geography] country"),
        (GOOD.replace('country = "CN"', 'country = "ZZ"'), "[geography] country"),
        (GOOD.replace('country = "CN"', 'country = "KR"'), "scope must be country"),
        (GOOD.replace('"robot"', '"  "'), "[query] keywords, item 3"),
    ],
)
def test_wrong_values_are_refused(tmp_path: Path, text: str, expected: str) -> None:
    assert expected in faults(tmp_path, text)


def test_registry_elsewhere_than_china_is_refused(tmp_path: Path) -> None:
    text = GOOD.replace('country = "CN"', 'country = "KR"').replace('"mainland"', '"country"')
    assert "the registry covers Greater China" in faults(tmp_path, text)


def test_a_study_is_found_by_path_or_by_name(tmp_path: Path) -> None:
    assert find_study("cingai-2020", ROOT / "queries").stem == "cingai-2020"
    with pytest.raises(StudyError, match="cingai-2020"):
        find_study("nonesuch", ROOT / "queries")
    with pytest.raises(StudyError, match="none there"):
        find_study("x", tmp_path)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (('"robot"', '"-"'), "has neither letter nor digit"),
        (('"robot"', '"Machine  learning"'), "stands twice"),
        (('"robot"', "'a\"b'"), "write words only"),
        (('"robot"', '"robot*"'), "write words only"),
        (('selection = "all"', 'selection = "given_list"'), "[institutions] given_list"),
        (("end_date = 2019-12-31", "end_date = 2019-12-31T10:00:00"), "must be a day"),
    ],
)
def test_what_cannot_be_searched_or_listed_is_refused(
    tmp_path: Path, change: tuple[str, str], expected: str
) -> None:
    assert expected in faults(tmp_path, GOOD.replace(*change))
