"""The chance test of ties beside one that keeps all margins, and beside the hypergeometric.

    python benchmarks/chance.py --papers 8000 --institutions 120 --samples 300

Papers are made up. The measure is the fixed degree sequence model: papers of institutions shuffled by
trades between two institutions (curveball; Strona et al., 2014), so that every institution keeps its
number of papers and every paper its number of institutions.
"""

from __future__ import annotations

import argparse
import random

import numpy as np
from scipy.stats import hypergeom

from bibliometrics.network import backbone, tie_list

# Of 1,000 papers of two institutions or more so many have two, three, …: as in a simulated corpus.
SIZES = {2: 841, 3: 135, 4: 20, 5: 4}
LEVEL = 0.05


def made_up(papers: int, institutions: int, seed: int) -> list[set[int]]:
    """The papers of each institution; a fifth of the papers are of one group of institutions."""
    rng = np.random.default_rng(seed)
    weight = rng.pareto(2, institutions) + 1
    group = rng.integers(0, 6, institutions)
    held: list[set[int]] = [set() for _ in range(institutions)]
    sizes = rng.choice(list(SIZES), papers, p=np.array(list(SIZES.values())) / 1000)
    for paper, size in enumerate(sizes.tolist()):
        chance = weight.copy()
        if rng.random() < 0.2:
            chance = chance * np.where(group == rng.integers(0, 6), 1, 0.05)
        for place in rng.choice(institutions, size, replace=False, p=chance / chance.sum()):
            held[place].add(paper)
    return held


def together(held: list[set[int]], papers: int) -> np.ndarray:
    member = np.zeros((len(held), papers), dtype=np.float32)
    for place, own in enumerate(held):
        member[place, list(own)] = 1
    return np.rint(member @ member.T)


def trade(held: list[set[int]], times: int, rng: random.Random) -> None:
    for _ in range(times):
        a, b = rng.sample(range(len(held)), 2)
        both = held[a] & held[b]
        mine, theirs = sorted(held[a] - both), sorted(held[b] - both)
        pool = mine + theirs
        rng.shuffle(pool)
        held[a], held[b] = both | set(pool[: len(mine)]), both | set(pool[len(mine) :])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--papers", type=int, default=8_000)
    parser.add_argument("--institutions", type=int, default=120)
    parser.add_argument("--samples", type=int, default=300)
    given = parser.parse_args()
    held = made_up(given.papers, given.institutions, seed=1)
    seen = together(held, given.papers)
    first, second = np.nonzero(np.triu(seen, 1))
    counted = seen[first, second]
    names = [f"i{place:04}" for place in range(given.institutions)]
    ties = tie_list(names, [names[a] for a in first], [names[b] for b in second], counted.tolist())
    own = np.array([len(papers) for papers in held])
    rng = random.Random(1)
    shuffled = [set(papers) for papers in held]
    trade(shuffled, 30 * given.institutions, rng)
    mean, as_many = np.zeros(len(counted)), np.ones(len(counted))
    for _ in range(given.samples):
        trade(shuffled, 5 * given.institutions, rng)
        drawn = together(shuffled, given.papers)[first, second]
        mean += drawn / given.samples
        as_many += drawn >= counted
    truth = as_many / (given.samples + 1) < LEVEL
    large = mean > 2
    print(f"{given.papers} papers, {len(counted)} ties, {given.samples} samples of fixed margins")
    print(f"of the ties {truth.mean():.1%} below {LEVEL} with fixed margins")
    for name, expected, value in (
        ("ours", backbone.expected(ties), backbone.chance(ties, given.papers)),
        (
            "hypergeometric",
            own[first] * own[second] / given.papers,
            hypergeom.sf(counted - 1, given.papers, own[first], own[second]),
        ),
    ):
        low, middle, high = np.quantile(expected[large] / mean[large], [0.05, 0.5, 0.95])
        below = value < LEVEL
        print(
            f"{name:>14}: expected / mean {middle:.3f} ({low:.3f}-{high:.3f}), {below.mean():.1%}"
            f" below, same answer {(below == truth).mean():.1%}, too bold {(below & ~truth).sum()},"
            f" too shy {(truth & ~below).sum()}"
        )


if __name__ == "__main__":
    main()
