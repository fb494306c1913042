"""Who takes part: registry ids in order of size, and invented institutions abroad.

The order below the fifth university and all sizes are the simulation's own, not findings.
"""

from __future__ import annotations

PUBLISHED_SHARES = {
    "tsinghua-university": 370,
    "shanghai-jiao-tong-university": 312,
    "harbin-institute-of-technology": 308,
    "zhejiang-university": 303,
    "university-of-chinese-academy-of-sciences": 206,
}
"""Hundredths of a percent of the corpus, as the 2020 report prints them."""

_OTHER_UNIVERSITIES = """
peking-university beihang-university huazhong-university-of-science-and-technology
xian-jiaotong-university university-of-science-and-technology-of-china
national-university-of-defense-technology beijing-institute-of-technology southeast-university
university-of-electronic-science-and-technology-of-china tianjin-university
northwestern-polytechnical-university sun-yat-sen-university wuhan-university
south-china-university-of-technology dalian-university-of-technology northeastern-university
tongji-university central-south-university xidian-university nanjing-university
shandong-university nanjing-university-of-aeronautics-and-astronautics
nanjing-university-of-science-and-technology jilin-university fudan-university
chongqing-university hunan-university beijing-university-of-posts-and-telecommunications
beijing-jiaotong-university sichuan-university university-of-science-and-technology-beijing
soochow-university hefei-university-of-technology wuhan-university-of-technology
shanghai-university east-china-normal-university east-china-university-of-science-and-technology
harbin-engineering-university nankai-university xiamen-university hangzhou-dianzi-university
zhejiang-university-of-technology shenzhen-university guangdong-university-of-technology
nanjing-university-of-posts-and-telecommunications
nanjing-university-of-information-science-and-technology
chongqing-university-of-posts-and-telecommunications hohai-university jiangnan-university
china-university-of-mining-and-technology china-university-of-geosciences-wuhan
china-university-of-petroleum-east-china beijing-normal-university
north-china-electric-power-university beijing-university-of-technology
southwest-jiaotong-university southwest-university anhui-university
anhui-university-of-technology anhui-university-of-science-and-technology jiangsu-university
yanshan-university nanjing-agricultural-university guilin-university-of-electronic-technology
fuzhou-university nanchang-university guangzhou-university henan-university lanzhou-university
kunming-university-of-science-and-technology beijing-university-of-chemical-technology
beijing-forestry-university
xinjiang-university ningbo-university dalian-maritime-university northwest-university
shaanxi-normal-university changan-university xian-university-of-technology
xian-university-of-science-and-technology shandong-university-of-science-and-technology
qingdao-university qingdao-university-of-science-and-technology ocean-university-of-china
university-of-jinan jinan-university south-china-normal-university
southern-university-of-science-and-technology shanghaitech-university
china-agricultural-university northwest-a-and-f-university renmin-university-of-china
taiyuan-university-of-technology zhejiang-gongshang-university
civil-aviation-university-of-china zhejiang-sci-tech-university
changchun-university-of-science-and-technology harbin-university-of-science-and-technology
university-of-shanghai-for-science-and-technology shanghai-maritime-university
donghua-university hunan-university-of-science-and-technology
china-jiliang-university wuhan-university-of-science-and-technology
zhejiang-normal-university nanjing-normal-university southern-medical-university
capital-medical-university hainan-university inner-mongolia-university wenzhou-university
hangzhou-normal-university
"""
OTHER_UNIVERSITIES = tuple(_OTHER_UNIVERSITIES.split())

ACADEMY = "chinese-academy-of-sciences"
OTHER_INSTITUTES = (
    "huawei-technologies",
    "chinese-academy-of-agricultural-sciences",
    "academy-of-military-sciences",
    "china-academy-of-engineering-physics",
    "tencent",
    "state-grid-corporation-of-china",
    "alibaba-group",
    "peng-cheng-laboratory",
    "shandong-academy-of-sciences",
    "iflytek",
    "baidu",
    "china-academy-of-railway-sciences",
    "zhejiang-lab",
)
ACADEMY_INSTITUTES = (
    "institute-of-automation-cas",
    "institute-of-computing-technology-cas",
    "shenyang-institute-of-automation-cas",
    "shenzhen-institutes-of-advanced-technology-cas",
    "institute-of-software-cas",
    "institute-of-acoustics-cas",
    "academy-of-mathematics-and-systems-science-cas",
    "institute-of-information-engineering-cas",
    "institute-of-electronics-cas",
    "aerospace-information-research-institute-cas",
    "hefei-institutes-of-physical-science-cas",
    "changchun-institute-of-optics-fine-mechanics-and-physics-cas",
    "institute-of-semiconductors-cas",
    "shanghai-institute-of-microsystem-and-information-technology-cas",
)
CAMPUSES = (
    "harbin-institute-of-technology-shenzhen",
    "harbin-institute-of-technology-weihai",
    "tsinghua-shenzhen-international-graduate-school",
    "peking-university-shenzhen-graduate-school",
    "shandong-university-weihai",
    "northeastern-university-at-qinhuangdao",
    "shanghai-jiao-tong-university-school-of-medicine",
    "um-sjtu-joint-institute",
    "north-china-electric-power-university-baoding",
    "hefei-university-of-technology-xuancheng",
)
NAMED_HOSPITALS = (
    ("Huashan Hospital", "fudan-university"),
    ("Sir Run Run Shaw Hospital", "zhejiang-university"),
    ("Second Xiangya Hospital", "central-south-university"),
    ("Shanghai Chest Hospital", "shanghai-jiao-tong-university"),
    ("Nanfang Hospital", "southern-medical-university"),
    ("Beijing Anzhen Hospital", "capital-medical-university"),
    ("Zhongda Hospital", "southeast-university"),
    ("Nanjing Drum Tower Hospital", "nanjing-university"),
)
"""Hospitals that also sign with the name of their university: then it counts."""

UNNAMED_HOSPITALS = (
    "Huashan Hospital",
    "Sir Run Run Shaw Hospital",
    "Second Xiangya Hospital",
    "Shanghai Chest Hospital",
    "Zhujiang Hospital",
    "Xuanwu Hospital",
    "Shanghai Pulmonary Hospital",
    "Shanghai Sixth People's Hospital",
    "Tianjin Union Medical Center",
    "Wuhan Union Hospital",
)
"""Hospitals that sign alone: known to the registry, counted for no university."""

MICROSOFT = "microsoft-research-asia"
REPORT_PARTNERS = (
    "nanyang-technological-university",
    "national-university-of-singapore",
    "university-of-technology-sydney",
    "microsoft-research-asia-partner",
    "georgia-institute-of-technology",
    "university-of-sydney",
    "university-of-alberta",
    "cnrs",
)
GREATER_CHINA_PARTNERS = (
    "city-university-of-hong-kong",
    "chinese-university-of-hong-kong",
    "hong-kong-polytechnic-university",
    "university-of-hong-kong",
    "hong-kong-university-of-science-and-technology",
    "university-of-macau",
    "national-taiwan-university",
    "hong-kong-baptist-university",
    "national-tsing-hua-university",
    "macau-university-of-science-and-technology",
    "national-cheng-kung-university",
    "soochow-university-taiwan",
)

COUNTRIES = {
    "United States": "US",
    "United Kingdom": "GB",
    "Australia": "AU",
    "Canada": "CA",
    "Singapore": "SG",
    "Japan": "JP",
    "Germany": "DE",
    "France": "FR",
    "Italy": "IT",
    "South Korea": "KR",
    "Netherlands": "NL",
    "Sweden": "SE",
    "India": "IN",
    "Bangladesh": "BD",
    "Brazil": "BR",
    "Pakistan": "PK",
}

_PLACES = {
    "United States": (
        "Northfield, MA 01099|Larkhaven, CA 90001|Oakhollow, TX 77999|Silverbrook, NY 10999|"
        "Redmarsh, IL 60999|Greycliff, WA 98999|Elmsworth, PA 15999|Quillmoor, OH 43999|"
        "Rookhaven, FL 32999|Zephyrton, CO 80999|Dunmarrow, GA 30999|Fallowmere, MI 48999"
    ),
    "United Kingdom": "Westmere|Ashcombe|Thornwick|Wexcombe|Otterford|Marlowick|Fernbrigg",
    "Australia": "Eastbrook, NSW 2999|Brightwater, VIC 3999|Kestrelton, QLD 4999|Yarrowdale, SA",
    "Canada": "Stonevale, ON|Lindenmere, BC|Aldermoor, QC|Cobblemere, MB",
}
_PATTERNS = ("University of {}", "{} Metropolitan University", "{} Institute of Technology")
_ELSEWHERE = (
    ("Hoshikawa University", "Hoshikawa", "Japan"),
    ("Minasato Institute of Technology", "Minasato", "Japan"),
    ("Kitamori University", "Kitamori", "Japan"),
    ("University of Aokawa", "Aokawa", "Japan"),
    ("Technical University of Waldstetten", "Waldstetten", "Germany"),
    ("University of Lindenau am See", "Lindenau am See", "Germany"),
    ("Hohenbrück University of Applied Research", "Hohenbrück", "Germany"),
    ("Université de Larkmont", "Larkmont", "France"),
    ("Université de Sainte-Églantine", "Sainte-Églantine", "France"),
    ("University of L'Arcona", "L'Arcona", "Italy"),
    ("Polytechnic University of Montealto Nuovo", "Montealto Nuovo", "Italy"),
    ("Saebyeok University", "Saebyeok", "South Korea"),
    ("Haneulsan Institute of Technology", "Haneulsan", "South Korea"),
    ("University of Waterhoek", "Waterhoek", "Netherlands"),
    ("Lindmark University", "Lindmark", "Sweden"),
    ("Indravati Puram Institute of Technology", "Indravati Puram", "India"),
    ("Kaveripet University", "Kaveripet", "India"),
    ("Universidade de Serra Clara", "Serra Clara", "Brazil"),
    ("Margalla Heights University", "Margalla Heights", "Pakistan"),
    ("Straitsview University", "Singapore", "Singapore"),
    ("Merlion Bay Institute of Technology", "Singapore", "Singapore"),
    ("Larkspur Robotics Inc.", "Greycliff, WA 98999", "United States"),
)
HOMONYMS = (
    ("Northeastern University", "Boston, MA 02115", "United States"),
    ("Southeast University", "Dhaka", "Bangladesh"),
)
"""Real names, for they are the trap: each is also the name of a university in China."""


def invented_institutions() -> list[tuple[str, str, str]]:
    """Name, place and country of the foreign institutions outside the registry."""
    invented = [
        (pattern.format(place.partition(",")[0]), place, country)
        for pattern in _PATTERNS
        for number in range(max(len(places.split("|")) for places in _PLACES.values()))
        for country, places in _PLACES.items()
        for place in places.split("|")[number : number + 1]
    ]
    return [*invented[:8], *HOMONYMS, *_ELSEWHERE, *invented[8:]]


UNREGISTERED = (
    ("Simulated Valley Technology Co., Ltd.", "Shenzhen", "Guangdong"),
    ("Larkspring Intelligent Equipment Co., Ltd.", "Suzhou", "Jiangsu"),
    ("Blue Heron Data Services Co., Ltd.", "Hangzhou", "Zhejiang"),
    ("Stonebridge Machinery Works", "Shenyang", "Liaoning"),
    ("Quiet River Instruments Co., Ltd.", "Wuhan", "Hubei"),
    ("Morning Lantern Software Co., Ltd.", "Beijing", "Beijing"),
    ("Northern Lantern Vocational School", "Harbin", "Heilongjiang"),
    ("Seven Pines Middle School", "Kunming", "Yunnan"),
    ("Amber Hill Power Station", "Chengdu", "Sichuan"),
    ("Willow Gate Water Works", "Zhengzhou", "Henan"),
    ("Green Lotus Seed Co., Ltd.", "Changsha", "Hunan"),
    ("Silver Carp Fishery Station", "Nanchang", "Jiangxi"),
)
"""Invented organisations on the mainland that no registry knows."""
