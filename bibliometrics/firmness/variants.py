"""Every other option of a study: what the sensitivity of a ranking is tried on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from bibliometrics.counting.rules import OF_STUDY
from bibliometrics.edition import Choice
from bibliometrics.study.choices import choices
from bibliometrics.study.model import Study
from bibliometrics.study.option_names import called

# Dimension → where its options stand in the study.
OPTIONS = {
    "counting": ("counting", "rule"),
    "denominator": ("counting", "share_denominator"),
    "campuses": ("roll_up", "campuses"),
    "hospitals": ("roll_up", "hospitals"),
    "key_laboratories": ("roll_up", "key_laboratories"),
    "academy_institutes": ("roll_up", "academy_institutes"),
    "ucas": ("roll_up", "ucas"),
    "geography": ("geography", "scope"),
    "partner_definition": ("geography", "partner_definition"),
    "retracted": ("query", "retracted"),
}
KEYWORD = "keyword_left_out"
AS_CHOSEN = ("study", "as chosen")
_OF_REGISTRY = frozenset(("campuses", "hospitals", "key_laboratories", "academy_institutes",
                          "ucas", "partner_definition"))  # fmt: skip


@dataclass(frozen=True)
class Variant:
    """One option of one choice, and the study that takes it.

    ``lacks`` says in English and Chinese why it cannot be computed, and is empty where it can;
    ``keyword`` is the keyword that it leaves out.
    """

    dimension: str
    option: str
    study: Study
    says: tuple[str, str] = ("", "")
    lacks: tuple[str, str] = ("", "")
    keyword: str = ""


def variants(
    study: Study, counted: Mapping[str, int], lacking: Callable[[Study], str]
) -> Iterator[Variant]:
    """Every other option of the study, ``study`` itself first.

    ``lacking`` says what of a study this version cannot compute; '' where it can.
    ``counted`` is how many papers of the corpus each counting rule can count.
    """
    yield Variant(*AS_CHOSEN, study, ("the study's own options", "本研究所选"))
    told = {choice.place: choice for choice in choices(study)}
    for dimension, (section, option) in OPTIONS.items():
        choice = told[f"[{section}] {option}"]
        for value in choice.alternatives:
            if dimension == "geography" and "country" in (study.geography.scope, value):
                continue  # a country is not a wider or narrower China
            changed = getattr(study, section).model_copy(update={option: value})
            other = study.model_copy(update={section: changed})
            yield Variant(
                dimension, value, other, _says(dimension, value, choice, study),
                _lacks(dimension, value, study, counted, lacking(other)),
            )  # fmt: skip
    yield from _keywords(study)


def _says(dimension: str, value: str, choice: Choice, study: Study) -> tuple[str, str]:
    name_en, name_zh = called(dimension, value)
    en, zh = f"{choice.says_en}: {name_en}", f"{choice.says_zh}：{name_zh}"
    if dimension == "geography" and set(_codes(study, value)) - set(study.geography.codes):
        en += (
            "; only papers that also carry an address inside the study's geography are in the"
            " corpus: a wider one needs a harvest of its own"
        )
        zh += "；语料只含同时有本研究地区地址的论文，扩大地区须另行检索"
    return en, zh


def _codes(study: Study, scope: str) -> tuple[str, ...]:
    return study.geography.model_copy(update={"scope": scope}).codes


def _lacks(
    dimension: str, value: str, study: Study, counted: Mapping[str, int], cannot: str
) -> tuple[str, str]:
    if dimension in _OF_REGISTRY and study.institutions.known_by == "open":
        return (
            "it acts on institutions of a registry, and this study knows them as written",
            "此项作用于名录机构，而本研究按地址书写识别机构",
        )
    if cannot:
        return cannot, "本版本无法计算"
    if dimension == "counting" and not counted[OF_STUDY[value]]:
        return (
            "no paper of the corpus says what this rule needs",
            "语料中没有论文提供该规则所需信息",
        )
    if dimension == "retracted" and value == "keep":
        return (
            "retracted papers were left out before the corpus was made: run the study with keep",
            "撤稿论文在建立语料前已剔除：须以 keep 重新运行",
        )
    if dimension == "denominator" and study.geography.country != "CN" and "mainland" in value:
        return "this denominator is of China", "此分母仅适用于中国"
    return "", ""


def _keywords(study: Study) -> Iterator[Variant]:
    words = study.query.keywords
    lacks = ("", "")
    if len(words) == 1:
        lacks = ("the study has no other keyword", "本研究没有其他检索词")
    elif study.query.phrase == "or_before_and":
        lacks = ("the keywords are one unquoted line", "检索词为一整行，未加引号")
    for word in words:
        others = tuple(other for other in words if other != word) or words
        query = study.query.model_copy(update={"keywords": others})
        yield Variant(
            KEYWORD, word, study.model_copy(update={"query": query}),
            (
                f"without the papers that no keyword but “{word}” brings",
                f"去掉仅由“{word}”命中的论文",
            ),
            lacks, word,
        )  # fmt: skip
