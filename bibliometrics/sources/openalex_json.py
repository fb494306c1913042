"""OpenAlex works as JSON: pages of the API, lists, JSON lines, and the snapshot's folder.

OpenAlex keeps no author keywords and no index terms of a publisher (its own keywords are guessed
from the text), so both are lacking. Its API cuts lists of authors at 100.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import chain, islice
from pathlib import Path
from typing import Any

import orjson
from babel import Locale

from bibliometrics.errors import InputError
from bibliometrics.sources import terms
from bibliometrics.sources.reading import (
    ROWS_IN_A_BLOCK,
    Opened,
    Row,
    TextFile,
    binary,
    every,
    in_blocks,
    quarantined,
)
from bibliometrics.sources.record import AffiliationFacts, Record

KIND = "OpenAlex works (JSON)"
SNAPSHOT = "OpenAlex snapshot folder"
AUTHOR_LIMIT = 100

Work = Mapping[str, Any]
Keep = Callable[[Work], bool]
Glance = Callable[[bytes], bool]

_BLOCK = 1 << 20
_COUNTRIES = Locale("en").territories


@dataclass
class Tally:
    """What a filtered reading of a snapshot saw: ``read`` = ``passed_over`` + rows given."""

    read: int = 0
    passed_over: int = 0


def everything(work: Work) -> bool:  # noqa: ARG001
    return True


def open_works(file: TextFile) -> Opened | None:
    """``file`` if it holds works: a page with ``results``, a list, one work, or JSON lines."""
    head = file.start.lstrip("\ufeff \r\n\t")
    if head[:1] not in {"{", "["} or "openalex.org/W" not in file.start:
        return None
    return in_blocks(
        file.name,
        file.sha256,
        KIND,
        partial(work_blocks, file),
        size=file.path.stat().st_size,
    )


def work_blocks(file: TextFile, first: int, step: int) -> Iterator[Iterable[Row]]:
    """Every ``step``-th block of the works, from the block ``first``.

    A file of a work a line is shared out by lines; any other is one block.
    """
    if _is_by_line(file):
        lines = enumerate(_lines(file), 1)
        for block in every(lines, first, step, ROWS_IN_A_BLOCK):
            yield chain.from_iterable(_line_rows(file.name, *numbered) for numbered in block)
    elif first == 0:
        yield _counted_rows(file)


def _is_by_line(file: TextFile) -> bool:
    """Whether the first line is a work, and not the only one."""
    opening, *more = [*islice(_lines(file), 2)]
    try:
        found = orjson.loads(opening)
    except orjson.JSONDecodeError:
        return False
    return bool(more) and isinstance(found, dict) and not isinstance(found.get("results"), list)


def _lines(file: TextFile) -> Iterator[bytes]:
    with binary(file.path) as stream:
        for number, line in enumerate(stream):
            plain = line.removeprefix(b"\xef\xbb\xbf") if number == 0 else line
            if plain.strip():
                yield plain


def _line_rows(name: str, number: int, line: bytes) -> Iterable[Row]:
    """The work of a line; of a page or a list among them its works, named by the line."""
    works = [*_unpacked(line)]
    if len(works) == 1:
        return (_row(name, number, *works[0]),)
    where = f"{name} line {number}"
    return (_row(where, row, work, text) for row, (work, text) in enumerate(works, 1))


def _counted_rows(file: TextFile) -> Iterator[Row]:
    """Works line by line while lines are whole values; else the file as one value."""
    lines = _lines(file)
    opening = next(lines)
    try:
        orjson.loads(opening)
    except orjson.JSONDecodeError:
        with binary(file.path) as stream:
            lines = iter((stream.read().removeprefix(b"\xef\xbb\xbf"),))
    else:
        lines = chain((opening,), lines)
    works = chain.from_iterable(map(_unpacked, lines))
    for number, (work, text) in enumerate(works, 1):
        yield _row(file.name, number, work, text)


def _unpacked(text: bytes) -> Iterator[tuple[object, bytes]]:
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        value = f"not JSON: {error}"
    return _several(value, text)


def _several(value: object, text: bytes) -> Iterator[tuple[object, bytes]]:
    if isinstance(value, dict) and isinstance(value.get("results"), list):
        value = value["results"]
    if isinstance(value, list):
        for each in value:
            yield each, b""
    else:
        yield value, text


def _row(name: str, number: int, work: object, text: bytes) -> Row:
    found = work_record(work, name, number) if isinstance(work, dict) else "not a work"
    if isinstance(work, str):
        found = work
    if isinstance(found, str):
        raw = text or orjson.dumps(work)
        return quarantined(name, number, found, raw.decode("utf-8", "surrogateescape").strip())
    return found


def works_of_page(body: bytes, name: str) -> Iterator[Row]:
    """Every work of a page as the API sent it, ``name`` standing for the file.

    Raises
    ------
    InputError : the page is no JSON object with ``results``.
    """
    try:
        page = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise InputError(f"is not JSON: {error}", where=name, hint="fetch the page again") from None
    if not isinstance(page, dict) or not isinstance(page.get("results"), list):
        raise InputError("has no results", where=name, hint="fetch the page again")
    for number, work in enumerate(page["results"], 1):
        yield _row(name, number, work, b"")


def work_record(work: Work, name: str, number: int) -> Record | str:
    """A work as a record, or the reason why it cannot be one. Tolerates nulls and absent fields."""
    title = terms.tidy(str(work.get("title") or work.get("display_name") or ""))
    if not (title or work.get("id")):
        return "no title and no identifier"
    year = work.get("publication_year")
    if not isinstance(year, int) or not 1500 <= year < 2200:
        return f"year is not a year: {str(year)[:20]!r}"
    try:
        return _work_record(work, name, number, title, year)
    except (AttributeError, TypeError, ValueError) as error:
        return f"not as OpenAlex writes a work: {error}"


def _work_record(work: Work, name: str, number: int, title: str, year: int) -> Record:
    location = work.get("primary_location") or {}
    source = location.get("source") or {}
    kind = source.get("type") or ""
    source_type = terms.OPENALEX_SOURCES.get(kind, kind)
    authorships = work.get("authorships") or []
    facts: dict[str, AffiliationFacts] = {}
    tied = tuple(_strings(authorship, facts) for authorship in authorships)
    listed = len(tied)
    flagged = tuple(n for n, each in enumerate(authorships, 1) if each.get("is_corresponding"))
    announced = max(listed, work.get("authors_count") or 0)
    flag = work.get("is_authors_truncated")
    is_cut = announced > listed or flag is True or (flag is None and listed == AUTHOR_LIMIT)
    ids = tuple(short_id((each.get("author") or {}).get("id") or "") for each in authorships)
    language = work.get("language")
    return terms.finished(
        Record(
            file=name,
            row=number,
            database="OpenAlex",
            is_simulated=bool(work.get("simulated")),
            eid="",
            source_id=short_id(str(work.get("id") or "")),
            doi=terms.bare_doi(work.get("doi") or ""),
            title=title,
            year=year,
            source_title=source.get("display_name") or "",
            document_type=terms.openalex_type(work.get("type") or "", source_type),
            source_type=source_type,
            publication_stage=None,
            language=terms.language_name(language) if language else "",
            abstract=abstract_of(work),
            author_keywords=None,
            index_keywords=None,
            authors_announced=announced,
            author_ids=ids if all(ids) else (),
            author_affiliations=tied if "authorships" in work else None,
            affiliations=terms.distinct(item for items in tied for item in items)
            if "authorships" in work
            else None,
            filled=0,
            findings=(terms.CUT_UNTOLD,) if is_cut and announced == listed else (),
            facts=facts,
            is_cut=is_cut,
            is_retracted=work.get("is_retracted"),
            # OpenAlex flags nobody where it does not know: then the source does not say.
            corresponding=flagged or None,
            subjects=_subjects(work),
        )
    )


def _subjects(work: Work) -> tuple[tuple[str, str], ...] | None:
    """The field of the work's primary topic: one a work, so that a split by field is exclusive."""
    if "primary_topic" not in work:
        return None
    name = ((work["primary_topic"] or {}).get("field") or {}).get("display_name") or ""
    return terms.subjects(terms.OPENALEX_FIELD, [name])


def _strings(authorship: Work, facts: dict[str, AffiliationFacts]) -> tuple[str, ...]:
    """The affiliation strings of one author; what OpenAlex knows of each goes into ``facts``."""
    institutions = authorship.get("institutions") or ()
    raw = authorship.get("raw_affiliation_strings") or ()
    strings = [text for each in raw if (text := " ".join(each.split()))]
    if not strings:
        # No string is kept: the institution's own name stands for it.
        named = {text: each for each in institutions if (text := _named(each))}
        for text, institution in named.items():
            facts.setdefault(text, facts_of((institution,)))
        return tuple(named)
    pairs = authorship.get("affiliations") or ()
    for pair in pairs:
        string = " ".join((pair.get("raw_affiliation_string") or "").split())
        if not string or string in facts:
            continue
        ids = pair.get("institution_ids") or ()
        found = [each for each in institutions if each.get("id") in ids]
        if found:
            facts[string] = facts_of(found)
    if not pairs and len(strings) == 1 and institutions and strings[0] not in facts:
        facts[strings[0]] = facts_of(institutions)
    return tuple(strings) if len(strings) == 1 else tuple(dict.fromkeys(strings))


def facts_of(institutions: Sequence[Work]) -> AffiliationFacts:
    """What OpenAlex knows of a string: ROR ids joined by ``|`` where it sees several
    institutions, and their country where it is one."""
    if len(institutions) == 1:
        only = institutions[0]
        return _facts(short_id(only.get("ror") or ""), (only.get("country_code") or "").upper())
    rors = dict.fromkeys(short_id(each.get("ror") or "") for each in institutions)
    countries = {(each.get("country_code") or "").upper() for each in institutions} - {""}
    return _facts("|".join(filter(None, rors)), countries.pop() if len(countries) == 1 else "")


@lru_cache(maxsize=1 << 16)
def _facts(ror: str, country: str) -> AffiliationFacts:
    return AffiliationFacts(ror=ror, country=country)


def _named(institution: Work) -> str:
    name = terms.tidy(institution.get("display_name") or "")
    country = _COUNTRIES.get((institution.get("country_code") or "").upper(), "")
    return f"{name}, {country}" if name and country else name


def abstract_of(work: Work) -> str | None:
    """The abstract put together again from its inverted index (word -> positions)."""
    if "abstract_inverted_index" not in work:
        return work.get("abstract")
    index = work["abstract_inverted_index"] or {}
    words = {place: word for word, places in index.items() for place in places}
    return " ".join([words[place] for place in sorted(words)])


def short_id(address: str) -> str:
    """``A123`` of ``https://openalex.org/A123``."""
    return address.rsplit("/", 1)[-1]


def partitions(folder: Path) -> list[Path]:
    """The files of works in a snapshot's folder, newest update first, then by name.

    A work that an older download left in an older partition is then read after its newer version.
    """
    works = folder / "works"
    found = [path for path in (works if works.is_dir() else folder).rglob("*.gz") if path.is_file()]
    found = [path for path in found if "merged_ids" not in path.parts]
    by_name = sorted(found, key=lambda path: path.relative_to(folder).as_posix())
    return sorted(by_name, key=_updated, reverse=True)


def _updated(path: Path) -> str:
    return next((part for part in path.parts if part.startswith("updated_date=")), "")


def open_snapshot(folder: Path) -> Opened:
    """A folder of gzip JSON lines, partitioned by update date, as one input.

    Raises
    ------
    InputError : no such file in it.
    """
    files = partitions(folder)
    if not files:
        raise InputError(
            "is a folder without the gzip files of an OpenAlex snapshot",
            where=folder.name,
            hint="of other records give the files themselves, not their folder; a snapshot's folder"
            " holds updated_date=… folders with part_….gz files",
        )
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        with path.open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    return Opened(folder.name, digest.hexdigest(), SNAPSHOT, lambda: read_snapshot(folder))


def read_snapshot(
    folder: Path,
    keep: Keep = everything,
    tally: Tally | None = None,
    glance: Glance | None = None,
) -> Iterator[Row]:
    """The works of a snapshot's folder that ``keep`` keeps, one at a time.

    Memory is bounded by one work. ``glance`` sees the line before it is parsed, ``keep`` the work
    as parsed, before it is made a record; ``tally`` counts what they passed over. What passes the
    glance and is no work is given, quarantined.
    """
    tally = tally if tally is not None else Tally()
    for path in partitions(folder):
        name = path.relative_to(folder).as_posix()
        number = 0
        try:
            with binary(path) as stream:
                for number, line in enumerate(stream, 1):
                    if not line.strip():
                        continue
                    tally.read += 1
                    if glance is not None and not glance(line):
                        tally.passed_over += 1
                        continue
                    try:
                        work = orjson.loads(line)
                    except orjson.JSONDecodeError as error:
                        yield _row(name, number, f"not JSON: {error}", line)
                        continue
                    if isinstance(work, dict) and not keep(work):
                        tally.passed_over += 1
                        continue
                    yield _row(name, number, work, line)
        except (EOFError, OSError, zlib.error) as error:
            tally.read += 1
            yield quarantined(name, number + 1, f"the file is damaged from here: {error}", "")
