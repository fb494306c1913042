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
center centre centers centres ctr
central cent
technology technol tech technologies techn technical technological
science sci sciences
engineering engn eng engng engrg engineer
medical med medicine
national natl nat
international int intl
chinese chin
agriculture agr agri agric agricultural
economics econ economic economical
finance finan financial fin
business bus
management manag mgmt
education educ
information informat informatics
electronics elect electron electronic electr electric electrical
communications commun communication telecommun telecommunication telecommunications telecomm comm
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
petroleum petr petrol
transportation transport transp transportat
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
political polit politics
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
forestry forest
automotive automot automobile
fashion fash
graphic graph graphics
petrochemical petrochem petrochemicals
public publ
security secur
foreign foreig
vocational vocat
humanities humanit humanity
tourism tour
ministry minist
aviation aviat
maritime marit
animal anim
husbandry husb
railway railw railways
meteorology meteorol meteorological
administration administrat adm
imaging imag
optoelectronics optoelect optoelectron optoelectronic
standardization standardizat standardisation
application applicat applications
investigation investigat
accounting account accountancy
oceanography oceanograph oceanographic
biophysics biophys
geography geog geographic geographical
metallurgy met metallurg metallurgical
mechanization mechanizat mechanisation
hydraulic hydraul hydraulics
nursing nurs
botany bot
zoology zool
hydrobiology hydrobiol
microbiology microbiol
virology virol
hematology hematol haematology
biotechnology biotechnol
nanoscience nanosci
statistics stat statist
teachers teacher
earthquake earthq
prevention prevent
limnology limnol
remote remot
library lib libr libraries
theoretical theoret
"""
_WORDS: dict[str, str] = {}
for _line in _FORMS.strip().splitlines():
    _form, *_others = _line.split()
    for _other in _others:
        _WORDS.setdefault(_other, _form)
# Two readings of one abbreviation are one form here: comp., elect. and the like never decide.
_WORDS["macao"] = "macau"

# Words that are one name, written apart or with a hyphen.
_JOINED = (
    "jiao tong, yat sen, xi an, tai yuan, hi tech, nan jing, bei jing, shang hai, "
    "opto electronics, micro electronics, bio medicine, deep sea, hang kong, qi zhi, dong hua"
)
_PAIRS = {("hi", "technology"): "hitech", ("poly", "technology"): "polytechnic",
          ("geo", "science"): "geosciences", ("yet", "sen"): "yatsen"}  # fmt: skip
for _first, _second in (pair.split() for pair in _JOINED.split(", ")):
    _PAIRS[_first, _second] = _first + _second
_PAIR_HEADS = {first for first, _ in _PAIRS}

# Everything a piece of text may be at one look: its form, or what it puts between two words.
_KNOWN: dict[str, str | int] = {**_WORDS, **_STOP, **_MARKS}

_APOSTROPHES = dict.fromkeys(map(ord, "'’‘`´′ʹʼʻ＇‛"), None)
_LETTERS = str.maketrans(
    {"ø": "o", "Ø": "O", "ß": "ss", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "æ": "ae", "Æ": "AE",
     "œ": "oe", "Œ": "OE", "ı": "i", "þ": "th", "ð": "d"}
)  # fmt: skip
# Traditional character and its simplified form, pair by pair.
_PAIRED = (
    "並并亞亚佈布佔占個个們们偉伟側侧偵侦傑杰備备傳传債债傷伤僅仅僑侨僞伪價价儀仪億亿優优儲储"
    "兒儿內内兩两冊册凍冻創创劃划劇剧劉刘劑剂勁劲動动務务勝胜勞劳勢势勵励區区協协卻却厲厉參参"
    "吳吴員员問问啟启喬乔單单嚴严囑嘱國国圍围園园圓圆圖图團团塊块壓压壘垒壽寿夢梦夾夹奮奋妝妆"
    "婁娄婦妇孫孙學学宮宫實实寧宁審审寫写寶宝將将專专尋寻對对導导屆届層层屬属岡冈島岛峽峡崑昆"
    "崗岗嶺岭嶼屿巖岩師师幣币幫帮幹干庫库廈厦廟庙廠厂廢废廣广張张彈弹彎弯後后徑径從从復复徵征"
    "恆恒悅悦惡恶愛爱態态慶庆憲宪應应懷怀懸悬戰战戲戏戶户拋抛掛挂採采揚扬換换損损搖摇撫抚擁拥"
    "擇择擊击據据擬拟擴扩攝摄敗败敵敌數数斷断於于時时晉晋晝昼暫暂曆历曉晓書书會会東东條条楊杨"
    "業业極极榮荣構构槍枪樂乐標标樞枢樣样樹树橋桥機机橫横檔档檢检櫃柜權权欽钦歐欧歡欢歲岁歷历"
    "歸归殘残殺杀氣气氫氢氬氩決决沒没洩泄涼凉淚泪淨净淺浅減减渦涡測测湞浈湧涌湯汤準准溝沟溫温"
    "滅灭滎荥滬沪滯滞滲渗漁渔漢汉漲涨漸渐潔洁潛潜潤润澀涩澤泽濃浓濕湿濟济濰潍濱滨瀏浏瀕濒瀘泸"
    "瀟潇瀾澜灘滩灣湾災灾烏乌無无煉炼煙烟煩烦熱热燈灯燒烧營营爐炉爭争爾尔牆墙獎奖獨独獲获獸兽"
    "現现琺珐瑪玛璣玑環环瓊琼產产畝亩畢毕畫画異异當当疊叠痙痉瘋疯瘍疡療疗發发盡尽監监盤盘盧卢"
    "硃朱礎础礙碍礦矿礫砾禪禅禮礼稅税種种穀谷積积穩稳窮穷競竞筆笔節节範范築筑簡简簽签籃篮籌筹"
    "粵粤糧粮紀纪約约紅红紙纸級级紡纺細细紹绍終终組组結结絡络給给統统絲丝經经綜综綠绿維维網网"
    "綿绵緊紧緒绪線线緣缘編编緩缓練练縣县縮缩縱纵總总績绩織织繪绘繼继續续纖纤罰罚罷罢羅罗義义"
    "習习聖圣聯联聰聪聲声職职聽听肅肃脅胁脈脉腎肾腦脑腫肿腸肠膚肤膠胶膽胆臟脏臨临臺台與与興兴"
    "舊旧艙舱艦舰荊荆莊庄莖茎華华萬万葉叶蒼苍蓋盖蕪芜薩萨藍蓝藝艺藥药蘆芦蘇苏蘊蕴蘭兰處处號号"
    "蝦虾螢萤蟲虫術术衛卫裏里補补裝装裡里製制複复襲袭視视親亲覺觉觀观觸触計计訊讯訓训託托設设"
    "許许診诊評评詞词詢询試试詩诗話话該该詳详誌志認认語语誠诚誤误課课調调論论諧谐諮咨諾诺謀谋"
    "講讲謝谢證证識识譜谱譯译議议護护讀读變变讓让豐丰豬猪貓猫貝贝負负財财貨货責责貴贵貸贷費费"
    "貿贸賀贺資资賓宾賞赏賢贤質质賴赖賽赛贈赠贊赞贛赣趙赵趨趋跡迹踐践車车軌轨軍军軒轩軟软軸轴"
    "較较載载輔辅輕轻輪轮輯辑輸输輻辐轉转辦办辭辞農农週周遊游運运過过達达遙遥遠远適适遷迁選选"
    "遼辽還还邊边郵邮鄉乡鄭郑鄰邻醫医醬酱釋释鈉钠鈞钧鈦钛鈾铀鉀钾鉛铅銀银銅铜銑铣銘铭銷销鋁铝"
    "鋅锌鋰锂鋼钢錄录錢钱錦锦鍵键鍾钟鎂镁鎢钨鎮镇鎳镍鏈链鏡镜鏽锈鐘钟鐵铁鑄铸鑑鉴鑒鉴鑛矿鑽钻"
    "長长門门閉闭開开間间閘闸閩闽閱阅闆板關关陝陕陣阵陰阴陳陈陸陆陽阳隊队階阶際际隨随險险隱隐"
    "隴陇隸隶雖虽雙双雜杂雞鸡離离難难雲云電电霧雾靈灵靜静鞏巩韋韦韓韩響响頁页頂顶項项順顺須须"
    "預预頒颁頓顿領领頭头頸颈頻频題题額额顎颌顏颜顛颠類类顧顾顯显顱颅風风飛飞飯饭飲饮飼饲飾饰"
    "養养餘余館馆馬马駐驻駕驾駿骏騎骑騙骗騰腾驅驱驗验驟骤體体髮发鬆松鬥斗魚鱼魯鲁鮮鲜鳥鸟鳳凤"
    "鹵卤鹹咸鹼碱鹽盐麗丽麥麦麵面黃黄黌黉點点黨党齊齐齋斋齒齿齡龄龍龙龐庞龜龟"
)
_TRADITIONAL = str.maketrans(_PAIRED[::2], _PAIRED[1::2])
# Unicode categories that leave no trace in print: combining marks, format characters.
_UNSEEN = frozenset({"Mn", "Cf"})
# "TongUniversity": an organisation's word glued to the word before it; "University1",
# "1School", "aSouth China ...": the mark of a footnote glued to a word.
_GLUED = re.compile(
    r"(?<=[A-Za-z])(?=(?:University|Institute|College|Hospital|Academy|School|Department)\b)"
    r"|(?<=[A-Za-z][a-z]{2})(?=[0-9])|(?<=[0-9])(?=[A-Z][a-z]{2})|(?<=\b[a-d])(?=[A-Z][a-z]{3})"
)
# What a glued word looks like: a quick look that spares most strings the slow one.
_MIXED = re.compile(r"[a-z][A-Z0-9]|[0-9][A-Z]|[A-Z][A-Z][a-z]")
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
    text = text.replace("'", "").replace("`", "")
    return _GLUED.sub(" ", text) if _MIXED.search(text) else text


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
    tokens = Tokens(words, raws, glue)
    return _without_initials(tokens) if "(" in text else tokens


def _without_initials(tokens: Tokens) -> Tokens:
    """The tokens without a bracketed abbreviation that is the initials of the words before it.

    "Academy of Medical Sciences (AMS) and X College" is one name; what stood behind the bracket
    now stands behind the word before it.
    """
    words, raws, glue = tokens.words, tokens.raws, tokens.glue
    kept = Tokens([], [], [])
    closes = 0
    for index, raw in enumerate(raws):
        is_last = index + 1 == len(raws)
        if (
            glue[index] & BRACKET
            and not glue[index] & BREAK
            and (is_last or glue[index + 1] & CLOSE)
            and 1 < len(raw) <= len(kept.raws)
            and raw.isupper()
            and all(
                word[0].upper() == letter
                for word, letter in zip(kept.raws[-len(raw) :], raw, strict=True)
            )
        ):
            closes = CLOSE
            continue
        kept.words.append(words[index])
        kept.raws.append(raw)
        kept.glue.append(glue[index] & ~closes)
        closes = 0
    return kept


def written_forms(form: str) -> tuple[str, ...]:
    """The words, abbreviations included, that are compared as `form`."""
    return (form, *(written for written, compared in _WORDS.items() if compared == form))


def normalise(text: str) -> str:
    """The compared words of a string, joined by spaces."""
    return " ".join(tokenise(text).words)
