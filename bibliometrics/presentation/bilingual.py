"""Text in two languages: sentences, numbers, dates and names, each by the locale's own rules."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd
from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal, format_percent
from markupsafe import Markup, escape

from bibliometrics.presentation.terms import TERMS
from bibliometrics.presentation.words import WORDS

ENGLISH = Locale("en")
CHINESE = Locale("zh", "CN", "Hans")
LOCALES = (ENGLISH, CHINESE)

# A name longer than this is a broken record; the page shows its beginning, the CSV all of it.
LONGEST_NAME = 240
_LONGEST_REASON = 400

# Control and direction marks: harmless inside an isolated element, but not in a drawing, a title
# or a terminal, where nothing isolates them. Lone surrogates cannot be written at all.
_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff"
    r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)


@dataclass(frozen=True)
class Text:
    """One piece of text in English and Chinese; ``str.format`` values are put in by ``say``."""

    en: str
    zh: str

    def __html__(self) -> str:
        if self.en == self.zh:
            return str(escape(self.en))
        return str(
            Markup('<span class="t" lang="en">{}</span><span class="t" lang="zh-Hans">{}</span>')
            .format(self.en, self.zh)
        )  # fmt: skip

    @property
    def joined(self) -> str:
        """Both languages in one line, for places that can hold no element."""
        return self.en if self.en == self.zh else f"{self.en} · {self.zh}"

    def map(self, change: Callable[[str], str]) -> Text:
        return Text(change(self.en), change(self.zh))

    def __bool__(self) -> bool:
        return bool(self.en or self.zh)


def same(value: object) -> Text:
    """``value`` as a text that is the same in both languages."""
    return Text(str(value), str(value))


def say(key: str, **values: object) -> Text:
    """The sentence ``key`` of ``words.WORDS`` with ``values`` put in, each in its own language."""
    en, zh = WORDS[key]
    return Text(
        en.format(**{name: _side(value, 0) for name, value in values.items()}),
        zh.format(**{name: _side(value, 1) for name, value in values.items()}),
    )


def reason(en: object, zh: object) -> Text:
    """A sentence of a table that carries both languages; the English where Chinese is missing."""
    english = clean(str(en), _LONGEST_REASON)
    return Text(english, english if missing(zh) else clean(str(zh), _LONGEST_REASON))


def _side(value: object, side: int) -> str:
    if isinstance(value, Text):
        return (value.en, value.zh)[side]
    if isinstance(value, bool | int | float):
        return _decimal(value, LOCALES[side], "#,##0")
    return str(value)


def term(family: str, code: object) -> Text:
    """The name of ``code`` in ``terms.TERMS``; the code itself where it has no name there."""
    if missing(code):
        return same("")
    pair = TERMS[family].get(str(code))
    return Text(*pair) if pair else same(clean(str(code)))


def capital(text: Text) -> Text:
    """``text`` as it stands at the head of a cell or caption."""
    return text.map(lambda side: side[:1].upper() + side[1:])


def missing(value: object) -> bool:
    """True for None, NA, NaN and the empty string."""
    if value is None or value is pd.NA:
        return True
    if isinstance(value, float):
        return math.isnan(value)
    return isinstance(value, str) and not value


def clean(value: str, longest: int = LONGEST_NAME) -> str:
    """``value`` on one line without control and direction marks, shortened to ``longest``."""
    kept = value[: longest * 4]
    # What prints holds none of them: nearly every text is passed by one look.
    if not kept.isprintable():
        kept = _UNSEEN.sub(" ", kept)
    folded = " ".join(kept.split())
    return folded if len(folded) <= longest else folded[: longest - 1] + "…"


def name(en: object, zh: object = None, longest: int = LONGEST_NAME) -> Text:
    """A name in both scripts; where one is not known, the other stands for it."""
    english = "" if missing(en) else clean(str(en), longest)
    chinese = "" if missing(zh) else clean(str(zh), longest)
    return Text(english or chinese, chinese or english)


def _decimal(value: float, locale: Locale, pattern: str) -> str:
    return str(format_decimal(value, format=pattern, locale=locale))


def _number(value: object) -> float | int | None:
    if missing(value):
        return None
    number: Any = value
    return int(number) if float(number).is_integer() else float(number)


def whole(value: object) -> int:
    """A whole number for drawing and comparing; zero where there is none."""
    number = _number(value)
    return 0 if number is None else round(number)


def count(value: object) -> Text:
    """A whole number; an en dash where there is none."""
    number = _number(value)
    if number is None:
        return same("–")
    return Text(*(_decimal(round(number), locale, "#,##0") for locale in LOCALES))


def decimal(value: object, places: int = 1) -> Text:
    """A number with ``places`` decimals; an en dash where there is none."""
    number = _number(value)
    if number is None:
        return same("–")
    pattern = "#,##0." + "0" * places if places else "#,##0"
    return Text(*(_decimal(number, locale, pattern) for locale in LOCALES))


def percent(value: object, places: int = 2) -> Text:
    """A fraction from 0 to 1 as a percentage with ``places`` decimals."""
    number = _number(value)
    if number is None:
        return same("–")
    pattern = "0." + "0" * places + "%" if places else "0%"
    return Text(*(str(format_percent(number, format=pattern, locale=loc)) for loc in LOCALES))


def day(value: str) -> Text:
    """An ISO date in long form; any other text through the terms for load dates, or as it is."""
    try:
        date = dt.date.fromisoformat(value)
    except ValueError:
        return term("as_of", value)
    return Text(*(str(format_date(date, format="long", locale=loc)) for loc in LOCALES))


def territory(code: object) -> Text:
    """The name of an ISO 3166 alpha-2 code by locale; Hong Kong, Macao and Taiwan by our words."""
    if missing(code):
        return say("country_unknown")
    if str(code) in TERMS["territory"]:
        return term("territory", code)
    names = [locale.territories.get(str(code)) for locale in LOCALES]
    if names[0] is None or names[1] is None:
        return same(clean(str(code)))
    return Text(str(names[0]), str(names[1]))


def join(texts: Iterable[Text]) -> Text:
    """``texts`` as a list: "a, b and c" and "a、b和c"."""
    items = list(texts)
    if not items:
        return same("")
    if len(items) == 1:
        return items[0]
    head, last = items[:-1], items[-1]
    return Text(
        ", ".join(t.en for t in head) + " and " + last.en,
        "、".join(t.zh for t in head) + "和" + last.zh,
    )


def counted(value: object, noun: str = "paper") -> Text:
    """A number with its noun: "1 paper", "370 papers"; ``noun`` names the pair in the words."""
    number = _number(value)
    plural = {"paper": "many_papers", "country": "many_countries"}[noun]
    return say(f"one_{noun}") if number == 1 else say(plural, n=count(number))


def denominator(value: object) -> Text:
    """A denominator as the tables carry it ("name = number"), with the name in both languages."""
    if missing(value):
        return same("–")
    label, _, number = str(value).partition(" = ")
    named = term("denominator", label)
    if not number:
        return named
    digits = number.replace(".", "", 1).isdigit()
    shown = decimal(float(number), 0 if "." not in number else 2) if digits else same(number)
    return say("paren", a=named, b=shown)
