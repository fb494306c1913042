"""Is the corpus about the topic? A sample to mark, and the marks read back."""

from __future__ import annotations

import argparse
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from bibliometrics.cli import shared
from bibliometrics.errors import EXIT_DONE, EditionError, InputError

if TYPE_CHECKING:
    from bibliometrics.firmness.delineation import Drawn, Judged

_KEY, _MARKS = ".delineation.key.csv", ".delineation.csv"


def register(verbs: shared.Verbs) -> None:
    """Add this command to the parser."""
    delineate = verbs.of_edition(
        "delineate", _delineate, "a sample of papers to mark: about the topic, or not",
        "delineate cingai-2020 --size 200",
    )  # fmt: skip
    delineate.add_argument("--size", type=shared.whole(1), default=200,
                           help="papers to draw (default 200); ten a keyword at least")  # fmt: skip
    delineate.add_argument("--out", type=Path, help="where to write the form")
    delineate.add_argument("--read", type=Path, metavar="FILE", help="a form that was filled")


def _delineate(given: argparse.Namespace) -> int:
    return _read(given) if given.read else _draw(given)


def _draw(given: argparse.Namespace) -> int:
    from bibliometrics import delineation_form, schema, store
    from bibliometrics.firmness import delineation

    study, path = shared.study(given.study)
    out = given.out or Path(f"{study.name}.delineation.form.csv")
    shared.file_to_write(out)
    edition = shared.edition(given, study)
    key, kept = path.with_suffix(_KEY), path.with_suffix(_MARKS)
    if kept.exists():
        raise EditionError(
            f"{kept.name} holds marks of an earlier sample",
            hint="move it and its key away before a new sample is drawn",
        )
    corpus = edition / "corpus"
    hits = store.read_parquet(corpus, schema.KEYWORD_HITS)
    papers = store.read_parquet(corpus, schema.PAPERS)
    sample = delineation.draw(hits, given.size, study.uncertainty.seed)
    drawn = delineation_form.key(sample)
    if key.exists() and _text(key) != drawn:
        raise EditionError(
            f"{key.name} is the key of another sample, whose form may be in somebody's hands",
            hint="read that form with --read, or move the key away before a new sample is drawn",
        )
    if out.exists():
        raise EditionError(
            f"{out.name} is there already, and may hold marks", hint="give another --out"
        )
    store.write_text(out, delineation_form.form(sample, papers))
    store.write_text(key, drawn)
    print(f"{len(sample)} papers of {edition.name}, seed {study.uncertainty.seed}: {out}")
    if len(sample) > given.size:
        print(f"more than {given.size}: ten papers a keyword are the least that can be judged")
    print(f"what was drawn, and how: {key}")
    print(f"fill about (yes, no), marked_by, marked_on; then: bibliometrics delineate"
          f" {shared.again(given, edition.name)} --read {shlex.quote(str(out))}")  # fmt: skip
    return EXIT_DONE


def _read(given: argparse.Namespace) -> int:
    from bibliometrics import delineation_form, schema, store
    from bibliometrics.counting.ranking import Stamp
    from bibliometrics.firmness import delineation

    study, path = shared.study(given.study)
    edition = shared.edition(given, study)
    text = _text(given.read)
    judged = delineation_form.read_marks(text, given.read.name, _sample(path))
    hits = store.read_parquet(edition / "corpus", schema.KEYWORD_HITS)
    papers = len(store.read_parquet(edition / "corpus", schema.PAPERS))
    found = delineation.table(judged, hits, papers, study.uncertainty.seed, Stamp("full", "", ""))
    if found.empty:
        raise InputError("no row is marked", where=given.read.name, hint="fill the column about")
    for row in found.sort_values("keyword", key=lambda k: k == "all", kind="stable").itertuples(
        index=False
    ):
        print(
            f"{row.keyword}: {row.about} of {row.marked} marked are about the topic:"
            f" {row.share_about:.1%}, shown ≥ {row.share_about_low:.1%}"
            f" (95 % interval to {row.share_about_high:.1%}, effective {row.effective:.0f})"
        )
    kept = path.with_suffix(_MARKS)
    if not (kept.exists() and kept.samefile(given.read)):
        store.write_text(kept, text.removeprefix("\ufeff"))
    print(f"kept beside the study: {kept}; the next edition carries it (tables/delineation.csv)")
    return EXIT_DONE


def _sample(study_file: Path) -> tuple[Drawn, ...]:
    from bibliometrics import delineation_form

    key = study_file.with_suffix(_KEY)
    if not key.is_file():
        raise InputError(
            f"{key.name} is not beside the study",
            hint="a form is read with the key that was written when it was drawn",
        )
    return delineation_form.read_key(_text(key), key.name)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("the file is not UTF-8", where=path.name, hint="save it so") from error


def beside(study_file: Path) -> tuple[Judged, ...]:
    """The marks kept beside a study, if there are any."""
    from bibliometrics import delineation_form

    kept = study_file.with_suffix(_MARKS)
    if not kept.is_file():
        return ()
    return delineation_form.read_marks(_text(kept), kept.name, _sample(study_file))
