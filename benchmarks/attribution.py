"""Speed and memory of attribution on a million distinct strings, beside a bare scan of them.

`python benchmarks/attribution.py [--strings N] [--vocabulary N]` prints strings per second of
processor time of both in one process, their ratio, the peak memory, and whether another order gave
the same answers; `--worker` adds all that a worker of `count-snapshot` does with a string. The
bare scan normalises a string (compatibility forms, lower case, words) and runs an Aho-Corasick
automaton over the letters of every alias: it attributes nothing, it is the floor of any method.

The strings are made from the registry's names: a department, the name, the city, a postcode and the
country, in the orders that Scopus writes them, a third of them without a name of the registry.
"""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import sys
import time
import unicodedata
from collections.abc import Sequence
from itertools import islice

import ahocorasick

from bibliometrics.attribution import Matcher
from bibliometrics.attribution.institutions import Registry, load_registry

_SUBJECTS = (
    "Computer Science|Mechanical Engineering|Chemistry|Physics|Medicine|Management|Education|Law"
    "|Materials Science|Civil Engineering|Electrical Engineering|Automation|Software|Statistics"
    "|Environmental Science|Economics|Public Health|Design|Robotics|Remote Sensing|Data Science"
)
_PARTS = ("School of", "College of", "Department of", "Faculty of", "Key Laboratory of")
_ABROAD = (("Boston", "United States"), ("Lyon", "France"), ("Osaka", "Japan"), ("Pune", "India"))
_MARKS = str.maketrans(dict.fromkeys(",.;:()-/&'\"", " "))


def departments(number: int, draw: random.Random) -> list[str]:
    """`number` distinct names of departments."""
    names: set[str] = set()
    while len(names) < number:
        subjects = draw.sample(_SUBJECTS.split("|"), 2)
        name = f"{draw.choice(_PARTS)} {' and '.join(subjects)}"
        names.add(name if draw.random() < 0.5 else f"{name} {draw.randrange(number)}")
    return sorted(names)


def strings(registry: Registry, number: int, vocabulary: int, seed: int) -> list[str]:
    """`number` distinct affiliation strings; departments out of `vocabulary` names."""
    draw = random.Random(seed)
    units = departments(vocabulary, draw)
    rows = [row for row in registry.institutions.values() if not row.same_as and row.city]
    made: dict[str, None] = {}
    while len(made) < number:
        row = draw.choice(rows)
        unit = draw.choice(units)
        if draw.random() < 1 / 3:
            city, country = draw.choice(_ABROAD)
            made[f"{unit}, University of {city} {draw.randrange(2000)}, {city}, {country}"] = None
            continue
        names = [name for name in (row.name_en, *row.aliases) if name.isascii()] or [row.id]
        name = draw.choice(names)
        post = f"{_prefix(row.city)}{draw.randrange(1000):03}"
        tail = draw.choice((f"{row.city}, {post}, China", f"{row.city}, China", f"{row.city}"))
        order = (name, unit) if draw.random() < 0.3 else (unit, name)
        made[", ".join((*order, tail))] = None
    return list(made)


def _prefix(city: str) -> int:
    """Three digits that stand for a city's postcodes."""
    return 100 + sum(map(ord, city)) % 760


def bare_scan(registry: Registry, texts: Sequence[str]) -> tuple[float, int]:
    """Seconds that normalising and scanning all strings takes, and how many held a name."""
    automaton = ahocorasick.Automaton()
    for row in registry.institutions.values():
        for name in (row.name_en, row.name_zh, *row.aliases):
            if len(name) > 3:
                automaton.add_word(_plain(name), row.id)
    automaton.make_automaton()
    start = time.process_time()
    hits = 0
    for text in texts:
        longest = ""
        for _, found in automaton.iter(_plain(text)):
            longest = found
        hits += bool(longest)
    return time.process_time() - start, hits


def _plain(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return f" {' '.join(text.lower().translate(_MARKS).split())} "


def main(arguments: Sequence[str]) -> int:
    """Measure and print; 1 if another order of the strings gave other answers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--strings", type=int, default=1_000_000)
    parser.add_argument("--vocabulary", type=int, default=20_000)
    parser.add_argument("--worker", action="store_true")
    options = parser.parse_args(arguments)
    registry = load_registry()
    texts = strings(registry, options.strings, options.vocabulary, seed=1)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    scan, hits = bare_scan(registry, texts)
    matcher = Matcher(registry)
    start = time.process_time()
    found = 0
    for text in texts:
        found += matcher.match(text).decision == "matched"
    ours = time.process_time() - start
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sample = list(islice(texts, 0, None, max(1, len(texts) // 20_000)))
    forward, backward = Matcher(registry), Matcher(registry)
    same = [forward.match(t) for t in sample] == [backward.match(t) for t in sample[::-1]][::-1]
    print(f"strings {len(texts)}, distinct; departments {options.vocabulary}")
    print(f"bare scan     {len(texts) / scan:>10.0f} strings/s, {hits} with a name")
    print(f"attribution   {len(texts) / ours:>10.0f} strings/s, {found} attributed")
    if options.worker:
        # Here, so that what it loads is no part of the memory measured above.
        from distinct_strings import attribute

        rates = attribute(texts)
        print(f"in a worker   {statistics.median(rates):>10.0f} strings/s, median batch"
              f" ({min(rates):.0f} to {max(rates):.0f})")  # fmt: skip
    print(f"ratio         {scan / ours:>10.3f}")
    print(f"peak memory   {after / 1024:>10.0f} MiB, of which the strings {before / 1024:.0f}")
    print(f"same answers in another order: {'yes' if same else 'NO'}")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
