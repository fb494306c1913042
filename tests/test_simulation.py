"""The simulated corpus: its truth adds up, its strings mean what the truth says, it never varies."""

from __future__ import annotations

import ast
import csv
import gzip
import hashlib
import html
import io
import json
import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from fractions import Fraction
from importlib import resources
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bibliometrics import simulation
from bibliometrics.errors import InputError
from bibliometrics.simulation import quotas
from bibliometrics.simulation.directory import directory
from bibliometrics.simulation.model import FIELDS, KEYWORDS, Simulation, members

PUBLISHED = {
    "tsinghua-university": "3.70",
    "shanghai-jiao-tong-university": "3.12",
    "harbin-institute-of-technology": "3.08",
    "zhejiang-university": "3.03",
    "university-of-chinese-academy-of-sciences": "2.06",
}
PARTNERS = [
    "nanyang-technological-university",
    "national-university-of-singapore",
    "university-of-technology-sydney",
    "microsoft-research-asia",
    "georgia-institute-of-technology",
    "university-of-sydney",
    "university-of-alberta",
    "cnrs",
]
PAPERS = 4_130


@pytest.fixture(scope="module")
def drawn() -> Simulation:
    return simulation.simulate(PAPERS)


@pytest.fixture(scope="module")
def folder(drawn: Simulation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("simulated")
    for generation in ("G1", "G2", "G3"):
        simulation.write_exports(drawn, target / generation, generation=generation)
    simulation.write_truth(drawn, target)
    return target


def truth(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "truth" / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def export_rows(folder: Path, generation: str) -> list[list[str]]:
    rows = []
    for path in sorted((folder / generation).glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows += list(csv.reader(lines))[1:]
    return rows


def records(folder: Path, generation: str) -> list[dict[str, str]]:
    path = sorted((folder / generation).glob("*.csv"))[0]
    with path.open(encoding="utf-8-sig", newline="") as lines:
        header = next(csv.reader(lines))
    rows = export_rows(folder, generation)
    return [dict(zip(header, row, strict=True)) for row in rows if len(row) == len(header)]


def two_decimals(count: int, papers: int) -> str:
    hundredths = int(Fraction(count * 10_000, papers) + Fraction(1, 2))
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def test_shares_of_the_report_are_hit_exactly(folder: Path) -> None:
    rows = truth(folder, "institutions")
    counts = {row["institution_id"]: int(row["papers"]) for row in rows}
    universities = [int(row["papers"]) for row in rows if row["kind"] == "university"]
    assert {who: two_decimals(counts[who], PAPERS) for who in PUBLISHED} == PUBLISHED
    assert sorted(universities)[-5:] == sorted(counts[who] for who in PUBLISHED)


@settings(deadline=None, max_examples=40)
@given(st.integers(10_000, 200_000))
@example(4_130)
@example(52_976)
def test_quotas_fulfil_the_shares_and_fall_strictly(papers: int) -> None:
    universities = list(quotas.domestic_quotas(papers).values())[:117]
    assert [two_decimals(each, papers) for each in universities[:5]] == list(PUBLISHED.values())
    assert all(high > low or low == 1 for high, low in pairwise(universities))


def test_some_sizes_hold_no_whole_count_for_a_share() -> None:
    # 3.03 % of 5,000 lies between 151.25 and 151.75 papers.
    counts = quotas.domestic_quotas(5_000)
    assert not [each for each in range(5_000) if two_decimals(each, 5_000) == "3.03"]
    assert counts["zhejiang-university"] in {151, 152}


def test_who_takes_part(folder: Path) -> None:
    kinds = Counter(row["kind"] for row in truth(folder, "institutions"))
    assert kinds["university"] == 117
    assert kinds["institute"] == 14
    partners = truth(folder, "partners")
    foreign = [row for row in partners if row["scope"] == "foreign"]
    foreign.sort(key=lambda row: -int(row["papers"]))
    assert [row["partner_id"] for row in foreign[:8]] == PARTNERS
    sizes = [int(row["papers"]) for row in foreign[:9]]
    assert sizes == sorted(set(sizes), reverse=True)
    assert all(re.fullmatch(r"x-[a-z]{2}-[a-z0-9]+(-[a-z0-9]+)*", row["partner_id"])
               for row in foreign[8:])  # fmt: skip
    assert next(r["country"] for r in foreign if r["partner_id"] == PARTNERS[3]) == "US"


def test_flow_adds_up_and_the_files_hold_every_row(folder: Path) -> None:
    flow = {row["reason"]: int(row["rows"]) for row in truth(folder, "flow")}
    rows_in = flow.pop("rows_in")
    assert flow["kept"] == PAPERS
    assert sum(flow.values()) == rows_in == len(truth(folder, "papers"))
    assert all(flow.values())
    for generation in ("G1", "G2", "G3"):
        assert len(export_rows(folder, generation)) == rows_in
    assert Counter(row["reason"] for row in truth(folder, "papers")) == flow


def test_totals_agree_with_each_other(folder: Path) -> None:
    institutions = {row["institution_id"]: row for row in truth(folder, "institutions")}
    by_year: Counter[str] = Counter()
    for row in truth(folder, "by_year"):
        by_year[row["institution_id"]] += int(row["papers"])
    assert by_year == {who: int(row["papers"]) for who, row in institutions.items()}
    named = [row["institution_ids"].split("|") for row in truth(folder, "papers")
             if row["kept"] == "1" and row["institution_ids"]]  # fmt: skip
    assert Counter(who for each in named for who in each) == by_year
    for row in truth(folder, "partners"):
        assert institutions[row["partner_id"]]["papers"] == row["papers"]
    for row in truth(folder, "pairs"):
        assert row["source_id"] < row["target_id"]
        scopes = {institutions[row[side]]["scope"] for side in ("source_id", "target_id")}
        assert "domestic" in scopes
    shared = next(row for row in truth(folder, "pairs")
                  if row["source_id"] == "chinese-academy-of-sciences"
                  and row["target_id"] == "university-of-chinese-academy-of-sciences")  # fmt: skip
    both = {shared["source_id"], shared["target_id"]}
    assert int(shared["papers"]) == sum(both <= set(each) for each in named) > 10


def test_fractions_with_nobody_are_the_papers(folder: Path) -> None:
    places = {row["place"]: Fraction(row["fractional"]) for row in truth(folder, "fractional")}
    assert sum(places.values()) == PAPERS
    rows = truth(folder, "institutions")
    assert (
        sum(Fraction(row["fractional"]) for row in rows)
        + places["unregistered"]
        + places["no_affiliation"]
        == PAPERS
    )
    for row in rows:
        exact = Fraction(row["fractional"])
        assert exact <= int(row["papers"])
        assert abs(Fraction(row["fractional_decimal"]) - exact) <= Fraction(1, 2 * 10**9)


def test_every_record_carries_the_mark(folder: Path, drawn: Simulation) -> None:
    for generation in ("G1", "G2", "G3"):
        for cells in records(folder, generation):
            assert cells["Source"] == "SIMULATED"
            assert re.fullmatch(r"2-s2\.0-SIM\d+", cells["EID"])
            assert not cells["DOI"] or cells["DOI"].startswith("10.5555/sim.")
            assert cells["Source title"].startswith("Simulated ")
    for path in simulation.write_api_pages(drawn, folder / "api"):
        for entry in json.loads(path.read_text(encoding="utf-8"))["search-results"]["entry"]:
            assert entry["simulated"] is True
            assert entry["dc:publisher"] == "SIMULATED"
            assert re.fullmatch(r"2-s2\.0-SIM\d+", entry["eid"])


def hits(text: str) -> set[str]:
    """The five keywords in a text: phrases, plural and possessive, case and hyphens ignored."""
    plain = re.sub(r"[-\s]+", " ", text.lower())
    return {
        keyword
        for keyword in KEYWORDS
        if re.search(rf"(?<!\w){keyword.lower()}(?:s|'s|s')?(?!\w)", plain)
    }


def test_keywords_stand_where_the_truth_says(drawn: Simulation) -> None:
    found: Counter[str] = Counter()
    for record in drawn.records:
        text = record.paper.text
        abstract = re.sub(r"^(Copyright )?©[^.]*\. ", "", text.abstract)
        abstract = re.sub(r"(Copyright )?©.*", "", abstract, flags=re.DOTALL)
        fields = ((text.title,), (abstract,), text.author_keywords, text.index_keywords)
        seen = {(keyword, name) for name, parts in zip(FIELDS, fields) for part in parts
                for keyword in hits(part)}  # fmt: skip
        assert seen == set(text.hits)
        assert bool(seen) == (record.reason != "keywords")
        if not seen:
            found["robotic"] += "obotic" in "".join([text.title, *text.author_keywords])
            found["copyright"] += bool(hits(text.abstract))
            found["side by side"] += bool(hits(" ".join(text.author_keywords)))
    assert min(found.values()) >= 1
    assert len(found) == 3


def test_keyword_truth_counts_what_would_be_lost(folder: Path, drawn: Simulation) -> None:
    rows = {(row["keyword"], row["field"]): row for row in truth(folder, "keywords")}
    assert len(rows) == len(KEYWORDS) * (len(FIELDS) + 1)
    without_robot = [p for p in drawn.kept() if {key for key, _ in p.text.hits} - {"robot"}]
    assert int(rows["robot", "any"]["papers_only_by_it"]) == PAPERS - len(without_robot)
    index_only = [p for p in drawn.kept() if p.text.hits == (("robot", "index_keywords"),)]
    assert int(rows["robot", "index_keywords"]["papers_only_by_it"]) == len(index_only) > 0


def test_the_filter_faults_are_single(drawn: Simulation) -> None:
    for record in drawn.records:
        paper = record.paper
        places = {each.place for author in paper.signatures for each in author.addresses}
        faults = {
            "document_type": paper.document_type != "Article",
            "year": paper.year > 2019,
            "keywords": not paper.text.hits,
            "no_affiliation": not places,
            "country": bool(places) and "mainland" not in places,
        }
        expected = {record.reason} & set(faults)
        assert {reason for reason, holds in faults.items() if holds} == expected


def test_copies_lose_against_what_they_copy(folder: Path) -> None:
    cells = dict(enumerate(records(folder, "G2")))
    kept = {row["eid"] for row in truth(folder, "papers") if row["kept"] == "1"}
    sizes = {index: sum(map(bool, row.values())) for index, row in cells.items()}
    by_eid, by_doi, by_title = defaultdict(list), defaultdict(list), defaultdict(list)
    for index, row in cells.items():
        by_eid[row["EID"]].append(index)
        by_doi[row["DOI"]].append(index)
        by_title[row["Title"], row["Year"], row["Source title"]].append(index)
    by_doi.pop("")
    same_eid = [group for group in by_eid.values() if len(group) > 1]
    same_doi = [g for g in by_doi.values() if len({cells[i]["EID"] for i in g}) > 1]
    same_title = [
        group for key, group in by_title.items()
        if key[0] and len({cells[i]["EID"] for i in group}) > 1
        and not any(cells[i]["DOI"] for i in group)
    ]  # fmt: skip
    duplicates = next(r["rows"] for r in truth(folder, "flow") if r["reason"] == "duplicates")
    assert len(same_eid) + len(same_doi) + len(same_title) == int(duplicates)
    assert same_eid and same_doi and same_title
    for group in same_doi + same_title:
        winner = max(group, key=lambda index: sizes[index])
        assert sizes[winner] > min(sizes[index] for index in group)
        assert cells[winner]["EID"] in kept
    files = [path.read_text(encoding="utf-8") for path in sorted((folder / "G2").glob("*.csv"))]
    twice = [cells[group[0]]["EID"] for group in same_eid]
    assert all(sum(f",SIMULATED,{eid}\n" in text for text in files) == 2 for eid in twice)


def test_affiliation_cells_hold_exactly_the_known_strings(folder: Path) -> None:
    forms: dict[str, set[str]] = defaultdict(set)
    for row in truth(folder, "attribution"):
        for form in row["printed_in"].split("|"):
            forms[form].add(row["affiliation"])
    for generation in ("G1", "G2", "G3"):
        seen: set[str] = set()
        for cells in records(folder, generation):
            if cells["Title"]:
                protected = html.unescape(cells["Affiliations"])
                seen.update(part for part in protected.split("; ") if part)
        assert seen == forms[generation]


def test_entities_and_hostile_cells_are_there(folder: Path) -> None:
    rows = records(folder, "G2")
    together = "".join(row["Affiliations"] for row in rows)
    assert all(entity in together for entity in ("&amp; ", "&#39;", "&eacute;", "&Eacute;"))
    titles = [row["Title"] for row in rows]
    assert sum(title.startswith("=") for title in titles) >= 2
    assert any("\n" in title for title in titles)
    assert any('"' in title and "," in title for title in titles)
    assert any("\n" in row["Abstract"] for row in rows)
    assert any(row["Affiliations"].endswith("Hong Kong SAR, China") for row in rows)


def registry(name: str) -> list[dict[str, str]]:
    source = resources.files("bibliometrics") / "data" / "registry" / f"{name}.csv"
    return list(csv.DictReader(io.StringIO(source.read_text(encoding="utf-8"))))


def tokens(text: str) -> tuple[str, ...]:
    plain = text.casefold().replace("&", " and ").replace("'", "")
    return tuple(re.findall(r"[^\W_]+", plain))


def test_each_string_names_its_institution_and_no_other() -> None:
    """The longest registered names within the parts of a string are those the truth credits."""
    meaning: dict[tuple[str, ...], set[str]] = defaultdict(set)
    above: dict[str, set[str]] = defaultdict(set)
    tables = ("universities", "institutes", "universities_hk_mo_tw", "foreign_partners")
    for row in [row for name in tables for row in registry(name)]:
        who = row.get("same_as") or row["id"]
        conditional = [each for each in row["aliases_conditional"].split("|") if " " in each]
        for name in [row["name_en"], *row["aliases"].split("|"), *conditional]:
            meaning[tokens(name)].add(who)
        above[who] |= {row.get("parent_id", ""), row.get("campus_of", "")}
    for row in registry("units"):
        for name in [row["unit_name"], *row["aliases"].split("|")]:
            meaning[tokens(name)] |= set(row["parent_ids"].split("|"))
    meaning.pop((), None)
    longest = max(map(len, meaning))

    def names(text: str) -> list[set[str]]:
        words = tokens(text)
        spans = [
            (start, end)
            for start in range(len(words))
            for end in range(start + 1, min(len(words), start + longest) + 1)
            if words[start:end] in meaning
        ]
        return [
            meaning[words[a:b]]
            for a, b in spans
            if not any(c <= a and b <= d and (c, d) != (a, b) for c, d in spans)
        ]

    # Names that run over a comma are accidents: 'Shandong Univ, Jinan' is not Univ Jinan.
    accidents = {"pla-information-engineering-university", "university-of-jinan", "wuhanxueyuan"}
    homonyms = {"northeastern-university", "southeast-university"}
    known = directory()
    addresses = [a for pool in known.pools.values() for a in pool.addresses] + [*known.uncounted]
    for address in addresses:
        credited = set(address.institution_ids)
        allowed = credited.union(*(above[who] for who in credited))
        for text in (address.department_first, address.organisation_first, address.api_text):
            found = names(text)
            strangers = [ids for ids in found if not ids & allowed]
            if any(who.startswith("x-") for who in credited):
                assert all(ids & homonyms for ids in strangers), text
            else:
                assert all(ids <= accidents for ids in strangers), text
                assert not credited or credited & set().union(*found), text


def test_counted_ids_follow_the_policies(folder: Path) -> None:
    rows = {row["affiliation"].partition(",")[0]: row for row in truth(folder, "attribution")}
    by_ids = {row["institution_ids"]: row["counted_ids"] for row in truth(folder, "attribution")
              if row["counted_ids"]}  # fmt: skip
    assert by_ids["harbin-institute-of-technology-weihai"] == "harbin-institute-of-technology"
    assert by_ids["institute-of-automation-cas"] == "chinese-academy-of-sciences"
    ucas = "university-of-chinese-academy-of-sciences"
    assert by_ids[ucas] == ucas
    assert by_ids["microsoft-research-asia"] == "microsoft-research-asia"
    alone = rows["Xuanwu Hospital"]
    assert (alone["institution_ids"], alone["counted_ids"]) == ("capital-medical-university", "")
    unknown = rows["Simulated Valley Technology Co."]
    assert (unknown["institution_ids"], unknown["counted_ids"]) == ("", "")
    laboratory = rows["State Key Laboratory of Robotics and System"]
    assert laboratory["counted_ids"] == "harbin-institute-of-technology"
    homonym = next(row for row in truth(folder, "attribution") if "Boston" in row["affiliation"])
    assert homonym["counted_ids"] == "x-us-northeastern-university"


def test_years_respect_when_an_institution_began(drawn: Simulation) -> None:
    for paper in drawn.kept():
        assert 1990 <= paper.year <= 2019
        for signature in paper.signatures:
            for address in signature.addresses:
                assert address.since <= paper.year <= address.until
        assert all(drawn.institutions[who].since <= paper.year for who in members(paper))
        assert len(paper.signatures) <= 100


def test_the_api_says_the_same(drawn: Simulation, tmp_path: Path) -> None:
    pages = simulation.write_api_pages(drawn, tmp_path, per_page=200, over_limit=2)
    answers = [json.loads(page.read_text(encoding="utf-8"))["search-results"] for page in pages]
    entries = [entry for answer in answers for entry in answer["entry"]]
    assert {answer["opensearch:totalResults"] for answer in answers} == {str(len(entries))}
    long = [entry for entry in entries if "message" in entry]
    assert len(long) == 2
    assert all(len(each["author"]) == 100 < int(each["author-count"]["$"]) for each in long)
    papers = {paper.eid: paper for paper in drawn.kept()}
    seen = [entry for entry in entries if entry["eid"] in papers]
    assert {entry["eid"] for entry in seen} == set(papers)
    for entry in seen:
        paper = papers[entry["eid"]]
        listed = {each["afid"] for each in entry.get("affiliation", [])}
        for author, signature in zip(entry["author"], paper.signatures, strict=True):
            afids = [each["$"] for each in author.get("afid", [])]
            assert afids == [address.afid for address in signature.addresses]
            assert len(set(afids)) == len(afids)
            assert set(afids) <= listed


def digest(folder: Path) -> str:
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            total.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return total.hexdigest()


SCRIPT = """
import sys
from pathlib import Path
from bibliometrics import simulation
drawn = simulation.simulate(300, int(sys.argv[2]))
folder = Path(sys.argv[1])
simulation.write_exports(drawn, folder, generation="G3", compressed=True)
simulation.write_api_pages(drawn, folder / "api")
simulation.write_truth(drawn, folder)
"""


def test_same_seed_same_bytes_under_any_hash_seed(tmp_path: Path) -> None:
    digests = []
    for name, hash_seed, seed in (("a", "1", "7"), ("b", "4242", "7"), ("c", "1", "8")):
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
        command = [sys.executable, "-c", SCRIPT, str(tmp_path / name), seed]
        subprocess.run(command, check=True, env=environment)
        digests.append(digest(tmp_path / name))
    assert digests[0] == digests[1] != digests[2]


def test_generations_and_compression(tmp_path: Path) -> None:
    drawn = simulation.simulate(200)
    plain = simulation.write_exports(drawn, tmp_path / "a", generation="G1", rows_per_file=100)
    packed = simulation.write_exports(
        drawn, tmp_path / "b", generation="G1", rows_per_file=100, compressed=True
    )
    assert len(plain) == len(packed) >= 3
    assert [gzip.decompress(path.read_bytes()) for path in packed] == [
        path.read_bytes() for path in plain
    ]
    assert plain[0].read_bytes().startswith(b"\xef\xbb\xbfAuthors,Author(s) ID,")
    rows = list(csv.DictReader(io.StringIO(plain[0].read_text(encoding="utf-8-sig"))))
    several = next(row for row in rows if row["Author(s) ID"].count(";") > 1)
    assert several["Author(s) ID"].endswith(";")
    assert ", " in several["Authors"] and ";" not in several["Authors"]


def test_too_small_a_corpus_is_refused() -> None:
    with pytest.raises(InputError, match="too small"):
        simulation.simulate(100)


def test_the_generator_shares_no_code_with_the_pipeline() -> None:
    package = Path(simulation.__file__).parent
    imported = set()
    for path in package.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0
                imported |= {f"{node.module}.{alias.name}" for alias in node.names}
    own = {name for name in imported if name.startswith("bibliometrics")}
    allowed = ("bibliometrics.errors.", "bibliometrics.simulation.")
    assert {name for name in own if not f"{name}.".startswith(allowed)} == set()
