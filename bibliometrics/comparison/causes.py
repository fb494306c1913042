"""The causes a change can have, with their words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Cause:
    """``is_sampling``: the papers of this cause are a draw of what the field wrote, so that words
    of sampling fit; the other causes are acts, and have no sampling error."""

    name: str
    en: str
    zh: str
    is_sampling: bool = False


CAUSES = (
    Cause("new_years", "years that the earlier edition did not cover", "新增年份", True),
    Cause("newly_indexed", "papers of covered years, indexed since", "原有年份新收录的论文", True),
    Cause("record_changed", "records that the database changed", "数据库修改的记录"),
    Cause("papers_gone", "papers that are no longer there", "已不再收录的论文"),
    Cause("query", "another query", "检索式变更"),
    Cause("registry", "another registry, or other decisions", "名录或人工判定变更"),
    Cause("policy", "another policy, geography or counting rule", "归并、地域或计数规则变更"),
    Cause("software", "another version of the software", "软件版本变更"),
)
BY_NAME = {cause.name: cause for cause in CAUSES}
# The software is not a player: its earlier state runs on no machine of today.
PLAYERS = tuple(cause.name for cause in CAUSES if cause.name != "software")
