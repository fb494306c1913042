"""Files of an edition: written whole or not at all, the same bytes from run to run."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from bibliometrics.errors import EditionError
from bibliometrics.schema import DECIMALS, Table, plain
from bibliometrics.schema.cells import as_it_was as as_it_was  # noqa: PLC0414 - used from here
from bibliometrics.schema.cells import harmless as harmless  # noqa: PLC0414 - used from here
from bibliometrics.schema.declare import Kind

_MANIFEST = "manifest.json"


def csv_text(frame: pd.DataFrame, table: Table) -> str:
    """A conforming frame as CSV: header, ``\\n`` line ends, unknown as an empty cell."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.column_names)
    columns = []
    for column in table.columns:
        show = _SHOWN[column.kind]
        columns.append(["" if v is pd.NA else show(v) for v in plain(frame[column.name])])
    writer.writerows(zip(*columns, strict=True))
    return out.getvalue()


def _number(value: float) -> str:
    text = f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".")
    return text if text not in {"", "-0"} else "0"


_SHOWN: dict[Kind, Callable[[Any], str]] = {
    "text": harmless, "integer": str, "number": _number,
}  # fmt: skip


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 with ``\\n`` line ends, whole or not at all."""
    _write(path, text.encode("utf-8"))


def write_bytes(path: Path, content: bytes) -> None:
    """Write as given, whole or not at all."""
    _write(path, content)


def write_table(folder: Path, frame: pd.DataFrame, table: Table) -> None:
    write_text(folder / table.file_name, csv_text(frame, table))


def write_parquet(folder: Path, frame: pd.DataFrame, table: Table) -> None:
    """A conforming frame as Parquet, without anything that differs between machines."""
    kinds = {"text": pa.string(), "integer": pa.int64(), "number": pa.float64()}
    schema = pa.schema([(column.name, kinds[column.kind]) for column in table.columns])
    converted = pa.Table.from_pandas(frame, schema=schema, preserve_index=False)
    out = io.BytesIO()
    pq.write_table(converted.replace_schema_metadata(None), out, compression="zstd")
    _write(folder / f"{table.name}.parquet", out.getvalue())


def read_parquet(folder: Path, table: Table) -> pd.DataFrame:
    """A table of an edition's corpus.

    Raises
    ------
    EditionError : the file is not there.
    """
    path = folder / f"{table.name}.parquet"
    if not path.is_file():
        raise EditionError(f"the edition holds no {path.name}", hint="run the study again")
    frame: pd.DataFrame = pq.read_table(path).to_pandas(types_mapper=_pandas_types().get)
    return frame


def _pandas_types() -> dict[Any, Any]:
    return {
        pa.string(): pd.StringDtype(),
        pa.int64(): pd.Int64Dtype(),
        pa.float64(): pd.Float64Dtype(),
    }


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir():
        raise EditionError("is a folder", where=str(path), hint="give the name of a file to write")
    partial = path.with_name(f".{path.name}.partial")
    with partial.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def digests(folder: Path) -> dict[str, str]:
    """sha256 of every file below ``folder`` but the manifest, by relative path, in order."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != _MANIFEST
    }


def write_manifest(folder: Path, facts: Mapping[str, object]) -> None:
    """The manifest, last of all: an edition without one is half-written."""
    whole = {**facts, "files": digests(folder)}
    write_text(folder / _MANIFEST, json.dumps(whole, ensure_ascii=False, indent=2) + "\n")


def read_manifest(folder: Path) -> dict[str, object]:
    """The manifest of an edition.

    Raises
    ------
    EditionError : there is none, or it is not JSON.
    """
    path = folder / _MANIFEST
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise EditionError(
            "there is no finished edition here", where=folder.name, hint="run the study first"
        ) from error
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise EditionError("manifest.json cannot be read", where=folder.name) from error
    if not isinstance(found, dict):
        raise EditionError("manifest.json is not an object", where=folder.name)
    return found


def is_finished(folder: Path) -> bool:
    return (folder / _MANIFEST).is_file()


def made_at(folder: Path) -> float:
    """When an edition was finished, by its file system: to find the newest, never written down."""
    return (folder / _MANIFEST).stat().st_mtime


def unfinished(final: Path) -> list[Path]:
    """What runs that were cut short have left of an edition.

    Raises
    ------
    EditionError : another run is making the same edition now.
    """
    left = sorted(final.parent.glob(f".{final.name}.*.partial"))
    for folder in left:
        process = folder.name.split(".")[-2]
        if process.isdigit() and _is_running(int(process)):
            raise EditionError(
                "another run is making this edition now",
                where=f"{final.parent.name}/{final.name}",
                hint="wait for it, or give another name with --edition",
            )
    return left


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return process != os.getpid()


def check_free(final: Path) -> None:
    """Refuse to make an edition where something else lies.

    Raises
    ------
    EditionError : a folder with other files.
    """
    if final.is_dir() and any(final.iterdir()):
        raise EditionError(
            "a folder with other files lies where the edition should go",
            where=f"{final.parent.name}/{final.name}",
            hint="give another name with --edition, or move that folder away",
        )


def put_in_place(partial: Path, final: Path) -> None:
    """Move a finished folder to its name, which must be free."""
    check_free(final)
    if final.is_dir():
        final.rmdir()
    final.parent.mkdir(parents=True, exist_ok=True)
    partial.replace(final)
