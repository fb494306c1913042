"""audit as a user meets it: draw, mark, read back, and the next edition carries it."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest

from bibliometrics.cli import main
from conftest import ROOT, WriteExport, export_row


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "queries").mkdir()
    text = (ROOT / "queries" / "cingai-2020.toml").read_text(encoding="utf-8")
    (tmp_path / "queries" / "cingai-2020.toml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_an_audit_is_drawn_marked_read_and_carried(
    desk: Path, write_export: WriteExport, capsys: pytest.CaptureFixture[str]
) -> None:
    export = str(write_export([export_row(1), export_row(2, Year="2018")]))
    run = ["run", "cingai-2020", "--input", export, "--edition"]
    assert main([*run, "2026-01-01"]) == 0
    assert main(["audit", "cingai-2020", "--size", "50"]) == 0
    assert "drawn (seed 2020)" in capsys.readouterr().out
    form = desk / "queries" / "cingai-2020.audit-first.csv"
    with form.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert rows
    for row in rows:
        row.update(institution_ids="tsinghua-university", marked_by="A", marked_on="2026-01-11")
    with form.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    assert main(["audit", "cingai-2020", "--read", str(form)]) == 0
    assert "precision 1.000 by papers" in capsys.readouterr().out
    assert main(["audit", "cingai-2020"]) == 2
    assert "a sample was drawn before" in capsys.readouterr().err

    assert main([*run, "2026-02-10"]) == 0
    folder = desk / "outputs" / "cingai-2020" / "2026-02-10"
    table = pd.read_csv(folder / "tables" / "audit.csv")
    whole = table[(table["measure"] == "precision") & (table["stratum"] == "all")]
    assert set(whole["estimate"]) == {1.0}
    findings = pd.read_csv(folder / "tables" / "findings.csv").set_index("finding")
    assert "30 days before this edition" in findings.loc["audit of attribution", "says_en"]
    capsys.readouterr()
    assert main(["verify", str(folder), "--input", export]) == 0
    assert main([*run, "2026-01-01"]) == 2
    assert "made from other audit" in capsys.readouterr().err
