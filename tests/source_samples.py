"""One small record of each format, written by hand: the same invented paper of two authors.

Wei Li of Tsinghua and Ann Roe of an invented place, "Learning robots", 2019.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

TSINGHUA = "Tsinghua Univ, Dept Comp Sci, Beijing 100084, Peoples R China"
ELSEWHERE = "Invented Univ, Sch Robots, Springfield, IL 62701 USA"
DOI = "10.5555/robots.1"

WOS = f"""PT J
AU Li, W
   Roe, A
AF Li, Wei
   Roe, Ann
TI Learning robots: a study of machine learning in
   places nobody knows
SO INVENTED JOURNAL
LA English
DT Article
DE robots; machine
   learning
ID SYSTEMS
AB We study robots. (c) 2019 Nobody.
C1 [Li, Wei] {TSINGHUA}.
   [Li, Wei; Roe, Ann] {ELSEWHERE}.
PY 2019
DI 10.5555/Robots.1
UT WOS:000000000000001
ER
"""
WOS_FILE = f"FN Clarivate Analytics Web of Science\nVR 1.0\n{WOS}\nEF\n"

_TAB_HEADER = ["PT", "AU", "AF", "TI", "SO", "LA", "DT", "DE", "ID", "AB", "C1", "PY", "DI", "UT"]
_TAB_ROW = {
    "PT": "J", "AU": "Li, W; Roe, A", "AF": "Li, Wei; Roe, Ann", "SO": "INVENTED JOURNAL",
    "TI": "Learning robots: a study of machine learning in places nobody knows",
    "LA": "English", "DT": "Article", "DE": "robots; machine learning", "ID": "SYSTEMS",
    "AB": "We study robots. (c) 2019 Nobody.",
    "C1": f"[Li, Wei] {TSINGHUA}; [Li, Wei; Roe, Ann] {ELSEWHERE}", "PY": "2019",
    "DI": "10.5555/robots.1", "UT": "WOS:000000000000001",
}  # fmt: skip


def wos_tab(*rows: dict[str, str]) -> str:
    """A tab-delimited export; each row changes some cells of the sample. Lines end in a tab."""
    lines = ["\t".join(_TAB_HEADER) + "\t"]
    for changes in rows or ({},):
        lines.append("\t".join((_TAB_ROW | changes)[tag] for tag in _TAB_HEADER) + "\t")
    return "\ufeff" + "\r\n".join(lines) + "\r\n"


SCOPUS_RIS = """TY  - JOUR
AU  - Li, W.
AU  - Roe, A.
TI  - Learning robots
PY  - 2019
T2  - Invented Journal
DO  - 10.5555/Robots.1
UR  - https://www.scopus.com/inward/record.uri?eid=2-s2.0-1&doi=x&partnerID=40
AD  - School of Software, Tsinghua University, Beijing, 100084, China
AD  - School of Robots, Invented University, Springfield, United States
AB  - We study robots.
KW  - Robots
KW  - Machine learning
LA  - English
M3  - Article
DB  - Scopus
ER  -

"""
WOS_RIS = f"""TY  - JOUR
AU  - Li, W
AU  - Roe, A
TI  - Learning robots
T2  - INVENTED JOURNAL
LA  - English
KW  - robots
KW  - SYSTEMS
AD  - {TSINGHUA}\rAD  - {ELSEWHERE}\rC3  - Tsinghua University
DA  - MAY 4
PY  - 2019
DO  - 10.5555/robots.1
AN  - WOS:000000000000001
ER  -

"""
SCOPUS_BIB = """Scopus
EXPORT DATE: 18 November 2024

@ARTICLE{Li2019,
\tauthor = {Li, Wei and Roe, Ann},
\ttitle = {Learning robots \\& {R}elatives},
\tyear = {2019},
\tjournal = {Invented Journal},
\tdoi = {10.5555/Robots.1},
\turl = {https://www.scopus.com/inward/record.uri?eid=2-s2.0-1&partnerID=40},
\taffiliations = {School of Software, Tsinghua University, Beijing, China; Invented University, Springfield, United States},
\tabstract = {We study 50% of robots},
\tauthor_keywords = {Robots; Machine learning},
\tkeywords = {Systems},
\tlanguage = {English},
\ttype = {Article},
\tpublication_stage = {Final},
\tsource = {Scopus},
\tnote = {Cited by: 3}
}
"""
SCOPUS_BIB_OLD = """@ARTICLE{Rossi2010,
author={Rossi, A.a , Verdi, B.a  b , Bianchi, C.},
title={Old robots},
journal={Invented Journal},
year={2010},
url={https://www.scopus.com/inward/record.uri?eid=2-s2.0-7&partnerID=40},
affiliation={University of Nowhere, Italy; Invented Institute, Italy},
document_type={Article},
source={Scopus},
}
"""
WOS_BIB = f"""
@article{{ WOS:000000000000001,
Author = {{Li, Wei and Roe, III, Ann}},
Title = {{Learning ``robots{{''}} \\& friends}},
Journal = {{INVENTED JOURNAL}},
Year = {{2019}},
Type = {{Article; Early Access}},
Language = {{English}},
Affiliation = {{Li, W (Corresponding Author), {TSINGHUA}.
   Li, Wei, {TSINGHUA}.
   Li, Wei; Roe, Ann, III, {ELSEWHERE}.}},
DOI = {{10.5555/robots.1}},
Keywords = {{robots; machine
   learning}},
Keywords-Plus = {{SYSTEMS}},
Unique-ID = {{WOS:000000000000001}},
DA = {{2024-05-31}},
}}
"""
PUBMED = """PMID- 1
OWN - NLM
STAT- MEDLINE
DP  - 2019 Oct 15
TI  - Learning robots in a title that is
      long.
LID - S0043-1354(22)01074-0 [pii]
LID - 10.5555/Robots.1 [doi]
AB  - We study robots.
FAU - Li, Wei
AU  - Li W
AD  - Department of Robots, Tsinghua University, Beijing, China; Invented University,
      Springfield, IL 62701, USA. Electronic address: li@example.org.
FAU - Roe, Ann
AU  - Roe A
AD  - Invented University, Springfield, IL 62701, USA.
AD  - Second Place, Paris, France. roe@example.org
CN  - Robots Group
AD  - Nowhere at all.
LA  - eng
PT  - Journal Article
JT  - Invented journal
PST - ppublish
MH  - *Robotics/methods
MH  - Humans
OT  - robots
SO  - Invented J. 2019 Oct 15.
"""
LENS = (
    '"Lens ID","Title","Date Published","Publication Year","Publication Type","Source Title",'
    '"Author/s","Abstract","Keywords","MeSH Terms","DOI"\n'
    '"000-000-000-000-001","Learning robots","2019-10-15","2019","journal article",'
    '"Invented Journal","Wei Li; Ann Roe","We study robots","robots; learning","Robotics",'
    '"10.5555/Robots.1"\n'
)
IEEE = (
    '"Document Title","Authors","Author Affiliations","Publication Title","Publication Year",'
    '"Abstract","DOI","Author Keywords","IEEE Terms","INSPEC Controlled Terms",'
    '"Document Identifier"\n'
    '"Learning robots","W. Li; A. Roe","Tsinghua University, Beijing, China; NA",'
    '"Invented Conference","2019","We study robots","10.5555/Robots.1","robots;learning",'
    '"Robots","systems","IEEE Conferences"\n'
)
SCOPUS_CSV = (
    "Authors,Title,Year,EID,Affiliations\nLi W.,Learning robots,2019,2-s2.0-1,Tsinghua University\n"
)
SCOPUS_JSON = json.dumps({"entry": [{"eid": "2-s2.0-1", "dc:title": "Learning robots"}]})


def work(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A work as OpenAlex writes it."""
    tsinghua = {
        "id": "https://openalex.org/I99065089", "display_name": "Tsinghua University",
        "ror": "https://ror.org/03cve4549", "country_code": "CN", "type": "education",
    }  # fmt: skip
    string = "School of Software, Tsinghua University, Beijing, China"
    return {
        "id": f"https://openalex.org/W{number}",
        "doi": f"https://doi.org/10.5555/Robots.{number}",
        "title": "Learning robots",
        "publication_year": 2019,
        "language": "en",
        "type": "article",
        "is_retracted": False,
        "primary_location": {"source": {"display_name": "Invented Journal", "type": "journal"}},
        "authorships": [
            {
                "author": {"id": "https://openalex.org/A1", "display_name": "Wei Li"},
                "institutions": [tsinghua],
                "countries": ["CN"],
                "raw_affiliation_strings": [string],
                "affiliations": [
                    {"raw_affiliation_string": string, "institution_ids": [tsinghua["id"]]}
                ],
            },
            {
                "author": {"id": "https://openalex.org/A2", "display_name": "Ann Roe"},
                "institutions": [],
                "countries": [],
                "raw_affiliation_strings": [],
            },
        ],
        "abstract_inverted_index": {"We": [0], "study": [1, 3], "robots": [2], "more.": [4]},
    } | changes


OPENALEX_CSV = (
    "id,doi,title,publication_year,language,type,is_retracted,primary_location.source.display_name,"
    "primary_location.source.type,authorships.author_position,authorships.author.id,"
    "authorships.raw_affiliation_strings,authorships.affiliations,authorships.institutions,abstract\n"
    "https://openalex.org/W1,https://doi.org/10.5555/robots.1,Learning robots,2019,en,article,False,"
    "Invented Journal,journal,first|last,https://openalex.org/A1|https://openalex.org/A2,"
    '"Tsinghua University, Beijing, China|None",'
    "\"{'raw_affiliation_string': 'Tsinghua University, Beijing, China', 'institution_ids': "
    "['https://openalex.org/I99065089']}\","
    "\"{'id': 'https://openalex.org/I99065089', 'ror': 'https://ror.org/03cve4549', "
    "'country_code': 'CN'}\",We study robots\n"
)

SAMPLES: dict[str, str] = {
    "Web of Science plain text": WOS_FILE,
    "Web of Science tab-delimited": wos_tab(),
    "RIS": SCOPUS_RIS,
    "BibTeX": SCOPUS_BIB,
    "PubMed (MEDLINE)": PUBMED,
    "Lens CSV": LENS,
    "IEEE Xplore CSV": IEEE,
    "OpenAlex CSV export": OPENALEX_CSV,
    "OpenAlex works (JSON)": json.dumps({"meta": {"count": 1}, "results": [work()]}),
    "Scopus CSV export": SCOPUS_CSV,
    "Scopus JSON": SCOPUS_JSON,
}


def write(folder: Path, text: str | bytes, name: str = "records.dat") -> Path:
    """``text`` as a file; gzip where the name ends so."""
    raw = text if isinstance(text, bytes) else text.encode()
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(raw, mtime=0) if name.endswith(".gz") else raw)
    return path
