"""Parquet to counts and pairs: our expressions beside the SQL that one would write by hand.

    python benchmarks/engines.py --papers 500000 --copies 10 --runs 3
    python benchmarks/engines.py --papers 53000 --runs 3 --spark

Both sides run on DuckDB with the same bound on memory, each in a process of its own, in turns:
seconds, processor seconds, peak memory, and their ratios. The hand-written SQL counts full, author-fractional and first
author over all years, and pairs; ours gives the same by year, checks that weights are conserved
and that pairs add up. ``--copies`` repeats the papers under other names, so that the number of
pairs stays and their papers grow. ``--spark`` asks our expressions on local Spark too.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MEMORY = "2500MB"

AUTHORSHIPS = """
SELECT paper_id, position AS author_position, affiliation_id,
       CASE WHEN position = 1 + hash(number) % authors THEN 1 ELSE 0 END::BIGINT AS is_corresponding
FROM (
    SELECT '2-s2.0-85' || lpad((number + {shift})::VARCHAR, 9, '0') AS paper_id, number,
           1 + (hash(number, 1) % 8 + hash(number, 2) % 3) // 2 + hash(number, 3) % 3 AS authors,
           unnest(range(1, (authors + 1)::BIGINT)) AS position
    FROM range({papers}) AS made(number)
), LATERAL (
    SELECT unnest(list_distinct([
        (hash(number, 5) % 60000 * (hash(number, position // 2) % 60000) // 60000)::BIGINT,
        (CASE WHEN hash(number, position, 7) % 9 = 0
         THEN hash(number, position, 8) % 60000 ELSE hash(number, 5) % 60000 END)::BIGINT
    ])) AS affiliation_id
) AS placed
"""
PAPERS = """
SELECT paper_id, 2000 + (hash(paper_id) % 20)::BIGINT AS year,
       max(author_position)::BIGINT AS authors_announced, 'author' AS tie
FROM read_parquet('{folder}/authorships-{copy}.parquet') GROUP BY paper_id
"""
CREDITED = """
SELECT number::BIGINT AS affiliation_id, CASE WHEN institution < 700
       THEN 'institution-' || lpad(institution::VARCHAR, 5, '0')
       ELSE 'x-us-organisation-' || institution END AS institution_id,
       CASE WHEN institution < 700 THEN 'domestic' ELSE 'foreign' END AS scope
FROM (SELECT number, hash(number, 11) % 700 * (1 + (hash(number, 12) % 10 > 6)::INT * 6)
             AS institution
      FROM range(60000) AS made(number) WHERE hash(number, 13) % 10 > 0)
"""
BARE = """
CREATE TEMP TABLE named AS SELECT DISTINCT paper_id, institution_id, scope
    FROM authorships JOIN credited USING (affiliation_id);
CREATE TEMP TABLE full_counts AS SELECT institution_id, count(*) FROM named GROUP BY 1;
CREATE TEMP TABLE fractional AS
    WITH strings AS (SELECT paper_id, author_position, count(*) AS strings
                     FROM authorships GROUP BY 1, 2)
    SELECT institution_id, sum(1.0 / authors_announced / strings)
    FROM authorships JOIN strings USING (paper_id, author_position)
    JOIN papers USING (paper_id) LEFT JOIN credited USING (affiliation_id) GROUP BY 1;
CREATE TEMP TABLE first_author AS SELECT institution_id, count(DISTINCT paper_id)
    FROM authorships JOIN credited USING (affiliation_id) WHERE author_position = 1 GROUP BY 1;
CREATE TEMP TABLE pairs AS
    WITH sized AS (SELECT *, count(*) OVER (PARTITION BY paper_id) AS n FROM named)
    SELECT a.institution_id, b.institution_id, count(*), sum(1.0 / (a.n - 1))
    FROM sized a JOIN sized b ON a.paper_id = b.paper_id AND a.institution_id < b.institution_id
    WHERE a.scope = 'domestic' OR b.scope = 'domestic' GROUP BY 1, 2;
"""


INSTITUTIONS = """
SELECT DISTINCT i.institution, i.institution_id, c.scope FROM institutions i
JOIN credited c ON i.institution_id = c.institution_id ORDER BY 1
"""
TYING = f"""
SELECT n.paper, n.institution, CASE WHEN i.scope = 'domestic' THEN 1 ELSE 0 END AS is_domestic
FROM named n JOIN ({INSTITUTIONS}) i ON n.institution = i.institution
"""


def generate(folder: Path, papers: int, copies: int) -> None:
    """Invented authorships (``papers`` × ``copies``), papers, and whom each string credits."""
    import duckdb

    connection = duckdb.connect()
    connection.execute(f"SET memory_limit = '{MEMORY}'")

    def copy(sql: str, name: str) -> None:
        connection.execute(f"COPY ({sql}) TO '{folder / name}.parquet' (COMPRESSION zstd)")

    for number in range(copies):
        shift = number * papers
        copy(AUTHORSHIPS.format(papers=papers, shift=shift), f"authorships-{number}")
        copy(PAPERS.format(folder=folder, copy=number), f"papers-{number}")
    copy(CREDITED, "credited")


def bare(folder: Path) -> None:
    """What one would write by hand, on the same files."""
    import duckdb

    connection = duckdb.connect(str(folder / "bare.duckdb"))
    connection.execute(f"SET memory_limit = '{MEMORY}'")
    connection.execute(f"SET temp_directory = '{folder / 'spill'}'")
    connection.execute("SET preserve_insertion_order = false")
    connection.execute("SET enable_progress_bar = false")
    for name in ("papers", "authorships", "credited"):
        connection.execute(f"CREATE VIEW {name} AS FROM read_parquet('{folder}/{name}*.parquet')")
    connection.execute(BARE)
    rows = [connection.table(name).count("*").fetchone() for name in ("full_counts", "pairs")]
    print(f"institutions, pairs: {rows}")


def ours(folder: Path, engine_name: str) -> None:
    """The expressions of the package, with their checks."""
    from bibliometrics.counting import numbering, questions
    from bibliometrics.counting.cooccurrence import Institutions, ask_pairs, check_pairs, strengths
    from bibliometrics.counting.counts import check_totals, counted_by_rule
    from bibliometrics.engine import duckdb_engine, open_engine

    rules = ("full", "author_fractional", "first_author")
    opened = duckdb_engine(MEMORY) if engine_name == "duckdb" else open_engine("spark")
    with opened as engine:
        for name in ("papers", "authorships", "credited"):
            engine.read(name, str(folder / f"{name}*.parquet"))
        numbering.keep_papers(engine)
        questions.keep(engine)
        summed = questions.totals(engine, rules)
        papers = int(engine.ask("SELECT count(*) AS n FROM papers")["n"].iloc[0])
        check_totals(summed, counted_by_rule(papers, papers, 0), rules)
        questions.forget_strings(engine)
        engine.keep("tying", TYING)
        counted, expected = ask_pairs(engine)
        known = engine.ask(INSTITUTIONS)
    known = Institutions(known["institution_id"], known["scope"])
    check_pairs(counted, expected, known.is_domestic)
    found = strengths(counted, known)
    print(f"institutions, pairs: {summed['institution_id'].nunique() - 1}, {len(found)}")


def measured(command: list[str]) -> tuple[float, float, float]:
    """Wall seconds, processor seconds and peak MiB of one process; it must succeed."""
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, __file__, *command])
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} failed")
    wall = time.perf_counter() - began
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--papers", type=int, default=500_000)
    parser.add_argument("--copies", type=int, default=1)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--spark", action="store_true")
    parser.add_argument("--do", choices=("bare", "duckdb", "spark"), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help="keeps the generated files for other runs")
    given = parser.parse_args()
    if given.do:
        bare(given.folder) if given.do == "bare" else ours(given.folder, given.do)
        return
    folder = given.folder or Path(tempfile.mkdtemp())
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "credited.parquet").exists():
        generate(folder, given.papers, given.copies)
    sides = ["bare", "duckdb", *(["spark"] if given.spark else [])]
    seen: dict[str, list[tuple[float, float, float]]] = {side: [] for side in sides}
    for _ in range(given.runs):
        for side in sides:
            seen[side].append(measured(["--do", side, "--folder", str(folder)]))
            (folder / "bare.duckdb").unlink(missing_ok=True)
    print(f"{given.papers * given.copies} papers, {given.runs} runs, each a whole process")
    for side, runs in seen.items():
        wall, processor, memory = zip(*runs, strict=True)
        print(
            f"{side:>8}: {statistics.median(wall):6.1f} s ({min(wall):.1f}-{max(wall):.1f}),"
            f" processor {statistics.median(processor):6.1f} s"
            f" ({min(processor):.1f}-{max(processor):.1f}), peak {max(memory):,.0f} MiB"
        )
    for side in sides[1:]:
        for place, seconds in enumerate(("wall", "processor")):
            pairs = zip(seen[side], seen["bare"], strict=True)
            ratio = statistics.median([one[place] / other[place] for one, other in pairs])
            print(f"{side} / bare SQL, {seconds} seconds: {ratio:.2f} (pair by pair, median)")
    if given.folder is None:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
