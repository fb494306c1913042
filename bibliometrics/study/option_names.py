"""What the values of a study's options, and the steps of its filter, are called in two languages.

A study file holds the codes; a reader of the report should not have to guess them. Every code that
a study may hold is named here (tested); numbers, dates and names of the user's own are shown as
they are.
"""

from __future__ import annotations

from collections.abc import Sequence

Pair = tuple[str, str]

_FREE: dict[str, Pair] = {"none": ("none", "无")}

NAMES: dict[str, dict[str, Pair]] = {
    "fields": {
        "title": ("title", "题名"),
        "abstract": ("abstract", "摘要"),
        "keywords": ("keywords", "关键词"),
    },
    "document_types": {
        "article": ("article", "期刊论文"),
        "review": ("review", "综述"),
        "conference_paper": ("conference paper", "会议论文"),
        "book_chapter": ("book chapter", "图书章节"),
        "book": ("book", "图书"),
        "editorial": ("editorial", "社论"),
        "letter": ("letter", "快报"),
        "note": ("note", "短评"),
        "short_survey": ("short survey", "短综述"),
        "erratum": ("erratum", "勘误"),
        "data_paper": ("data paper", "数据论文"),
        "retracted": ("retracted", "撤稿"),
    },
    "source_types": {
        "journal": ("journal", "期刊"),
        "conference_proceeding": ("conference proceedings", "会议录"),
        "book_series": ("book series", "丛书"),
        "book": ("book", "图书"),
        "trade_journal": ("trade journal", "行业刊物"),
    },
    "start_year": _FREE,
    "as_of": _FREE,
    "end_date_field": {
        "publication_year": ("publication year", "出版年"),
        "cover_date": ("cover date", "封面日期"),
        "index_date": ("day of loading into the database", "入库日期"),
    },
    "articles_in_press": {
        "include": ("included", "计入"),
        "final_only": ("final versions only", "仅正式出版"),
    },
    "phrase": {
        "phrase": ("each keyword a phrase", "每个检索词为词组"),
        "words_and": ("all words of a keyword, anywhere", "检索词各词同时出现"),
        "or_before_and": ("one unquoted line, OR before AND", "整行不加引号，先“或”后“与”"),
    },
    "word_forms": {
        "plural_and_possessive": ("plural and possessive too", "含复数与所有格"),
        "exact": ("as written", "按原词形"),
        "prefix": ("any ending", "前缀匹配"),
    },
    "hyphen_and_case": {
        "ignore_case_and_hyphen": ("ignored", "忽略"),
        "exact": ("as written", "按原样"),
    },
    "keyword_fields": {
        "author_and_index": ("author keywords and index terms", "作者关键词与索引词"),
        "author_only": ("author keywords", "仅作者关键词"),
        "index_only": ("index terms", "仅索引词"),
    },
    "international_paper": {
        "any_in_scopus": ("any paper of the database", "数据库中的任何论文"),
        "english_only": ("papers in English", "仅英文论文"),
        "non_chinese_source": ("papers in sources from outside China", "仅非中国来源出版物"),
    },
    "copyright_line": {
        "leave_out": ("not searched", "不检索"),
        "search": ("searched", "检索"),
    },
    "retracted": {"keep": ("kept", "保留"), "drop": ("left out", "剔除")},
    "scope": {
        "mainland": ("mainland China", "中国大陆"),
        "with_hong_kong_macao": ("with Hong Kong and Macao", "含港澳"),
        "with_taiwan": ("with Hong Kong, Macao and Taiwan", "含港澳台"),
        "country": ("the country named", "所指定的国家"),
    },
    "country_filter": {
        "affiliation": ("an address inside the geography", "地址在本地区内"),
        "none": ("none", "无"),
    },
    "partner_definition": {
        "by_parent_country": ("country of the owner", "按所有者国别"),
        "by_address_country": ("country of the address", "按地址国别"),
    },
    "partner_unit": {
        "one": ("an organisation with all its parts", "机构整体计一"),
        "each_unit": ("each part apart", "各下属单位分列"),
    },
    "known_by": {
        "registry": ("those of the registry", "名录所列"),
        "ror": ("those of a ROR file", "ROR 文件所列"),
        "open": ("any organisation named", "地址中的任何机构"),
    },
    "registry_file": _FREE,
    "selection": {
        "all": ("all", "全部"),
        "minimum_papers": ("those with a minimum of papers", "达到论文数下限者"),
        "top_n": ("the largest", "论文最多的若干家"),
        "given_list": ("a given list", "给定名单"),
        # Two more that the search of open choices tries.
        "one_minimum": ("one minimum for all", "统一下限"),
        "minimum_per_group": ("a minimum for each group", "各组各有下限"),
    },
    "groups": {
        "by_kind": ("universities and institutes apart", "高校与科研机构分开"),
        "together": ("together", "合并"),
    },
    "campuses": {
        "merge_campuses_of_one_university": ("counted for their university", "并入所属大学"),
        "as_in_scopus": ("as Scopus's profiles have them", "依 Scopus 机构档案"),
        "split": ("apart", "分列"),
    },
    "hospitals": {
        "as_in_source": ("apart, as the source names them", "按来源所载，单列"),
        "if_paper_names_university": (
            "for the university that the same address names", "同一地址写明大学时归大学",
        ),
        "roll_up": ("for their university", "归所属大学"),
        "exclude": ("left out", "不计"),
    },
    "key_laboratories": {
        "roll_up": ("for the institution that runs them", "归依托单位"),
        "as_in_source": ("apart, as the source names them", "按来源所载，单列"),
    },
    "academy_institutes": {
        "one": ("the academy as one", "科学院合计为一"),
        "each_institute": ("each institute apart", "各研究所单列"),
    },
    "ucas": {
        "separate": ("apart from the Academy", "与科学院分列"),
        "merge_into_cas": ("counted for the Academy", "并入科学院"),
        "merge_cas_institutes_into_ucas": (
            "the Academy's institutes counted for it", "科学院各所并入国科大",
        ),
    },
    "rule": {
        "full": ("full", "全计数"),
        "fractional": ("author-fractional", "作者分数计数"),
        "first_affiliation": ("first author", "第一作者"),
        "corresponding_affiliation": ("corresponding author", "通讯作者"),
    },
    "share_denominator": {
        "papers_total": ("papers of the corpus", "语料库全部论文"),
        "sum_over_institutions": ("sum over the institutions", "各机构论文数之和"),
        "sum_over_mainland_universities": (
            "sum over mainland universities", "内地高校论文数之和",
        ),
        "distinct_mainland_universities": (
            "distinct papers of mainland universities", "内地高校不重复论文数",
        ),
    },
    "weight": {"fractional": ("fractional", "分数"), "full": ("full", "全计数")},
    "many_authors": {"leave_out": ("left out", "不计"), "keep": ("kept", "保留")},
    "report": {
        "by_study_name": ("the one that the study is named after", "与研究同名者"),
        "cingai-2020": ("the 2020 report", "2020 年报告"),
        "none": ("none", "无"),
    },
    "total_meaning": {
        "unknown": ("unknown", "未知"),
        "distinct": ("distinct papers of the institutions", "所列机构的不重复论文"),
        "sum_over_institutions": ("sum over the institutions", "各机构论文数之和"),
        "all_chinese_hits": ("all papers of the corpus", "语料库全部论文"),
    },
    "partner_order": {
        "unordered_set": ("a set", "不分先后"),
        "ranked": ("in order of rank", "按名次"),
    },
    "rounding": {
        "half_up": ("half up", "四舍五入"),
        "half_even": ("half to even", "四舍六入五成双"),
        "truncate": ("cut off", "截断"),
    },
    "link_to_109": {
        "separate_lists": ("lists of their own", "各自独立的名单"),
        "subset": ("one within the other", "一个包含另一个"),
    },
    "vary": {
        "counting": ("counting rule", "计数方法"),
        "share_denominator": ("denominator", "分母"),
        "total_meaning": ("meaning of the total", "总数含义"),
        "campuses": ("campuses", "校区"),
        "hospitals": ("hospitals", "医院"),
        "key_laboratories": ("key laboratories", "重点实验室"),
        "academy_institutes": ("academy institutes", "科学院研究所"),
        "ucas": ("University of the Academy", "国科大"),
        "scope": ("geography", "地区范围"),
        "selection": ("selection", "机构选取"),
        "end_year": ("last year", "截止年"),
        "keyword_fields": ("keyword fields", "关键词字段"),
        "phrase": ("reading of the keywords", "检索词读法"),
    },
    "loss": {
        "claims_missed": ("claims missed", "未符合的声明数"),
        "papers_outside": ("papers outside the intervals", "超出区间的论文数"),
    },
    "borders": {
        "natural_earth": ("Natural Earth", "Natural Earth"),
        "official_chinese": ("as China draws them", "中国官方画法"),
    },
    "databases": {
        "one": ("one is counted, the others compared", "只计一库，他库用于比较"),
        "merged": ("merged", "合并"),
    },
    "without_records": {
        "simulated": ("simulated records", "模拟记录"),
        "refuse": ("refused", "拒绝运行"),
    },
    "fallback_view": {"none": ("none", "无"), "STANDARD": ("STANDARD", "STANDARD")},
    "split": {
        "where too large": ("where too large", "仅过大时"),
        "by load year": ("by load year", "按入库年"),
    },
}  # fmt: skip


STEPS: dict[str, Pair] = {
    "rows read": ("Rows read", "读入记录"),
    "quarantine": ("Usable rows", "可用记录"),
    "duplicates": ("Without duplicates", "去重后"),
    "document type": ("Document type", "文献类型"),
    "source type": ("Source type", "来源类型"),
    "publication date": ("Publication date", "出版日期"),
    "load date": ("Load date", "入库日期"),
    "publication stage": ("Publication stage", "出版阶段"),
    "international paper": ("International paper", "国际论文"),
    "keywords": ("Keywords", "检索词"),
    "affiliation": ("Affiliation", "作者地址"),
    "country": ("Country", "国别"),
    "corpus": ("Corpus", "语料库"),
    "attribution": ("Given to an institution", "已归属机构"),
}

# What tables call an option otherwise than the study file does.
_ALSO = {"counting": "rule", "denominator": "share_denominator", "geography": "scope"}


def called(option: str, value: str) -> Pair:
    """What one value of an option, or of a dimension of the tables, is called; else as it is."""
    return NAMES.get(_ALSO.get(option, option), {}).get(value, (value, value))


def all_called(option: str, values: Sequence[str], between: Pair = (", ", "、")) -> Pair:
    """What several values are called, in one text."""
    pairs = [called(option, value) for value in values]
    return between[0].join(en for en, _ in pairs), between[1].join(zh for _, zh in pairs)


def step_zh(step: str) -> str:
    """A step of the flow in Chinese; as it is where it has no name."""
    return STEPS.get(step, (step, step))[1]
