"""From an affiliation string to words that can be compared.

Compatibility forms, diacritics, apostrophes, abbreviations (those of Web of Science and Inspec
included), plurals, spelling variants and traditional characters are brought to one form; words
that carry no name ("of", "the", "and") are dropped, but what stood between two words is kept as
`Glue`, since "Anhui University of Technology" is not "Anhui University, Technology".
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from enum import IntFlag


class Glue(IntFlag):
    """What stands between a word and the word before it."""

    NONE = 0
    OF = 1
    AND = 2
    STOP = 4
    COMMA = 8
    HARD = 16
    BRACKET = 32
    HYPHEN = 64
    CLOSE = 128


# Plain numbers: a flag operation per word would cost more than the whole scan.
OF, AND, STOP, COMMA, HARD, BRACKET, HYPHEN, CLOSE = (int(flag) for flag in Glue if flag)
BREAK = COMMA | HARD


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words of a string: compared form, written form, and the glue before each."""

    words: list[str]
    raws: list[str]
    glue: list[int]

    def between(self, start: int, end: int) -> str:
        """The written words from `start` to `end` (exclusive), joined by spaces."""
        return " ".join(self.raws[start:end])


_STOP = {"of": OF, "and": AND, "the": STOP, "for": STOP, "in": STOP, "at": STOP, "on": STOP,
         "to": STOP, "von": STOP, "der": STOP, "du": STOP}  # fmt: skip
_MARKS = {",": COMMA, ":": COMMA, "、": COMMA, "·": COMMA, ";": HARD, "|": HARD, "\n": HARD,
          "\t": COMMA, "#": COMMA, "(": BRACKET, ")": CLOSE, "[": BRACKET, "]": CLOSE,
          "-": HYPHEN, "/": HYPHEN, "–": HYPHEN, "—": HYPHEN, "‐": HYPHEN, "‑": HYPHEN,
          "&": AND, "+": AND, "。": COMMA}  # fmt: skip

# Abbreviations and inflections -> the form compared. A line is: form, then what becomes it.
_FORMS = """
university univ unversity universty universitiy
college coll colleges
institute inst institutes institution
academy acad academies academia
school sch schools
department dept depts dep departments
hospital hosp hospitals
laboratory lab labs laboratories labor
center centre centers centres ctr cent
technology technol tech technologies techn technical technological
science sci sciences
engineering engn eng engng engrg engineer
medical med medicine
national natl nat
international int intl
chinese chin
agriculture agr agri agric agricultural
economics econ
finance finan
business bus
management manag mgmt
education educ
information informat informatics
electronics elect electron electronic electr electric electrical
communications commun communication telecommun telecommunication telecommunications
posts post
computer comput comp computing computation computational computers
automation automat autom
physics phys physical
chemistry chem chemical
mathematics math maths mathematical
mechanics mech mechanical
materials mat mater material
aeronautics aeronaut aeronautic aeronautical aero
astronautics astronaut astronautic astronautical
aerospace aerosp
geosciences geosci geoscience
geology geol geological
mining min
petroleum petr
transportation transport transp
polytechnic polytech polytechnical politechnic
normal norm
research res researches
development dev
environment environm environmental environ
ecology ecol ecological
energy ener
nuclear nucl
defense def defence
military mil
traditional tradit trad
pharmacy pharm pharmaceutical pharmaceut
biology biol biological
optics opt optical
industry ind industrial
applied appl
advanced adv
affiliated affil affiliate
first 1st no1
second 2nd
third 3rd
fourth 4th
peoples people
republic rep
study studies
systems system syst
network networks
microelectronics microelect
semiconductors semiconductor semicond
resources resource
ocean oceanog
oceanology oceanol
observatory observ observatories
astronomy astron astronomical
atmospheric atmospher
architecture arch architect architectural
construction construct
languages language
political polit
social soc
arts art
sport sports
culture cultural cult
textile text
commerce commer
graduate grad
microsystem microsyst
intelligence intelligent intell
artificial artif
acoustics acoust
veterinary vet
genetics genet
neuroscience neurosci
psychology psychol
molecular mol
biochemistry biochem
process proc
machine machines
service services
corporation corp corporations
company co
limited ltd
incorporated inc
group grp
memorial mem meml
cancer canc
health hlth
clinical clin
general gen
province prov provincial provin
oncology oncol
ophthalmology ophthalmol
stomatology stomatol stomatological
cardiovascular cardiovasc
rehabilitation rehabil
robotics robot
surgery surg
disease dis diseases
translational translat
precision precis
"""
_WORDS: dict[str, str] = {}
for _line in _FORMS.strip().splitlines():
    _form, *_others = _line.split()
    for _other in _others:
        _WORDS.setdefault(_other, _form)
# Two readings of one abbreviation are one form here: comp., elect. and the like never decide.
_WORDS["macao"] = "macau"

# Words that are one name, written apart or with a hyphen.
_PAIRS = {
    ("jiao", "tong"): "jiaotong",
    ("yat", "sen"): "yatsen",
    ("xi", "an"): "xian",
    ("tai", "yuan"): "taiyuan",
    ("hi", "technology"): "hitech",
    ("poly", "technology"): "polytechnic",
    ("hi", "tech"): "hitech",
    ("nan", "jing"): "nanjing",
    ("bei", "jing"): "beijing",
    ("shang", "hai"): "shanghai",
    ("opto", "electronics"): "optoelectronics",
    ("micro", "electronics"): "microelectronics",
    ("bio", "medicine"): "biomedicine",
    ("geo", "science"): "geosciences",
    ("deep", "sea"): "deepsea",
    ("hang", "kong"): "hangkong",
    ("qi", "zhi"): "qizhi",
}
_PAIR_HEADS = {first for first, _ in _PAIRS}

# Everything a piece of text may be at one look: its form, or what it puts between two words.
_KNOWN: dict[str, str | int] = {**_WORDS, **_STOP, **_MARKS}

_APOSTROPHES = dict.fromkeys(map(ord, "'’‘`´′ʹʼʻ＇‛"), None)
_LETTERS = str.maketrans(
    {"ø": "o", "Ø": "O", "ß": "ss", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "æ": "ae", "Æ": "AE",
     "œ": "oe", "Œ": "OE", "ı": "i", "þ": "th", "ð": "d"}
)  # fmt: skip
_TRADITIONAL = str.maketrans(
    "學國灣臺灣東華師範醫藥護體廣義陽陰術業農林園藝傳亞應龍際資訊電機與聯門澳經貿財關銘樹開聖約翰濟"
    "會長興島屏臺縣實驗處環衛產區數據圖書館語軍團動態統計劃計畫無線網絡網路雲車運輸輸鐵橋築設備試測繪"
    "遙點質鋼鑛礦儀紡織紅綠葉麗島嶼灘灣漢滬閩蘇寧贛陝隴貴遼黑龍內蒙雙鄭蘭濱綿蕪蘆廈煙錦鞍撫營盤鐵嶺"
    "學習類腦視覺馬書慶豐穀種課題組員總單節後勁標準創業務發臨診療養復癌腫傷戰訓練導彈飛術製藥創優質"
    "華彰埔興銀聲響樂曉親愛輔軒靜宜僑義守樹德崑弘維興嶺東勤敏惠鳳賴衡陳張劉楊黃趙吳鍾謝羅",
    "学国湾台湾东华师范医药护体广义阳阴术业农林园艺传亚应龙际资讯电机与联门澳经贸财关铭树开圣约翰济"
    "会长兴岛屏台县实验处环卫产区数据图书馆语军团动态统计划计划无线网络网路云车运输输铁桥筑设备试测绘"
    "遥点质钢矿矿仪纺织红绿叶丽岛屿滩湾汉沪闽苏宁赣陕陇贵辽黑龙内蒙双郑兰滨绵芜芦厦烟锦鞍抚营盘铁岭"
    "学习类脑视觉马书庆丰谷种课题组员总单节后劲标准创业务发临诊疗养复癌肿伤战训练导弹飞术制药创优质"
    "华彰埔兴银声响乐晓亲爱辅轩静宜侨义守树德昆弘维兴岭东勤敏惠凤赖衡陈张刘杨黄赵吴钟谢罗",
)
# Unicode categories that leave no trace in print: combining marks, format characters.
_UNSEEN = frozenset({"Mn", "Cf"})
_ASCII = re.compile(r"[A-Za-z0-9]+|[^A-Za-z0-9\s.]|\n|\t")
_ANY = re.compile(r"[\u3400-\u9fff]|(?:(?![\u3400-\u9fff_])\w)+|[^\w\s.]|\n|\t")


def fold(text: str) -> str:
    """Compatibility forms, entities, apostrophes and diacritics folded; case and marks kept."""
    if "&" in text and ";" in text:
        text = html.unescape(text)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(_APOSTROPHES))
        if not text.isascii():
            text = text.translate(_LETTERS).translate(_TRADITIONAL)
            decomposed = unicodedata.normalize("NFD", text)
            text = "".join(c for c in decomposed if unicodedata.category(c) not in _UNSEEN)
            text = text.translate(_APOSTROPHES)
    return text.replace("'", "").replace("`", "")


def tokenise(text: str) -> Tokens:
    """The words of an affiliation string or of a name."""
    text = fold(text)
    pattern = _ASCII if text.isascii() else _ANY
    words: list[str] = []
    raws: list[str] = []
    glue: list[int] = []
    before = 0
    for piece in pattern.findall(text):
        word = _KNOWN.get(piece)
        if word is None:
            word = piece.lower()
            if not word[0].isalnum():
                before |= _MARKS.get(piece, 0)
                continue
            form = _KNOWN.get(word, word)
            if isinstance(form, int):
                if piece != "AT" or before == 0:
                    before |= form
                    continue
                form = word
            word = form
        elif isinstance(word, int):
            before |= word
            continue
        if words and words[-1] in _PAIR_HEADS and not before & BREAK:
            joined = _PAIRS.get((words[-1], word))
            if joined is not None:
                words[-1] = joined
                raws[-1] = raws[-1] + piece.lower()
                before = 0
                continue
        words.append(word)
        raws.append(piece)
        glue.append(before)
        before = 0
    return Tokens(words, raws, glue)


def normalise(text: str) -> str:
    """The compared words of a string, joined by spaces."""
    return " ".join(tokenise(text).words)
