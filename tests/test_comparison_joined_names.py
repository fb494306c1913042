"""A decision that two names outside the registry are one, signed or withdrawn between two editions.

The truth is reckoned plainly here, from the papers that write each name.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bibliometrics.attribution import HumanDecision, Matcher
from bibliometrics.attribution.foreign import organisation
from bibliometrics.comparison import compare
from bibliometrics.editions import stored
from bibliometrics.study.model import Study
from comparison_fixture import Editions, paper, parts
from conftest import WriteExport, with_options

# No rule joins these two; a person knows that the second was renamed to the first.
LVIV = "Lviv Polytechnic Academy, Lviv, Ukraine"
RENAMED = "Institute of Applied Letters, Lviv, Ukraine"
ODESA = "Odesa Maritime University, Odesa, Ukraine"
ABROAD = "University of Graz, Graz, Austria"


def id_of(address: str) -> str:
    named = organisation(address, "UA")
    assert named is not None
    return named.organisation_id


L, R, SEA = id_of(LVIV), id_of(RENAMED), id_of(ODESA)
ONE = HumanDecision(R, None, (L,), "Olena Koval", "2026-11-24", "renamed in 2011")

PAPERS = {
    1: [LVIV], 2: [LVIV, ODESA], 3: [LVIV, RENAMED], 4: [RENAMED], 5: [RENAMED, ABROAD],
    6: [ODESA], 7: [LVIV, ABROAD], 8: [LVIV],
}  # fmt: skip
ROWS = [paper(number, *addresses) for number, addresses in PAPERS.items()]
# Two papers of the next year, one of which names both: the year and the decision share it.
NEXT = {9: [RENAMED], 10: [LVIV, RENAMED]}
NEXT_ROWS = [paper(number, *addresses, Year="2020") for number, addresses in NEXT.items()]


@pytest.fixture
def made(tmp_path: Path, write_export: WriteExport, flagship: Study) -> Editions:
    ukraine = with_options(
        flagship,
        geography={"country": "UA", "scope": "country"},
        institutions={"known_by": "open", "groups": "together"},
    )
    return Editions(tmp_path, write_export, ukraine)


def papers_of(name: str, papers: dict[int, list[str]] = PAPERS) -> set[int]:
    return {number for number, addresses in papers.items() if name in addresses}


def test_a_decision_that_joins_two_names_moves_the_papers_of_the_lesser(made: Editions) -> None:
    found = made.compare(made.make("a", ROWS), made.make("b", ROWS, decisions=(ONE,)))
    assert found.players == ("registry",)
    # A paper that names both counted for each, and counts once for the one.
    gained = len(papers_of(RENAMED) - papers_of(LVIV))
    assert parts(found) == {L: {"registry": gained}, R: {"registry": -len(papers_of(RENAMED))}}
    strings = found.tables["changed_strings"]
    assert strings[["affiliation", "counted_before", "counted_after"]].to_numpy().tolist() == [
        [RENAMED, R, L]
    ]
    changes = found.tables["changes"].set_index("institution_id")
    assert changes.loc[R, "papers_after"] == 0
    assert changes.loc[SEA, "papers_change"] == 0


def test_a_decision_that_is_withdrawn_gives_the_papers_back(made: Editions) -> None:
    found = made.compare(made.make("a", ROWS, decisions=(ONE,)), made.make("b", ROWS))
    assert found.players == ("registry",)
    gained = len(papers_of(RENAMED) - papers_of(LVIV))
    assert parts(found) == {L: {"registry": -gained}, R: {"registry": len(papers_of(RENAMED))}}
    assert found.tables["changed_papers"].empty


def test_a_decision_and_a_new_year_share_what_both_moved(made: Editions) -> None:
    old = made.make("a", ROWS, query={"end_date": "2019-12-31"})
    new = made.make("b", ROWS + NEXT_ROWS, (ONE,), query={"end_date": "2020-12-31"})
    found = made.compare(old, new)
    assert set(found.players) == {"new_years", "registry"}
    # In halves: a new paper of the joined name is there only by the year, L's only by both.
    year: Counter[str] = Counter()
    decision: Counter[str] = Counter()
    decision[L] += 2 * len(papers_of(RENAMED) - papers_of(LVIV))
    decision[R] -= 2 * len(papers_of(RENAMED))
    for names in NEXT.values():
        year[L] += 2 if LVIV in names else 1
        decision[L] += 0 if LVIV in names else 1
        year[R] += 1
        decision[R] -= 1
    told = parts(found)
    for cause, doubled in (("new_years", year), ("registry", decision)):
        computed = {i: 2 * causes[cause] for i, causes in told.items() if cause in causes}
        assert computed == {i: n for i, n in doubled.items() if n}, cause


def test_a_name_decided_to_stand_apart_is_the_registrys_part(made: Editions) -> None:
    shorter = "Lviv Academy Polytechnic, Lviv, Ukraine"  # the same words: a rule joins them
    rows = [*ROWS, paper(11, shorter)]
    apart = HumanDecision(
        id_of(shorter), None, (id_of(shorter),), "Olena Koval", "2026-11-24", "another house"
    )
    found = made.compare(made.make("a", rows), made.make("b", rows, decisions=(apart,)))
    assert found.players == ("registry",)
    assert parts(found) == {L: {"registry": -1}, id_of(shorter): {"registry": 1}}


def test_the_name_that_leads_may_change_with_the_papers(made: Editions) -> None:
    """The joined name with most papers gives the id: when it changes, the id does, too."""
    more = [paper(number, RENAMED) for number in range(20, 30)]
    found = made.compare(
        made.make("a", ROWS, decisions=(ONE,)), made.make("b", ROWS + more, decisions=(ONE,))
    )
    changes = found.tables["changes"].set_index("institution_id")
    joined = len(papers_of(LVIV) | papers_of(RENAMED))
    assert changes["papers_change"].to_dict() == {L: -joined, R: joined + len(more), SEA: 0}
    assert parts(found) == {
        L: {"record_changed": -joined}, R: {"record_changed": joined, "newly_indexed": len(more)},
    }  # fmt: skip


def test_each_string_is_matched_once_by_each_registry(
    made: Editions, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = stored.side(stored.read(made.make("a", ROWS)))
    after = stored.side(stored.read(made.make("b", ROWS + NEXT_ROWS, decisions=(ONE,))))
    asked: Counter[tuple[int, str, str | None]] = Counter()
    match = Matcher.match

    def counted(self: Matcher, affiliation: str, **told: str | None) -> object:
        asked[id(self), affiliation, told["country"]] += 1
        return match(self, affiliation, **told)  # type: ignore[arg-type]

    monkeypatch.setattr(Matcher, "match", counted)
    compare(before, after)
    assert len({matcher for matcher, _, _ in asked}) == 2
    assert {string for _, string, _ in asked} == {LVIV, RENAMED, ODESA, ABROAD}
    assert set(asked.values()) == {1}
