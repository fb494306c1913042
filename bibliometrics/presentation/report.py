"""The report: one self-contained page in English and Chinese."""

from __future__ import annotations

import shlex

from bibliometrics.edition import Edition
from bibliometrics.presentation import answer, drawings, rows
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
from bibliometrics.presentation.page import Parts, asset, environment

_SECTIONS = (
    ("flow", "flow_title"),
    ("ranking", "ranking_title"),
    ("trend", "trend_title"),
    ("provinces", "provinces_title"),
    ("partners", "partners_title"),
    ("network", "network_title"),
    ("keywords", "keywords_title"),
    ("attribution", "attribution_title"),
    ("choices", "choices_title"),
    ("method", "method_title"),
    ("provenance", "provenance_title"),
    ("use", "use_title"),
)
_COUNTED = (
    "ranking", "years", "provinces", "authorities", "countries", "partners", "collaborations",
    "keywords", "nodes",
)  # fmt: skip


def render_report(edition: Edition) -> str:
    """The whole page as text, to be written as UTF-8 with line ends as they are.

    It asks for nothing: no font, script, style or picture outside itself. Links lead to the
    edition's other files, which may be missing where the page travelled alone, and to DOIs.
    """
    title = name(edition.title_en, edition.title_zh, 300)
    groups = answer.groups(edition)
    top, top_is_ranked = rows.top(edition, groups[0]) if groups else ([], False)
    ranking = edition.tables["ranking"]
    keyword_fields, keywords = rows.keywords(edition)
    basis = {table: rows.basis(edition, table) for table in _COUNTED}
    template = environment().get_template("report.html")
    return template.render(
        edition=edition,
        parts=_parts(edition),
        page_title=page_title(edition, title),
        title=title,
        question=name(edition.question_en, edition.question_zh, 2000),
        sections=_SECTIONS,
        basis=basis,
        empty_because=answer.empty_because(edition),
        answer=answer.answer(edition),
        top=top,
        top_group=groups[0] if groups else "institutions",
        top_is_ranked=top_is_ranked,
        key_figures=answer.key_figures(edition),
        doubts=answer.doubts(edition),
        flow=rows.flow(edition),
        groups=[rows.group(edition, code) for code in groups],
        ucas_note=rows.ucas_note(edition),
        province_options=rows.provinces_present(edition),
        total_listed=sum(min(rows.MOST_ROWS, len(answer.ranked(edition, code))) for code in groups),
        trend=drawings.trend(edition),
        units=[
            {
                "caption": say(f"{table}_caption"),
                "head": say(column),
                "rows": rows.units(edition, table, column),
                "basis": basis[table],
            }
            for table, column in (("provinces", "province"), ("authorities", "authority"))
        ],
        countries=rows.countries(edition),
        abroad_says=rows.abroad_says(edition),
        partners=rows.partners(edition),
        network_says=name(edition.network_says_en, edition.network_says_zh, 2000),
        picture=drawings.picture(edition),
        ties=rows.ties(edition),
        keyword_fields=keyword_fields,
        keywords=keywords,
        attributed_share=answer.attributed_share(edition),
        decisions=rows.decisions(edition),
        unmatched=rows.unmatched(edition),
        findings=_notes(edition),
        choices=rows.choices(edition),
        share_sum=float(ranking["share"].fillna(0).sum()),
        mean_institutions=(
            float(ranking["papers"].sum()) / edition.papers_attributed
            if edition.papers_attributed
            else None
        ),
        facts=_facts(edition),
        inputs=[
            {
                "name": clean(given.name),
                "kind": clean(given.kind),
                "rows": count(given.rows),
                "sha256": clean(given.sha256),
            }
            for given in edition.inputs
        ],
        rerun=_rerun(edition),
        cite=say(
            "cite",
            title=title,
            edition=clean(edition.name),
            as_of=day(edition.as_of),
            study=clean(edition.study),
            software=clean(edition.software),
        ),
    )


def page_title(edition: Edition, title: Text) -> str:
    """The browser's title: both languages, and the warning first where records are simulated."""
    if not edition.is_simulated:
        return title.joined
    return f"{say('terminal_simulated').joined} | {title.joined}"


def _parts(edition: Edition) -> Parts:
    names = ["nojs.css", "page.css", "report.css"]
    if edition.is_simulated:
        names.append("simulated.css")
    return Parts(
        styles=tuple(asset(name) for name in names),
        scripts=(asset("language.js"), asset("report.js")),
    )


def _notes(edition: Edition) -> list[Text]:
    findings = edition.tables["findings"]
    return answer.said(findings[findings["severity"] != "warning"])


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


def _rerun(edition: Edition) -> str:
    files = [clean(given.name) for given in edition.inputs]
    words = ["bibliometrics", "run", clean(edition.study)]
    if files:
        words += ["--input", *files]
    return shlex.join([*words, "--edition", clean(edition.name)])
