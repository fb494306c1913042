"""Titles, abstracts and keywords, with a record of where each of the five keywords stands."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bibliometrics.simulation import vocabulary as words
from bibliometrics.simulation.chance import Chance, running
from bibliometrics.simulation.model import FIELDS, KEYWORDS, Hit, Text

_LEANING = {
    "robotics": running((1, 3, 14, 0.5, 2)),
    "learning": running((4, 12, 3, 1, 6)),
    "speech": running((2, 5, 2, 9, 3)),
    "health": running((4, 8, 3, 0.5, 5)),
    "earth": running((4, 9, 2, 0.2, 3)),
    "industry": running((5, 7, 5, 0.3, 3)),
}
_FIELD_CHANCES = (0.3, 0.7, 0.45, 0.4)


class Writer:
    """Writes texts with titles that occur once."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._titles: set[str] = set()

    def paper(self, theme: str, year: int) -> Text:
        """A text with at least one keyword in at least one field."""
        return self.write(theme, year, self._draw_hits(theme))

    def write(
        self,
        theme: str,
        year: int,
        hits: Sequence[Hit],
        *,
        copyright_line: str = "",
        extra_terms: tuple[str, ...] = (),
    ) -> Text:
        """A text with keywords exactly where ``hits`` says."""
        chance = self._chance
        task = chance.pick(words.TASKS[theme])
        method = chance.pick(words.METHODS)
        by_field: dict[str, list[str]] = {name: [] for name in FIELDS}
        for keyword, name in hits:
            by_field[name].append(keyword)
        terms = [task.capitalize(), method.capitalize(), chance.pick(words.METHODS).capitalize()]
        terms += [chance.pick(words.TERMS[keyword]) for keyword in by_field["author_keywords"]]
        has_index = bool(by_field["index_keywords"]) or chance.happens(0.45)
        index = [chance.pick(words.INDEX_TERMS) for _ in range(chance.between(3, 7))]
        index += [chance.pick(words.TERMS[keyword]) for keyword in by_field["index_keywords"]]
        return Text(
            title=self._title(by_field["title"], task, method),
            abstract=self._abstract(by_field["abstract"], task, method, year, copyright_line),
            author_keywords=tuple(_once([*terms, *extra_terms])),
            index_keywords=tuple(sorted(_once(index))) if has_index else (),
            hits=tuple(sorted(set(hits))),
        )

    def _draw_hits(self, theme: str) -> list[Hit]:
        chance = self._chance
        keywords = [KEYWORDS[chance.place(_LEANING[theme])]]
        if chance.happens(0.15):
            keywords = list(_once([*keywords, chance.pick(KEYWORDS)]))
        hits = []
        for keyword in keywords:
            fields = [name for name, share in zip(FIELDS, _FIELD_CHANCES) if chance.happens(share)]
            hits += [(keyword, name) for name in fields or [chance.pick(FIELDS)]]
        return hits

    def _title(self, keywords: list[str], task: str, method: str) -> str:
        chance = self._chance
        number = 0
        while True:
            number += 1
            forms = [chance.pick(words.FORMS[keyword]) for keyword in keywords]
            pattern = chance.pick(words.KEYWORD_TITLES if forms else words.TITLES)
            title = pattern.format(
                keyword=" and ".join(forms),
                quality=chance.pick(words.QUALITIES).lower(),
                method=method,
                task=task,
                setting=chance.pick(words.SETTINGS),
            )
            title = title[0].upper() + title[1:]
            if number > 8:
                title = f"{title} (report {len(self._titles)})"
            key = re.sub(r"[^a-z0-9]", "", title.lower())
            if key not in self._titles:
                self._titles.add(key)
                return title

    def _abstract(
        self, keywords: list[str], task: str, method: str, year: int, copyright_line: str
    ) -> str:
        chance = self._chance
        other = chance.pick(words.METHODS)
        low = chance.between(60, 80)
        details = {
            "task": task, "method": method, "other": other, "low": low,
            "setting": chance.pick(words.SETTINGS), "high": low + chance.between(3, 18),
            "gain": chance.between(2, 30), "count": chance.between(120, 9_800),
        }  # fmt: skip
        start = chance.below(len(words.MIDDLES))
        middles = [words.MIDDLES[(start + 3 * step) % 8] for step in range(chance.between(2, 3))]
        sentences = [
            chance.pick(words.OPENINGS),
            *middles,
            chance.pick(words.RESULTS),
            chance.pick(words.CLOSINGS),
        ]
        written = [sentence.format(**details) for sentence in sentences]
        for keyword in keywords:
            form = chance.pick(words.FORMS[keyword])
            sentence = chance.pick(words.KEYWORD_SENTENCES).format(keyword=form, task=task)
            written.insert(1 + chance.below(len(written)), sentence)
        text = " ".join(written)
        if copyright_line:
            return f"{text} {copyright_line.format(year=year)}"
        if chance.happens(0.03):
            return f"{text} {chance.pick(words.KEYWORD_COPYRIGHTS).format(year=year)}"
        if chance.happens(0.6):
            line = chance.pick(words.COPYRIGHTS).format(year=year)
            return f"{line} {text}" if chance.happens(0.05) else f"{text} {line}"
        return text


def _once(items: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(items))
