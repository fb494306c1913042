"""What all pages share: the template environment, and a content policy computed from the parts.

The policy names the hash of each script and style, so nothing else can run in the page, whatever
a record holds; data goes into a JSON block that no script engine reads as code.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from importlib import resources

from jinja2 import BaseLoader, ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bibliometrics.edition import Edition
from bibliometrics.presentation import bilingual
from bibliometrics.presentation.words import WORDS

_TEMPLATES = "templates"


@dataclass(frozen=True)
class Parts:
    """Scripts and styles of one page, in the order they stand in it.

    ``beside``: scripts in files beside the page may run too (the data of the lists of papers).
    ``without_script``: the style of a page that can be read where no script runs.
    """

    styles: tuple[Markup, ...]
    scripts: tuple[Markup, ...]
    beside: bool = False
    without_script: Markup | None = None

    @property
    def policy(self) -> str:
        """The Content-Security-Policy that lets these parts, and nothing else, act."""
        beside = ("'self'",) if self.beside else ()
        styles = (*self.styles, *((self.without_script,) if self.without_script else ()))
        return "; ".join(
            (
                "default-src 'none'",
                " ".join(("script-src", *beside, *(digest(part) for part in self.scripts))),
                "style-src " + " ".join(digest(part) for part in styles),
                "img-src data: blob: 'self'",
                "base-uri 'none'",
                "form-action 'none'",
            )
        )


def digest(part: str) -> str:
    """The hash source expression of an inline script or style (CSP level 2)."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(part.encode()).digest()).decode()}'"


def asset(file_name: str) -> Markup:
    """A script or style of the package, ours and therefore not escaped."""
    source = resources.files(__package__).joinpath(_TEMPLATES, file_name)
    return Markup(source.read_text(encoding="utf-8"))  # noqa: S704 - package data, not input


def json_block(value: object) -> Markup:
    """``value`` as JSON that can stand in a script element: no tag, entity or line end in it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 - every character that could end the block is escaped


def page_title(edition: Edition, title: bilingual.Text) -> str:
    """The browser's title: both languages, and the warning first where records are simulated."""
    if not edition.is_simulated:
        return title.joined
    return f"{bilingual.say('terminal_simulated').joined} | {title.joined}"


def environment(fallback: BaseLoader | None = None) -> Environment:
    """Templates of the package with automatic escaping; undefined names are errors."""
    own: BaseLoader = PackageLoader("bibliometrics.presentation", _TEMPLATES)
    env = Environment(
        loader=ChoiceLoader([own, fallback]) if fallback else own,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals.update(
        say=bilingual.say,
        term=bilingual.term,
        count=bilingual.count,
        decimal=bilingual.decimal,
        percent=bilingual.percent,
        day=bilingual.day,
        territory=bilingual.territory,
        same=bilingual.same,
        clean=bilingual.clean,
        capital=bilingual.capital,
        words=WORDS,
    )
    env.filters["json_block"] = json_block
    return env
