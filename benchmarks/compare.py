"""Our whole command against the script a user would write, on the same file, in turns.

    python benchmarks/compare.py --papers 53000 --runs 3

Prints seconds and peak memory of each whole process, medians of the runs, and the ratios. The
script's page is timed too, because plain pyvis adds edges one by one.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
STUDY = HERE.parent / "queries" / "cingai-2020.toml"


def measured(command: list[str], folder: Path) -> tuple[float, float]:
    """Wall seconds and peak MiB of one process; it must succeed."""
    began = time.perf_counter()
    with (folder / "log.txt").open("ab") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[:3]} failed: see {folder / 'log.txt'}")
    return time.perf_counter() - began, usage.ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--papers", type=int, default=53_000)
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    python = sys.executable
    subprocess.run(
        [python, "-m", "bibliometrics", "simulate", "--papers", str(given.papers), "--out", "sim"],
        cwd=folder, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    exports = sorted(str(path) for path in (folder / "sim").glob("*.csv"))
    size = sum(Path(path).stat().st_size for path in exports) / 1e6
    print(
        f"{given.papers} simulated papers, {len(exports)} files, {size:.0f} MB; {given.runs} runs"
    )
    script = [python, str(HERE / "plain_script.py"), *exports]
    commands = {
        "bibliometrics run": [
            python, "-m", "bibliometrics", "run", str(STUDY), "--edition", "b", "--input", *exports,
        ],
        "plain script": script,
        "plain script with page": [*script, "--page", str(folder / "page.html")],
    }  # fmt: skip
    seen: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for _ in range(given.runs):
        for name, command in commands.items():
            shutil.rmtree(folder / "outputs", ignore_errors=True)
            seen[name].append(measured(command, folder))
    for name, runs in seen.items():
        seconds, memory = zip(*runs, strict=True)
        print(
            f"{name:>24}: {statistics.median(seconds):6.1f} s"
            f" ({min(seconds):.1f}-{max(seconds):.1f}), peak {max(memory):,.0f} MiB"
        )
    ours = seen["bibliometrics run"]
    for name in ("plain script with page", "plain script"):
        ratios = [a[0] / b[0] for a, b in zip(ours, seen[name], strict=True)]
        print(f"ours / {name}: {statistics.median(ratios):.2f} (pair by pair, median)")
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
