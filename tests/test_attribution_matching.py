"""The rules of attribution, read as examples: a string, and the institutions it names."""

from __future__ import annotations

import csv
from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bibliometrics.attribution import RULES, Attribution, Matcher
from bibliometrics.attribution.explain import explain
from bibliometrics.attribution.institutions import load_registry


@pytest.fixture(scope="module")
def matcher():
    return Matcher(load_registry())


def ids(matcher, affiliation, **known):
    return matcher.match(affiliation, **known).institution_ids


@pytest.mark.parametrize(
    ("affiliation", "expected"),
    [
        # spelling, case, abbreviations, script
        ("SCHOOL OF COMPUTER SCIENCE, WUHAN UNIVERSITY, WUHAN, PEOPLES R CHINA", "wuhan-university"),
        ("Sch Comp Sci, Univ Sci & Technol China, Hefei, Peoples R China",
         "university-of-science-and-technology-of-china"),
        ("Beijing Univ. of Aeronaut. & Astronaut., Beijing, China", "beihang-university"),
        ("Xi an Jiao Tong University, Xi’an, China", "xian-jiaotong-university"),
        ("Public HealthCentral South University, Changsha, China", "central-south-university"),
        ("Shen yang University of Technology, Shenyang, China", "shenyang-university-of-technology"),
        ("Univeristy of Electronic Science and Technology of China, Chengdu",
         "university-of-electronic-science-and-technology-of-china"),
        ("University of, Science and Technology of China, Hefei, China",
         "university-of-science-and-technology-of-china"),
        ("中国地质大学（北京）信息工程学院，北京 100083", "china-university-of-geosciences-beijing"),
        ("國立臺灣大學資訊工程學系, 台北", "national-taiwan-university"),
        ("東華大學, 花蓮, 台灣", "national-dong-hwa-university"),
        ("东华大学, 上海", "donghua-university"),
        # containment
        ("Anhui University of Technology, Ma'anshan, China", "anhui-university-of-technology"),
        ("Anhui University, Hefei, China", "anhui-university"),
        # homonyms
        ("Northeastern University, Shenyang, China", "northeastern-university"),
        ("Northeastern University, China", "northeastern-university"),
        ("Soochow University, Taipei, Taiwan", "soochow-university-taiwan"),
        ("Suzhou University, Suzhou, Anhui, China", "suzhou-university"),
        ("China University of Petroleum, Qingdao, China",
         "china-university-of-petroleum-east-china"),
        ("University of Jinan, Jinan, China", "university-of-jinan"),
        ("Jiangsu University of Science and Technology, Zhenjiang, China",
         "jiangsu-university-of-science-and-technology"),
        # acronyms
        ("School of Computing, HIT, Harbin, China", "harbin-institute-of-technology"),
        ("NTU, 50 Nanyang Avenue, Singapore 639798", "nanyang-technological-university"),
        # parts
        ("Harbin Institute of Technology, Weihai, China", "harbin-institute-of-technology-weihai"),
        ("Chengxian College, Southeast University, Nanjing, China",
         "southeast-university-chengxian-college"),
        ("College of Engineering, Shenyang University of Technology, Shenyang, China",
         "shenyang-university-of-technology"),
        ("Inst Automat, Chinese Acad Sci, Beijing, Peoples R China", "institute-of-automation-cas"),
        ("Chinese Acad Sci, Inst Software, Beijing, Peoples R China", "institute-of-software-cas"),
        ("South China Sea Institute of Oceanology, Chinese Academy of Sciences, Guangzhou, China",
         "chinese-academy-of-sciences"),
        ("Institute of Microelectronics, Tsinghua University, Beijing", "tsinghua-university"),
        ("CAS Key Laboratory of Something, Fudan University, Shanghai, China", "fudan-university"),
        ("Institute of Physics, Academia Sinica, Taipei, Taiwan", "academia-sinica"),
        # units
        ("West China Hospital, Chengdu 610041, China", "sichuan-university"),
        ("State Key Laboratory of CAD&CG, Hangzhou, China", "zhejiang-university"),
        ("Zhongshan Hospital, Fudan University, Shanghai, China", "fudan-university"),
        # former names, other English words for one Chinese name, the larger body first
        ("Wenzhou Medical College, Wenzhou, China", "wenzhou-medical-university"),
        ("Jiaozuo Institute of Technology, Jiaozuo, China", "henan-polytechnic-university"),
        ("Guizhou University for Nationalities, Guiyang, China", "guizhou-minzu-university"),
        ("Inner Mongolia University for the Nationalities, Tongliao, China",
         "inner-mongolia-minzu-university"),
        ("Fuyang Teachers College, Fuyang, China", "fuyang-normal-university"),
        ("Hefei Comprehensive National Science Center, Institute of Artificial Intelligence, Hefei",
         "hefei-institute-of-artificial-intelligence"),
        # repaired spelling: the place, the postcode or the country speaks for it
        ("Shanix University, Taiyuan, China", "shanxi-university"),
        ("Tianjing University, 300072, China", "tianjin-university"),
        ("Tsingua University, Beijing, China", "tsinghua-university"),
        ("Chongiqng University, Chongqing, China", "chongqing-university"),
        # the other order
        ("Univ Shenzhen, Sch Architecture, Shenzhen, Peoples R China", "shenzhen-university"),
        ("University of Guangzhou Traditional Chinese Medicine, Guangdong Provincial Hospital of "
         "Chinese Medicine, Guangzhou, China", "guangzhou-university-of-chinese-medicine"),
        # a postcode tells the province, an e-mail address the bearer of a name that several have
        ("Northeastern University, 110819", "northeastern-university"),
        ("Wuyi University, someone@wyu.edu.cn", "wuyi-university-guangdong"),
        ("Wuyi University, Wuyishan, someone@wyu.edu.cn", "wuyi-university-fujian"),
        # several
        ("Peng Cheng Laboratory, Shenzhen, China and Peking University, Beijing, China",
         "peking-university|peng-cheng-laboratory"),
        ("Xi'an Jiaotong University and Georgia Institute of Technology, Atlanta, USA",
         "georgia-institute-of-technology|xian-jiaotong-university"),
    ],
)  # fmt: skip
def test_attributed(matcher, affiliation, expected):
    assert "|".join(ids(matcher, affiliation)) == expected


@pytest.mark.parametrize(
    ("affiliation", "decision"),
    [
        ("Khoury College, Northeastern University, Boston, MA, United States", "out_of_scope"),
        ("Southeast University, Dhaka, Bangladesh", "out_of_scope"),
        ("HIT, Holon, Israel", "out_of_scope"),
        ("Institute of Plasma Physics of the CAS, Prague, Czech Republic", "out_of_scope"),
        ("Macquarie University, Sydney, NSW, Australia", "out_of_scope"),
        ("Queensland University of Technology, Brisbane, Australia", "out_of_scope"),
        ("Xiamen University Malaysia, Sepang, Malaysia", "out_of_scope"),
        ("Hunan University of Economics, Changsha, China", "unmatched"),
        ("Nanjing University College of Arts, Nanjing, China", "unmatched"),
        ("North Fudan University, Shanghai, China", "unmatched"),
        ("Jilan University, Jinan, China", "unmatched"),
        ("Henna University, Kaifeng, China", "unmatched"),
        ("Nanking Universe, Nanjing, China", "unmatched"),
        ("Shanix University, China", "unmatched"),
        ("Chemistry Laboratory, someone@pku.edu.cn", "unmatched"),
        ("Northeastern University, Boston, someone@neu.edu.cn, USA", "out_of_scope"),
        ("Northeastern University, someone@example.org", "ambiguous"),
        ("Some Company Ltd., Shanghai, China", "unmatched"),
        ("in vivo imaging laboratory, Dongguan, China", "unmatched"),
        ("Zhongshan Hospital, Xiamen, China", "ambiguous"),
        ("Northeastern University", "ambiguous"),
        ("Wuyi University, China", "ambiguous"),
        ("Suzhou University, Suzhou, China", "ambiguous"),
        ("Jinan University, Jinan, Shandong, China", "ambiguous"),
        ("Beijing Jishuitan Hospital, Beijing, China", "ambiguous"),
        ("", "unmatched"),
    ],
)
def test_not_attributed(matcher, affiliation, decision):
    answer = matcher.match(affiliation)
    assert (answer.decision, answer.institution_ids) == (decision, ())


def test_what_the_record_says_beside_the_string_counts(matcher):
    assert ids(matcher, "Northeastern University", country="United States") == ()
    assert ids(matcher, "Northeastern University", country="CN") == ("northeastern-university",)
    assert ids(matcher, "China University of Petroleum", country="China", city="Qingdao") == (
        "china-university-of-petroleum-east-china",
    )


def test_a_name_that_changed_hands_follows_the_year(matcher):
    name = "Zhengzhou University of Technology, Zhengzhou, China"
    assert ids(matcher, name) == ("zhengzhou-university-of-technology",)
    assert ids(matcher, name, year=2020) == ("zhengzhou-university-of-technology",)
    assert ids(matcher, name, year=1998) == ("zhengzhou-university",)


def test_a_part_with_a_longer_name_is_not_the_part_named_shorter(matcher):
    found = ids(matcher, "Institute of Physics Education, Chinese Academy of Sciences, Beijing")
    assert found == ("chinese-academy-of-sciences",)


def test_a_repaired_spelling_says_so(matcher):
    answer = matcher.match("Shanix University, Taiyuan, China")
    assert answer.rule == "repaired-spelling"
    assert "Shanix University" in answer.evidence


def test_the_string_comes_before_the_record(matcher):
    found = ids(matcher, "Northeastern University, Shenyang, China", country="US")
    assert found == ("northeastern-university",)


def test_identifiers(matcher):
    assert ids(matcher, "Some Lab, Beijing", afid="60025278") == ("tsinghua-university",)
    assert matcher.match("Some Lab, Beijing", afid="60025278").rule == "afid"
    assert ids(matcher, "Lab, https://ror.org/03cve4549") == ("tsinghua-university",)
    answer = matcher.match("Fudan University, Shanghai", afid="60025278")
    assert answer.institution_ids == ("fudan-university",)
    assert any("disagrees" in candidate.why_not for candidate in answer.candidates)


def test_several_parents_are_candidates_and_never_all_credited(matcher):
    answer = matcher.match("Beijing Jishuitan Hospital, Beijing, China")
    assert {c.institution_id for c in answer.candidates} == {
        "peking-university",
        "capital-medical-university",
    }
    named = ids(matcher, "Beijing Jishuitan Hospital, Capital Medical University, Beijing")
    assert named == ("capital-medical-university",)


def test_via_tells_how_the_institution_was_found(matcher):
    def via(affiliation):
        return [match.via for match in matcher.match(affiliation).matches]

    assert via("West China Hospital, Chengdu, China") == ["hospital"]
    assert via("State Key Laboratory of CAD&CG, Hangzhou, China") == ["laboratory"]
    assert via("West China Hospital, Sichuan University, Chengdu, China") == ["name"]


def test_losers_say_why(matcher):
    answer = matcher.match("Institute of Automation, Chinese Academy of Sciences, Beijing, China")
    reasons = {c.institution_id: c.why_not for c in answer.candidates}
    assert reasons["chinese-academy-of-sciences"] == "it stands inside a longer name"


def test_explain_is_readable(matcher):
    affiliation = "Wuyi University, China"
    answer = matcher.match(affiliation)
    text = explain(answer, matcher.registry, affiliation=affiliation)
    assert "ambiguous" in text
    assert "compared as wuyi university china" in text
    assert "wuyi-university-guangdong: Wuyi University (Guangdong) / 五邑大学, Jiangmen" in text
    assert "Jiangmen, Guangdong: wuyi-university-guangdong" in text
    assert "Nanping, Fujian: wuyi-university-fujian" in text


def test_explain_says_what_each_rule_rests_on(matcher):
    for rule in (*RULES, "ambiguous-name", "foreign-country", "none"):
        text = explain(Attribution("unmatched", (), rule, "", ()), matcher.registry)
        assert f"rule        {rule}: " in text


def test_the_traps_of_the_registry(matcher):
    table = resources.files("bibliometrics") / "data" / "registry" / "traps.csv"
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    right = sum(
        set(ids(matcher, row["affiliation_string"]))
        == set(row["expected_ids"].split("|")) - {"NONE"}
        for row in rows
    )
    assert right / len(rows) >= 0.99


def test_every_full_name_finds_its_institution(matcher):
    """Each English and Chinese name, with its city and country, is attributed to its bearer."""
    rows = [r for r in matcher.registry.institutions.values() if not r.same_as]
    missed = []
    for row in rows:
        for name in (row.name_en, row.name_zh):
            if name and name in row.unconditional_names:
                found = ids(matcher, f"{name}, {row.city}", country=row.country)
                if row.id not in found:
                    missed.append((row.id, name, found))
    assert len(missed) / (2 * len(rows)) < 0.01, missed[:20]


_PIECES = st.sampled_from(
    ["Tsinghua University", "Beijing", "China", "University of", "Institute of Physics", "CAS",
     "Technology", "HIT", "Hong Kong", "USA", "and", ",", ";", "(", ")", "&", "大学", "北京", "-", "州"]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(_PIECES | st.text(max_size=6), max_size=12).map(" ".join))
def test_any_text_gets_one_complete_answer(matcher, text):
    answer = matcher.match(text)
    assert answer == matcher.match(text)
    assert answer.decision in {"matched", "ambiguous", "out_of_scope", "unmatched"}
    assert bool(answer.matches) == (answer.decision == "matched")
    assert answer.rule in {*RULES, "ambiguous-name", "foreign-country", "none"}
    assert answer.evidence
    assert not {c.institution_id for c in answer.candidates} & set(answer.institution_ids)
