"""Organisations outside the registry: one identity for each, from the string alone.

The organisation is the comma segment with the best cue ("University" before "Institute" before
"Hospital" before "Company"); its identity is the country and a slug, the same for different case,
diacritics, abbreviations and "The".
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass

from bibliometrics.attribution.place import country_code
from bibliometrics.attribution.text import fold

_UNIVERSITY = (
    r"universit\w*|univ|unv|univerzit\w*|uniwersytet\w*|universid\w*|universidade\w*|universitas"
    r"|universiti|universitat\w*|universitet\w*|universitetet|yliopisto\w*|egyetem\w*|ulikool\w*"
    r"|universitate\w*|universiteit\w*|universite\w*|hochschule\w*|\w+hochschule|politecnic\w*"
    r"|polytechni\w*|politechni\w*|politehnic\w*|politekni\w*|ecole normale\w*|ecole superieure\w*"
    r"|ecole polytechnique\w*|grandes? ecoles?|institut national polytechnique|insa|eth"
    r"|epfl|mit|caltech|ucla|ucl|kaist|postech|unist|virginia tech|georgia tech"
    r"|institute? of technology|institute? of science and technology|hogskola\w*|hogskolan"
    r"|hogeschool|korkeakoulu\w*|ammattikorkeakoulu|instituto politecnico|instituto superior"
    r"|instituto tecnologico|instituto federal|tecnologico de monterrey|scuola superiore"
    r"|scuola normale|college london|大学|大學|университет\w*|универзитет\w*|університет\w*"
    r"|πανεπιστημιο\w*|جامعة|universitesi|universitesy|uniwersytecki|imperial college\w*"
    r"|iit|nit|state univ|trinity college|boston college|dartmouth college|kings college"
    r"|academy of sciences?|akademie der wissenschaften"
)
_INSTITUTE = (
    r"institut\w*|inst|academy|acad|academia\w*|academie|akademi\w*|cnrs|csic|inria|inserm|cnr|cea"
    r"|national laborator\w*|national lab|research center|research centre|centre national\w*"
    r"|centro de investigacion\w*|forschungszentrum\w*|fraunhofer\w*|max planck\w*|helmholtz\w*"
    r"|council|consejo|consiglio|agency|ministry|college|colleges|研究所|研究院|学院|學院"
    r"|foundation|museum|observatory|nasa|csiro|rand|embl|cern|society|association"
)
_COMPANY = (
    r"hospital\w*|hosp|clinic\w*|klinik\w*|infirmary|medical center|medical centre|health\w*|nhs\b.*"
    r"|inc|ltd|limited|llc|gmbh|co|corp|corporation|company|sa|spa|plc|ag|bv|research|labs"
    r"|group|technologies|医院|公司|trust|office|bank|consulting|solutions"
)
_PART = (
    r"department|dept|dep|departamento|departement|dipartimento|departament|school|sch|schools"
    r"|faculty|fac|facultad|faculte|facolta|fakultat|faculdade|fakultas|fakulta|fakulteta"
    r"|laboratory|laboratories|lab|laboratoire|laboratorio|division|section|unit|program|programme"
    r"|chair|lehrstuhl|escuela|escola|group|graduate school|college of|institute for|institute of"
    r"|center for|centre for|center of|centre of|umr|campus|abteilung|instituto de|institut fur"
    r"|institute|office of|library"
)


def _cue(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_])(?:{words})(?![^\W_])")


_CUES = tuple(_cue(words) for words in (_UNIVERSITY, _INSTITUTE, _COMPANY))
_PARTS = re.compile(rf"^(?:the )?(?:{_PART})(?![^\W_])")
_FACULTY = re.compile(
    r"^(?:[\w&\- ]+ )?(?:school|college|department|faculty|institute|center|centre|division|hospital"
    r"|laboratory) of (?:the )?(?=[\w .\-]*universit)"
)
_SLUG_FORMS = {"univ": "university", "unv": "university", "inst": "institute", "technol": "technology",
               "sci": "science", "natl": "national", "coll": "college", "hosp": "hospital",
               "acad": "academy", "centre": "center", "engn": "engineering", "med": "medical",
               "res": "research", "int": "international", "politecn": "politecnico",
               "sciences": "science", "technologies": "technology", "dept": "department"}  # fmt: skip
_SLUG_DROPPED = frozenset({"the"})
_POSTCODE = re.compile(r"^(?:[A-Z]{1,2}-)?\d[\d\- ]{2,}\s*|\s+(?:[A-Z]{1,3}-)?\d{3,}[\d\- ]*$")
_LEADING_MARK = re.compile(r"^(?:[\d*†‡§¶#]{1,3}\.?\s+|[a-z]\s+(?=[A-Z]))")
_EDGES = " \t.;:*'\"“”‘’[]{}«»"
_LONGEST_SLUG = 80


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation outside the registry; `name` is the segment as written, cleaned."""

    organisation_id: str
    name: str
    country: str


def organisation(affiliation: str, country: str) -> Organisation | None:
    """The organisation a string names, or None where no segment of it can be one.

    `country` is an ISO 3166 alpha-2 code or a country's name; it is part of the id, so that
    namesakes of two countries stay apart. An unknown country is "xx".
    """
    code = country_code(country) or (country.upper() if re.fullmatch(r"[A-Za-z]{2}", country) else "XX")
    segments = [cleaned for part in re.split(r"[,;\n\t]", fold_marks(affiliation))
                if (cleaned := _clean(part))]  # fmt: skip
    best: tuple[int, int, str] | None = None
    for number, segment in enumerate(segments):
        rank = _rank(segment)
        if rank is None:
            continue
        if best is None or (rank, number) < best[:2]:
            best = (rank, number, segment)
    if best is None:
        fallback = [s for s in segments if country_code(s) is None and re.search(r"[^\W\d_]{2}", s)]
        if not fallback or len(segments) - len(fallback) == len(segments):
            return None
        name = fallback[0]
        if _PARTS.match(_plain(name)) and len(fallback) > 1:
            name = fallback[1]
    else:
        name = best[2]
    name = _without_faculty(name)
    slug = slug_of(name)
    return Organisation(f"x-{code.lower()}-{slug}", name, code) if slug else None


def slug_of(name: str) -> str:
    """The comparable part of an id: ASCII words; a hash stands for letters that have none."""
    words = []
    for word in re.findall(r"[^\W_]+", _plain(name)):
        form = _SLUG_FORMS.get(word, word)
        if form not in _SLUG_DROPPED:
            words.append(form)
    text = "-".join(words)
    ascii_part = re.sub(r"-+", "-", re.sub(r"[^a-z0-9-]", "", text)).strip("-")
    if ascii_part == text and len(text) <= _LONGEST_SLUG:
        return ascii_part
    if not text:
        return ""
    digest = hashlib.sha256(text.encode()).hexdigest()[:10]
    return f"{ascii_part[:_LONGEST_SLUG].rstrip('-')}-{digest}".lstrip("-")


def fold_marks(text: str) -> str:
    """Compatibility forms only: what is shown stays as written."""
    return unicodedata.normalize("NFKC", text)


def _plain(name: str) -> str:
    return fold(name).casefold().replace("&", " and ").replace(".", " ")


def _rank(segment: str) -> int | None:
    plain = " ".join(_plain(segment).split())
    for rank, cue in enumerate(_CUES):
        if cue.search(plain):
            if rank == 0:
                return 0
            return rank * 2 + (1 if _PARTS.match(plain) else 0)
    return None


def _clean(part: str) -> str:
    text = _LEADING_MARK.sub("", part.strip(_EDGES + "()" if part.count("(") != part.count(")") else _EDGES))
    text = re.sub(r"\s*\([^()]*\)\s*$", "", text)
    text = _POSTCODE.sub("", text).strip(_EDGES)
    text = re.sub(r"^[Tt]he\s+", "", text)
    return " ".join(text.split())


def _without_faculty(name: str) -> str:
    """ "School of Medicine of the University of X" without its school."""
    match = re.search(r"\b(?:of|at)\s+(?:the\s+)?(?=Universit)", name)
    if match and _PARTS.match(_plain(name)):
        return name[match.end():]
    return name
