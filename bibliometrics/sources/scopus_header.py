"""Names of the columns of a Scopus export, in the interface languages seen so far.

English from all three generations of exports; Traditional and Simplified Chinese from exports made
under those interface languages.
"""

from __future__ import annotations

import re
from typing import Literal, get_args

Name = Literal[
    "authors", "author_full_names", "author_ids", "title", "year", "source_title", "doi", "link",
    "affiliations", "authors_with_affiliations", "abstract", "author_keywords", "index_keywords",
    "language", "document_type", "publication_stage", "source", "eid",
    "correspondence_address",
]  # fmt: skip
NAMES: tuple[Name, ...] = get_args(Name)

_SPELLINGS: dict[Name, tuple[str, ...]] = {
    "authors": ("authors", "作者"),
    "author_full_names": ("author full names", "作者全名"),
    "author_ids": ("author(s) id", "作者身分", "作者 id", "作者标识号"),
    "title": ("title", "document title", "標題", "文獻標題", "标题", "文献标题"),
    "year": ("year", "年份"),
    "source_title": ("source title", "來源出版物名稱", "来源出版物名称"),
    "doi": ("doi",),
    "link": ("link", "連結", "链接"),
    "affiliations": ("affiliations", "機構", "歸屬機構", "归属机构"),
    "authors_with_affiliations": (
        "authors with affiliations",
        "有歸屬機構的作者",
        "带归属机构的作者",
    ),
    "abstract": ("abstract", "摘要"),
    "author_keywords": ("author keywords", "作者關鍵字", "作者关键字", "作者关键词"),
    "index_keywords": ("index keywords", "索引關鍵字", "索引关键字"),
    "language": ("language of original document", "原始文獻語言", "原始文献语言", "文献原始语言"),
    "document_type": ("document type", "文獻類型", "文献类型"),
    "publication_stage": ("publication stage", "出版階段", "出版阶段"),
    "source": ("source", "來源出版物", "来源出版物"),
    "eid": ("eid",),
    "correspondence_address": ("correspondence address", "通訊地址", "通讯地址"),
}
_BY_SPELLING = {spelling: name for name, all_ in _SPELLINGS.items() for spelling in all_}


def positions(header: list[str]) -> dict[Name, int]:
    """Where each known column stands in ``header``; the first of two of the same name wins."""
    found: dict[Name, int] = {}
    for place, cell in enumerate(header):
        spelling = re.sub(r"\s+", " ", cell).strip().strip("\ufeff\x00").lower()
        name = _BY_SPELLING.get(spelling)
        if name is not None:
            found.setdefault(name, place)
    return found


def is_scopus(found: dict[Name, int]) -> bool:
    """Whether a header with these columns is that of a Scopus export.

    Title and year are in every export; an EID, or a link that holds it, tells Scopus from others.
    """
    return {"title", "year"} <= found.keys() and bool({"eid", "link"} & found.keys())
