"""From files to the corpus and to all tables, at two sizes, beside DuckDB and a plain script.

    python benchmarks/scaling.py                     (53,000 and 500,000 papers, three runs)
    python benchmarks/scaling.py --large 0           (the small size only)

Each work is a process of its own; ours and its baseline run in turns. Prints medians, peak memory
(ours: of all processes that read, added up), the ratio, and the aim. Simulated records are made
first, their addresses as various as real ones (``variety``), which takes five minutes and 4 GB of
disk at the full size.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import variety

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
STUDY = ROOT / "queries" / "cingai-2020.toml"
CSV_OPTIONS = (
    "all_varchar=true, delim=',', quote='\"', escape='\"', header=true, strict_mode=false,"
    " ignore_errors=true, null_padding=true, parallel=false, union_by_name=true"
)


@dataclass
class Work:
    """A command measured some times: wall seconds and peak MiB of each run."""

    name: str
    command: list[str]
    folder: Path
    seen: list[tuple[float, float]] = field(default_factory=list)

    def run(self) -> None:
        shutil.rmtree(self.folder / "outputs", ignore_errors=True)
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        began = time.perf_counter()
        with (self.folder / "log.txt").open("ab") as log:
            process = subprocess.Popen(
                self.command, cwd=self.folder, stdout=log, stderr=log, env=env
            )
            peak = 0.0
            while process.poll() is None:
                peak = max(peak, resident(process.pid))
                time.sleep(0.05)
        if process.returncode:
            raise SystemExit(f"{self.name} failed: see {self.folder / 'log.txt'}")
        self.seen.append((time.perf_counter() - began, peak))

    @property
    def seconds(self) -> float:
        return statistics.median(seconds for seconds, _ in self.seen)

    @property
    def memory(self) -> float:
        return max(memory for _, memory in self.seen)


def resident(pid: int) -> float:
    """MiB that a process and its children hold now (Linux); 0 where that cannot be told."""
    total = 0
    waiting = [pid]
    while waiting:
        one = waiting.pop()
        try:
            status = Path(f"/proc/{one}/statm").read_text()
            waiting += map(int, Path(f"/proc/{one}/task/{one}/children").read_text().split())
        except OSError:
            continue
        total += int(status.split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return total / 2**20


def corpus(paths: list[str]) -> None:
    """Our reading alone: files to the tables of the corpus, as Parquet."""
    from bibliometrics import ingest, inputs, schema, store
    from bibliometrics.attribution.place import country_of
    from bibliometrics.corpus.assembling import assemble
    from bibliometrics.study.file import load_study

    study = load_study(STUDY)
    files = inputs.open_inputs([Path(path) for path in paths])
    read = (part for _, part in ingest.slices(files, study, country_of))
    made = assemble(read, study)
    for table in (schema.PAPERS, schema.AUTHORSHIPS, schema.AFFILIATIONS, schema.KEYWORD_HITS):
        store.write_parquet(Path("outputs"), getattr(made, table.name), table)
    print(len(made.papers))


def tables(_: list[str]) -> None:
    """From the cache to all tables, intervals and the network on disk, without a page."""
    from bibliometrics import records
    from bibliometrics.beside import Beside, collected_seldom
    from bibliometrics.editions import exports
    from bibliometrics.pipeline import Plan, make_edition
    from bibliometrics.study.file import load_study

    study = load_study(STUDY)
    chosen = records.choose(study, [], Path("cache"), print)
    if isinstance(chosen, list):
        raise SystemExit("nothing is cached")
    with collected_seldom(), contextlib.closing(Beside()) as beside:
        beside.start(*exports.WORK_MODULES)
        made = make_edition(Plan(study, "tables", (), cached=chosen), beside=beside)
        out = Path("outputs")
        drawn = beside.give(
            exports.write_network, out, made.edition, made.counts, made.credited.entities
        )
        exports.write_tables(out, made.edition)
        drawn.result()
    print(len(made.corpus.papers))


def duckdb_read(paths: list[str]) -> None:
    import duckdb

    duckdb.execute(f"CREATE TABLE t AS SELECT * FROM read_csv({paths!r}, {CSV_OPTIONS})")
    print(duckdb.sql("SELECT count(*) FROM t").fetchone())


def duckdb_write(paths: list[str]) -> None:
    import duckdb

    read = f"read_json({paths!r}, format='newline_delimited')"
    Path("outputs").mkdir(exist_ok=True)
    duckdb.execute(f"COPY (SELECT * FROM {read}) TO 'outputs/t.parquet' (FORMAT parquet)")


def fill_cache(lines: Path, cache: Path) -> None:
    """Harvest the simulated entries from the emulator on loopback into ``cache``."""
    sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
    from bibliometrics.harvesting.harvest import harvest
    from bibliometrics.study.file import load_study
    from harvest_fixture import source_at
    from scopus_emulator import ScopusEmulator

    study = load_study(STUDY)
    with lines.open(encoding="utf-8") as file:
        # The service gives a record once; the lines hold some twice, as exports do.
        entries = list({one["eid"]: one for one in map(json.loads, file)}.values())
    with ScopusEmulator(entries) as service:
        place = cache / "scopus" / study.name
        harvest(study, source_at(service.address), place, print, too_large=10**9)


INNER = {
    "corpus": corpus,
    "tables": tables,
    "duckdb-read": duckdb_read,
    "duckdb-write": duckdb_write,
}


def simulated(papers: int, folder: Path) -> tuple[list[str], Path]:
    """Exports and lines of ``papers`` simulated papers, made in ``folder``."""
    command = ["-m", "bibliometrics", "simulate", "--papers", str(papers), "--lines", "--out", "."]
    folder.mkdir(parents=True)
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run(
        [sys.executable, *command], cwd=folder, env=env, check=True, stdout=subprocess.DEVNULL
    )
    exports = sorted(folder.glob("*.csv"))
    lines = folder / "entries.jsonl"
    variety.vary_lines(lines)
    for path in exports:
        if folder.name == "large":  # its exports are not read
            path.unlink()
        else:
            variety.vary_csv(path)
    return [str(path) for path in exports], lines


def works(small: int, large: int, folder: Path) -> dict[str, Work]:
    def work(name: str, *arguments: str) -> Work:
        return Work(name, [sys.executable, *arguments], folder)

    me, run = str(Path(__file__).resolve()), ("-m", "bibliometrics", "run", str(STUDY))
    exports, lines = simulated(small, folder / "small")
    fill_cache(lines, folder / "cache")
    page = str(folder / "page.html")
    found = {
        "csv": work(f"{small:,} papers, CSV to corpus", me, "--inner", "corpus", *exports),
        "read": work("DuckDB reads the same", me, "--inner", "duckdb-read", *exports),
        "cached": work(f"{small:,} papers, cached, to all files", *run, "--edition", "cached"),
        "tables": work(f"{small:,} papers, cached, to all tables", me, "--inner", "tables"),
        "script": work(
            "plain script with page", str(HERE / "plain_script.py"), *exports, "--page", page
        ),
        "small": work(
            f"{small:,} papers, JSON lines to all tables",
            *run, "--edition", "small", "--input", str(lines),
        ),
    }  # fmt: skip
    if large:
        _, many = simulated(large, folder / "large")
        found["large"] = work(
            f"{large:,} papers, JSON lines to all tables",
            *run, "--edition", "large", "--input", str(many),
        )  # fmt: skip
        found["write"] = work("DuckDB to Parquet", me, "--inner", "duckdb-write", str(many))
    return found


def report(found: dict[str, Work], growth: float) -> None:
    for each in found.values():
        low, high = min(each.seen)[0], max(each.seen)[0]
        print(
            f"{each.name:>45}: {each.seconds:7.1f} s ({low:.1f}-{high:.1f}),"
            f" peak {each.memory:,.0f} MiB"
        )
    pairs = [("csv", "read", "≤ 3, < 1 GB"), ("tables", "script", "≤ 0.25, ≤ 10 s")]
    pairs.append(("cached", "script", "none: with pages, workbook, figures, evidence"))
    pairs += [("large", "write", "≤ 3, < 4 GB")] if "large" in found else []
    for ours, theirs, aim in pairs:
        ratios = [a[0] / b[0] for a, b in zip(found[ours].seen, found[theirs].seen, strict=True)]
        told = statistics.median(ratios)
        print(f"{found[ours].name} / {found[theirs].name}: {told:.2f} (aim {aim})")
    if "large" in found:
        ratio = found["large"].seconds / found["small"].seconds
        print(f"time ratio / size ratio: {ratio / growth:.2f} (aim ≤ 1.2)")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--small", type=int, default=53_000)
    parser.add_argument("--large", type=int, default=500_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--inner", choices=INNER)
    parser.add_argument("paths", nargs="*")
    given = parser.parse_args()
    if given.inner:
        INNER[given.inner](given.paths)
        return
    with tempfile.TemporaryDirectory() as place:
        found = works(given.small, given.large, Path(place))
        for _ in range(given.runs):
            for each in found.values():
                each.run()
        report(found, given.large / given.small)


if __name__ == "__main__":
    main()
