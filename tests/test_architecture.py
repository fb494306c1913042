"""Data flows one way: the imports of every module, walked."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from conftest import ROOT

PACKAGE = ROOT / "bibliometrics"
VOCABULARY = {"errors", "schema", "edition", "study"}
SCIENCE = {
    "corpus", "attribution", "counting", "engine", "firmness", "network", "claims", "lists",
    "comparison", "evidence",
}  # fmt: skip
EDGES = {
    "sources", "harvesting", "simulation", "store", "lookup", "records", "doctor", "edge_list",
    "workbook", "outlines", "kept", "audit", "auditing", "delineation_form", "review_form",
    "paper_lists", "papers_behind",
}  # fmt: skip
ORCHESTRATION = {
    "pipeline", "ingest", "tabulate", "editions", "at_scale", "inputs",
    "judged", "beside", "messages", "cli", "__main__",
}  # fmt: skip
LIMIT = 400


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def imported(path: Path) -> set[str]:
    """First names below ``bibliometrics`` that a module imports, and other packages whole."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
            if node.module == "bibliometrics":
                names = [f"bibliometrics.{alias.name}" for alias in node.names]
        for name in names:
            parts = name.split(".")
            found.add(
                parts[1] if parts[0] == "bibliometrics" and len(parts) > 1 else f"@{parts[0]}"
            )
    return found


def layer(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def test_every_module_has_a_layer() -> None:
    known = VOCABULARY | SCIENCE | EDGES | ORCHESTRATION | {"presentation", "__init__"}
    assert {layer(path) for path in modules()} == known


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_point_one_way(path: Path) -> None:
    own = layer(path)
    inside = {name for name in imported(path) if not name.startswith("@")} - {own, "__version__"}
    if own in VOCABULARY:
        assert inside <= VOCABULARY
    elif own == "presentation":
        # Of a study it knows what the options are called, and nothing else.
        assert inside <= {"errors", "schema", "edition", "study"}
        if "study" in inside:
            text = path.read_text(encoding="utf-8")
            assert text.count("bibliometrics.study") == text.count(
                "bibliometrics.study.option_names import"
            )
    elif own in SCIENCE:
        # A record is the one thing of the sources that science knows: what they all give.
        assert inside - {"sources"} <= VOCABULARY | SCIENCE
        if "sources" in inside:
            assert "bibliometrics.sources.record import" in path.read_text(encoding="utf-8")
            assert "scopus_csv" not in path.read_text(encoding="utf-8")
    elif own == "simulation":
        assert inside <= {"errors"}


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_modules_stay_small(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LIMIT


@pytest.mark.parametrize(
    ("library", "only"),
    [
        ("pyvis", "presentation"),
        ("igraph", "network"),
        ("pybliometrics", "sources"),
        ("matplotlib", "presentation"),
        ("xlsxwriter", "workbook"),
    ],
)
def test_a_library_has_one_importer(library: str, only: str) -> None:
    importers = {layer(path) for path in modules() if f"@{library}" in imported(path)}
    assert importers <= {only}


def test_science_knows_no_clock_no_network_and_does_not_print() -> None:
    banned = {"@datetime", "@time", "@requests", "@urllib", "@socket", "@subprocess"}
    allowed = {"corpus": {"@datetime"}, "attribution": {"@datetime"}}  # dates as values
    for path in modules():
        own = layer(path)
        if own in SCIENCE:
            assert not (imported(path) & banned) - allowed.get(own, set()), path.name
            assert "print(" not in path.read_text(encoding="utf-8"), path.name


def test_nothing_in_the_checkout_names_a_package_host_or_a_path_of_a_machine() -> None:
    files = [
        path
        for pattern in ("*.py", "*.md", "*.toml", "*.txt", "*.html", "*.css", "*.js")
        for folder in (
            PACKAGE,
            ROOT / "docs",
            ROOT / "queries",
            ROOT / "benchmarks",
            ROOT / "tests",
        )
        for path in folder.rglob(pattern)
    ]
    files += [*ROOT.glob("*.md"), *ROOT.glob("*.toml"), *ROOT.glob("*.txt")]
    banned = [
        "pythonhosted" + ".org",
        "pypi" + ".org",
        "npmjs" + ".org",
        "/ho" + "me/",
        "/ro" + "ot/",
    ]
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert not [word for word in banned if word in text], path
