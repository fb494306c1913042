"""Registries made from ROR files: our own small ones, with invented ids, of public names."""

from __future__ import annotations

import gzip
import json
import re

import pytest

from bibliometrics.attribution import Matcher, ror
from bibliometrics.attribution.institutions import is_ror_id, load_registry, registry_faults
from bibliometrics.cli import main
from bibliometrics.errors import InputError, RegistryError
from conftest import ROOT

REAL = ROOT.parent / "shared" / "data" / "registry" / "ror_greater_china.jsonl.gz"


def own_id(number):
    """An invented id of ROR's form: its check digits agree, no organisation has it."""
    stem = f"0zzzz{'abcdefghjkmn'[number // 10]}{number % 10}"
    return next(f"{stem}{d:02}" for d in range(2, 99) if is_ror_id(f"{stem}{d:02}"))


def second(number, name, city, country="UA", kind="education", **more):
    """A record of schema 2."""
    return {
        "id": f"https://ror.org/{own_id(number)}",
        "names": [
            {"value": name, "types": ["ror_display", "label"], "lang": "en"},
            *({"value": a, "types": ["alias"], "lang": None} for a in more.get("aliases", ())),
            *({"value": a, "types": ["acronym"], "lang": None} for a in more.get("acronyms", ())),
        ],
        "locations": [{"geonames_details": {"name": city, "country_code": country,
                                            "country_subdivision_name": more.get("province", ""),
                                            "lat": 50.0, "lng": 30.0}}],
        "types": [kind],
        "status": more.get("status", "active"),
        "established": more.get("established"),
        "relationships": [{"type": t, "id": f"https://ror.org/{own_id(n)}", "label": ""}
                          for t, n in more.get("related", ())],
        "domains": [],
    }  # fmt: skip


def first(number, name, city, country="UA", kind="Education"):
    """The same in schema 1."""
    return {
        "id": f"https://ror.org/{own_id(number)}", "name": name, "aliases": [], "acronyms": [],
        "labels": [], "types": [kind], "status": "active", "established": None,
        "relationships": [], "country": {"country_code": country, "country_name": ""},
        "addresses": [{"city": city, "lat": 50.0, "lng": 30.0, "geonames_city": None}],
    }  # fmt: skip


UKRAINE = [
    second(1, "Lviv Polytechnic National University", "Lviv", aliases=["Lviv Polytechnic"],
           acronyms=["LPNU"]),
    second(2, "Bogomolets National Medical University", "Kyiv"),
    second(3, "Oleksandrivska Clinical Hospital", "Kyiv", kind="healthcare", related=[("parent", 2)]),
    first(4, "Sumy State University", "Sumy"),
    second(5, "State Agrarian University", "Poltava"),
    second(6, "State Agrarian University", "Odesa"),
    second(7, "Ministry of Education and Science of Ukraine", "Kyiv", kind="government"),
    second(8, "Closed University", "Kyiv", status="withdrawn"),
    second(9, "Cadi Ayyad University", "Marrakesh", country="MA"),
]  # fmt: skip


def written(path, records, form):
    text = json.dumps(records) if form == "list" else "\n".join(map(json.dumps, records))
    path.write_bytes(gzip.compress(text.encode()) if form == "gzip" else text.encode())
    return path


@pytest.fixture(scope="module")
def matcher(tmp_path_factory):
    path = written(tmp_path_factory.mktemp("ror") / "ror.jsonl", UKRAINE, "lines")
    return Matcher(ror.registry_of(ror.read_ror(path), ("UA",)))


def named(matcher, string, **more):
    found = matcher.match(string, **more)
    return found.decision, [matcher.registry.institutions[i].name_en for i in found.institution_ids]


@pytest.mark.parametrize("form", ["list", "lines", "gzip"])
def test_both_schemas_and_every_form_are_read(tmp_path, form):
    records = ror.read_ror(written(tmp_path / "ror", UKRAINE, form))
    assert [r.name for r in records[:1]] == ["Lviv Polytechnic National University"]
    sumy = next(r for r in records if r.name == "Sumy State University")
    assert (sumy.city, sumy.country, sumy.kinds) == ("Sumy", "UA", ("education",))


def test_the_same_rules_serve_another_country(matcher):
    lviv = "Lviv Polytechnic National University"
    assert named(matcher, f"Dept. of AI, {lviv}, 79000 Lviv, Ukraine") == ("matched", [lviv])
    assert named(matcher, "Sumy State Univ., Sumy, Ukraine")[1] == ["Sumy State University"]


def test_a_string_of_the_country_without_a_name_is_unmatched_not_foreign(matcher):
    assert named(matcher, "Unknown Bureau, Kyiv, Ukraine")[0] == "unmatched"
    assert named(matcher, "Tsinghua University, Beijing, China")[0] == "out_of_scope"


def test_a_name_that_two_bear_needs_its_city(matcher):
    assert named(matcher, "State Agrarian University, Poltava, Ukraine")[1] == [
        "State Agrarian University"
    ]
    poltava = matcher.match("State Agrarian University, Poltava, Ukraine").institution_ids
    odesa = matcher.match("State Agrarian University, Odesa, Ukraine").institution_ids
    assert poltava != odesa
    assert named(matcher, "State Agrarian University, Ukraine")[0] == "ambiguous"


def test_an_acronym_needs_its_city(matcher):
    assert named(matcher, "LPNU, Lviv, Ukraine")[0] == "matched"


def test_a_hospital_is_a_unit_of_its_university(matcher):
    answer = matcher.match("Oleksandrivska Clinical Hospital, Kyiv, Ukraine")
    assert [m.via for m in answer.matches] == ["hospital"]
    assert answer.institution_ids == (f"ror-{own_id(2)}",)


def test_ministries_and_withdrawn_records_are_no_institutions(matcher):
    names = {row.name_en for row in matcher.registry.institutions.values()}
    assert not names & {"Ministry of Education and Science of Ukraine", "Closed University"}
    assert matcher.registry.home == ("UA",)


def test_the_check_of_the_registry_passes(matcher):
    registry = matcher.registry
    assert registry_faults(list(registry.institutions.values()), registry.units) == []


def test_parents_that_lead_back_are_cut(tmp_path):
    pair = [second(1, "One Research Institute", "Kyiv", related=[("parent", 2)]),
            second(2, "Other Research Institute", "Kyiv", related=[("parent", 1)])]  # fmt: skip
    registry = ror.registry_of(ror.read_ror(written(tmp_path / "ror", pair, "list")))
    assert registry_faults(list(registry.institutions.values()), ()) == []


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "no record"), (b"{not json", "not JSON"), (b'{"id": "x"}', "record 1"),
     (b"\x1f\x8bbroken", "cannot be read")],
)  # fmt: skip
def test_what_is_no_ror_file_is_refused_with_its_place(tmp_path, content, says):
    path = tmp_path / "ror.json"
    path.write_bytes(content)
    with pytest.raises(InputError) as error:
        ror.read_ror(path)
    assert says in str(error.value)


def test_a_country_that_the_file_lacks_is_refused(tmp_path):
    records = ror.read_ror(written(tmp_path / "ror", UKRAINE, "list"))
    with pytest.raises(RegistryError, match="no institution of PL"):
        ror.registry_of(records, ("PL",))


def test_the_command_cuts_a_country_out(tmp_path, capsys):
    whole = written(tmp_path / "ror.json", UKRAINE, "list")
    out = tmp_path / "ror-ma.jsonl"
    assert main(["registry", str(whole), "--country", "MA", "--out", str(out)]) == 0
    assert [r.name for r in ror.read_ror(out)] == ["Cadi Ayyad University"]
    assert 'known_by = "ror"' in capsys.readouterr().out


def test_match_and_validate_take_the_registry_of_a_study(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "queries").mkdir()
    written(tmp_path / "queries" / "ror-ua.jsonl", UKRAINE, "lines")
    text = (ROOT / "queries" / "ai-ukraine.toml").read_text(encoding="utf-8")
    text = re.sub(r'known_by = "\w+"', 'known_by = "ror"\nregistry_file = "ror-ua.jsonl"', text)
    (tmp_path / "queries" / "ai-ukraine.toml").write_text(text, encoding="utf-8")
    strings = 'affiliation\n"Lviv Polytechnic, Lviv, Ukraine"\n'
    (tmp_path / "a.csv").write_text(strings, encoding="utf-8")
    found = {}
    for name, more in (("without", []), ("with", ["--study", "ai-ukraine"])):
        assert main(["match", "a.csv", "--out", f"{name}.csv", *more]) == 0
        found[name] = (tmp_path / f"{name}.csv").read_text(encoding="utf-8")
    assert f"ror-{own_id(1)}" in found["with"]
    assert f"ror-{own_id(1)}" not in found["without"]
    (tmp_path / "list.csv").write_text("name\nLviv Polytechnic National University\n", "utf-8")
    told = ["validate", "ai-ukraine", "--list", "list.csv", "--out", "told"]
    assert main(told) == 0
    assert f"ror-{own_id(1)}" in (tmp_path / "told" / "list_evidence.csv").read_text("utf-8")


def test_records_are_added_below_the_curated_registry(tmp_path):
    curated = load_registry()
    new = [second(1, "Wholly Unlisted College of Testing", "Beijing", country="CN"),
           second(2, "Tsinghua University", "Beijing", country="CN")]  # fmt: skip
    both = ror.below(curated, ror.read_ror(written(tmp_path / "ror", new, "list")))
    assert set(both.institutions) - set(curated.institutions) == {f"ror-{own_id(1)}"}
    answer = Matcher(both).match("Tsinghua University, Beijing, China")
    assert answer.institution_ids == ("tsinghua-university",)


@pytest.mark.skipif(not REAL.exists(), reason="the ROR extract is not here")
def test_real_records_of_both_schemas_make_registries_that_pass_the_check():
    records = ror.read_ror(REAL)
    for registry in (ror.registry_of(records), ror.below(load_registry(), records)):
        assert registry_faults(list(registry.institutions.values()), registry.units) == []
