"""The report: one self-contained page in English and Chinese, made of the sections listed here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from bibliometrics.edition import Edition
from bibliometrics.presentation import answer, links, rows
from bibliometrics.presentation.bilingual import Text, count, name, say
from bibliometrics.presentation.page import Parts, asset, environment, page_title
from bibliometrics.presentation.sections import (
    attribution,
    claims,
    flow,
    further,
    keywords,
    method,
    network,
    partners,
    provenance,
    provinces,
    ranking,
    sensitivity,
    trend,
)


@dataclass(frozen=True)
class Section:
    """A part of the report: template ``report/<anchor>.html``, heading ``<anchor>_title``."""

    anchor: str
    view: Callable[[Edition], dict[str, Any]]

    @property
    def title(self) -> Text:
        return say(f"{self.anchor}_title")


SECTIONS = (
    Section("flow", flow.view),
    Section("ranking", ranking.view),
    Section("trend", trend.view),
    Section("provinces", provinces.view),
    Section("partners", partners.view),
    Section("network", network.view),
    Section("keywords", keywords.view),
    Section("sensitivity", sensitivity.view),
    Section("attribution", attribution.view),
    Section("claims", claims.view),
    Section("further", further.view),
    Section("method", method.view),
    Section("provenance", provenance.view),
    Section("use", provenance.use),
)


def render_report(edition: Edition) -> str:
    """The whole page as text, to be written as UTF-8 with line ends as they are.

    It asks for nothing: no font, script, style or picture outside itself. Links lead to the
    edition's other files, which may be missing where the page travelled alone, and to DOIs.
    """
    title = name(edition.title_en, edition.title_zh, 300)
    env = environment()
    env.globals.update(
        edition=edition,
        basis=lambda table: rows.basis(edition, table),
        has_evidence=links.has_evidence(edition),
    )
    return env.get_template("report.html").render(
        parts=_parts(edition),
        page_title=page_title(edition, title),
        title=title,
        question=name(edition.question_en, edition.question_zh, 2000),
        first=_rendered(env, "first", _first(edition)),
        sections=[
            (section, _rendered(env, section.anchor, section.view(edition))) for section in SECTIONS
        ],
        probe=f"{links.FOLDER}/{links.PROBE}",
        papers_command=links.command(edition),
        papers_bare=links.bare_command(edition),
    )


def _rendered(env: Environment, part: str, values: dict[str, Any]) -> Markup:
    text = env.get_template(f"report/{part}.html").render(**values)
    return Markup(text)  # noqa: S704 - rendered by a template that escapes


def _first(edition: Edition) -> dict[str, Any]:
    """The first screen: the answer, the top under each counting rule, what is unsure."""
    codes = answer.groups(edition)
    top = ranking.top(edition)
    own = top[0][1] if top else []
    return {
        "empty_because": answer.empty_because(edition),
        "answer": answer.answer(edition),
        "top": top,
        "top_group": codes[0] if codes else "institutions",
        "top_is_ranked": any(row.rank for row in own),
        "key_figures": answer.key_figures(edition),
        "doubts": answer.doubts(edition),
        "floor": count(edition.rank_floor),
        "lists_absent": links.absent(edition),
        "papers_command": links.command(edition),
    }


def _parts(edition: Edition) -> Parts:
    names = ["page.css", "report.css"]
    if edition.is_simulated:
        names.append("simulated.css")
    return Parts(
        styles=tuple(asset(name) for name in names),
        without_script=asset("nojs.css"),
        scripts=(asset("language.js"), asset("evidence_link.js"), asset("report.js")),
    )
