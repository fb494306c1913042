"""Rows that must not end in the corpus, each with exactly one fault."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bibliometrics.simulation import cast, vocabulary
from bibliometrics.simulation.addresses import slug
from bibliometrics.simulation.chance import Chance
from bibliometrics.simulation.drawing import Studio, renamed
from bibliometrics.simulation.model import KEPT, Hit, Paper, Record, Signature
from bibliometrics.simulation.ties import Plan, draw_year

FEWER_FIELDS = ("Abstract", "Author Keywords", "Volume", "Issue", "Correspondence Address")
_OTHER_TYPES = ("Review", "Conference Paper", "Review", "Conference Paper", "Retracted", "Letter",
                "Erratum")  # fmt: skip


def outside_rows(studio: Studio, papers: int) -> list[Record]:
    """Rows that the filter drops, for every reason it has."""
    kinds: tuple[tuple[str, float, int, Callable[[Studio, int], Paper]], ...] = (
        ("document_type", 0.015, 7, _other_type),
        ("year", 0.008, 2, _too_late),
        ("keywords", 0.008, 8, _no_keyword),
        ("no_affiliation", 0.003, 2, _no_address),
        ("country", 0.010, 6, _elsewhere),
    )
    return [
        Record(draw(studio, number), reason)
        for reason, share, least, draw in kinds
        for number in range(max(least, int(papers * share)))
    ]


def duplicate_rows(
    studio: Studio, kept: list[Paper], papers: int
) -> tuple[list[Paper], list[tuple[str, Record]]]:
    """Second rows of kept papers, each with the EID of what it copies.

    The kept papers are returned too, for some of them lose their DOI.

    The copies: the same row again, the same EID with fewer filled fields, the same DOI under
    another EID, and the same title, year and journal with neither.
    """
    shares = (("same", 0.008), ("fewer", 0.005), ("doi", 0.004), ("title", 0.003))
    kinds = [kind for kind, share in shares for _ in range(max(2, int(papers * share)))]
    kept = list(kept)
    places = studio.chance.shuffled(range(len(kept)))
    copies = []
    for kind in kinds:
        place = next(each for each in iter(places.pop, None) if kind != "doi" or kept[each].doi)
        if kind == "title":
            kept[place] = replace(kept[place], doi="")
        paper = kept[place]
        original = paper.eid
        if kind in {"doi", "title"}:
            paper = renamed(studio, paper, keep_doi=kind == "doi")
        blank = () if kind == "same" else FEWER_FIELDS
        copies.append((original, Record(paper, "duplicates", blank)))
    return kept, copies


def broken_rows(studio: Studio) -> list[Record]:
    """Rows that cannot be read as a record: cut short, and without title and year."""
    plans = [studio.domestic_plan() for _ in range(4)]
    papers = [studio.paper(plan) for plan in plans]
    return [
        Record(papers[0], "quarantined", is_cut_short=True),
        Record(papers[1], "quarantined", is_cut_short=True),
        Record(papers[2], "quarantined", ("Title", "Year")),
        Record(papers[3], "quarantined", ("Title", "Year")),
    ]


def hostile_titles(kept: list[Paper]) -> list[Paper]:
    """The papers with a few titles and abstracts that spreadsheets and naive readers stumble on."""

    def retitled(paper: Paper, change: Callable[[str], str]) -> Paper:
        return replace(paper, text=replace(paper.text, title=change(paper.text.title)))

    def broken_line(text: str) -> str:
        first, _, rest = text.partition(". ")
        return f"{first}.\n{rest}"

    changes: tuple[Callable[[str], str], ...] = (
        lambda title: f"=Equal shares, {title}",
        lambda title: f"=1+1 is not a formula: {title}",
        lambda title: f"+ and - in practice; {title}",
        lambda title: f"@home: {title}",
        lambda title: f'"Quoted" words, commas, and "more": {title}',
        lambda title: f"<b>{title}</b> & <i>others</i>",
        lambda title: title.replace(" ", "\n", 1),
    )
    changed = [retitled(paper, change) for paper, change in zip(kept, changes)]
    rest = kept[len(changed) :]
    for place in range(2):
        text = replace(rest[place].text, abstract=broken_line(rest[place].text.abstract))
        rest[place] = replace(rest[place], text=text)
    return changed + rest


def _other_type(studio: Studio, number: int) -> Paper:
    paper = studio.paper(studio.domestic_plan())
    return replace(paper, document_type=_OTHER_TYPES[number % len(_OTHER_TYPES)])


def _too_late(studio: Studio, _number: int) -> Paper:
    return studio.paper(studio.domestic_plan(2020))


def _no_keyword(studio: Studio, number: int) -> Paper:
    """No keyword stands as a phrase: robotics, a copyright line, two keywords side by side."""
    plan = studio.domestic_plan()
    line = ""
    terms: tuple[str, ...] = ()
    kind = number % 4
    theme = "robotics" if kind in {0, 3} else "learning"
    if kind == 1:
        line = studio.chance.pick(vocabulary.KEYWORD_COPYRIGHTS)
    elif kind == 2 and number % 8 == 2:
        terms = ("Sewing machine", "Learning rate")
    elif kind != 2:
        terms = ("Robotics", "Robotic arm", "Microrobots")
    no_hits: list[Hit] = []
    text = studio.writer.write(
        theme,
        plan.year,
        no_hits,
        copyright_line=line or vocabulary.COPYRIGHTS[0],
        extra_terms=terms,
    )
    return studio.paper(plan, text)


def _no_address(studio: Studio, _number: int) -> Paper:
    plan = studio.domestic_plan()
    signatures = tuple(
        Signature(person, ()) for person in studio.rosters.crowd(studio.chance.between(1, 4))
    )
    return studio.signed(plan, signatures)


def _elsewhere(studio: Studio, number: int) -> Paper:
    """Addresses in Hong Kong, Macao and Taiwan only, or abroad only."""
    chance = studio.chance
    directory = studio.directory
    kind = number % 6
    if kind < 3:
        institutions = [directory.greater[number % len(directory.greater)]]
    elif kind == 3:
        name, _, country = cast.HOMONYMS[number // 6 % 2]
        institutions = [f"x-{cast.COUNTRIES[country].lower()}-{slug(name)}"]
    else:
        institutions = [chance.pick(directory.others), chance.pick(directory.report[4:])]
    plan = Plan(draw_year(chance, 2005), "learning", institutions)
    return studio.signed(plan, _no_strangers(studio, plan, ends_in_china=kind < 2))


def _no_strangers(studio: Studio, plan: Plan, *, ends_in_china: bool) -> tuple[Signature, ...]:
    """Signatures without an address on the mainland; where asked, one still ends in 'China'."""
    while True:
        signatures = studio.signatures(plan)
        addresses = [each for signature in signatures for each in signature.addresses]
        misleading = any(each.department_first.endswith(", China") for each in addresses)
        if all(each.place != "mainland" for each in addresses) and (
            misleading or not ends_in_china
        ):
            return signatures


def kept_records(kept: list[Paper]) -> list[Record]:
    """The rows of the corpus itself."""
    return [Record(paper, KEPT) for paper in kept]


def in_files(
    chance: Chance, rows: Sequence[Record], copies: Sequence[tuple[str, Record]]
) -> list[Record]:
    """All rows in a drawn order, each copy half the search away from what it copies.

    Nothing that is copied stands in the middle, so that the two are in different files however
    many files there are.
    """
    copied = {original for original, _ in copies}
    plain = chance.shuffled(row for row in rows if row.paper.eid not in copied)
    pairs = chance.shuffled(row for row in rows if row.paper.eid in copied)
    band = max(20, len(rows) // 20)
    middle, rest = plain[:band], plain[band:]
    front = chance.shuffled(rest[: len(rest) // 2] + pairs[: len(pairs) // 2])
    back = chance.shuffled(rest[len(rest) // 2 :] + pairs[len(pairs) // 2 :])
    order = [*front, *middle, *back]
    places = {row.paper.eid: place for place, row in enumerate(order)}
    start = len(order) - len(back)
    arriving: dict[int, list[Record]] = {}
    for original, copy in copies:
        place = places[original]
        far = start + place * len(back) // len(front) if place < start else place - start
        arriving.setdefault(min(far, len(order) - 1), []).append(copy)
    return [each for place, row in enumerate(order) for each in (row, *arriving.get(place, ()))]
