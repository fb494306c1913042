"""Organisations outside the registry: one identity for each, from the string alone.

The organisation is the comma segment with the best cue ("University" before "Institute" before
"Hospital" before "Company"); its identity is the country and a slug, the same for different case,
diacritics, abbreviations and "The". What else the string tells of it (places, acronyms in brackets,
the unit of an umbrella body) is kept beside it, for `identity` to join spellings by.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass, replace

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
    r"hospital\w*|hosp|clinics?|clinica|clinique|klinik\w*|infirmary|medical cent(?:er|re)"
    r"|healthcare|health system|nhs\b.*"
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


_SCHOOL = r"business school|medical school|law school|school of economics|college"
_CUES = tuple(_cue(words) for words in (_UNIVERSITY, _INSTITUTE, _COMPANY, _SCHOOL))
_PARTS = re.compile(rf"^(?:the )?(?:{_PART})(?![^\W_])")
_LEGAL = re.compile(r"(?:llc|inc|ltd|limited|gmbh|co|corp|sa|plc|bv|ag)\.?", re.IGNORECASE)
_HOSPITAL = _cue(r"hospitals?|hosp|medical cent(?:er|re)|klinikum|health system|clinics?")
# "University of X School of Medicine", but not "University College London".
_FACULTY_TAIL = re.compile(
    r"(?<=[\w.)])\s+(?:(?:Business|Medical|Law|Graduate|Dental) School|(?:Graduate )?School of"
    r"|College of|Faculty of|Department of|Institute of|Institute for|School for)\b.*$"
)
_BARE = re.compile(r"(?:the )?(?:state |national )?universit\w*", re.IGNORECASE)
_SLUG_FORMS = {
    "univ": "university",
    "unv": "university",
    "inst": "institute",
    "technol": "technology",
    "sci": "science",
    "natl": "national",
    "coll": "college",
    "hosp": "hospital",
    "acad": "academy",
    "centre": "center",
    "engn": "engineering",
    "med": "medical",
    "res": "research",
    "int": "international",
    "sciences": "science",
    "technologies": "technology",
}
_SLUG_DROPPED = frozenset({"the", "at"})
# Universities of one system, told apart only by the campus that a comma puts in the next segment.
_SYSTEM = re.compile(
    r"(?:the )?univ(?:ersity)?\.? of (?:california|texas|north carolina|illinois|wisconsin|colorado"
    r"|massachusetts|maryland|minnesota|nebraska|missouri|tennessee|alabama|arkansas)",
    re.IGNORECASE,
)
_CAMPUSES = frozenset(
    {
        "berkeley",
        "los angeles",
        "san diego",
        "davis",
        "irvine",
        "santa barbara",
        "santa cruz",
        "riverside",
        "merced",
        "san francisco",
        "austin",
        "dallas",
        "arlington",
        "san antonio",
        "el paso",
        "chapel hill",
        "charlotte",
        "greensboro",
        "wilmington",
        "urbana-champaign",
        "chicago",
        "springfield",
        "madison",
        "milwaukee",
        "boulder",
        "denver",
        "colorado springs",
        "amherst",
        "lowell",
        "dartmouth",
        "college park",
        "baltimore county",
        "baltimore",
        "twin cities",
        "duluth",
        "lincoln",
        "omaha",
        "columbia",
        "kansas city",
        "st louis",
        "knoxville",
        "chattanooga",
        "tuscaloosa",
        "birmingham",
        "huntsville",
        "fayetteville",
        "little rock",
    }
)
_POSTCODE = re.compile(r"^(?:[A-Z]{1,2}-)?\d[\d\- ]{2,}\s*|\s+(?:[A-Z]{1,3}-)?\d{3,}[\d\- ]*$")
_LEADING_MARK = re.compile(r"^(?:[\d*†‡§¶#]{1,3}\.?\s+|[a-z]\s+(?=[A-Z]))")
_EDGES = " \t.;:*'‘’[]{}"
_QUOTES = re.compile("[“”„‟«»″]|''|``")
_QUOTED = re.compile(r"(?<!\w)['‘’]([^'‘’\",;]{3,80})['‘’](?!\w)")
_A_PAIR = 2
_PLACES_READ = 2
# Two capitals at least: "(MIT)", "(KhPI)", "(UM6P)".
_ACRONYM = re.compile(r"\(\s*([A-Z][A-Za-z0-9]{0,8}[A-Z0-9][A-Za-z0-9]{0,4})\s*\)")
# An umbrella body, and what stands before it in the same segment.
_BODY = re.compile(
    r"^(?:.*?\b(?:of|at|,)\s+(?:the\s+)?)?(?P<body>(?:[\w.-]+\s+){0,3}?academy of sciences?\b.*"
    r"|(?:NAS|NASU)\b(?: of .*)?)$",
    re.IGNORECASE,
)
_NAS = re.compile(r"^NASU?\b")
# Streets, boxes and departments that stand where a place stands; acronyms longer than a state's.
_NO_PLACE = re.compile(
    r"\b(?:department|dept|faculty|faculte|school|chair|division|laboratory|group|street|str|st|ave?"
    r"|avenue|blvd|boulevard|road|rd|square|sqr?|box|highway|hwy|prospekt|prospect|lane|km|bp|po"
    r"|build|building|rue|route|strasse|via|calle|campus|region|oblast|district|province|hall|floor)\b"
)
_CAPITALS = re.compile(r"[A-Z]{3,8}")
_LABORATORY = re.compile(
    r"^(?:the )?(?!.*\buniv)(?:\S+ ){0,4}?(?:institut\w*|inst|laborator\w*|laboratoire|lab|umr"
    r"|observatory|cent(?:er|re))\b"
)
_LONGEST_SLUG = 80


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation outside the registry; `name` is the segment as written, cleaned.

    `places` are the compared forms of the last segments before the country, `acronyms` those that
    brackets of the string give, `unit` is the institute or laboratory named beside it ("": none),
    `is_body` tells an umbrella body such as an academy of sciences.
    """

    organisation_id: str
    name: str
    country: str
    places: frozenset[str] = frozenset()
    acronyms: frozenset[str] = frozenset()
    unit: str = ""
    is_body: bool = False


def organisation(affiliation: str, country: str) -> Organisation | None:
    """The organisation a string names, or None where no segment of it can be one.

    `country` is an ISO 3166 alpha-2 code or a country's name; it is part of the id, so that
    namesakes of two countries stay apart. An unknown country is "xx".
    """
    code = country_code(country)
    if code is None:
        code = country.upper() if re.fullmatch(r"[A-Za-z]{2}", country) else "XX"
    segments = _segments(affiliation)
    ranked = [(rank, n) for n, s in enumerate(segments) if (rank := _rank(s)) is not None]
    if ranked:
        chosen = min(ranked)[1]
    else:
        usable = [
            n for n, s in enumerate(segments)
            if country_code(s) is None and re.search(r"[^\W\d_]{2}", s)
        ]  # fmt: skip
        if not usable:
            return None
        chosen = usable[0]
        if _PARTS.match(_plain(segments[chosen])) and len(usable) > 1:
            chosen = usable[1]
    name = _without_faculty(segments[chosen])
    unit = ""
    body = _BODY.search(name)
    if body is not None:
        # "Institute of X of the National Academy of Sciences of Y": the body, and its unit.
        unit = name if body.start("body") else _unit(segments, chosen)
        name = _NAS.sub("National Academy of Sciences", name[body.start("body") :])
    else:
        unit = _unit(segments, chosen)
    slug = slug_of(name)
    if not slug:
        return None
    return Organisation(
        organisation_id=f"x-{code.lower()}-{slug}",
        name=name,
        country=code,
        places=_places(segments, chosen),
        acronyms=frozenset(_ACRONYM.findall(affiliation)),
        unit=unit,
        is_body=body is not None,
    )


def is_spelling(text: str) -> bool:
    """Whether a text is the id of an organisation outside the registry (``x-<country>-…``)."""
    head, _, rest = text.partition("-")
    return head == "x" and rest[2:3] == "-" and rest[:2].isalpha()


def unit_of(found: Organisation) -> Organisation:
    """The unit named beside an umbrella body as an organisation; the body where none is named."""
    slug = slug_of(found.unit)
    if not slug:
        return found
    unit_id = f"x-{found.country.lower()}-{slug}"
    return replace(found, organisation_id=unit_id, name=found.unit, unit="", is_body=False)


def _unit(segments: list[str], chosen: int) -> str:
    """The institute or laboratory beside the organisation, else an acronym in front."""
    others = [s for n, s in enumerate(segments) if n != chosen]
    labs = [s for s in others if _LABORATORY.search(" ".join(_plain(s).split()))]
    if labs:
        return labs[0]
    first = others[0] if others and chosen else ""
    return first if re.fullmatch(r"[A-Z][A-Za-z0-9]*[A-Z][A-Za-z0-9-]*", first) else ""


def _places(segments: list[str], chosen: int) -> frozenset[str]:
    """Compared forms of the last two segments that can be places: no digit, no organisation."""
    found: list[str] = []
    for segment in reversed(segments[chosen + 1 :]):
        text = " ".join(re.findall(r"[^\W\d_]+", _plain(segment)))
        is_place = text and country_code(segment) is None and _rank(segment) is None
        is_place = is_place and not _NO_PLACE.search(text) and not _CAPITALS.fullmatch(segment)
        if is_place and len(text) > 1 and not _PARTS.match(text):
            found.append(text)
        if len(found) == _PLACES_READ:
            break
    return frozenset(found)


def _segments(affiliation: str) -> list[str]:
    segments: list[str] = []
    for part in re.split(r"[,;\n\t]", _straight(affiliation)):
        cleaned = _clean(part)
        if (segments and _LEGAL.fullmatch(cleaned)) or (
            segments and _SYSTEM.fullmatch(segments[-1]) and _plain(cleaned).strip() in _CAMPUSES
        ):
            segments[-1] = f"{segments[-1]}, {cleaned}"
        elif (
            segments and cleaned and part.strip().startswith('"') and _rank(segments[-1]) == 0
            and '"' not in segments[-1]
        ):  # fmt: skip
            # 'National Technical University of X, "Y Polytechnic Institute"': one name.
            segments[-1] = f'{segments[-1]} "{cleaned}"'
        elif cleaned:
            segments.append(cleaned)
    return segments


def _straight(affiliation: str) -> str:
    """Every kind of quotation mark as a straight double one; apostrophes stay."""
    text = unicodedata.normalize("NFKC", affiliation)
    text = _QUOTES.sub('"', text)
    return _QUOTED.sub(r'"\1"', text)


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


def _plain(name: str) -> str:
    return fold(name).casefold().replace("&", " and ").replace(".", " ")


def _rank(segment: str) -> int | None:
    plain = " ".join(_plain(segment).split())
    for rank, cue in enumerate(_CUES):
        if cue.search(plain):
            if rank == 0:
                return 3 if _HOSPITAL.search(plain) else 0
            return rank * 2 + (1 if _PARTS.match(plain) else 0)
    return None


def _clean(part: str) -> str:
    edges = _EDGES if part.count("(") == part.count(")") else _EDGES + "()"
    part = part.strip(edges)
    if part.count('"') != _A_PAIR or (part.startswith('"') and part.endswith('"')):
        part = part.replace('"', " ")
    text = _LEADING_MARK.sub("", part.strip(edges))
    text = re.sub(r"\s*\([^()]*\)\s*$", "", text)
    text = _POSTCODE.sub("", text).strip(_EDGES)
    text = re.sub(r"^[Tt]he\s+", "", text)
    return " ".join(text.split())


def _without_faculty(name: str) -> str:
    """ "School of Medicine of the University of X", "University of X School of Medicine": X."""
    match = re.search(r"\b(?:of|at)\s+(?:the\s+)?(?=Universit)", name)
    if match and _PARTS.match(_plain(name)):
        return name[match.end() :]
    shorter = _FACULTY_TAIL.sub("", name)
    if shorter != name and _CUES[0].search(_plain(shorter)) and not _BARE.fullmatch(shorter):
        return shorter
    return name
