"""What the edition was made from, how to make it again, how to use and cite it."""

from __future__ import annotations

import shlex
from typing import Any

from bibliometrics.edition import Edition
from bibliometrics.presentation.bilingual import (
    Text,
    clean,
    count,
    day,
    denominator,
    name,
    same,
    say,
    term,
)
from bibliometrics.presentation.rows import Row


def view(edition: Edition) -> dict[str, Any]:
    return {
        "facts": _facts(edition),
        "inputs": [
            Row(
                name=clean(given.name),
                kind=clean(given.kind),
                rows=count(given.rows),
                sha256=clean(given.sha256),
            )
            for given in edition.inputs
        ],
        "rerun": rerun(edition),
        "verify": shlex.join(["bibliometrics", "verify", f"{edition.study}/{edition.name}"]),
    }


def use(edition: Edition) -> dict[str, Any]:
    """Responsible use, and the citation."""
    return {
        "cite": say(
            "cite",
            title=name(edition.title_en, edition.title_zh, 300),
            edition=clean(edition.name),
            as_of=day(edition.as_of),
            study=clean(edition.study),
            software=clean(edition.software),
        )
    }


def _facts(edition: Edition) -> list[tuple[Text, Text]]:
    years = "–" if edition.years is None else f"{edition.years[0]}–{edition.years[1]}"
    return [
        (say("fact_study"), same(clean(edition.study))),
        (say("edition"), day(edition.name)),
        (say("fact_as_of"), day(edition.as_of)),
        (say("fact_years"), same(years)),
        (say("fact_papers"), count(edition.papers)),
        (say("fact_denominator"), denominator(edition.denominator)),
        (say("fact_counting"), term("counting", edition.counting)),
        (say("fact_software"), same(clean(edition.software))),
        (say("fact_registry"), same(clean(edition.registry_version))),
        (say("fact_seed"), same(edition.seed)),
    ]


def rerun(edition: Edition) -> str:
    """The command that makes the edition again from the same inputs.

    Without ``--input`` a run uses what the cache holds, or simulates: then no file is to be named.
    """
    files = [clean(given.name) for given in edition.inputs] if edition.needs_inputs else []
    words = ["bibliometrics", "run", clean(edition.study)]
    if files:
        words += ["--input", *files]
    return shlex.join([*words, "--edition", clean(edition.name)])
