"""The study compiled to Scopus's syntax."""

from __future__ import annotations

import pytest

from bibliometrics.study.model import Study
from bibliometrics.study.query import scopus_query, slices
from conftest import with_options


def test_the_flagship_query(flagship: Study) -> None:
    assert scopus_query(flagship) == (
        'TITLE-ABS-KEY("Artificial Intelligence" OR "Machine learning" OR robot OR '
        '"Speech Recognition" OR "pattern recognition") AND DOCTYPE(ar) AND SRCTYPE(j) AND '
        "PUBYEAR < 2020 AND AFFILCOUNTRY(china)"
    )


def test_slices_cover_every_year_once(flagship: Study) -> None:
    parts = slices(flagship)
    assert [part.label for part in parts][:2] == ["before 1990", "1990"]
    assert [part.label for part in parts][-1] == "2019"
    assert len(parts) == 31
    assert all("PUBYEAR" in part.query and "PUBYEAR < 2020" not in part.query for part in parts)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"phrase": "words_and"}, "TITLE-ABS-KEY(Artificial AND Intelligence) OR"),
        ({"phrase": "or_before_and"}, "TITLE-ABS-KEY(Artificial Intelligence OR Machine learning"),
        ({"word_forms": "prefix"}, "OR robot* OR"),
        ({"word_forms": "exact"}, "OR {robot} OR"),
        ({"keyword_fields": "author_only"}, "AUTHKEY("),
        ({"as_of": "2020-06-24"}, "ORIG-LOAD-DATE < 20200625"),
        ({"start_year": 2010}, "PUBYEAR > 2009 AND PUBYEAR < 2020"),
        ({"document_types": ["article", "review"]}, "(DOCTYPE(ar) OR DOCTYPE(re))"),
        ({"international_paper": "english_only"}, "LANGUAGE(english)"),
        ({"articles_in_press": "final_only"}, "PUBSTAGE(final)"),
        ({"fields": ["title"]}, 'TITLE("Artificial Intelligence"'),
    ],
)
def test_options_reach_the_query(
    flagship: Study, options: dict[str, object], expected: str
) -> None:
    assert expected in scopus_query(with_options(flagship, query=options))


def test_geography_reaches_the_query(flagship: Study) -> None:
    wide = with_options(flagship, geography={"scope": "with_taiwan"})
    expected = (
        '(AFFILCOUNTRY(china) OR AFFILCOUNTRY("hong kong") OR AFFILCOUNTRY(macao) OR'
        " AFFILCOUNTRY(taiwan))"
    )
    assert expected in scopus_query(wide)


def test_a_start_before_the_yearly_slices_is_one_slice(flagship: Study) -> None:
    parts = slices(with_options(flagship, query={"start_year": 1985, "slices_from": 2018}))
    assert [part.label for part in parts] == ["1985-2017", "2018", "2019"]
