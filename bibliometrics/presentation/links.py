"""Where a number leads: the list of its papers, in ``evidence/`` beside the pages.

A link is ``evidence/index.html#institution=ID&with=ID&year=Y``: the part after ``#`` names the
list, and the page there reads it from data scripts beside it. All pages make their links here.
"""

from __future__ import annotations

import shlex
from urllib.parse import urlencode

from bibliometrics.edition import Edition
from bibliometrics.presentation.bilingual import Text, clean, count, say

FOLDER = "evidence"
PAGE = f"{FOLDER}/index.html"
# A picture of no size: a page asks for it to learn whether the folder came along.
PROBE = "here.svg"
# Above this the folder would outweigh the edition; the command line still gives every list.
MOST_PAPERS = 120_000


def has_evidence(edition: Edition) -> bool:
    """Whether the edition has lists of papers to link to."""
    return 0 < edition.papers <= MOST_PAPERS


def absent(edition: Edition) -> Text | None:
    """Why numbers are no links, where the edition is too large for lists beside its pages."""
    if edition.papers <= MOST_PAPERS:
        return None
    return say("evidence_too_large", papers=count(edition.papers), most=count(MOST_PAPERS))


def to_papers(**of: object) -> str:
    """The link to the papers of a list.

    ``of`` is one of institution (an id), country (alpha-2 code), province, authority, community,
    keyword, subject, unmatched (a row of that table, from 1), decision (attributed, unattributed);
    without any, all papers. Of an institution: other (a second one's id: the papers of their tie),
    rule (the papers a counting rule counts, with their weights). Of a keyword: also (a second one),
    field, only (1: papers no other keyword brings). Of any: year (one, or ``2015-2017`` for the
    first and the last), abroad (1: with a foreign partner), retracted (1: marked so). ``None``
    leaves a part out.
    """
    parts = {("with" if key == "other" else key): v for key, v in of.items() if v is not None}
    return f"{PAGE}#{urlencode(parts)}" if parts else f"{PAGE}#all"


def command(edition: Edition) -> str:
    """What to type for the same lists where the folder did not come along: ID is to be filled."""
    return f"{bare_command(edition)} --institution ID"


def bare_command(edition: Edition) -> str:
    """The same without its list, which a page adds as ``--list`` with what its link names."""
    study, dated = shlex.quote(clean(edition.study)), shlex.quote(clean(edition.name))
    return f"bibliometrics papers {study} --edition {dated}"
