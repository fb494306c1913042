"""Mutation test: change one thing in a module, run the tests that reach it, see whether one fails.

    PYTHONPATH=. python benchmarks/mutants.py counting [--module weights] [--sample 80] [--seed 1]

A mutant is made in memory: nothing in the folder is changed. Everything is imported once;
each mutant is a forked process that imports anew the changed module and what imports it, and runs, fastest
first, the tests whose run without mutants passed the changed line. Tests that start other processes do
not see the mutant. Prose is not mutated: strings with a space or of no ASCII, formatted strings, and what
a ``raise`` says; nor annotations, ``Literal``, decorators, and the ``strict=`` of ``zip``.
"""

# The signatures are those that pytest, import and settrace ask for.
# ruff: noqa: ANN401, ARG001, ARG002

from __future__ import annotations

import argparse
import ast
import gc
import importlib.machinery
import importlib.util
import os
import pickle
import random
import resource
import shutil
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

# A mutant that would fill the memory fails.
_MEMORY = 6 * 2**30
ROOT = Path(__file__).resolve().parents[1]
# What is tested, and the files of tests that may catch a mutant of it.
AREAS: dict[str, dict[str, list[str]]] = {
    "counting": {
        "counting.weights": ["counting_checks", "counting", "numbering", "rules"],
        "counting.numbering": ["numbering"],
        "counting.questions": ["numbering", "rules"],
        "counting.rules": ["ranking", "rules", "windows"],
        "counting.counts": ["counting_checks", "counting", "numbering", "rules", "ranking"],
        "counting.cooccurrence": ["cooccurrence", "ties_by_year"],
        "counting.windows": ["windows"],
        "counting.ranking": ["ranking", "windows"],
        "engine.embedded": ["embedded", "numbering"],
        "engine.model": ["embedded", "numbering"],
    },
    "claims": {
        "claims.claim_file": ["claim_figures"],
        "claims.computations": ["claim_figures"],
        "claims.consistency": ["consistency"],
        "claims.cuts": ["cuts", "claim_search"],
        "claims.edition_claims": ["edition_claims"],
        "claims.effects": ["claim_search"],
        "claims.feasibility": ["claim_search"],
        "claims.given_claims": ["claim_figures"],
        "claims.list_computations": ["claim_figures"],
        "claims.open_choices": ["claim_search"],
        "claims.placebo": ["claim_search"],
        "claims.places": ["claim_search"],
        "claims.printed": ["printed"],
        "claims.readings": ["claim_search", "readings"],
        "claims.search": ["claim_search"],
        "claims.search_tables": ["claim_search"],
        "claims.verdicts": ["claim_verdicts"],
    },
    "lists": {
        f"lists.{name}": ["list_parts", *(["lists"] if name in {"conflicts", "proposal"} else [])]
        for name in ("candidates", "conflicts", "constraints", "evidence", "given", "patents", "proposal")
    },
    "comparison": {
        f"comparison.{name}": ["comparison_parts", "comparison_tables"]
        for name in (
            "admission", "causes", "compare", "credits", "evidence", "history", "linking", "ranks",
            "sentences", "shapley", "side", "stability", "states",
        )
    },
}  # fmt: skip
# Modules whose expressions are compiled once a process.
CACHED = {
    "counting.weights", "counting.numbering", "counting.questions", "counting.cooccurrence",
}  # fmt: skip
PRELOADED = (
    "pandas", "numpy", "scipy.optimize", "scipy.stats", "ibis", "ibis.backends.duckdb", "duckdb",
    "sqlglot", "pyarrow.parquet", "networkx", "igraph", "pydantic", "babel", "rich", "orjson",
    "jinja2", "rapidfuzz", "ahocorasick", "tqdm", "hypothesis.strategies", "pytest",
    "bibtexparser", "rispy", "requests", "xlsxwriter",
)  # fmt: skip


# --- mutants -----------------------------------------------------------------------------------

SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult, ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd, ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip
NAMES = {
    "min": "max", "any": "all", "isna": "notna", "isnull": "notnull", "head": "tail",
    "floor": "ceil", "idxmin": "idxmax", "cumsum": "cumprod", "argmin": "argmax",
    "minimum": "maximum", "flatnonzero": "nonzero",
}  # fmt: skip
NAMES |= {other: name for name, other in NAMES.items() if name not in {"flatnonzero", "cumsum"}}
# Whose arguments are columns or conditions: their order says nothing.
UNORDERED = {"select", "filter", "group_by"}


@dataclass(frozen=True)
class Mutant:
    """One change: the place of a node in the walk of its module's tree, and what is done to it."""

    module: str
    node: int
    kind: str
    detail: int
    line: int
    last_line: int
    is_global: bool
    says: str = field(default="", compare=False)


def _is_prose(value: object) -> bool:
    return isinstance(value, str) and (" " in value or not value.isascii())


def _skipped(tree: ast.Module) -> set[ast.AST]:
    """Nodes that are not mutated, with all below them."""
    tops: list[ast.AST | None] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            tops += [node.returns, *node.decorator_list]
        elif isinstance(node, ast.ClassDef):
            tops += node.decorator_list
        elif isinstance(node, ast.arg | ast.AnnAssign):
            tops.append(node.annotation)
        elif isinstance(node, ast.JoinedStr):
            tops += [part for part in node.values if isinstance(part, ast.Constant)]
            tops += [
                part.format_spec for part in node.values if isinstance(part, ast.FormattedValue)
            ]
        elif isinstance(node, ast.Subscript) and getattr(node.value, "id", "") == "Literal":
            tops.append(node)
        elif isinstance(node, ast.Raise):
            tops += [node.exc, node.cause]
        elif (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)) or (
            isinstance(node, ast.keyword) and node.arg == "strict"
        ):
            tops.append(node)
    return {below for top in tops if top is not None for below in ast.walk(top)}


def _sites(node: ast.AST, parent: ast.AST | None) -> Iterator[tuple[str, int]]:
    """(kind, detail) of each change of one node."""
    if isinstance(node, ast.Compare):
        yield from (("operator", place) for place in range(len(node.ops)))
    elif isinstance(node, ast.BinOp | ast.BoolOp):
        if type(node.op) in SWAPPED:
            yield "operator", 0
    elif isinstance(node, ast.UnaryOp):
        if not isinstance(node.operand, ast.Constant):
            yield "operand", 0
    elif isinstance(node, ast.Constant) and not isinstance(parent, ast.JoinedStr):
        if isinstance(node.value, bool):
            yield "constant", 0
        elif isinstance(node.value, int):
            yield from (("constant", 1), ("constant", -1))
        elif isinstance(node.value, float) or (
            isinstance(node.value, str) and not _is_prose(node.value)
        ):
            yield "constant", 0
    elif isinstance(node, ast.If | ast.IfExp | ast.While):
        yield "negated", 0
    elif isinstance(node, ast.comprehension):
        yield from (("unfiltered", place) for place in range(len(node.ifs)))
    elif isinstance(node, ast.Expr | ast.AugAssign | ast.Raise | ast.Continue | ast.Break):
        yield "removed", 0
    elif isinstance(node, ast.Assign):
        target = node.targets[0]
        if isinstance(target, ast.Subscript | ast.Attribute) or (
            isinstance(target, ast.Name)
            and any(
                isinstance(below, ast.Name) and below.id == target.id
                for below in ast.walk(node.value)
            )
        ):
            yield "removed", 0
    elif isinstance(node, ast.Call):
        yield from (
            ("dropped", place)
            for place, word in enumerate(node.keywords)
            if word.arg not in {None, "strict"}
        )
        if len(node.args) >= 2 and ast.dump(node.args[0]) != ast.dump(node.args[1]):
            starred = any(isinstance(each, ast.Starred) for each in node.args[:2])
            if not starred and getattr(node.func, "attr", "") not in UNORDERED:
                yield "swapped", 0
    if (isinstance(node, ast.Name) and isinstance(parent, ast.Call) and node.id in NAMES) or (
        isinstance(node, ast.Attribute) and node.attr in NAMES and isinstance(parent, ast.Call)
    ):
        yield "named", 0


def _parents(tree: ast.AST) -> dict[ast.AST, ast.AST]:
    return {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}


def _statement(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> ast.AST:
    while not isinstance(node, ast.stmt):
        node = parents[node]
    return node


def _lines(node: ast.AST) -> tuple[int, int]:
    if isinstance(node, ast.comprehension):
        node = node.target
    first = int(getattr(node, "lineno", 0))
    return first, int(getattr(node, "end_lineno", first) or first)


def mutants_of(module: str) -> list[Mutant]:
    """Every mutant of a module, in the order of its lines."""
    tree = ast.parse(source_of(module))
    parents, skipped = _parents(tree), _skipped(tree)
    found = []
    for place, node in enumerate(ast.walk(tree)):
        if node in skipped:
            continue
        for kind, detail in _sites(node, parents.get(node)):
            above = node
            while above in parents and not isinstance(above, ast.FunctionDef):
                above = parents[above]
            in_default = isinstance(above, ast.FunctionDef) and any(
                node in set(ast.walk(each))
                for each in [*above.args.defaults, *above.args.kw_defaults]
                if each is not None
            )
            first, last = _lines(node)
            statement = _statement(node, parents)
            if not isinstance(statement, ast.FunctionDef | ast.If | ast.For | ast.With | ast.While):
                first, last = _lines(statement)
            found.append(
                Mutant(
                    module, place, kind, detail, first, last,
                    in_default or not isinstance(above, ast.FunctionDef),
                )
            )  # fmt: skip
    return sorted(found, key=lambda each: (each.line, each.node, each.kind, each.detail))


def _replace(tree: ast.AST, old: ast.AST, new: ast.AST) -> None:
    for node in ast.walk(tree):
        for name, value in ast.iter_fields(node):
            if value is old:
                setattr(node, name, new)
            elif isinstance(value, list):
                value[:] = [new if each is old else each for each in value]


def mutated(mutant: Mutant) -> tuple[ast.Module, str]:
    """The module's tree with the change, and the change in words."""
    tree = ast.parse(source_of(mutant.module))
    node: Any = list(ast.walk(tree))[mutant.node]
    parents = _parents(tree)
    shown = node if isinstance(node, ast.stmt) else parents[node]
    while isinstance(
        shown, ast.Slice | ast.keyword | ast.comprehension | ast.Tuple | ast.arguments
    ):
        shown = parents[shown]
    statement = _statement(node, parents)
    if not isinstance(statement, ast.FunctionDef | ast.If | ast.For | ast.With | ast.ClassDef):
        shown = statement
    before = ast.unparse(shown)
    if mutant.kind == "operator":
        if isinstance(node, ast.Compare):
            node.ops[mutant.detail] = SWAPPED[type(node.ops[mutant.detail])]()  # type: ignore[call-overload]
        else:
            node.op = SWAPPED[type(node.op)]()
    elif mutant.kind == "operand":
        _replace(tree, node, node.operand)
    elif mutant.kind == "constant":
        value = node.value
        if isinstance(value, bool):
            node.value = not value
        elif isinstance(value, int):
            node.value = value + mutant.detail
        elif isinstance(value, float):
            node.value = value * 1e6 if 0 < abs(value) < 1e-3 else value + 1.0
        else:
            node.value = f"{value}_x"
    elif mutant.kind == "negated":
        node.test = ast.UnaryOp(ast.Not(), node.test)
    elif mutant.kind == "unfiltered":
        node.ifs[mutant.detail] = ast.Constant(value=True)
    elif mutant.kind == "removed":
        _replace(tree, node, ast.Pass())
        return ast.fix_missing_locations(tree), f"removed: {before}"
    elif mutant.kind == "dropped":
        del node.keywords[mutant.detail]
    elif mutant.kind == "swapped":
        node.args[:2] = reversed(node.args[:2])
    elif mutant.kind == "named":
        name = "id" if isinstance(node, ast.Name) else "attr"
        setattr(node, name, NAMES[getattr(node, name)])
    after = ast.unparse(shown if mutant.kind != "operand" else _shown(shown, node))
    return ast.fix_missing_locations(tree), _difference(before, after)


def _shown(shown: ast.AST, node: ast.UnaryOp) -> ast.AST:
    return node.operand if shown is node else shown


def _difference(before: str, after: str) -> str:
    """What differs, with some of what stands around it."""
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    left = max(0, start - 60)
    return " ".join(
        f"{before[left : len(before) - max(0, end - 40)]}  ->  {after[left : len(after) - max(0, end - 40)]}".split()
    )


def path_of(module: str) -> Path:
    return ROOT / "bibliometrics" / (module.replace(".", "/") + ".py")


def source_of(module: str) -> str:
    return path_of(module).read_text(encoding="utf-8")


class _Finder:
    """Gives one module of ours with a changed tree."""

    def __init__(self, name: str, path: Path, tree: ast.Module) -> None:
        self.name, self.path, self.code = name, path, compile(tree, str(path), "exec")

    def find_spec(self, name: str, path: object = None, target: object = None) -> Any:
        if name != self.name:
            return None
        return importlib.util.spec_from_file_location(name, self.path, loader=self)  # type: ignore[arg-type]

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> None:
        return None

    def exec_module(self, module: Any) -> None:
        exec(self.code, module.__dict__)


# --- tests -------------------------------------------------------------------------------------


@dataclass
class Reached:
    """What the tests of one file pass, by module and line: in a test, in a fixture of several."""

    seconds: dict[str, float]
    in_call: dict[tuple[str, int], set[str]]
    in_fixture: dict[tuple[str, int], set[str]]
    fixtures: dict[str, set[str]]


class _Traced:
    """A plugin of pytest that notes which test passes which line."""

    def __init__(self, paths: dict[str, str]) -> None:
        self.paths, self.now = paths, ""
        self.in_call: dict[tuple[str, int], set[str]] = defaultdict(set)
        self.in_fixture: dict[tuple[str, int], set[str]] = defaultdict(set)
        self.fixtures: dict[str, set[str]] = {}
        self.fixture = ""
        self.seconds: dict[str, float] = defaultdict(float)

    def trace(self, frame: Any, event: str, arg: object) -> Any:
        module = self.paths.get(frame.f_code.co_filename)
        if module is None:
            return None

        def local(frame: Any, event: str, arg: object) -> Any:
            if event == "line":
                self._note(module, frame.f_lineno)
            return local

        self._note(module, frame.f_lineno)
        return local

    def _note(self, module: str, line: int) -> None:
        if self.fixture:
            self.in_fixture[module, line].add(self.fixture)
        elif self.now:
            self.in_call[module, line].add(self.now)

    def _hook(self) -> None:
        sys.settrace(self.trace)
        threading.settrace(self.trace)

    def pytest_runtest_setup(self, item: Any) -> None:
        self.now = item.nodeid
        self.fixtures[item.nodeid] = set(item.fixturenames)
        self._hook()

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Iterator[None]:
        before = self.fixture
        if fixturedef.scope != "function":
            self.fixture = fixturedef.argname
        try:
            return (yield)
        finally:
            self.fixture = before

    def pytest_runtest_call(self, item: Any) -> None:
        self.now = item.nodeid
        self._hook()

    def pytest_runtest_teardown(self, item: Any) -> None:
        self.now = ""

    def pytest_runtest_logreport(self, report: Any) -> None:
        self.seconds[report.nodeid] += report.duration


class _Chosen:
    """A plugin of pytest that keeps the tests of a list, in its order."""

    def __init__(self, order: list[str]) -> None:
        self.order = {name: place for place, name in enumerate(order)}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        items[:] = sorted(
            (item for item in items if item.nodeid in self.order),
            key=lambda item: self.order[item.nodeid],
        )


def _quiet(log: Path) -> None:
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(out, 1)
    os.dup2(out, 2)


def _run_tests(files: list[str], base: Path, plugins: list[Any]) -> int:
    import hypothesis

    hypothesis.settings.register_profile(
        "mutants", database=None, derandomize=True, deadline=None,
        phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )  # fmt: skip
    hypothesis.settings.load_profile("mutants")
    names = [f"tests/test_{name}.py" for name in files]
    return int(
        pytest.main(
            [
                "-x",
                "-q",
                "-p",
                "no:cacheprovider",
                f"--basetemp={base}",
                "-W",
                "ignore::pytest.PytestAssertRewriteWarning",
                *names,
            ],
            plugins=plugins,
        )
    )


def _forked(run: Callable[[], int]) -> int:
    process = os.fork()
    if process:
        return process
    code = 99
    try:
        os.setsid()
        code = run()
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(code)


def reached_by(
    file: str, modules: list[str], scratch: Path, imports: dict[str, set[str]]
) -> Reached:
    """Run one file of tests without a mutant; it must pass."""
    answer, log = scratch / f"{file}.reached", scratch / f"{file}.log"

    def run() -> int:
        _quiet(log)
        for module in modules:
            forget(f"bibliometrics.{module}", imports)
        traced = _Traced({str(path_of(module)): module for module in modules})
        code = _run_tests([file], scratch / f"base-{file}", [traced])
        sys.settrace(None)
        answer.write_bytes(
            pickle.dumps(
                (
                    dict(traced.seconds),
                    dict(traced.in_call),
                    dict(traced.in_fixture),
                    traced.fixtures,
                )
            )
        )
        return code

    _, status = os.waitpid(_forked(run), 0)
    if status:
        raise SystemExit(f"tests/test_{file}.py fails without a mutant:\n{log.read_text()[-3000:]}")
    return Reached(*pickle.loads(answer.read_bytes()))


def tests_for(mutant: Mutant, reached: dict[str, Reached]) -> list[tuple[float, str]]:
    """(seconds, test) of the tests that pass a mutant, fastest first.

    What is cached (the SQL of the rules) is passed by the first test alone and used by all: of a
    file that passes a mutant, the other tests follow, too.
    """
    lines = [(mutant.module, line) for line in range(mutant.line, mutant.last_line + 1)]
    first, then = [], []
    for one in reached.values():
        own = {test for line in lines for test in one.in_call.get(line, ())}
        made = {name for line in lines for name in one.in_fixture.get(line, ())}
        own |= {test for test, names in one.fixtures.items() if names & made}
        first += [(one.seconds[test], test) for test in own]
        if mutant.is_global or (own and mutant.module in CACHED):
            then += [(seconds, test) for test, seconds in one.seconds.items() if test not in own]
    return [*sorted(first), *sorted(then)]


# --- modules of ours ---------------------------------------------------------------------------


def imported_by(path: Path) -> set[str]:
    """Names of our modules that a file imports, whole or a part of."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found |= {node.module} | {f"{node.module}.{each.name}" for each in node.names}
        elif isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
    return {above for name in found for above in _with_packages(name)}


def _with_packages(name: str) -> list[str]:
    parts = name.split(".")
    return [".".join(parts[:n]) for n in range(1, len(parts) + 1)]


def import_ours() -> dict[str, set[str]]:
    """Import all our modules once; what each imports."""
    imports: dict[str, set[str]] = {}
    for path in sorted((ROOT / "bibliometrics").rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        imports[name] = imported_by(path)
        if parts[-1] != "__main__":
            importlib.import_module(name)
    questions = importlib.import_module("bibliometrics.counting.questions")
    for made in (questions._mentions_in, questions._named_in, questions._author_fractional_in):
        made("duckdb")
    for rule in questions.RULES:
        questions._total_in("duckdb", rule)
    cooccurrence = importlib.import_module("bibliometrics.counting.cooccurrence")
    cooccurrence._questions("duckdb")
    return imports


def forget(name: str, imports: dict[str, set[str]]) -> None:
    """Let a module of ours, and all that import it, be imported anew."""
    gone = {name}
    while True:
        more = {each for each, asked in imports.items() if asked & gone} - gone
        if not more:
            break
        gone |= more
    for each in gone:
        sys.modules.pop(each, None)
        package, _, leaf = each.rpartition(".")
        # ``from package import leaf`` would find the old one.
        if hasattr(sys.modules.get(package), leaf):
            delattr(sys.modules[package], leaf)


# --- the run -----------------------------------------------------------------------------------


def _test_mutant(
    mutant: Mutant, chosen: list[tuple[float, str]], base: Path, imports: dict[str, set[str]]
) -> int:
    """Run in a fork: the exit status of the tests that meet the mutant, until one fails."""
    _quiet(base.with_suffix(".log"))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    tree, _ = mutated(mutant)
    name = f"bibliometrics.{mutant.module}"
    forget(name, imports)
    sys.meta_path.insert(0, _Finder(name, path_of(mutant.module), tree))  # type: ignore[arg-type]
    names = [test for _, test in chosen]
    files = list(
        dict.fromkeys(Path(test.split("::")[0]).stem.removeprefix("test_") for test in names)
    )
    return _run_tests(files, base, [_Chosen(names)])


def run(
    mutants: list[Mutant],
    reached: dict[str, Reached],
    scratch: Path,
    processes: int,
    imports: dict[str, set[str]],
) -> dict[Mutant, str]:
    """Each mutant: caught, survived, or what was strange about its run."""
    found: dict[Mutant, str] = {}
    waiting = list(reversed(mutants))
    running: dict[int, tuple[Mutant, Path, float]] = {}
    number = 0
    while waiting or running:
        while waiting and len(running) < processes:
            mutant = waiting.pop()
            chosen = tests_for(mutant, reached)
            if not chosen:
                # Passed on import alone, or not at all.
                chosen = sorted(
                    (s, test) for one in reached.values() for test, s in one.seconds.items()
                )
            number += 1
            base = scratch / f"run-{number}"
            limit = time.monotonic() + 30 + 10 * sum(seconds for seconds, _ in chosen)
            process = _forked(lambda m=mutant, c=chosen, b=base: _test_mutant(m, c, b, imports))
            running[process] = (mutant, base, limit)
        for process, (mutant, base, limit) in list(running.items()):
            ended, status = os.waitpid(process, os.WNOHANG)
            if not ended and time.monotonic() > limit:
                os.killpg(process, signal.SIGKILL)
                os.waitpid(process, 0)
                found[mutant] = "caught"
            elif ended:
                code = os.waitstatus_to_exitcode(status)
                # 1: a test failed; 2: a test file could not be imported.
                told = {0: "survived", 1: "caught", 2: "caught"}
                found[mutant] = told.get(code, f"strange: status {code}")
                if code not in told:
                    print(base.with_suffix(".log").read_text()[-1500:], file=sys.stderr)
            else:
                continue
            del running[process]
            shutil.rmtree(base, ignore_errors=True)
            base.with_suffix(".log").unlink(missing_ok=True)
        time.sleep(0.01)
    return found


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("area", choices=sorted(AREAS))
    options.add_argument("--module", action="append", help="only these modules")
    options.add_argument("--sample", type=int, default=10**9, help="mutants a module at most")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--processes", type=int, default=1)
    asked = options.parse_args()
    os.chdir(ROOT)
    sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
    for name in PRELOADED:
        importlib.import_module(name)
    imports = import_ours()
    # Out of the collector's sight: forks neither walk nor copy what is here.
    gc.collect()
    gc.freeze()
    area = AREAS[asked.area]
    modules = [name for name in area if not asked.module or name.split(".")[-1] in asked.module]
    files = sorted({file for module in modules for file in area[module]})
    scratch = Path(tempfile.mkdtemp(prefix="mutants-"))
    began = time.monotonic()
    reached = {file: reached_by(file, modules, scratch, imports) for file in files}
    print(f"{len(files)} files of tests pass without a mutant, {time.monotonic() - began:.0f} s")
    whole: Counter[str] = Counter()
    for module in modules:
        every = mutants_of(module)
        count = min(asked.sample, len(every))
        sample = random.Random(f"{asked.seed}:{module}").sample(every, count)
        sample.sort(key=lambda each: (each.line, each.node, each.kind, each.detail))
        own = {file: reached[file] for file in area[module]}
        began = time.monotonic()
        found = run(sample, own, scratch, asked.processes, imports)
        counts = Counter(found.values())
        whole += counts
        print(
            f"{module}: {counts['caught']} caught of {count} ({counts['caught'] / max(count, 1):.1%}),"
            f" of {len(every)} mutants; {time.monotonic() - began:.0f} s",
            flush=True,
        )
        for mutant, what in sorted(found.items(), key=lambda each: (each[0].line, each[0].node)):
            if what != "caught":
                print(f"  {what} {mutant.line} {mutant.kind}: {mutated(mutant)[1]}", flush=True)
    total = sum(whole.values())
    print(f"{asked.area}: {whole['caught']} of {total} ({whole['caught'] / max(total, 1):.1%})")
    shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    main()
