"""Our harvest against the client's own ScopusSearch, on the same emulator, in turns; and kills.

    python benchmarks/harvest.py --records 53000 --runs 3
    python benchmarks/harvest.py --kills 200

Prints wall seconds and peak memory of each whole process (median, largest), of fetching and of
reading again. Neither side is throttled: the client's pause between requests is switched off in its
process, ours is off on loopback by itself.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import deque
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "tests")]

FIRST, LAST = 1990, 2019
WORDS = [
    "invented",
    "learning",
    "robot",
    "pattern",
    "speech",
    "network",
    "model",
    "sample",
    "method",
    "result",
    "error",
]


def entries(number: int) -> list[dict[str, object]]:
    """Invented COMPLETE entries of a real one's size: about 4.5 KB, 4.6 authors, 2.1 addresses."""
    from scopus_emulator import paper

    chance = random.Random(7)
    found = []
    for place in range(number):
        year = LAST - int((LAST - FIRST) * chance.random() ** 2.5)
        own = [
            {
                "@_fa": "true",
                "affiliation-url": f"https://service.example/content/affiliation/affiliation_id/{afid}",
                "afid": str(afid),
                "affilname": f"Invented University {afid - 60_000_000} of Technology",
                "affiliation-city": "Beijing",
                "affiliation-country": "China",
            }
            for afid in (
                60_000_000 + chance.randrange(4_700) for _ in range(chance.choice((1, 2, 2, 3)))
            )
        ]
        authors = [
            {
                "@_fa": "true",
                "@seq": str(seat),
                "author-url": f"https://service.example/content/author/author_id/{57_000_000_000 + place * 9 + seat}",
                "authid": str(57_000_000_000 + place * 9 + seat),
                "authname": f"Surname{seat} G.",
                "surname": f"Surname{seat}",
                "given-name": "Given",
                "initials": "G.",
                "afid": [{"@_fa": "true", "$": item["afid"]} for item in chance.sample(own, 1)],
            }
            for seat in range(1, chance.choice((3, 4, 4, 5, 6, 6)) + 1)
        ]
        links = [
            {
                "@_fa": "true",
                "@ref": name,
                "@href": f"https://service.example/content/abstract/{place}/{name}",
            }
            for name in ("self", "author-affiliation", "scopus", "scopus-citedby")
        ]
        found.append(
            paper(
                place, year=year, link=links, author=authors, affiliation=own,
                authkeywords=" | ".join(chance.sample(WORDS, 5)),
                **{
                    "dc:description": " ".join(chance.choices(WORDS, k=190)),
                    "author-count": {"@limit": "100", "$": str(len(authors))},
                },
            )
        )  # fmt: skip
    return found


def study() -> object:
    from harvest_fixture import study_of

    return study_of(FIRST, LAST)


def serve(number: int) -> None:
    """The emulator in a process of its own, every page made beforehand."""
    from bibliometrics.study.query import scopus_query, slices
    from scopus_emulator import ScopusEmulator

    with ScopusEmulator(entries(number)) as service:
        service.prepare(scopus_query(study()), "COMPLETE", 25)
        for part in slices(study()):
            service.prepare(part.query, "COMPLETE", 25)
        print(service.address, flush=True)
        sys.stdin.read()


def ours(address: str, folder: Path) -> None:
    from bibliometrics.harvesting.harvest import harvest
    from harvest_fixture import source_at

    done = harvest(study(), source_at(address), folder, print, too_large=10**9)
    print(sum(entry.rows for entry in done.held.entries), done.requests, done.held.is_whole)


def ours_again(_: str, folder: Path) -> None:
    """As ``run`` reads the cache: by several processes, and judged by the study as well."""
    from functools import partial

    from bibliometrics import ingest
    from bibliometrics.attribution.place import country_code, country_of
    from bibliometrics.harvesting import cache
    from bibliometrics.sources.reading import in_blocks
    from bibliometrics.sources.scopus_json import page_reader

    held = cache.held(folder)
    blocks = partial(cache.cached_blocks, folder, partial(page_reader, country_code), held.entries)
    rows = sum(entry.rows for entry in held.entries)
    opened = in_blocks("cache", "", "cache", blocks, size=3_000 * rows)
    print(sum(part.rows for _, part in ingest.slices((opened,), study(), country_of)))


def client(address: str, folder: Path) -> None:
    import importlib

    from pybliometrics.scopus import ScopusSearch, init
    from pybliometrics.utils import constants, startup

    from bibliometrics.study.query import scopus_query

    config = folder / "client.cfg"
    folder.mkdir(parents=True, exist_ok=True)
    paths = "".join(f"{name} = {folder / 'client' / name}\n" for name in constants.DEFAULT_PATHS)
    config.write_text(
        f"[Directories]\n{paths}[Authentication]\n[Requests]\nTimeout = 20\nRetries = 5\n"
    )
    init(config_path=config, keys=["k"])
    startup._throttling_params["ScopusSearch"] = deque(maxlen=10**9)
    search = importlib.import_module("pybliometrics.superclasses.search")
    search.URLS["ScopusSearch"] = f"{address}/content/search/scopus"
    found = ScopusSearch(scopus_query(study()), view="COMPLETE", cursor=True, verbose=False)
    if search.URLS and (folder / "again").exists():
        print(len(found.results or []))
    else:
        print(found.get_results_size())


def client_again(address: str, folder: Path) -> None:
    (folder / "again").touch()
    client(address, folder)


MODES = {"ours": ours, "client": client, "ours again": ours_again, "client again": client_again}


def measured(mode: str, address: str, folder: Path) -> tuple[float, float]:
    """Wall seconds and peak MiB of one process; it must succeed."""
    command = [
        sys.executable,
        __file__,
        "--mode",
        mode,
        "--address",
        address,
        "--folder",
        str(folder),
    ]
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{mode} failed")
    return time.perf_counter() - began, usage.ru_maxrss / 1024


def compare(records: int, runs: int) -> None:
    seen: dict[str, list[tuple[float, float]]] = {mode: [] for mode in MODES}
    server = subprocess.Popen(
        [sys.executable, __file__, "--mode", "serve", "--records", str(records)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    with server, tempfile.TemporaryDirectory() as place:
        address = server.stdout.readline().strip()
        for number in range(runs):
            for mode in MODES:
                folder = Path(place) / str(number) / mode.split()[0]
                seen[mode].append(measured(mode, address, folder))
        kept = Path(place) / "0" / "ours" / "pages"
        size = sum(path.stat().st_size for path in kept.rglob("*.gz")) / 1e6
        server.stdin.close()
    print(f"{records} records, {runs} runs in turns; our cache {size:.0f} MB")
    for mode, found in seen.items():
        seconds, memory = zip(*found, strict=True)
        middle = statistics.median(seconds)
        print(
            f"{mode:>14}: {middle:6.1f} s ({min(seconds):.1f}-{max(seconds):.1f}), peak {max(memory):,.0f} MiB"
        )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, default=53_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--mode", default="")
    parser.add_argument("--address", default="")
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    if given.mode == "serve":
        serve(given.records)
    elif given.mode:
        MODES[given.mode](given.address, given.folder)
    elif given.kills:
        from harvest_kills import series

        with tempfile.TemporaryDirectory() as folder:
            print(series(given.kills, 2020, Path(folder)))
    else:
        compare(given.records, given.runs)


if __name__ == "__main__":
    main()
