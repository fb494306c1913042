"""A harvest's judged rows kept beside its pages, so that the next run need not judge them again.

    <cache folder of a study>/judged/<key>/<table>.arrow
    <cache folder of a study>/judged/<key>/manifest.json

They are derived, and believed only where everything they were made from is the same: the study, the
pages (by the hash of their content, and by size and time of each file), every module of this
package, and the libraries that read. Else the pages are read. Removing the folder costs time only.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import platform
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields
from functools import cache
from importlib import metadata
from pathlib import Path

import pyarrow as pa

from bibliometrics.corpus.columns import TABLES, Slice
from bibliometrics.sources.reading import Opened, Paged
from bibliometrics.sources.record import Quarantined
from bibliometrics.study.model import Study

_MANIFEST = "manifest.json"
_LIBRARIES = ("orjson", "Babel", "pyarrow")
_QUARANTINED = pa.schema(
    [("file", pa.string()), ("row", pa.int64()), ("reason", pa.string()), ("raw", pa.string())]
)


def key_of(opened: Opened, paged: Paged, study: Study, country_of: Callable[..., object]) -> str:
    """A hash of all that the judged rows of an input depend on."""
    made_of = (
        opened.name,
        opened.sha256,
        [(path.name, *_state(path)) for path in paged.pages],
        study.model_dump(mode="json"),
        f"{country_of.__module__}.{getattr(country_of, '__qualname__', '')}",
        _software(),
        platform.python_version(),
        [metadata.version(name) for name in _LIBRARIES],
    )
    return hashlib.sha256(json.dumps(made_of, sort_keys=True).encode()).hexdigest()[:32]


def _state(path: Path) -> tuple[int, int]:
    try:
        told = path.stat()
    except OSError:
        return -1, -1
    return told.st_size, told.st_mtime_ns


@cache
def _software() -> str:
    """A hash of every module of this package: any of them may change what a row is."""
    here = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(here.rglob("*.py")):
        digest.update(path.relative_to(here).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def load(folder: Path, key: str) -> list[Slice] | None:
    """The slices kept under ``key``; None where there are none, or not as they were written."""
    place = folder / key
    try:
        hashes: dict[str, str] = json.loads((place / _MANIFEST).read_bytes())
        found = {name: _read(place / f"{name}.arrow", hashes[name]) for name in _names()}
    except (OSError, ValueError, KeyError):
        return None
    quarantined = found.pop("quarantined")
    return [
        Slice(
            **{name: pa.Table.from_batches([batches[number]]) for name, batches in found.items()},
            quarantined=tuple(Quarantined(**row) for row in batch.to_pylist()),
        )
        for number, batch in enumerate(quarantined)
    ]


def _names() -> list[str]:
    return [field.name for field in fields(Slice)]


def _read(path: Path, sha256: str) -> list[pa.RecordBatch]:
    raw = path.read_bytes()
    if hashlib.sha256(raw).hexdigest() != sha256:
        raise ValueError(path.name)
    with pa.ipc.open_file(pa.BufferReader(raw)) as file:
        return [file.get_batch(number) for number in range(file.num_record_batches)]


def keeping(slices: Iterable[Slice], folder: Path, key: str) -> Iterator[Slice]:
    """``slices`` as they come; when all have come they are kept under ``key``, others removed."""
    seen = []
    for part in slices:
        seen.append(part)
        yield part
    # A folder that cannot be written to costs the next run its time, and nothing else.
    with contextlib.suppress(OSError):
        _write(seen, folder, key)


def _write(slices: Sequence[Slice], folder: Path, key: str) -> None:
    place, partial = folder / key, folder / f".{key}.partial"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    hashes = {}
    for name in _names():
        path = partial / f"{name}.arrow"
        kind = _QUARANTINED if name == "quarantined" else TABLES[name]
        with pa.ipc.new_file(path, kind, options=pa.ipc.IpcWriteOptions(compression="lz4")) as out:
            for part in slices:
                out.write_batch(_batch(part, name, kind))
        hashes[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    (partial / _MANIFEST).write_text(json.dumps(hashes, indent=1), encoding="utf-8")
    for old in folder.iterdir():
        if old != partial:
            shutil.rmtree(old, ignore_errors=True)
    partial.rename(place)


def _batch(part: Slice, name: str, kind: pa.Schema) -> pa.RecordBatch:
    """A table of a slice as one batch, also where it has no row."""
    if name == "quarantined":
        rows = [(row.file, row.row, row.reason, row.raw) for row in part.quarantined]
        columns = list(zip(*rows, strict=True)) or [()] * len(kind)
        arrays = [pa.array(values, type_) for values, type_ in zip(columns, kind.types)]
        return pa.RecordBatch.from_arrays(arrays, schema=kind)
    table: pa.Table = getattr(part, name)
    arrays = [pa.concat_arrays(table[column].chunks) if table[column].num_chunks else
              pa.array([], table[column].type) for column in table.column_names]  # fmt: skip
    return pa.RecordBatch.from_arrays(arrays, schema=kind)
