"""Where an affiliation string says it is: country, province, city.

Country names come from Babel (Unicode CLDR) in several languages and a table of the spellings
that Scopus, Web of Science and authors use. Nothing is guessed from an institution's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from babel import Locale

from bibliometrics.attribution.text import BREAK, HARD, Tokens, tokenise

GREATER_CHINA = frozenset({"CN", "HK", "MO", "TW"})

# Babel's names in these languages; the first that claims a spelling keeps it.
_LANGUAGES = ("en", "zh", "es", "fr", "de", "pt", "it", "nl", "pl", "tr", "sv", "cs")
_SPELLINGS = {
    "CN": "Peoples R China|People's Republic of China|P.R. China|PR China|PRC|P.R.C.|P. R. of China"
    "|PR of China|R.P. China|Mainland China|China (Mainland)|China mainland|CHN"
    "|Chinese Mainland|People Republic of China|People's Republic China|Peoples Republic of China"
    "|P.R.China|R China"
    "|中华人民共和国|Popular Republic of China|China P.R.|China PR|Rep China",
    "HK": "Hong Kong|Hong Kong SAR|Hong Kong S.A.R.|Hongkong|HKSAR"
    "|Hong Kong Special Administrative Region"
    "|Hong Kong, China|Hong Kong SAR China|Hong Kong China|HKG|中国香港|Hong Kong SAR of China",
    "MO": "Macao|Macau|Macao SAR|Macau SAR|Macau SAR China|Macao SAR China|Macao China|中国澳门"
    "|Macau China|Macau Special Administrative Region|MAC|Macao Special Administrative Region",
    "TW": "Taiwan|Taiwan ROC|Taiwan, R.O.C.|R.O.C.|Republic of China|Taiwan Province of China"
    "|Taiwan China|Chinese Taipei|Taiwan Republic of China|TWN|中国台湾|Taiwan Province",
    "US": "USA|U.S.A.|United States of America|The United States|U.S.|US of America|Estados Unidos"
    "|United State|EE.UU.",
    "GB": "UK|U.K.|England|Scotland|Wales|Northern Ireland|Great Britain|N Ireland|GBR"
    "|North Ireland|Britain",
    "KR": "Korea|South Korea|Republic of Korea|Korea Republic|Rep of Korea|Korea (South)|R.O. Korea"
    "|Republic of South Korea|Korea South|KOR|S. Korea",
    "KP": "North Korea|DPR Korea|Democratic People's Republic of Korea",
    "VN": "Viet Nam|Vietnam|Socialist Republic of Vietnam",
    "RU": "Russian Federation|Russia|RUS",
    "CZ": "Czech Republic|Czechia|Czech Rep",
    "SK": "Slovak Republic|Slovakia",
    "TR": "Turkey|Türkiye|Turkiye|Republic of Turkey",
    "IR": "Iran|Islamic Republic of Iran|Iran, Islamic Republic of|IRN",
    "MK": "North Macedonia|Macedonia|FYR Macedonia|Republic of Macedonia",
    "BN": "Brunei Darussalam|Brunei",
    "TZ": "Tanzania|United Republic of Tanzania",
    "PS": "Palestine|State of Palestine|Palestinian Territory|Palestinian Territories",
    "CI": "Cote d'Ivoire|Ivory Coast",
    "CD": "Democratic Republic of the Congo|DR Congo|Congo (DRC)|Democratic Republic Congo|Zaire",
    "CG": "Republic of the Congo|Congo|Congo Republic",
    "LA": "Laos|Lao PDR|Lao People's Democratic Republic",
    "SY": "Syria|Syrian Arab Republic",
    "VE": "Venezuela|Bolivarian Republic of Venezuela",
    "BO": "Bolivia|Plurinational State of Bolivia",
    "MD": "Moldova|Republic of Moldova",
    "NL": "The Netherlands|Holland|Netherlands",
    "AE": "UAE|U.A.E.|U Arab Emirates|United Arab Emirates",
    "SA": "Saudi Arabia|Kingdom of Saudi Arabia|KSA",
    "BA": "Bosnia and Herzegovina|Bosnia & Herzegovina|Bosnia Herceg|Bosnia",
    "VA": "Vatican City|Vatican|Holy See",
    "SZ": "Swaziland|Eswatini",
    "MM": "Myanmar|Burma",
    "CV": "Cape Verde|Cabo Verde",
    "TL": "Timor-Leste|East Timor",
    "TT": "Trinidad and Tobago|Trinid & Tobago|Trinidad Tobago",
    "IE": "Ireland|Republic of Ireland|Eire",
    "FM": "Federated States of Micronesia|Micronesia",
    "XK": "Kosovo",
    "RS": "Serbia|Republic of Serbia",
    "DE": "Fed Rep Ger|Federal Republic of Germany|BRD",
    "SG": "Republic of Singapore|Singapore",
    "ZA": "South Africa|Republic of South Africa|RSA",
    "PH": "Philippines|The Philippines",
    "DO": "Dominican Rep|Dominican Republic",
    "GE": "Georgia",
    "ET": "Ethiopia",
}
_STATES = (
    "Alabama AL|Alaska AK|Arizona AZ|Arkansas AR|California CA|Colorado CO|Connecticut CT"
    "|Delaware DE|Florida FL|Georgia GA|Hawaii HI|Idaho ID|Illinois IL|Indiana IN|Iowa IA"
    "|Kansas KS|Kentucky KY|Louisiana LA|Maine ME|Maryland MD|Massachusetts MA|Michigan MI"
    "|Minnesota MN|Mississippi MS|Missouri MO|Montana MT|Nebraska NE|Nevada NV|New Hampshire NH"
    "|New Jersey NJ|New Mexico NM|New York NY|North Carolina NC|North Dakota ND|Ohio OH"
    "|Oklahoma OK|Oregon OR|Pennsylvania PA|Rhode Island RI|South Carolina SC|South Dakota SD"
    "|Tennessee TN|Texas TX|Utah UT|Vermont VT|Virginia VA|Washington WA|West Virginia WV"
    "|Wisconsin WI|Wyoming WY|District of Columbia DC"
)
_STATE_CODES = frozenset(row.rsplit(" ", 1)[1] for row in _STATES.split("|"))
_STATE_NAMES = frozenset(
    " ".join(tokenise(row.rsplit(" ", 1)[0]).words) for row in _STATES.split("|")
) - {"georgia", "new york"}
# Codes that are also a country's or a word's are read as a state only beside a postcode.
_ZIP = re.compile(r"\d{5}(?:\d{4})?")
_GEORGIA_CITIES = frozenset({"atlanta", "athens", "augusta", "savannah", "macon"})
_LONGEST = 6


@cache
def _names() -> dict[str, str]:
    """Words of a country's name, joined by spaces -> ISO 3166 alpha-2."""
    names: dict[str, str] = {}
    for code, spellings in _SPELLINGS.items():
        for spelling in spellings.split("|"):
            names.setdefault(" ".join(tokenise(spelling).words), code)
    for language in _LANGUAGES:
        for code, name in sorted(Locale(language).territories.items()):
            if len(code) == 2 and code.isalpha() and code not in {"EU", "UN", "ZZ", "EZ", "QO"}:
                key = " ".join(tokenise(name).words)
                if key and not key.isdigit():
                    names.setdefault(key, code)
    return names


@cache
def _codes() -> frozenset[str]:
    territories = [str(code) for code in Locale("en").territories]
    return frozenset(c for c in territories if len(c) == 2 and c.isalpha()) - {"EU", "UN", "ZZ"}


def country_code(name: str) -> str | None:
    """The ISO 3166 alpha-2 code of a country's name or code; None where it is neither."""
    cleaned = name.strip()
    if len(cleaned) == 2 and cleaned.upper() in _codes() and cleaned.upper() == cleaned:
        return "GB" if cleaned == "UK" else cleaned
    return _names().get(" ".join(tokenise(cleaned).words))


def country_of(affiliation: str) -> str | None:
    """The country an affiliation string states (the last one), or None where it states none.

    Hong Kong, Macao and Taiwan are countries of their own, also where "China" follows them.
    """
    mentions = countries_in(tokenise(affiliation))
    return mentions[-1][1] if mentions else None


def countries_in(tokens: Tokens) -> list[tuple[int, str]]:
    """The countries stated, each with the index of its first word, in the order written.

    A country is stated by a whole comma segment (postcodes aside), by the end of the last
    segment of a part, or by a US state with its postcode.
    """
    names = _names()
    found: list[tuple[int, str]] = []
    for start, end, is_last in segments(tokens):
        mention = _segment_country(tokens, names, start, end, is_last)
        if mention is None:
            continue
        index, code = mention
        if (
            code == "CN"
            and found
            and found[-1][1] in {"HK", "MO", "TW"}
            and (not _hard_between(tokens, found[-1][0], index) and index - found[-1][0] <= 8)
        ):
            continue
        if code == "GE" and _in_us_georgia(tokens, start):
            code = "US"
        found.append((index, code))
    return found


def segments(tokens: Tokens) -> Iterator[tuple[int, int, bool]]:
    """Start, end (exclusive) and "ends its part" of each comma segment."""
    glue = tokens.glue
    count = len(glue)
    start = 0
    for index in range(1, count + 1):
        if index == count:
            if count:
                yield start, index, True
        elif glue[index] & BREAK:
            yield start, index, bool(glue[index] & HARD)
            start = index


def _segment_country(
    tokens: Tokens, names: dict[str, str], start: int, end: int, is_last: bool
) -> tuple[int, str] | None:
    words = tokens.words
    kept = [i for i in range(start, end) if not words[i][0].isdigit()]
    if not kept:
        return None
    if len(kept) <= _LONGEST:
        code = names.get(" ".join([words[i] for i in kept]))
        if code is not None:
            return kept[0], code
        if _is_state(tokens, kept, start, end, is_last):
            return kept[0], "US"
    if is_last or end - start != len(kept):
        for size in range(min(_LONGEST, len(kept) - 1), 0, -1):
            tail = kept[-size:]
            code = names.get(" ".join([words[i] for i in tail]))
            if code is not None and (size > 1 or len(words[tail[0]]) > 2 or is_last):
                # "University of Georgia" states no country.
                if tokens.glue[tail[0]] & 1 and code not in {"CN", "HK", "MO", "TW", "SG"}:
                    return None
                return tail[0], code
    return None


def _is_state(tokens: Tokens, kept: list[int], start: int, end: int, is_last: bool) -> bool:
    raws = tokens.raws
    if raws[kept[-1]] in _STATE_CODES:
        has_zip = any(_ZIP.fullmatch(raws[i]) for i in range(start, end))
        if has_zip or (is_last and len(kept) == 1 and start > 0):
            return True
    return is_last and start > 0 and " ".join([tokens.words[i] for i in kept]) in _STATE_NAMES


def _hard_between(tokens: Tokens, first: int, last: int) -> bool:
    return any(tokens.glue[i] & HARD for i in range(first + 1, last + 1))


def _in_us_georgia(tokens: Tokens, start: int) -> bool:
    return start > 0 and tokens.words[start - 1] in _GEORGIA_CITIES


@cache
def stating_words() -> frozenset[str]:
    """The words and codes that may state a country, US states included."""
    states = {word for name in _STATE_NAMES for word in name.split()}
    return country_words() | _STATE_CODES | states | {"georgia", "york"}


# First two digits of a mainland postcode -> province (public: China Post).
_POSTCODES = {
    "10": "Beijing", "20": "Shanghai", "30": "Tianjin", "40": "Chongqing", "05": "Hebei",
    "06": "Hebei", "07": "Hebei", "03": "Shanxi", "04": "Shanxi", "01": "Inner Mongolia",
    "02": "Inner Mongolia", "11": "Liaoning", "12": "Liaoning", "13": "Jilin",
    "15": "Heilongjiang", "16": "Heilongjiang", "21": "Jiangsu", "22": "Jiangsu",
    "31": "Zhejiang", "32": "Zhejiang", "23": "Anhui", "24": "Anhui", "35": "Fujian",
    "36": "Fujian", "33": "Jiangxi", "34": "Jiangxi", "25": "Shandong", "26": "Shandong",
    "27": "Shandong", "45": "Henan", "46": "Henan", "47": "Henan", "43": "Hubei", "44": "Hubei",
    "41": "Hunan", "42": "Hunan", "51": "Guangdong", "52": "Guangdong", "53": "Guangxi",
    "54": "Guangxi", "57": "Hainan", "61": "Sichuan", "62": "Sichuan", "63": "Sichuan",
    "64": "Sichuan", "55": "Guizhou", "56": "Guizhou", "65": "Yunnan", "66": "Yunnan",
    "67": "Yunnan", "85": "Tibet", "71": "Shaanxi", "72": "Shaanxi", "73": "Gansu",
    "74": "Gansu", "81": "Qinghai", "75": "Ningxia", "83": "Xinjiang", "84": "Xinjiang",
}  # fmt: skip


def postcode_provinces(tokens: Tokens) -> frozenset[str]:
    """The mainland provinces of the six-digit postcodes in a string."""
    return frozenset(
        _POSTCODES[word[:2]]
        for word in tokens.words
        if len(word) == 6 and word.isdigit() and word[:2] in _POSTCODES
    )


@cache
def country_words() -> frozenset[str]:
    """The words of all countries' names."""
    return frozenset(word for name in _names() for word in name.split())
