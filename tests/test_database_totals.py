"""The database's own totals: what is asked, and that the answers make a study that loads."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from bibliometrics.attribution.institutions import load_registry
from bibliometrics.cli import main
from bibliometrics.errors import StudyError
from bibliometrics.harvesting import database_totals
from bibliometrics.sources.openalex_query import openalex_slices
from bibliometrics.study.file import load_study
from bibliometrics.study.model import Study
from bibliometrics.study.query import slices
from conftest import ROOT, with_options
from harvest_fixture import Clock, Shelf
from scopus_emulator import ScopusEmulator, paper

REGISTRY = load_registry()
TSINGHUA = REGISTRY.institutions["tsinghua-university"]


@pytest.fixture
def study(flagship: Study) -> Study:
    return with_options(flagship, query={"slices_from": 2018})


def test_scopus_is_asked_for_everything_but_the_keywords(study: Study) -> None:
    asked = database_totals.scopus_questions(study, slices(study), [TSINGHUA])
    everything = "DOCTYPE(ar) AND SRCTYPE(j) AND PUBYEAR = {} AND AFFILCOUNTRY(china)"
    ids = " OR ".join(f"AF-ID({afid})" for afid in TSINGHUA.scopus_afids)
    assert [(one.table, one.key, one.query) for one in asked] == [
        ("database", "2018", everything.format(2018)),
        ("database", "2019", everything.format(2019)),
        ("tsinghua-university", "2018", f"{everything.format(2018)} AND ({ids})"),
        ("tsinghua-university", "2019", f"{everything.format(2019)} AND ({ids})"),
    ]


def test_openalex_is_asked_for_international_works_of_the_world(study: Study) -> None:
    asked = database_totals.openalex_questions(study, openalex_slices(study), [TSINGHUA], ["US"])
    filters = {(one.table, one.key): parse_qs(one.query)["filter"][0] for one in asked}
    assert list(filters) == [
        ("database", "2018"), ("database", "2019"),
        ("tsinghua-university", "2018"), ("tsinghua-university", "2019"),
        ("international", "world"), ("international", "CN"), ("international", "US"),
    ]  # fmt: skip
    assert "search" not in asked[0].query
    assert filters["database", "2018"] == (
        "type:article,primary_location.source.type:journal,publication_year:2018,"
        "authorships.countries:CN"
    )
    assert filters["tsinghua-university", "2019"].endswith(
        f"authorships.institutions.ror:{TSINGHUA.ror_id}"
    )
    assert "search.title_and_abstract" in asked[-1].query
    assert filters["international", "world"] == (
        "type:article,primary_location.source.type:journal,publication_year:<2020,"
        "countries_distinct_count:>1"
    )
    assert filters["international", "US"] == (
        f"{filters['international', 'world']},authorships.countries:US"
    )


def test_an_institution_the_service_has_no_id_of_is_refused(study: Study) -> None:
    unknown = next(one for one in REGISTRY.institutions.values() if not one.scopus_afids)
    with pytest.raises(StudyError, match="no Scopus affiliation id"):
        database_totals.scopus_questions(study, slices(study), [unknown])
    unknown = next(one for one in REGISTRY.institutions.values() if not one.ror_id)
    with pytest.raises(StudyError, match="no ROR id"):
        database_totals.openalex_questions(study, openalex_slices(study), [unknown])


def test_answers_make_sections_that_a_study_takes(study: Study, tmp_path: Path) -> None:
    asked = database_totals.openalex_questions(study, openalex_slices(study), [TSINGHUA], ["US"])
    answers = {one: 1000 + place for place, one in enumerate(asked)}
    answers[asked[4]] = 5000  # the world holds its countries
    told = database_totals.as_toml(answers, "OpenAlex API", dt.date(2026, 11, 24))
    text = (ROOT / "queries" / "cingai-2020.toml").read_text(encoding="utf-8")
    network, own = told.split("[network]\n")[1], told.split("[network]\n")[0]
    text = text.replace("[network]\n", f"[network]\n{network}")
    path = tmp_path / "cingai-2020.toml"
    path.write_text(f"{text}\n{own}", encoding="utf-8")
    loaded = load_study(path)
    assert loaded.totals.database == {2018: 1000, 2019: 1001}
    assert loaded.totals.institutions == {"tsinghua-university": {2018: 1002, 2019: 1003}}
    assert "2026-11-24" in loaded.totals.totals_from
    assert loaded.network.international_totals == {"world": 5000, "CN": 1005, "US": 1006}


def test_a_count_of_today_is_not_asked_again(study: Study, tmp_path: Path) -> None:
    asked = database_totals.scopus_questions(study, slices(study))
    shelf, clock = Shelf([paper(1), paper(2)]), Clock()
    for _ in range(2):
        answers = database_totals.ask(study, asked, shelf, tmp_path, print, clock.patience)
        assert list(answers.values()) == [2, 2]
    assert shelf.asked == ["count", "count"]


def test_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    study = str(ROOT / "queries" / "cingai-2020.toml")
    monkeypatch.delenv("SCOPUS_API_KEY", raising=False)
    assert main(["totals", study]) == 0
    assert "no key is set, so nothing was sent" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["totals", study, "--country", "US"])
    assert "--source openalex" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["totals", study, "--institution", "nowhere"])
    assert "the registry has no nowhere" in capsys.readouterr().err
    with ScopusEmulator([paper(1), paper(2, year=2018), paper(3, year=2018)]) as service:
        monkeypatch.setenv("BIBLIOMETRICS_SCOPUS_URL", service.address)
        monkeypatch.setenv("SCOPUS_API_KEY", "0123456789abcdef0123456789abcdef")
        assert main(["totals", study]) == 0
    assert "2018 = 2, 2019 = 1 }" in capsys.readouterr().out
