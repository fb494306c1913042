"""The papers behind a number of an edition, read from its folder."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from bibliometrics import evidence, lookup, schema, store
from bibliometrics.attribution.institutions import Registry
from bibliometrics.counting.partners import with_home
from bibliometrics.errors import EditionError
from bibliometrics.network import atlas
from bibliometrics.paper_lists import PaperList
from bibliometrics.study.model import Study

_COLUMNS = (
    "paper_id", "year", "title", "source_title", "doi", "document_type", "weight", "affiliations",
    "rules", "source",
)  # fmt: skip


def papers_behind(
    edition: Path, asked: PaperList, study: Study, registry: Registry
) -> pd.DataFrame:
    """The papers of a list, newest first.

    Parameters
    ----------
    study, registry : of the edition.

    Returns one row a paper: paper_id, year, title, source_title, doi, document_type as in the
    source, its weight under the counting rule asked for (1 where the rule counts whole papers;
    empty where none is asked for), the affiliation strings that brought it to the institutions of
    the list, the rule that matched each of them, in the same order, and where the record came
    from.

    Raises
    ------
    EditionError : the edition holds nothing of what was asked.
    """
    behind = _Behind(edition, study, registry)
    wanted = behind.papers_of(asked)
    papers = behind.papers
    found = papers[schema.among(papers["paper_id"], pd.Index(sorted(wanted), dtype=object))]
    found = found[_narrowed(found, asked, behind)]
    strings, told = behind.strings(asked)
    weights = behind.weights(asked)
    return (
        found.assign(
            weight=found["paper_id"].map(weights).astype("Float64"),
            affiliations=found["paper_id"].map(strings).astype("string").fillna(""),
            rules=found["paper_id"].map(told).astype("string").fillna(""),
            source=str(lookup.read_table(edition, schema.FLOW)["source"].iloc[0]),
        )[[*_COLUMNS]]
        .sort_values(["year", "paper_id"], ascending=[False, True])
        .reset_index(drop=True)
    )


def left_out(edition: Path, asked: PaperList, study: Study, registry: Registry) -> int:
    """How many papers of two institutions make no tie, and are not in their list."""
    if asked.other is None or asked.long:
        return 0
    behind = _Behind(edition, study, registry)
    return len(behind.together(asked) & behind.untied())


def _narrowed(found: pd.DataFrame, asked: PaperList, behind: _Behind) -> pd.Series[bool]:
    year = found["year"]
    kept = pd.Series(data=True, index=found.index)
    for limit, holds in (
        (asked.year, year.eq), (asked.since, year.ge), (asked.until, year.le),
    ):  # fmt: skip
        if limit is not None:
            kept &= holds(limit).fillna(value=False).astype(bool)
    if asked.retracted:
        kept &= found["is_retracted"].eq(1).fillna(value=False).astype(bool)
    if asked.abroad:
        abroad = behind.named("domestic") & behind.named("foreign")
        kept &= found["paper_id"].isin(list(abroad)).astype(bool)
    return kept


class _Behind:
    """An edition's folder, its parts read when a list first asks for them."""

    def __init__(self, edition: Path, study: Study, registry: Registry) -> None:
        self._edition = edition
        self._study = study
        self._registry = registry
        self._read: dict[str, pd.DataFrame] = {}

    def _corpus(self, table: schema.Table) -> pd.DataFrame:
        if table.name not in self._read:
            self._read[table.name] = store.read_parquet(self._edition / "corpus", table)
        return self._read[table.name]

    @property
    def papers(self) -> pd.DataFrame:
        return self._corpus(schema.PAPERS)

    @property
    def credits(self) -> pd.DataFrame:
        if "with home" not in self._read:
            self._read["with home"] = with_home(self._corpus(schema.CREDITS))
        return self._read["with home"]

    def named(self, scope: str) -> set[str]:
        """Papers with an institution of a scope."""
        return set(self.credits.loc[self.credits["scope"] == scope, "paper_id"].tolist())

    def untied(self) -> set[str]:
        out = atlas.without_pairs(self.papers, self._study)
        return set(self.papers.loc[out, "paper_id"].tolist())

    def papers_of(self, asked: PaperList) -> set[str]:
        """The ids of the papers of a list, before it is narrowed by year and partner."""
        ways: dict[str | None, Callable[[PaperList], set[str]]] = {
            None: lambda _: set(self.papers["paper_id"].tolist()),
            "institution": self._institution,
            "country": self._country,
            "province": lambda a: self._members("province", str(a.province)),
            "authority": lambda a: self._members("authority_class", str(a.authority)),
            "community": self._community,
            "keyword": self._keyword,
            "subject": self._subject,
            "unmatched": self._unmatched,
            "decision": self._decision,
        }
        return ways[asked.of](asked)

    def together(self, asked: PaperList) -> set[str]:
        return set.intersection(*(self._credited(i) for i in asked.holders))

    def _institution(self, asked: PaperList) -> set[str]:
        found = self.together(asked)
        if asked.other is not None and not asked.long:
            return found - self.untied()
        if asked.rule not in (None, "full"):
            return found & set(self.weights(asked))
        return found

    def _credited(self, institution: str) -> set[str]:
        ids = self.credits["institution_id"]
        found = set(self.credits.loc[ids == institution, "paper_id"].tolist())
        if not found:
            near = institution.lower().replace(" ", "-")
            raise _nothing(
                f"no paper of this edition is counted for {institution!r}", near, set(ids),
                "ids stand in tables/ranking.csv and tables/partners.csv",
            )  # fmt: skip
        return found

    def _country(self, asked: PaperList) -> set[str]:
        places = self._corpus(schema.AFFILIATIONS)
        there = places.loc[places["country"] == asked.country, "affiliation_id"]
        if there.empty:
            raise _nothing(
                f"no address of this edition is in {asked.country!r}", str(asked.country).upper(),
                set(places["country"].dropna()), "codes stand in tables/countries.csv",
            )  # fmt: skip
        return self._carrying(there)

    def _carrying(self, strings: pd.Series[int]) -> set[str]:
        rows = self._corpus(schema.AUTHORSHIPS)
        return set(rows.loc[rows["affiliation_id"].isin(strings), "paper_id"].tolist())

    def _members(self, attribute: str, value: str) -> set[str]:
        inside = self.credits[self.credits["scope"] == "domestic"]
        known = self._registry.institutions
        unit = {i: getattr(known[i], attribute) for i in set(inside["institution_id"]) & set(known)}
        if value not in unit.values():
            raise _nothing(
                f"no institution with a paper is of {value!r}", value, set(unit.values()) - {""},
                "names stand in tables/provinces.csv and tables/authorities.csv",
            )  # fmt: skip
        return self._of_any([i for i, of in unit.items() if of == value])

    def _of_any(self, institutions: list[str]) -> set[str]:
        held = self.credits["institution_id"].isin(institutions)
        return set(self.credits.loc[held, "paper_id"].tolist())

    def _community(self, asked: PaperList) -> set[str]:
        table = lookup.read_table(self._edition, schema.COMMUNITIES)
        found = table[table["community"] == asked.community]
        if found.empty:
            raise _nothing(
                f"there is no community {asked.community}", "", set(),
                "numbers stand in tables/communities.csv",
            )  # fmt: skip
        return self._of_any(str(found["members_ids"].iloc[0]).split("|"))

    def _keyword(self, asked: PaperList) -> set[str]:
        hits = self._corpus(schema.KEYWORD_HITS)
        there = hits if asked.field is None else hits[hits["field"] == asked.field]
        keyword = self._written(hits, str(asked.keyword))
        found = self._hit(there, keyword)
        if asked.also is not None:
            found &= self._hit(there, self._written(hits, asked.also))
        if asked.only:
            others = hits.loc[hits["keyword"] != keyword, "paper_id"]
            found -= set(others.tolist())
        return found

    def _written(self, hits: pd.DataFrame, keyword: str) -> str:
        """The keyword as the study writes it, capitals or not."""
        known = set(hits["keyword"])
        alike = {each for each in known if each.casefold() == keyword.casefold()}
        if keyword not in known and len(alike) != 1:
            raise _nothing(
                f"no paper of this edition has the keyword {keyword!r}", keyword,
                {*known, *self._study.query.keywords}, "keywords stand in tables/keywords.csv",
            )  # fmt: skip
        return keyword if keyword in known else alike.pop()

    @staticmethod
    def _hit(there: pd.DataFrame, keyword: str) -> set[str]:
        return set(there.loc[there["keyword"] == keyword, "paper_id"].tolist())

    def _subject(self, asked: PaperList) -> set[str]:
        table = self._corpus(schema.SUBJECTS)
        found = table[table["subject"] == asked.subject]
        if asked.scheme is not None:
            found = found[found["scheme"] == asked.scheme]
        if found.empty:
            raise _nothing(
                f"no paper of this edition is filed under {asked.subject!r}", str(asked.subject),
                set(table["subject"]), "areas stand in tables/subject_areas.csv",
            )  # fmt: skip
        return set(found["paper_id"].tolist())

    def _unmatched(self, asked: PaperList) -> set[str]:
        table = lookup.read_table(self._edition, schema.UNMATCHED)
        if not 1 <= int(asked.unmatched or 0) <= len(table):
            raise _nothing(
                f"tables/unmatched.csv has {len(table)} rows, and no row {asked.unmatched}", "",
                set(), "rows count from 1, the header not counted",
            )  # fmt: skip
        row = table.iloc[int(asked.unmatched or 0) - 1]
        places = self._corpus(schema.AFFILIATIONS)
        # The table's cells were made harmless to spreadsheets; the corpus has them as they were.
        written = places["affiliation"].map(store.harmless)
        country = places["country"].fillna("")
        of_row = "" if pd.isna(row["country"]) else row["country"]
        is_it = (written == row["affiliation"]) & (country == of_row)
        return self._carrying(places.loc[is_it, "affiliation_id"])

    def _decision(self, asked: PaperList) -> set[str]:
        given = self.named("domestic")
        every = set(self.papers["paper_id"].tolist())
        return given if asked.decision == "attributed" else every - given

    def mentions(self, institutions: list[str]) -> pd.DataFrame:
        """``evidence.mentions`` of these institutions, with the text of each string."""
        credited = self._corpus(schema.CREDITED)
        told = evidence.mentions(
            self._corpus(schema.AUTHORSHIPS),
            credited[credited["institution_id"].isin(institutions)],
        )
        strings = self._corpus(schema.AFFILIATIONS).set_index("affiliation_id")["affiliation"]
        return told.assign(affiliation=told["affiliation_id"].map(strings))

    def strings(self, asked: PaperList) -> tuple[pd.Series[str], pd.Series[str]]:
        """Matched strings and their rules by paper, each joined in the same order."""
        if not asked.holders:
            return pd.Series(dtype="string"), pd.Series(dtype="string")
        told = self.mentions(list(asked.holders))
        pairs = told.drop_duplicates(["paper_id", "affiliation", "rule"]).groupby("paper_id")
        return pairs["affiliation"].agg(" | ".join), pairs["rule"].agg(" | ".join)

    def weights(self, asked: PaperList) -> dict[str, float]:
        """What each paper gives the institution by the rule asked for; those it does not count
        are not there."""
        if asked.rule is None:
            return {}
        own = self.credits[self.credits["institution_id"] == asked.institution]
        if asked.rule == "full":
            return dict.fromkeys(own["paper_id"].tolist(), 1.0)
        if asked.rule == "author_fractional":
            tied = own.dropna(subset=["weight_author"])
            return dict(zip(tied["paper_id"].tolist(), tied["weight_author"].tolist(), strict=True))
        told = self.mentions([str(asked.institution)])
        if asked.rule == "first_author":
            return dict.fromkeys(told.loc[told["is_first"], "paper_id"].tolist(), 1.0)
        if asked.rule == "corresponding_author":
            return dict.fromkeys(told.loc[told["is_corresponding"], "paper_id"].tolist(), 1.0)
        tables = self._corpus(schema.AUTHORSHIPS), self._corpus(schema.CREDITED)
        shared = evidence.units(*tables, evidence.mentions(*tables))
        is_whole = asked.rule == "institution_fractional"
        parts = shared["of_paper" if is_whole else "of_first"].tolist()
        units = dict(zip(shared["paper_id"].tolist(), parts, strict=True))
        held = own["paper_id"] if is_whole else told.loc[told["is_first"], "paper_id"]
        return {paper: 1 / units[paper] for paper in dict.fromkeys(held.tolist())}


def _nothing(what: str, near: str, known: set[Any], stand: str) -> EditionError:
    found = difflib.get_close_matches(near, sorted(map(str, known)), 3, 0.5) if near else []
    asked = f"did you mean {' or '.join(found)}? " if found else ""
    return EditionError(what, hint=f"{asked}{stand}")
