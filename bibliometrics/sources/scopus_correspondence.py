"""Who a Scopus export says is the corresponding author: the text of *Correspondence Address*.

``D.L. Chen; Department of …, Canada; email: …; J. Lv; …``, in older exports ``Chen, D.L.; …``: a
name, an address, at times an e-mail address, one author after another.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

_APART = re.compile(r"[\s.,’'`]+")


def corresponding(text: str, names: Sequence[str]) -> tuple[int, ...] | None:
    """Positions, from 1, of the corresponding authors among ``names`` (``Chen D.L.``).

    None where the text does not say it for certain: it is empty, or does not open with the name of
    an author, or a name is that of two authors.
    """
    items = [item.strip() for item in text.split(";")]
    if not items[0]:
        return None
    keys = [*map(_key, names)]
    has_mail_sign = any("@" in name for name in names)
    found: list[int] = []
    for number, item in enumerate(items):
        # An e-mail address is nobody's name, and no other paper has it: its key is not made.
        if "@" in item and number and not has_mail_sign:
            continue
        key = _key(item)
        namesakes = keys.count(key)
        if namesakes > 1 or (number == 0 and not namesakes):
            return None
        if namesakes:
            found.append(keys.index(key) + 1)
    return tuple(sorted(set(found)))


@lru_cache(maxsize=1 << 15)
def _key(name: str) -> tuple[str, ...]:
    """The parts of a name without points, in an order that does not tell first from last."""
    return tuple(sorted(part for part in _APART.split(name.casefold()) if part))
