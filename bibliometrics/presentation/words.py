"""Every sentence of the pages, in English and Chinese, in one place: ``words.toml``."""

from __future__ import annotations

import tomllib
from importlib.resources import files

Pair = tuple[str, str]


def _read() -> dict[str, Pair]:
    text = files("bibliometrics.presentation").joinpath("words.toml").read_text(encoding="utf-8")
    return {key: (said["en"], said["zh"]) for key, said in tomllib.loads(text).items()}


WORDS = _read()
