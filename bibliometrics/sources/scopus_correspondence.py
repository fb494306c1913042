"""Who a Scopus export says is the corresponding author: the text of *Correspondence Address*.

``D.L. Chen; Department of …, Canada; email: …; J. Lv; …``, in older exports ``Chen, D.L.; …``: a
name, an address, at times an e-mail address, one author after another.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

_APART = ".,’'`"


def corresponding(text: str, names: Sequence[str]) -> tuple[int, ...] | None:
    """Positions, from 1, of the corresponding authors among ``names`` (``Chen D.L.``).

    None where the text does not say it for certain: it is empty, or does not open with the name of
    an author, or a name is that of two authors.
    """
    items = text.split(";")
    if not items[0] or items[0].isspace():
        return None
    keys = [*map(_key, names)]
    found: list[int] = []
    for number, item in enumerate(items):
        # An e-mail address is nobody's name, and no other paper has it: its key is not made.
        if number and "@" in item and "@" not in "".join(names):
            continue
        key = _key_of_item(item)
        namesakes = keys.count(key)
        if namesakes > 1 or (number == 0 and not namesakes):
            return None
        if namesakes:
            found.append(keys.index(key) + 1)
    return tuple(sorted(set(found)))


@lru_cache(maxsize=1 << 16)
def _key(name: str) -> tuple[str, ...]:
    """The parts of a name without points, in an order that does not tell first from last."""
    plain = name.casefold()
    for sign in _APART:
        plain = plain.replace(sign, " ")
    return tuple(sorted(plain.split()))


# Addresses come in hundreds of forms: they should not drive the names out.
_key_of_item = lru_cache(maxsize=1 << 13)(_key.__wrapped__)
