"""Streams a simulated OpenAlex snapshot and compares the rate with parsing JSON alone.

    python benchmarks/openalex_snapshot.py --works 500000 [--folder DIR]

The works are SIMULATED: made here from a seed, marked ``"simulated": true``, shaped and sized as
OpenAlex writes them (authorships, institutions, inverted abstract, references), in gzip JSON lines
partitioned by update date. Three readings of the same bytes, in one run and one process each:
``orjson`` alone, the standard ``json`` alone, and the product (with and without the study's
filter). Rates are per second of processor time, which other work on the machine disturbs least;
peak memory is that of the whole process.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

_WORDS = [f"word{number}" for number in range(400)] + ["method", "result", "model", "robust"]
_PLACES = (
    ("Harbour University", "US", "012ab3c45"),
    ("Northern Institute of Technology", "CN", "023bc4d56"),
    ("Lakeside Academy", "DE", "034cd5e67"),
    ("River Delta University", "CN", "045de6f78"),
    ("Hill College", "GB", "056ef7a89"),
)
_PARTITIONS = 40
_TEMPLATES = 400


def works(number: int, seed: int = 2020) -> Iterator[bytes]:
    """JSON lines of simulated works, about 6 KB each."""
    chance = random.Random(seed)
    bodies = [json.dumps(_work(chance), ensure_ascii=False)[1:] for _ in range(_TEMPLATES)]
    for serial in range(1, number + 1):
        body = bodies[chance.randrange(_TEMPLATES)]
        year = 1990 + serial % 35
        head = (
            f'{{"id": "https://openalex.org/W{9_000_000_000 + serial}",'
            f' "doi": "https://doi.org/10.5555/simulated.{serial}",'
            f' "title": "Simulated work {serial} on {_topic(serial)}",'
            f' "publication_year": {year}, "publication_date": "{year}-06-01", '
        )
        yield (head + body + "\n").encode()


def _topic(serial: int) -> str:
    return "machine learning" if serial % 20 == 0 else "machine tools"


def _work(chance: random.Random) -> dict[str, object]:
    places: dict[str, list[int]] = {}
    for place in range(chance.randint(90, 220)):
        places.setdefault(chance.choice(_WORDS), []).append(place)
    return {
        "simulated": True,
        "language": "en",
        "type": chance.choice(["article", "article", "article", "review", "book-chapter"]),
        "is_retracted": False,
        "primary_location": {
            "is_oa": False,
            "source": {
                "id": "https://openalex.org/S1",
                "display_name": "Simulated Journal",
                "type": chance.choice(["journal", "journal", "conference"]),
            },
        },
        "authorships": [_authorship(chance, place) for place in range(chance.randint(1, 8))],
        "abstract_inverted_index": places,
        "referenced_works": [
            f"https://openalex.org/W{chance.randrange(10**9)}" for _ in range(chance.randint(5, 50))
        ],
        "counts_by_year": [{"year": 2015 + i, "cited_by_count": i} for i in range(8)],
    }


def _authorship(chance: random.Random, place: int) -> dict[str, object]:
    name, country, ror = chance.choice(_PLACES)
    string = f"Department {chance.randint(1, 60)}, {name}, {country}"
    institution = f"https://openalex.org/I{ror[:3]}"
    return {
        "author_position": "first" if place == 0 else "middle",
        "author": {"id": f"https://openalex.org/A{chance.randrange(10**9)}", "orcid": None},
        "institutions": [
            {
                "id": institution,
                "display_name": name,
                "ror": f"https://ror.org/{ror}",
                "country_code": country,
                "type": "education",
                "lineage": [institution],
            }
        ],
        "countries": [country],
        "raw_affiliation_strings": [string],
        "affiliations": [{"raw_affiliation_string": string, "institution_ids": [institution]}],
    }


def write_snapshot(folder: Path, number: int) -> int:
    """Write the snapshot; return the bytes of JSON in it."""
    size = 0
    each = -(-number // _PARTITIONS)
    lines = works(number)
    for partition in range(_PARTITIONS):
        part = folder / "works" / f"updated_date=2025-{1 + partition % 12:02d}-{1 + partition:02d}"
        part.mkdir(parents=True, exist_ok=True)
        with gzip.open(part / "part_000.gz", "wb", compresslevel=1) as file:
            for _, line in zip(range(each), lines):
                size += file.write(line)
    return size


def lines_of(folder: Path) -> Iterator[bytes]:
    for path in sorted(folder.rglob("*.gz")):
        with gzip.open(path, "rb") as file:
            yield from file


def _unpack(folder: Path) -> int:
    return sum(1 for _ in lines_of(folder))


def _orjson(folder: Path) -> int:
    import orjson

    return sum(1 for line in lines_of(folder) if orjson.loads(line) is not None)


def _json(folder: Path) -> int:
    return sum(1 for line in lines_of(folder) if json.loads(line) is not None)


def _product(folder: Path) -> int:
    from bibliometrics.sources.openalex_json import read_snapshot

    return sum(1 for _ in read_snapshot(folder))


def _filtered(folder: Path) -> int:
    from bibliometrics.corpus.keywords import KeywordRule
    from bibliometrics.sources.openalex_filter import study_filter, study_glance
    from bibliometrics.sources.openalex_json import Tally, read_snapshot
    from bibliometrics.study.file import load_study

    study = load_study(Path(__file__).parents[1] / "queries" / "cingai-2020.toml")
    rule = KeywordRule(study.query)
    keep = study_filter(
        study, lambda title, abstract: bool(rule.hits({"title": title, "abstract": abstract}).found)
    )
    tally = Tally()
    kept = sum(1 for _ in read_snapshot(folder, keep, tally, study_glance(study)))
    print(f"  the study's filter gives {kept} of {tally.read} works", file=sys.stderr)
    return tally.read


READINGS: dict[str, Callable[[Path], int]] = {
    "gunzip alone": _unpack,
    "orjson alone": _orjson,
    "json alone": _json,
    "bibliometrics": _product,
    "bibliometrics, filtered by a study": _filtered,
}


def _measure(reading: str, folder: Path) -> None:
    start = time.perf_counter()
    count = READINGS[reading](folder)
    seconds = time.perf_counter() - start
    busy = time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"works": count, "seconds": seconds, "busy": busy, "peak_mb": peak}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--works", type=int, default=500_000)
    parser.add_argument("--folder", type=Path, help="keep the snapshot here, or use the one there")
    parser.add_argument("--reading", choices=READINGS, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.reading:
        _measure(asked.reading, asked.folder)
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.folder or Path(temporary)
        if not (folder / "works").is_dir():
            size = write_snapshot(folder, asked.works)
            print(f"{asked.works} simulated works, {size / 1e9:.2f} GB of JSON")
        base = 0.0
        for reading in READINGS:
            command = [sys.executable, __file__, "--reading", reading, "--folder", str(folder)]
            answer = json.loads(subprocess.run(command, check=True, stdout=-1, text=True).stdout)
            rate = answer["works"] / answer["busy"]
            base = rate if reading == "orjson alone" else base
            part = f", {rate / base:.0%} of orjson alone" if base else ""
            print(
                f"{reading}: {answer['works']} works in {answer['busy']:.1f} s of the processor"
                f" ({answer['seconds']:.1f} s by the clock), {rate:,.0f} a second{part};"
                f" peak {answer['peak_mb']:.0f} MB"
            )


if __name__ == "__main__":
    main()
