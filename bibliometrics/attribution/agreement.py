"""Where two databases hold one paper: do they name the same institutions?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import pandas as pd

from bibliometrics import schema
from bibliometrics.attribution import Matcher
from bibliometrics.attribution.entities import roll_up_policy, scope_of
from bibliometrics.attribution.institutions import Registry
from bibliometrics.attribution.rollup import counted
from bibliometrics.corpus.findings import Finding
from bibliometrics.corpus.merging import Other
from bibliometrics.study.model import Study


def compare(
    papers: pd.DataFrame,
    credits_: pd.DataFrame,
    others: Sequence[Other],
    matcher: Matcher,
    registry: Registry,
    study: Study,
    country_of: Callable[[str], str | None],
) -> pd.DataFrame:
    """``schema.AGREEMENT`` without its source: registry institutions of the geography, by DOI."""
    policy = roll_up_policy(study)
    # Only what the other databases name is looked up: of a large corpus mostly nothing.
    named = papers["doi"].isin({other.doi for other in others})
    by_doi = papers[named & (papers["tie"] != "none")].set_index("doi")["paper_id"]
    inside = credits_[(credits_["scope"] == "domestic") & credits_["paper_id"].isin(by_doi)]
    own = inside.groupby("paper_id")["institution_id"].agg(lambda ids: sorted(map(str, ids)))
    rows: dict[tuple[str, str], tuple[str, str, str, str, str, str]] = {}
    for other in others:
        if other.doi not in by_doi.index:
            continue
        paper = str(by_doi[other.doi])
        found: set[str] = set()
        for text in other.affiliations:
            answer = matcher.match(text, country=country_of(text))
            found.update(
                i
                for i in counted(answer, registry, policy, text).ids
                if scope_of(registry.institutions[i], study) == "domestic"
            )
        ours = own.get(paper, [])
        agrees = "yes" if set(ours) == found else "no"
        rows[paper, other.database] = (
            paper, other.doi, other.database, agrees, "|".join(ours), "|".join(sorted(found)),
        )  # fmt: skip
    return pd.DataFrame(list(rows.values()), columns=schema.AGREEMENT.column_names[:-1])


def finding(table: pd.DataFrame) -> Iterable[Finding]:
    """In what part of the papers two databases agree."""
    if table.empty:
        return
    agree = int((table["agrees"] == "yes").sum())
    yield Finding(
        "agreement of databases", len(table),
        f"{agree} of {len(table)} papers that two databases hold name the same institutions in"
        " both; the others stand in agreement.csv for review",
        f"两库共有的 {len(table)} 篇论文中，{agree} 篇的机构一致；其余见 agreement.csv，待复核",
        is_warning=agree < len(table),
    )  # fmt: skip
