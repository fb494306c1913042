"""Invented authors: each institution has its own, and some write far more than others."""

from __future__ import annotations

from bibliometrics.simulation.chance import Chance
from bibliometrics.simulation.model import Author, Institution


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_SURNAMES = _words("""
Wang Li Zhang Liu Chen Yang Huang Zhao Wu Zhou Xu Sun Ma Zhu Hu Guo He Gao Lin Luo Zheng Liang
Xie Song Tang Han Feng Yu Dong Xiao Cheng Cao Yuan Deng Fu Shen Zeng Peng Lu Su Jiang Cai Jia
Ding Wei Xue Ye Yan Pan Du Dai Xia Zhong Tian Ren Fan Fang Shi Yao Tan Liao Zou Xiong Jin Hao
Kong Bai Cui Kang Mao Qiu Qin Gu Hou Shao Meng Long Wan Qian Ouyang
""")
_SYLLABLES = _words("""
wei fang min jing lei qiang yong jun jie tao ming chao hui ping gang hong xin yan peng fei hao
ning lin rui yu xiang bin kai wen zhi jian hua guo dong hai xue ying mei qing shan lan cheng bo
yang long sheng rong tian he shu kun heng yi nan
""")
_ABROAD = _words("""
Ashdown Bellweather Carrow Dunsmore Eastgate Fairlie Garmond Hallorane Ingleby Jessop Kirkwood
Larkin Merriweather Nordahl Okonjo Pemberton Quennell Rosenthal Sandoval Thackeray Underhill
Vasquez Whitlock Yamazaki Zeller Müllerhaus Garcés Lindqvist O'Hanlon Kovačić D'Arbanville
Takemoto Rao Banerji Petrovna Söderholm
""")
_PARTICLES = ("", "", "", "", "", "", "", "", "", "van der ")
_GIVEN = _words("""
Alice Bruno Clara David Elena Frank Greta Henry Irene Julian Karin Lucas Maria Nils Olivia Paul
Rosa Simon Teresa Victor
""")
_SECOND = "ABCDEFGHJKLMNPRSTW"
_FIRST_ID = 90_000_000_000


class Rosters:
    """The people of each institution, drawn when first needed."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._people: dict[str, list[Author]] = {}
        self._drawn = 0

    def author(self, institution: str, *, papers: int, is_chinese: bool) -> Author:
        """Someone of the institution; a few of its people sign most of its papers."""
        people = self._people.setdefault(institution, [])
        place = int(max(8, papers * 2) * self._chance.fraction() ** 2)
        while len(people) <= place:
            people.append(self._born(is_chinese or self._chance.happens(0.35)))
        return people[place]

    def crowd(self, size: int) -> list[Author]:
        """People of no institution in particular."""
        return [self._born(is_chinese=True) for _ in range(size)]

    def _born(self, is_chinese: bool) -> Author:
        chance = self._chance
        self._drawn += 1
        number = str(_FIRST_ID + self._drawn)
        if is_chinese:
            first = chance.pick(_SYLLABLES).title()
            second = chance.pick(_SYLLABLES) if chance.happens(0.7) else ""
            if chance.happens(0.15) and second:
                given, initials = f"{first}-{second.title()}", f"{first[0]}.-{second[0].upper()}."
            else:
                given, initials = first + second, f"{first[0]}."
            return Author(number, chance.pick(_SURNAMES), given, initials)
        given, second = chance.pick(_GIVEN), chance.pick(_SECOND)
        surname = chance.pick(_PARTICLES) + chance.pick(_ABROAD)
        if chance.happens(0.5):
            return Author(number, surname, f"{given} {second}.", f"{given[0]}.{second}.")
        return Author(number, surname, given, f"{given[0]}.")


def is_chinese_place(institution: Institution) -> bool:
    """True where most people have Chinese names: Greater China, and Microsoft in Beijing."""
    return institution.scope != "foreign" or institution.since > 0
