"""The study's own filter, a step at a time: what each sets aside, and what it could not test."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from operator import attrgetter
from typing import Literal, NamedTuple

from bibliometrics.corpus.keywords import Hits
from bibliometrics.sources.record import Record
from bibliometrics.study.model import Study

Outcome = Literal["kept", "set aside", "not testable"]
CountryOf = Callable[[str], str | None]

_DOCUMENT_TYPES = {
    "article": "article", "article in press": "article", "review": "review",
    "conference paper": "conference_paper",
    "book chapter": "book_chapter", "book": "book", "editorial": "editorial", "letter": "letter",
    "note": "note", "short survey": "short_survey", "erratum": "erratum",
    "data paper": "data_paper", "retracted": "retracted",
}  # fmt: skip
_SOURCE_TYPES = {
    "journal": "journal", "conference proceeding": "conference_proceeding",
    "book series": "book_series", "book": "book", "trade journal": "trade_journal",
}  # fmt: skip

# What the steps before the keywords ask of a record: few values, so each set is judged once.
_VALUES = attrgetter(
    "document_type", "source_type", "publication_stage", "language", "is_retracted", "year"
)


@dataclass
class Step:
    """One condition of the study, with its tally over the records that reached it.

    ``unknown`` counts records set aside because the cell is empty or states no country.
    """

    name: str
    says_en: str
    says_zh: str
    entered: int = 0
    set_aside: int = 0
    not_testable: int = 0
    unknown: int = 0

    @property
    def status(self) -> str:
        if self.not_testable == 0:
            return "done"
        return "not testable" if self.not_testable == self.entered else "partly testable"


class Verdict(NamedTuple):
    """What the filter says of one record.

    ``stop`` is the index of the step that sets it aside, or the number of steps: it stays.
    ``untested`` has a bit for each step on the way that could not be tested. ``is_unknown``: it was
    set aside for want of a value, not for a wrong one.
    """

    stop: int
    untested: int
    is_unknown: bool


@dataclass
class Selection:
    """The filter of one study: ``verdict`` judges a record, ``add`` tallies the verdicts."""

    study: Study
    country_of: CountryOf
    steps: list[Step] = field(default_factory=list)

    def __post_init__(self) -> None:
        query = self.study.query
        places = ", ".join(self.study.geography.codes)
        first = f"{query.start_year} to " if isinstance(query.start_year, int) else "up to "
        since = f"{query.start_year} 年至 " if isinstance(query.start_year, int) else "截至 "
        types, sources = ", ".join(query.document_types), ", ".join(query.source_types)
        by, end = query.end_date_field, query.end_date
        described = [
            ("document type", f"kept: {types}", f"保留：{types}"),
            ("source type", f"kept: {sources}", f"保留：{sources}"),
            ("publication date", f"{first}{end} by {by}", f"{since}{end}（按 {by}）"),
        ]
        if isinstance(query.as_of, dt.date):
            loaded = query.as_of
            described.append(("load date", f"loaded by {loaded}", f"{loaded} 前入库"))
        if query.articles_in_press == "final_only":
            described.append(("publication stage", "kept: final", "保留：正式出版"))
        if query.retracted == "drop":
            described.append(("retracted", "not marked as retracted", "未标记为撤稿"))
        if query.international_paper != "any_in_scopus":
            kept = query.international_paper
            described.append(("international paper", f"kept: {kept}", f"保留：{kept}"))
        rule = "one keyword or more, by the study's rule"
        described.append(("keywords", rule, "按研究规则至少命中一个检索词"))
        if self.study.geography.country_filter == "affiliation":
            described.append(("affiliation", "has an affiliation at all", "有作者地址"))
            described.append(("country", f"an affiliation in {places}", f"有 {places} 的地址"))
        self.steps = [Step(*step) for step in described]
        self._tests = [self._test_of(step.name) for step in self.steps]
        self._inside = frozenset(self.study.geography.codes)
        self._by_values = [step.name for step in self.steps].index("keywords")
        self._judged: dict[tuple[object, ...], tuple[int, int]] = {}

    def verdict(self, record: Record, hits: Hits) -> Verdict:
        """Which step sets ``record`` aside, and what could not be tested before."""
        values = _VALUES(record)
        judged = self._judged.get(values)
        if judged is None:
            judged = self._judged[values] = self._run(record, hits, 0, self._by_values, 0)
        stop, untested = judged
        if stop == self._by_values:
            stop, untested = self._run(record, hits, stop, len(self._tests), untested)
        if stop == len(self.steps):
            return Verdict(stop, untested, False)
        return Verdict(stop, untested, self._is_unknown(self.steps[stop].name, record))

    def _run(
        self, record: Record, hits: Hits, first: int, end: int, untested: int
    ) -> tuple[int, int]:
        """The step from ``first`` that sets the record aside, else ``end``; what was not tested."""
        for number in range(first, end):
            outcome = self._tests[number](record, hits)
            if outcome == "kept":
                continue
            if outcome == "set aside":
                return number, untested
            untested |= 1 << number
        return end, untested

    def add(self, verdicts: Mapping[Verdict, int]) -> None:
        """Count verdicts with the number of distinct records each was passed on."""
        for verdict, papers in verdicts.items():
            for number, step in enumerate(self.steps[: verdict.stop + 1]):
                step.entered += papers
                step.not_testable += papers * (verdict.untested >> number & 1)
                if number == verdict.stop:
                    step.set_aside += papers
                    step.unknown += papers * verdict.is_unknown

    def _test_of(self, step: str) -> Callable[[Record, Hits], Outcome]:
        """What a step asks of a record and its hits."""
        query = self.study.query
        among: dict[str, tuple[attrgetter[str | None], dict[str, str], frozenset[str]]] = {
            "document type": (
                attrgetter("document_type"), _DOCUMENT_TYPES, frozenset(query.document_types)
            ),
            "source type": (
                attrgetter("source_type"), _SOURCE_TYPES, frozenset(query.source_types)
            ),
            "publication stage": (
                attrgetter("publication_stage"), {"final": "final"}, frozenset({"final"})
            ),
        }  # fmt: skip
        if query.international_paper != "non_chinese_source":
            english = ({"english": "english"}, frozenset({"english"}))
            among["international paper"] = (attrgetter("language"), *english)
        if step in among:
            value, names, kept = among[step]
            # Few values, many records: each value is judged once.
            judged = cache(lambda found: _among(found, names, kept))
            return lambda record, _: judged(value(record))
        tests: dict[str, Callable[[Record, Hits], Outcome]] = {
            "publication date": self._date,
            "retracted": _retracted,
            "keywords": _keywords,
            "affiliation": _affiliation,
            "country": self._country,
        }
        return tests.get(step, _not_testable)  # load date, source's country: nobody carries them

    def _is_unknown(self, step: str, record: Record) -> bool:
        """Whether a record was set aside for want of a value, not for a wrong one."""
        if step == "document type":
            return not (record.document_type or "").strip()
        if step == "country":
            return any(self._place(record, item) is None for item in record.affiliations or ())
        return False

    def _date(self, record: Record, _hits: Hits) -> Outcome:
        query = self.study.query
        if isinstance(query.start_year, int) and record.year < query.start_year:
            return "set aside"
        if record.year > query.end_date.year:
            return "set aside"
        return "kept" if query.end_date_field == "publication_year" else "not testable"

    def _country(self, record: Record, _hits: Hits) -> Outcome:
        if record.affiliations is None:
            return "not testable"
        inside = self._inside
        # Nearly always the address says it, and its source's profile need not be asked.
        if not inside.isdisjoint(map(self.country_of, record.affiliations)):
            return "kept"
        for item in record.affiliations if record.facts else ():
            if self._place(record, item) in inside:
                return "kept"
        return "set aside"

    def _place(self, record: Record, item: str) -> str | None:
        """The country an address states, else the one its source's profile has."""
        facts = record.facts.get(item)
        return self.country_of(item) or (facts.country if facts else "") or None


def document_type_of(value: str) -> str | None:
    """The study's word for a source's document type; None: a type no study can ask for."""
    return _DOCUMENT_TYPES.get(value.strip().lower())


def _retracted(record: Record, _hits: Hits) -> Outcome:
    if record.is_retracted is None:
        return "not testable"
    return "set aside" if record.is_retracted else "kept"


def _keywords(_record: Record, hits: Hits) -> Outcome:
    if not hits.is_testable:
        return "not testable"
    return "kept" if hits.found else "set aside"


def _affiliation(record: Record, _hits: Hits) -> Outcome:
    if record.affiliations is None:
        return "not testable"
    return "kept" if record.affiliations else "set aside"


def _not_testable(_record: Record, _hits: Hits) -> Outcome:
    return "not testable"


def _among(value: str | None, names: dict[str, str], kept: frozenset[str]) -> Outcome:
    """Whether a cell is one of the kept values; ``None``: the source has no such column."""
    if value is None:
        return "not testable"
    known = names.get(value.strip().lower())
    return "kept" if known in kept else "set aside"
