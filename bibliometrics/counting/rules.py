"""The counting rules as words: what each counts, what it needs, and what to beware of."""

from __future__ import annotations

from dataclasses import dataclass

# The study's option [counting] rule in the names of the column ``counting``.
OF_STUDY = {
    "full": "full",
    "fractional": "author_fractional",
    "first_affiliation": "first_author",
    "corresponding_affiliation": "corresponding_author",
}


@dataclass(frozen=True)
class Rule:
    """A counting rule; its formula stands in ``weights`` under the same name.

    ``splits``: what it gives of a paper adds up to the paper, nobody's part included.
    """

    name: str
    splits: bool
    name_en: str
    name_zh: str
    says_en: str
    says_zh: str


RULES = (
    Rule(
        "full", False, "full", "全计数",
        "one for each institution a paper names, however often; shares sum to more than 1",
        "论文出现的每个机构各计一篇；占比之和大于 1",
    ),
    Rule(
        "author_fractional", True, "author-fractional", "作者分数计数",
        "1/authors × 1/affiliations of the author × 1/institutions of the affiliation, by the"
        " number of authors the source announces; not available where affiliations are tied to no"
        " author",
        "1/作者数 × 1/该作者地址数 × 1/该地址机构数，按来源公布的作者数；"
        "地址未与作者关联的论文无法计算",
    ),
    Rule(
        "first_author", False, "first author", "第一作者",
        "one for each institution of the first author; not available where affiliations are tied to"
        " no author",
        "第一作者的每个机构各计一篇；地址未与作者关联的论文无法计算",
    ),
    Rule(
        "first_author_fractional", True, "first author, divided", "第一作者（均分）",
        "1/k for each of the k institutions of the first author; each unregistered string counts as"
        " one institution",
        "第一作者的 k 个机构各计 1/k；每个未登记的地址算作一个机构",
    ),
    Rule(
        "corresponding_author", False, "corresponding author", "通讯作者",
        "one for each institution of a corresponding author; not available where the source does"
        " not say who that is, and never guessed",
        "通讯作者的每个机构各计一篇；来源未写明通讯作者的论文无法计算，亦不推测",
    ),
    Rule(
        "institution_fractional", True, "institution-fractional", "机构分数计数",
        "1/n for each of the n institutions of the paper; each unregistered string counts as one"
        " institution, so that the parts of registered ones are lower bounds",
        "论文的 n 个机构各计 1/n；每个未登记的地址算作一个机构，故已登记机构所得为下限",
    ),
)  # fmt: skip
