"""The interactive co-authorship map. Sole importer of pyvis.

pyvis carries the network and the drawing library; the page around them is ours, because pyvis's
own template asks for files on other hosts and inserts some values without escaping.
"""

from __future__ import annotations

from collections.abc import Iterable

from jinja2 import FileSystemLoader
from markupsafe import Markup
from pyvis.network import Network

from bibliometrics.edition import Edition
from bibliometrics.presentation import links, network_view
from bibliometrics.presentation.bilingual import Text, clean, count, name, say, term, territory
from bibliometrics.presentation.network_view import Node, Tie
from bibliometrics.presentation.page import Parts, asset, environment, page_title
from bibliometrics.presentation.rows import basis

MOST_EDGES = 20_000
# Above this many nodes the page opens with the backbone.
MANY_NODES = 2000
_CANVAS_WIDTH, _CANVAS_HEIGHT = 1600, 1060
_LIBRARY = "lib/vis-9.1.2/vis-network.min.js"
_PARTNERS_LISTED = 10
_SHAPES = {"domestic": "dot", "foreign": "diamond"}
_OTHER_SHAPE = "triangle"
# Scope, words of its switch and of its shape; the page's script knows a scope by its place here.
_SCOPES = (
    ("domestic", "map_domestic", ""),
    ("foreign", "map_foreign", "map_diamond"),
    ("hk_mo_tw", "map_hk", "map_triangle"),
)

_OPTIONS = {
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "interaction": {
        "hover": True,
        "hideEdgesOnDrag": True,
        "keyboard": {"enabled": True, "bindToWindow": False},
        "tooltipDelay": 100000000,
        "zoomSpeed": 0.7,
    },
    "nodes": {
        "borderWidth": 1,
        "scaling": {"label": {"drawThreshold": 10, "maxVisible": 17}},
    },
    "edges": {"smooth": False, "hoverWidth": 0, "selectionWidth": 1},
}


def render_map(edition: Edition) -> str:
    """The whole page as text, to be written as UTF-8 with line ends as they are.

    All rows of ``nodes`` and the ties among them; above 20,000 ties the strongest by fractional
    weight, and the page says so. Above 2,000 nodes the backbone is on the page whole, and is what
    it shows first. Positions come from the table: the page computes no layout.
    """
    shown = network_view.nodes(edition)
    ties = network_view.ties(edition, shown)
    is_large = len(shown) > MANY_NODES
    kept = [
        tie
        for place, tie in enumerate(ties)
        if place < MOST_EDGES or (is_large and tie.in_backbone)
    ]
    countries = network_view.country_colours(shown)
    network = Network(height="100%", width="100%", bgcolor="", font_color="")
    network.nodes = [_node(node, countries) for node in shown]
    network.edges = [_edge(tie) for tie in kept]
    network.options = _OPTIONS
    library = _library(network)
    parts = Parts(
        styles=(asset("page.css"), asset("map.css")),
        without_script=asset("nojs.css"),
        scripts=(
            asset("language.js"),
            library,
            asset("map.js"),
            asset("map_picture.js"),
            asset("evidence_link.js"),
        ),
    )
    has_evidence = links.has_evidence(edition)
    env = environment(FileSystemLoader(network.template_dir))
    title = name(edition.title_en, edition.title_zh, 300)
    env.globals.update(
        edition=edition,
        parts=parts,
        title=title,
        page_title=page_title(edition, say("map_heading", title=title)),
        network_says=name(edition.network_says_en, edition.network_says_zh, 2000),
        legend=list(network_view.community_names(shown).items()),
        has_others=network_view.has_other_communities(shown),
        scopes=[
            {"number": number, "key": key, "shape": shape}
            for number, (scope, key, shape) in enumerate(_SCOPES)
            if any(node.scope == scope for node in shown)
        ],
        countries=[(colour, territory(country)) for country, colour in countries.items()],
        has_other_countries=any(node.country not in countries for node in shown),
        years=sorted({year for tie in kept for year, _, _ in tie.years}),
        has_backbone=any(tie.in_backbone for tie in kept),
        is_large=is_large,
        many_nodes=MANY_NODES,
        has_evidence=has_evidence,
        probe=f"{links.FOLDER}/{links.PROBE}",
        papers_command=links.command(edition),
        papers_bare=links.bare_command(edition),
        about=_about(edition),
        details=_details(shown, ties, has_evidence),
        total_ties=len(ties),
        kept_ties=len(kept),
        basis=basis(edition, "nodes"),
        page_words=_page_words(len(kept)),
    )
    network.templateEnv = env
    network.path = "map.html"
    return str(network.generate_html())


def _library(network: Network) -> Markup:
    source, _, _ = FileSystemLoader(network.template_dir).get_source(network.templateEnv, _LIBRARY)
    # The comment asks developer tools for a file that is not there.
    return Markup(source.split("\n//# sourceMappingURL")[0])  # noqa: S704 - the library's own file


def _about(edition: Edition) -> str:
    """The line below a saved picture: a picture is passed on without its page."""
    said = f"{clean(edition.study)}, {clean(edition.name)} · {clean(edition.software)}"
    return f"{say('simulated_short').joined} {said}" if edition.is_simulated else said


def _node(node: Node, countries: dict[str, int]) -> dict[str, object]:
    """A node as the drawing library takes it; colours and labels are set by the page."""
    return {
        "id": node.index,
        "x": round((node.x - 0.5) * _CANVAS_WIDTH, 1),
        "y": round((node.y - 0.5) * _CANVAS_HEIGHT, 1),
        "size": network_view.radius(node.share_of_largest, 5.0, 34.0),
        "shape": _SHAPES.get(node.scope, _OTHER_SHAPE),
        "colour": node.colour if node.scope == "domestic" else -1,
        "country": countries.get(node.country, 0),
    }


def _edge(tie: Tie) -> dict[str, object]:
    return {
        "from": tie.source,
        "to": tie.target,
        "w": round(tie.weight, 4),
        "papers": tie.papers,
        "scope": _scope(tie.scope),
        "backbone": int(tie.in_backbone),
        # Year, papers, weight, year, papers, weight, …
        "years": [part for year, papers, w in tie.years for part in (year, papers, _short(w))],
    }


def _short(weight: float) -> float | int:
    """Three decimals, and no ``.0``: most ties of a year are one paper of two institutions."""
    return int(weight) if weight == int(weight) else round(weight, 3)


def _scope(scope: str) -> int:
    return next((number for number, row in enumerate(_SCOPES) if row[0] == scope), 1)


def _details(shown: list[Node], ties: Iterable[Tie], has_evidence: bool) -> list[dict[str, object]]:
    """What the panel says of each node: names, facts, and the partners with most papers.

    Partners come from all ties, also from those too weak to be on the page.
    """
    partners: list[list[tuple[int, int]]] = [[] for _ in shown]
    for tie in ties:
        partners[tie.source].append((tie.papers, tie.target))
        partners[tie.target].append((tie.papers, tie.source))
    return [
        {
            "en": node.name.en,
            "zh": node.name.zh,
            "id": node.institution_id,
            "link": links.to_papers(institution=node.institution_id) if has_evidence else "",
            "papers": [count(node.papers).en, count(node.papers).zh],
            "partners": [count(node.partners).en, count(node.partners).zh],
            "facts": _pair(_facts(node)),
            "community": node.community if node.scope == "domestic" else 0,
            "top": [
                [index, papers]
                for papers, index in sorted(
                    partners[node.index], key=lambda pair: (-pair[0], pair[1])
                )[:_PARTNERS_LISTED]
            ],
        }
        for node in shown
    ]


def _facts(node: Node) -> Text:
    """Kind, province and country, as far as they are known."""
    found = [
        text
        for text in (
            term("kind", node.kind) if node.kind else None,
            term("province", node.province) if node.province else None,
            territory(node.country) if node.country else None,
        )
        if text
    ]
    return Text(", ".join(t.en for t in found), "，".join(t.zh for t in found))


def _pair(text: Text) -> list[str]:
    return [text.en, text.zh]


def _page_words(total: int) -> dict[str, list[str]]:
    """The sentences that the page's script writes."""
    plain = (
        "map_nothing", "map_papers", "map_partners", "map_top_partners", "map_community",
        "one_paper", "map_its_papers", "map_tie_papers", "map_tie_weight", "map_in_years",
        "map_tie", "map_years_wrong",
    )  # fmt: skip
    words = {key: _pair(say(key)) for key in plain}
    # The script puts its own number in at the mark.
    words["map_edges_shown"] = _pair(say("map_edges_shown", shown="%", total=count(total)))
    words["many_papers"] = _pair(say("many_papers", n="%"))
    return words
