"""The same pictures for papers: ranking, trend, provinces, network and heat map as SVG and PNG.

Names stand in English and Chinese in one picture; the glyphs come from a font of the package, never
from the machine. Colours are those of Okabe and Ito (2008), told apart by colour-blind readers.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib import resources

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import MaxNLocator

from bibliometrics.edition import Edition

_BLUE, _ORANGE, _GREY, _INK = "#0072B2", "#D55E00", "#999999", "#222222"
_GROUPS = (
    "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#000000",
)  # fmt: skip
_SHOWN, _HEAT, _TIES, _NAMED = 20, 20, 700, 14
_DPI = 130
_LONGEST = 46
_NO_GLYPH = "·"
_GROUP_ZH = {"universities": "高校", "institutes": "科研机构", "institutions": "机构"}


def render_figures(edition: Edition) -> dict[str, bytes]:
    """File name → content, an SVG and a PNG of each picture that the edition has rows for."""
    found: dict[str, bytes] = {}
    with _style():
        for name, draw in _PICTURES.items():
            figure = draw(edition)
            if figure is None:
                continue
            _foot(figure, edition)
            # Laid out once for both: each save would do it again.
            figure.draw_without_rendering()
            figure.set_layout_engine("none")
            for kind in ("svg", "png"):
                out = io.BytesIO()
                figure.savefig(
                    out,
                    format=kind,
                    dpi=_DPI,
                    metadata={"Date": None} if kind == "svg" else {"Software": None},
                )
                found[f"{name}.{kind}"] = out.getvalue()
    return found


@contextmanager
def _style() -> Iterator[None]:
    family, _ = _font()
    with mpl.rc_context(
        {
            "font.family": [family],
            "font.size": 9,
            "text.color": _INK,
            "axes.edgecolor": _GREY,
            "axes.labelcolor": _INK,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "xtick.color": _INK,
            "ytick.color": _INK,
            "text.parse_math": False,
            "axes.unicode_minus": False,
            "svg.hashsalt": "bibliometrics",
            "svg.fonttype": "path",
        }
    ):
        yield


@cache
def _font() -> tuple[str, frozenset[int]]:
    """The package's font, known to matplotlib, and the characters it has."""
    place = resources.files("bibliometrics") / "data" / "fonts" / "NotoSansCJKsc-subset.otf"
    with resources.as_file(place) as path:
        font_manager.fontManager.addfont(path)
        face = font_manager.get_font(str(path))
        return face.family_name, frozenset(face.get_charmap())


def _plain(value: object, longest: int = _LONGEST) -> str:
    """One line of characters that the font has."""
    if value is None or value is pd.NA:
        return ""
    _, known = _font()
    text = "".join(c if ord(c) in known else _NO_GLYPH for c in " ".join(str(value).split()))
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _both(name_en: object, name_zh: object) -> str:
    return " ".join(part for part in (_plain(name_en), _plain(name_zh, 20)) if part)


def _foot(figure: Figure, edition: Edition) -> None:
    said = f"{edition.study}, {edition.name} · {edition.software} · {edition.as_of}"
    if edition.is_simulated:
        said = f"SIMULATED RECORDS, no finding 模拟数据，非研究结论 · {said}"
    figure.text(0.01, 0.008, _plain(said, 160), fontsize=7, color=_GREY)


def _ranking(edition: Edition) -> Figure | None:
    """The first institutions by share, each with its stability interval."""
    table = edition.tables["ranking"]
    table = table[table["share"].notna()]
    if table.empty:
        return None
    group = str(table["group"].value_counts(sort=True).index[0])
    table = table[table["group"] == group].sort_values(
        ["share", "institution_id"], ascending=[False, True]
    )
    table = table.head(_SHOWN)
    every = edition.tables["intervals"]
    every = every[every["counting"] == edition.counting].set_index("institution_id")
    figure, axes = _canvas(8.6, 0.9 + 0.29 * len(table))
    places = np.arange(len(table))[::-1]
    share = table["share"].to_numpy(dtype=float) * 100
    axes.plot(share, places, "o", color=_BLUE, markersize=4, zorder=3)
    held = every.reindex(table["institution_id"])
    low = held["share_low"].to_numpy(dtype=float, na_value=np.nan)
    high = held["share_high"].to_numpy(dtype=float, na_value=np.nan)
    axes.hlines(places, low * 100, high * 100, color=_BLUE, alpha=0.45, linewidth=3)
    axes.set_yticks(places, list(map(_both, table["name_en"], table["name_zh"])))
    axes.set_xlabel("share of papers, % 论文占比（%）   bar: stability interval 稳定区间")
    axes.set_title(_plain(f"{group} {_GROUP_ZH.get(group, '')} · {edition.counting}"), fontsize=9)
    axes.grid(axis="x", color="#e5e5e5")
    axes.set_xlim(left=0)
    axes.set_ylim(-0.7, len(table) - 0.3)
    return figure


def _trend(edition: Edition) -> Figure | None:
    table = edition.tables["years"].dropna(subset=["year"])
    if table.empty:
        return None
    figure, axes = _canvas(8.6, 3.6)
    years = table["year"].to_numpy(dtype=int)
    axes.bar(years, table["papers"].to_numpy(dtype=float), color=_BLUE, label="papers 论文")
    abroad = table["papers_international"].fillna(0).to_numpy(dtype=float)
    axes.bar(years, abroad, color=_ORANGE, label="with a foreign partner 有境外伙伴")
    axes.set_ylabel("papers 论文数")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend(frameon=False, loc="upper left")
    return figure


def _provinces(edition: Edition) -> Figure | None:
    table = edition.tables["provinces"]
    table = table[table["province"].notna() & (table["papers"] > 0)].head(34)
    if table.empty:
        return None
    figure, axes = _canvas(7.0, 0.9 + 0.22 * len(table))
    places = np.arange(len(table))[::-1]
    axes.barh(places, table["papers"].to_numpy(dtype=float), color=_BLUE)
    axes.set_yticks(places, [_plain(name) for name in table["province"]])
    axes.set_ylim(-0.7, len(table) - 0.3)
    axes.set_xlabel("distinct papers 去重论文数")
    return figure


def _network(edition: Edition) -> Figure | None:
    """The map's layout: strongest ties, institutions by papers, colours by community."""
    nodes = edition.tables["nodes"]
    nodes = nodes[nodes["x"].notna() & nodes["y"].notna()].reset_index(drop=True)
    if nodes.empty:
        return None
    figure, axes = _canvas(9.0, 6.4)
    axes.axis("off")
    spot = {
        str(name): (float(x), 1 - float(y))
        for name, x, y in zip(nodes["institution_id"], nodes["x"], nodes["y"], strict=True)
    }
    ties = edition.tables["collaborations"]
    ties = ties[ties["source_id"].isin(list(spot)) & ties["target_id"].isin(list(spot))]
    ties = ties.sort_values(
        ["weight_fractional", "source_id", "target_id"], ascending=[False, True, True]
    ).head(_TIES)[::-1]
    if len(ties):
        weight = np.sqrt(ties["weight_fractional"].to_numpy(dtype=float))
        part = weight / max(weight.max(), 1e-12)
        pairs = zip(ties["source_id"], ties["target_id"], strict=True)
        ends = [(spot[a], spot[b]) for a, b in pairs]
        axes.add_collection(
            LineCollection(ends, linewidths=0.2 + 2 * part, colors=_GREY, alpha=0.35, zorder=1)
        )
    papers = nodes["papers"].to_numpy(dtype=float)
    group = nodes["community"].fillna(0).to_numpy(dtype=int)
    colours = [_GROUPS[g - 1] if 1 <= g <= len(_GROUPS) else _GREY for g in group]
    places = np.array(list(spot.values()))
    axes.scatter(
        places[:, 0], places[:, 1], s=6 + 320 * papers / papers.max(), c=colours,
        edgecolors="white", linewidths=0.4, zorder=2,
    )  # fmt: skip
    taken: list[tuple[float, float, float]] = []
    for row in nodes.head(_NAMED * 2).to_dict("records"):
        x, y = spot[row["institution_id"]]
        text = _plain(row["name_en"], 34)
        half = len(text) * 0.0045
        # A name is left out where it would lie on one already placed.
        if any(abs(y - v) < 0.03 and abs(x - u) < half + w for u, v, w in taken):
            continue
        taken.append((x, y, half))
        axes.text(x, y - 0.028, text, fontsize=7, ha="center", zorder=3)
        if len(taken) == _NAMED:
            break
    axes.set_xlim(-0.04, 1.04)
    axes.set_ylim(-0.04, 1.04)
    return figure


def _heat(edition: Edition) -> Figure | None:
    """Papers together among the institutions with most papers; the diagonal is left empty."""
    ties = edition.tables["collaborations"]
    shown = edition.tables["nodes"]
    shown = shown[shown["scope"] == "domestic"].head(_HEAT).reset_index(drop=True)
    if len(shown) < 2:
        return None
    place = {str(name): number for number, name in enumerate(shown["institution_id"])}
    together = np.zeros((len(place), len(place)))
    known = ties[ties["source_id"].isin(list(place)) & ties["target_id"].isin(list(place))]
    for a, b, papers in zip(known["source_id"], known["target_id"], known["papers"], strict=True):
        together[place[a], place[b]] = together[place[b], place[a]] = papers
    np.fill_diagonal(together, np.nan)
    figure, axes = _canvas(8.6, 7.4)
    drawn = axes.imshow(np.log10(together + 1), cmap="cividis")
    names = [_plain(name, 32) for name in shown["name_en"]]
    axes.set_xticks(range(len(names)), names, rotation=60, ha="right", fontsize=7)
    axes.set_yticks(range(len(names)), names, fontsize=7)
    bar = figure.colorbar(drawn, shrink=0.7)
    most = float(np.nanmax(together))
    ticks = [value for value in (0, 1, 3, 10, 30, 100, 300, 1000, 3000) if value <= max(most, 1)]
    bar.set_ticks([float(np.log10(value + 1)) for value in ticks], labels=[str(v) for v in ticks])
    bar.set_label("papers together 合作论文数")
    return figure


def _canvas(width: float, height: float) -> tuple[Figure, Axes]:
    # Room below for the line that says what the picture is of.
    layout = ConstrainedLayoutEngine(rect=(0, 0.03, 1, 0.97))
    figure = Figure(figsize=(width, height), layout=layout)
    return figure, figure.subplots()


_PICTURES: dict[str, Callable[[Edition], Figure | None]] = {
    "ranking": _ranking,
    "trend": _trend,
    "provinces": _provinces,
    "network": _network,
    "collaboration": _heat,
}
