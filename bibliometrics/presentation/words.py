"""Every sentence of the pages, in English and Chinese: the ``words*.toml`` files."""

from __future__ import annotations

import tomllib
from importlib.resources import files

Pair = tuple[str, str]


def word_files() -> list[str]:
    """The texts of the files of sentences, in the order of their names."""
    found = [item for item in files(__package__).iterdir() if item.name.startswith("words")]
    texts = sorted((item.name, item) for item in found if item.name.endswith(".toml"))
    return [item.read_text(encoding="utf-8") for _, item in texts]


def _read() -> dict[str, Pair]:
    return {
        key: (said["en"], said["zh"])
        for text in word_files()
        for key, said in tomllib.loads(text).items()
    }


WORDS = _read()
