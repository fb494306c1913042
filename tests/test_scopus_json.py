"""Entries of the Search API in every shape seen, or thought of: a record, or quarantine with the raw."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bibliometrics import simulation
from bibliometrics.attribution.place import country_code
from bibliometrics.errors import InputError
from bibliometrics.sources import scopus_json
from bibliometrics.sources.paged import BrokenPageError
from bibliometrics.sources.record import AffiliationFacts, Quarantined, Record
from bibliometrics.sources.scopus_json import read_entries
from bibliometrics.sources.scopus_page import read_page
from bibliometrics.sources.scopus_profile import read_profile
from bibliometrics.sources.scopus_saved import open_saved, read_saved
from conftest import shared
from scopus_emulator import paper, papers


def rows_of(*entries: Any, view: scopus_json.View | None = None) -> list[Record | Quarantined]:
    return list(read_entries(list(entries), "page.json", country_code, view))


def record(**fields: Any) -> Record:
    [found] = rows_of(paper(1) | fields)
    assert isinstance(found, Record)
    return found


def affiliation(
    afid: str | None, name: str, city: str | None = "Beijing", country: str | None = "China"
) -> dict[str, Any]:
    return {
        "afid": afid,
        "affilname": name,
        "affiliation-city": city,
        "affiliation-country": country,
    }


def author(seat: int, *afids: str, id_: str = "") -> dict[str, Any]:
    return {
        "@seq": str(seat),
        "authid": id_ or str(7000 + seat),
        "afid": [{"$": afid} for afid in afids],
    }


def test_a_plain_entry_becomes_a_record() -> None:
    found = record(authkeywords="robot | machine learning", **{"dc:description": "About it."})
    assert (found.eid, found.doi, found.year) == ("2-s2.0-900000001", "10.5555/invented.1", 2019)
    assert (found.document_type, found.source_type) == ("Article", "Journal")
    assert (found.author_keywords, found.abstract) == ("robot; machine learning", "About it.")
    assert found.index_keywords is None and found.language is None  # the source lacks them
    assert found.author_affiliations == (("Tsinghua University, Beijing, China",),)
    assert found.facts == {
        "Tsinghua University, Beijing, China": AffiliationFacts("60025278", "", "Beijing", "CN")
    }
    assert (found.tie, found.is_cut, found.is_simulated, found.is_retracted) == (
        "author",
        False,
        False,
        False,
    )


@pytest.mark.parametrize(
    "afid",
    [
        [{"$": "2"}, {"$": "1"}],
        [{"@_fa": "true", "$": "2"}, {"$": "1"}, {"$": "2"}],
        ["2", "1"],
        "2 1",
        "2-1",
    ],
    ids=["objects", "repeated", "texts", "one text", "joined"],
)
def test_ids_of_an_author_come_in_any_shape(afid: object) -> None:
    found = record(
        affiliation=[affiliation("1", "A"), affiliation("2", "B")],
        author=[{"@seq": "1", "authid": "7", "afid": afid}],
    )
    assert found.author_affiliations == (("B, Beijing, China", "A, Beijing, China"),)


@pytest.mark.parametrize("afid", [{"$": "1"}, "1", 1, {"@id": "1"}], ids=str)
def test_one_id_without_a_list(afid: object) -> None:
    found = record(affiliation=affiliation("1", "A"), author={"authid": 7, "afid": afid})
    assert found.author_affiliations == (("A, Beijing, China",),) and found.author_ids == ("7",)


@pytest.mark.parametrize("afid", [None, [], "", [None], [{"$": None}]], ids=str)
def test_an_author_without_an_affiliation_is_still_an_author(afid: object) -> None:
    found = record(author=[author(1, "60025278"), {"@seq": "2", "authid": "8", "afid": afid}])
    assert found.author_affiliations == (("Tsinghua University, Beijing, China",), ())
    assert found.authors_announced == 2


def test_an_id_that_the_paper_does_not_list_is_kept_by_its_number() -> None:
    found = record(author=[author(1, "60025278", "60014966")])
    assert found.author_affiliations == (("Tsinghua University, Beijing, China", "AF-ID 60014966"),)
    assert found.facts["AF-ID 60014966"].afid == "60014966"
    assert scopus_json.ABSENT_ID in found.findings
    assert found.affiliations == ("Tsinghua University, Beijing, China", "AF-ID 60014966")


def test_an_affiliation_lacking_its_city_costs_nobody_elses() -> None:
    found = record(
        affiliation=[
            affiliation("1", "A", None),
            affiliation("2", "B"),
            affiliation("3", "C", "", None),
        ],
        author=[author(1, "1"), author(2, "2"), author(3, "3")],
    )
    assert found.author_affiliations == (("A, China",), ("B, Beijing, China",), ("C",))


def test_entities_are_resolved_before_anything_is_put_together() -> None:
    found = record(
        affiliation=[
            affiliation(
                "1", "Universit&agrave; D&apos;Annunzio &amp;amp; Co", "L&#39;Aquila", "Italy"
            )
        ],
        author=[author(1, "1")],
        **{"dc:title": "Rock &amp; roll &lt;i&gt;"},
    )
    assert found.affiliations == ("Università D'Annunzio & Co, L'Aquila, Italy",)
    assert found.title == "Rock & roll <i>"


def test_a_list_cut_at_a_hundred_is_flagged_with_the_number_announced() -> None:
    people = [author(seat, "60025278") for seat in range(1, 101)]
    found = record(author=people, **{"author-count": {"@limit": "100", "$": "109"}})
    assert found.is_cut and found.authors_announced == 109
    assert len(found.author_affiliations or ()) == 100 and scopus_json.CUT in found.findings
    said = record(
        author=people,
        message="Author list of 250 truncated at 100; see elsewhere",
        **{"author-count": None},
    )
    assert said.is_cut and said.authors_announced == 250


def test_an_author_listed_once_for_each_address_is_one_author() -> None:
    found = record(
        affiliation=[affiliation("1", "A"), affiliation("2", "B")],
        author=[author(1, "1"), author(2, "1", id_="9"), author(2, "2", id_="9")],
        **{"author-count": {"@limit": "100", "$": "3"}},
    )
    assert found.author_ids == ("7001", "9") and not found.is_cut and found.authors_announced == 2
    assert found.author_affiliations == (
        ("A, Beijing, China",),
        ("A, Beijing, China", "B, Beijing, China"),
    )
    assert scopus_json.REPEATED in found.findings


def test_two_authors_under_one_id_stay_two() -> None:
    found = record(author=[author(1, "60025278", id_="9"), author(2, "60025278", id_="9")])
    assert found.author_ids == ("9", "9") and scopus_json.REPEATED not in found.findings


def test_an_affiliation_of_nobody_is_kept_and_told() -> None:
    found = record(
        affiliation=[affiliation("60025278", "Tsinghua University"), affiliation("5", "Lonely")]
    )
    assert "Lonely, Beijing, China" in (found.affiliations or ())
    assert scopus_json.UNTIED in found.findings


def test_two_ids_under_one_name_are_told() -> None:
    found = record(
        affiliation=[affiliation("1", "A"), affiliation("2", "A")],
        author=[author(1, "1"), author(2, "2")],
    )
    assert found.author_affiliations == (("A, Beijing, China",), ("A, Beijing, China",))
    assert scopus_json.SAME_STRING in found.findings


def test_every_finding_has_its_chinese() -> None:
    names = {
        scopus_json.ABSENT_ID,
        scopus_json.UNTIED,
        scopus_json.CUT,
        scopus_json.REPEATED,
        scopus_json.SAME_STRING,
    }
    assert set(scopus_json.NOTES_ZH) == names


@pytest.mark.parametrize(
    ("date", "year"),
    [
        ("2018-01-01", 2018),
        ([{"$": "2018-05-01"}], 2018),
        ({"$": "2018"}, 2018),
        ("1 May 2018", 2018),
    ],
)
def test_dates_come_in_any_shape(date: object, year: int) -> None:
    assert record(**{"prism:coverDate": date}).year == year
    assert record(**{"prism:coverDate": None, "prism:coverDisplayDate": "May 2018"}).year == 2018


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ("text", "not an object"),
        (None, "not an object"),
        ({"error": "Resource not found"}, "error instead of a record: Resource not found"),
        ({"prism:coverDate": "2018-01-01"}, "no title and no identifier"),
        ({"dc:title": "T", "prism:coverDate": None}, "year is not a year: ''"),
        ({"dc:title": "T", "prism:coverDate": "soon"}, "year is not a year: 'soon'"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_does_not_fit_is_quarantined_with_the_entry(entry: object, reason: str) -> None:
    [found] = rows_of(entry)
    assert isinstance(found, Quarantined) and found.reason == reason
    assert json.loads(found.raw) == entry


def test_a_row_that_says_nothing_was_found_is_no_record_and_amid_rows_is_told() -> None:
    empty = {"@_fa": "true", "error": "Result set was empty"}
    assert rows_of(empty) == []
    kinds = [type(row) for row in rows_of(paper(1), empty, paper(2))]
    assert kinds == [Record, Quarantined, Record]


def test_the_standard_view_lacks_what_it_lacks() -> None:
    entry = {
        name: value for name, value in paper(1).items() if name not in {"author", "author-count"}
    }
    [found] = rows_of(entry)
    assert isinstance(found, Record)
    assert (
        found.author_affiliations is None
        and found.abstract is None
        and found.author_keywords is None
    )
    assert found.tie == "paper" and found.affiliations == ("Tsinghua University, Beijing, China",)


def test_an_empty_field_of_the_complete_view_is_empty_not_lacking() -> None:
    assert (record().abstract, record().author_keywords) == ("", "")


def test_retracted_papers_are_known_by_their_type() -> None:
    found = record(subtype="tb", subtypeDescription=None)
    assert found.is_retracted and found.document_type == "Retracted"


def test_half_a_sign_does_not_reach_the_outputs() -> None:
    found = record(**json.loads('{"dc:title": "Half \\ud83d sign, whole 😀"}'))
    assert found.title == "Half � sign, whole 😀"
    found.title.encode()


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 99_999_999) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["$", "@_fa", "afid", "affilname", "authid", "@seq"]), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


# How long a draw takes under load says nothing about the reader: time is no part of the test.
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(
        st.sampled_from([*paper(1), "authkeywords", "dc:description", "message"]), ANYTHING
    )
)
def test_no_shape_is_lost_or_raises(fields: dict[str, Any]) -> None:
    [found] = rows_of(paper(1) | fields, view="COMPLETE")
    if isinstance(found, Record):
        tied = found.author_affiliations or ()
        assert {item for items in tied for item in items} <= set(found.affiliations or ())
        assert set(found.facts) == set(found.affiliations or ())
        assert found.authors_announced >= len(tied) and found.is_cut == (
            found.authors_announced > len(tied)
        )
        assert not found.author_ids or len(found.author_ids) == len(tied)
        json.dumps([found.title, *(found.affiliations or ())], ensure_ascii=False).encode()


# --- the pages of our own simulation ----------------------------------------------------------


def test_the_pages_of_the_simulation_tell_what_its_exports_tell(tmp_path: Path) -> None:
    drawn = simulation.simulate(600, 3)
    found: list[Record] = []
    for path in simulation.write_api_pages(drawn, tmp_path, over_limit=2):
        reply = read_page(path.read_bytes())
        assert reply.is_simulated
        rows = read_saved(open_saved(path), country_code)
        found.extend(row for row in rows if isinstance(row, Record))
    assert len(found) == reply.total and all(row.is_simulated for row in found)
    assert sum(row.is_cut for row in found) == 2
    by_eid = {row.eid: row for row in found}
    for paper_ in drawn.kept():
        row = by_eid[paper_.eid]
        assert row.year == paper_.year and len(row.author_ids) == len(paper_.signatures)
        for strings, signature in zip(
            row.author_affiliations or (), paper_.signatures, strict=True
        ):
            ids = [row.facts[one].afid for one in strings]
            assert ids == [address.afid for address in signature.addresses]


# --- JSON as others saved it ------------------------------------------------------------------


def _envelope(entries: list[dict[str, Any]], total: int | None = None) -> dict[str, Any]:
    return {
        "search-results": {"opensearch:totalResults": str(total or len(entries)), "entry": entries}
    }


FORMS = {
    "page.json": lambda e: json.dumps(_envelope(e)),
    "bare.json": json.dumps,
    "pages.json": lambda e: json.dumps([_envelope(e[:2]), _envelope(e[2:])]),
    "lines.jsonl": lambda e: "\n".join(json.dumps(one) for one in e),
    "pages.jsonl": lambda e: (
        "\n".join(json.dumps({"page_start": 0, "entry": part}) for part in (e[:2], e[2:])) + "\n"
    ),
    "envelopes.jsonl": lambda e: "\n".join(json.dumps(_envelope(part)) for part in (e[:1], e[1:])),
    "marked.json": lambda e: "\ufeff" + json.dumps(_envelope(e)),
}


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_saved_json_is_recognised_in_any_form(name: str, packed: bool, tmp_path: Path) -> None:
    entries = papers(3)
    raw = FORMS[name](entries).encode()
    path = tmp_path / name
    path.write_bytes(gzip.compress(raw) if packed else raw)
    saved = open_saved(path)
    rows = list(read_saved(saved, country_code))
    assert [row.eid for row in rows if isinstance(row, Record)] == [e["eid"] for e in entries]
    assert [row.row for row in rows] == [1, 2, 3] and not saved.is_cut


def test_a_page_among_many_tells_the_total_announced(tmp_path: Path) -> None:
    path = tmp_path / "page.json"
    path.write_text(json.dumps(_envelope(papers(2), 42)), encoding="utf-8")
    assert open_saved(path).announced == 42


def test_a_file_cut_in_transit_says_so(tmp_path: Path) -> None:
    path = tmp_path / "cut.jsonl"
    path.write_text(FORMS["lines.jsonl"](papers(3))[:-20], encoding="utf-8")
    saved = open_saved(path)
    rows = list(read_saved(saved, country_code))
    assert saved.is_cut and [type(row) for row in rows] == [Record, Record, Quarantined]


@pytest.mark.parametrize(
    "text", ['{"a": 1}', "[1, 2]", "no json", "", '{"search-results": 3}', "[]"]
)
def test_other_json_is_refused_with_a_hint(text: str, tmp_path: Path) -> None:
    path = tmp_path / "other.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        open_saved(path)
    assert refused.value.hint


def test_a_torn_gzip_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "torn.json.gz"
    path.write_bytes(gzip.compress(b"[]" * 500)[:-9])
    for wrong in (path, tmp_path / "absent.json", tmp_path):
        with pytest.raises(InputError):
            open_saved(wrong)


@pytest.mark.parametrize(
    ("name", "rows", "with_affiliation", "cut"),
    [
        ("scopus_search_complete_page1.json", 25, 25, 1),
        ("one_standard_page_0.json", 25, 23, 0),
        ("scopus_search_standard_2017_a.jsonl.gz", 750, 709, 0),
    ],
)
def test_real_answers_are_read_without_loss(
    name: str, rows: int, with_affiliation: int, cut: int
) -> None:
    found = list(read_saved(open_saved(shared(f"data/scopus_api/{name}")), country_code))
    records = [row for row in found if isinstance(row, Record)]
    assert len(records) == len(found) == rows
    assert sum(bool(row.affiliations) for row in records) == with_affiliation
    assert sum(row.is_cut for row in records) == cut
    if cut:
        assert all(row.tie == "author" for row in records)
        [crowd] = [row for row in records if row.is_cut]
        assert crowd.authors_announced == 109


# --- profiles ---------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"affiliation-retrieval-response": null}'])
def test_what_is_no_profile_is_said_to_be_none(body: bytes) -> None:
    with pytest.raises(BrokenPageError):
        read_profile(body, "1")


def test_a_profile_names_its_parent_unless_it_is_its_own() -> None:
    def profile(parent: str) -> bytes:
        return json.dumps(
            {
                "affiliation-retrieval-response": {
                    "affiliation-name": "A &amp; B",
                    "institution-profile": {
                        "@parent": parent,
                        "address": {"city": "X", "country": "China"},
                    },
                }
            }
        ).encode()

    found = read_profile(profile("60000001"), "7")
    assert (found.name, found.parent, found.city, found.country) == (
        "A & B",
        "60000001",
        "X",
        "China",
    )
    assert read_profile(profile("7"), "7").parent == ""
