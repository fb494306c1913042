"""Simulated papers whose truth is known, because it was drawn before any string was printed.

The generator shares no code with the pipeline that it tests: it draws who wrote what with whom,
prints that as Scopus exports and as pages of the Search API, and counts the truth from what it
drew. Every record is marked: ``Source`` says ``SIMULATED``, EIDs begin ``2-s2.0-SIM``, DOIs
``10.5555/sim.``, and journals and authors are invented. Universities and institutes carry their
real names with made-up counts: nothing here is a finding about them.
"""

from __future__ import annotations

from bibliometrics.simulation.api_pages import write_api_lines, write_api_pages
from bibliometrics.simulation.chance import Chance
from bibliometrics.simulation.directory import directory
from bibliometrics.simulation.drawing import Studio
from bibliometrics.simulation.exports import write_exports
from bibliometrics.simulation.model import Simulation
from bibliometrics.simulation.people import Rosters
from bibliometrics.simulation.quotas import domestic_quotas, partner_quotas
from bibliometrics.simulation.ties import Plan, draw_year, lay_out
from bibliometrics.simulation.traps import (
    broken_rows,
    duplicate_rows,
    hostile_titles,
    in_files,
    kept_records,
    outside_rows,
)
from bibliometrics.simulation.truth import write_truth
from bibliometrics.simulation.wording import Writer

__all__ = [
    "VERSION",
    "Simulation",
    "simulate",
    "write_api_lines",
    "write_api_pages",
    "write_exports",
    "write_truth",
]

VERSION = "2"
"""Changes whenever the same seed no longer gives the same bytes."""


def simulate(papers: int, seed: int = 2020) -> Simulation:
    """Draw a corpus of ``papers`` papers, and the rows around it that must not end in it.

    Parameters
    ----------
    papers : papers left after duplicates and the filter of the flagship study; at least 150.
    seed : another seed draws other papers with the same counts of institutions.

    Raises
    ------
    InputError : too few papers for the institutions that take part.
    """
    chance = Chance(seed)
    known = directory()
    domestic = domestic_quotas(papers)
    partners = partner_quotas(papers, known.report, known.greater, known.others)
    nameless = max(1, papers // 250)
    plans = lay_out(chance, known.institutions, domestic, partners, papers - nameless)
    plans += [Plan(draw_year(chance, 2005), "health", []) for _ in range(nameless)]
    studio = Studio(chance, known, Rosters(chance), Writer(chance), {**domestic, **partners})
    kept = hostile_titles([studio.paper(plan) for plan in chance.shuffled(plans)])
    kept, copies = duplicate_rows(studio, kept, papers)
    rows = kept_records(kept) + outside_rows(studio, papers) + broken_rows(studio)
    return Simulation(papers, seed, tuple(in_files(chance, rows, copies)), known.institutions)
