"""Every value a study may hold has a name in both languages, so that no reader meets a bare code."""

from __future__ import annotations

import pytest

from bibliometrics.firmness.variants import OPTIONS
from bibliometrics.study.choices import allowed_values
from bibliometrics.study.model import Study
from bibliometrics.study.option_names import NAMES, all_called, called

VALUES = [
    (option, value)
    for section in Study.model_fields.values()
    for option, info in section.annotation.model_fields.items()  # type: ignore[union-attr]
    for value in allowed_values(info.annotation)
    if option != "database"  # names of products
]


@pytest.mark.parametrize(("option", "value"), VALUES)
def test_every_value_is_named_in_both_languages(option: str, value: str) -> None:
    english, chinese = NAMES[option][value]
    assert english
    assert value in {"STANDARD", "natural_earth"} or any("\u4e00" <= c <= "\u9fff" for c in chinese)


def test_no_name_stands_for_a_value_that_is_gone() -> None:
    tried_by_the_search = {("selection", "one_minimum"), ("selection", "minimum_per_group"),
                           ("vary", "phrase")}  # fmt: skip
    named = {(option, value) for option, names in NAMES.items() for value in names}
    assert named - set(VALUES) <= tried_by_the_search


def test_options_of_the_sensitivity_are_those_of_the_study() -> None:
    for dimension, (_, option) in OPTIONS.items():
        for value in NAMES[option]:
            assert called(dimension, value) == NAMES[option][value]


def test_a_value_of_the_users_own_is_shown_as_it_is() -> None:
    assert called("keywords", "robot") == ("robot", "robot")
    assert all_called("fields", ["title", "abstract"]) == ("title, abstract", "题名、摘要")
