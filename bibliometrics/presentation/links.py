"""Where a number leads: the list of its papers, in ``evidence/`` beside the pages.

A link is ``evidence/index.html#institution=ID&with=ID&year=Y``: the part after ``#`` names the
list, and the page there reads it from data scripts beside it. All pages make their links here.
"""

from __future__ import annotations

import shlex
from urllib.parse import urlencode

from bibliometrics.edition import Edition
from bibliometrics.presentation.bilingual import clean

FOLDER = "evidence"
PAGE = f"{FOLDER}/index.html"
# A picture of no size: a page asks for it to learn whether the folder came along.
PROBE = "here.svg"
# Above this the folder would outweigh the edition; the command line still gives every list.
MOST_PAPERS = 120_000


def has_evidence(edition: Edition) -> bool:
    """Whether the edition has lists of papers to link to."""
    return 0 < edition.papers <= MOST_PAPERS


def to_papers(**of: object) -> str:
    """The link to the papers of a list.

    ``of`` is one of institution (an id), country (alpha-2 code), province, authority, community,
    keyword, unmatched (a row of that table, from 1), decision (attributed, unattributed); without
    any, all papers. Narrowed by: other (a second institution's id), field (of a keyword), only
    (1: papers no other keyword brings), year (one, or ``2015-2017`` for the first and the last),
    abroad (1: with a foreign partner), first (1: its author is first).
    ``None`` leaves a part out.
    """
    parts = {("with" if key == "other" else key): v for key, v in of.items() if v is not None}
    return f"{PAGE}#{urlencode(parts)}" if parts else f"{PAGE}#all"


def command(edition: Edition) -> str:
    """What to type for the same lists where the folder did not come along."""
    study, dated = shlex.quote(clean(edition.study)), shlex.quote(clean(edition.name))
    return f"bibliometrics papers {study} --edition {dated} --institution ID"
