"""Every sentence of the pages, in English and Chinese, in one place: key → (English, Chinese).

``{…}`` is filled by ``bilingual.say``. What the codes of the tables are called is in ``terms``.
"""

from __future__ import annotations

Pair = tuple[str, str]

WORDS: dict[str, Pair] = {
    # everywhere
    "series": ("Research output: counts, ranking, collaboration", "科研产出：计数、排名与合作"),
    "edition": ("Edition", "版次"),
    "simulated_short": ("SIMULATED RECORDS – no finding.", "模拟数据，非研究结论。"),
    "simulated_long": (
        "Every paper and every number on this page was made by a generator, to show and test the "
        "method. Nothing here describes a real institution.",
        "本页所有论文与数字均由程序生成，仅用于演示和检验方法，不反映任何真实机构的情况。",
    ),
    "footer": (
        "Made by {software} from the study “{study}”, edition {edition}.",
        "由 {software} 根据研究“{study}”{edition} 版生成。",
    ),
    "table_note": (
        "Counting: {counting}. Shares are of: {denominator}. Records as of: {as_of}. "
        "Source: {source}.",
        "计数：{counting}。占比分母：{denominator}。数据截至：{as_of}。来源：{source}。",
    ),
    "table_note_counts": (
        "Counting: {counting}. Records as of: {as_of}. Source: {source}.",
        "计数：{counting}。数据截至：{as_of}。来源：{source}。",
    ),
    "cut": (
        "The page shows the first {shown} of {total} rows; all of them are in",
        "本页仅列出前 {shown} 行（共 {total} 行），全部数据见",
    ),
    "cut_end": (" beside this page.", "（与本页同一文件夹）。"),
    "no_rows": ("Nothing to show: the table is empty.", "无可显示内容：该表为空。"),
    "numbers": ("The numbers as a table", "数据表"),
    "one_paper": ("1 paper", "1 篇论文"),
    "many_papers": ("{n} papers", "{n} 篇论文"),
    "one_country": ("1 foreign country", "1 个国家"),
    "many_countries": ("{n} foreign countries", "{n} 个国家"),
    "paren": ("{a} ({b})", "{a}（{b}）"),
    # column heads
    "rank": ("Rank", "排名"),
    "institution": ("Institution", "机构"),
    "institutions": ("Institutions", "机构数"),
    "papers": ("Papers", "论文数"),
    "papers_full": ("Papers (full)", "论文数（完整计数）"),
    "share": ("Share", "占比"),
    "fractional": ("Papers (author-fractional)", "论文数（作者分数计数）"),
    "ratio": ("Fractional ÷ full", "分数计数÷完整计数"),
    "international": ("With foreign partner", "国际合作占比"),
    "province": ("Province", "省级行政区"),
    "authority": ("Authority", "主管部门"),
    "country": ("Country or region", "国家/地区"),
    "year": ("Year", "年份"),
    "bar_of_papers": ("Papers as a bar", "论文数条形图"),
    # first screen
    "answer_clear": (
        "{first} leads with {n1} ({s1}), ahead of {second} with {n2} ({s2}) and {third} with {n3} "
        "({s3}); ranks 2 and 3 are {gap} apart.",
        "{first}以 {n1}（{s1}）居首，其后为{second}（{n2}，{s2}）和{third}（{n3}，{s3}）；"
        "第 2 位与第 3 位相差 {gap}。",
    ),
    "answer_two": (
        "{first} leads with {n1} ({s1}), ahead of {second} with {n2} ({s2}).",
        "{first}以 {n1}（{s1}）居首，其后为{second}（{n2}，{s2}）。",
    ),
    "answer_one": (
        "Only {first} has papers in this corpus: {n1} ({s1}).",
        "本语料库中仅{first}有论文：{n1}（{s1}）。",
    ),
    "answer_tied": (
        "{tied} share the lead with {n1} each ({s1}).",
        "{tied}并列首位，各有 {n1}（{s1}）。",
    ),
    "answer_tied_behind": (
        "{first} leads with {n1} ({s1}); {tied} follow level with {n2} each ({s2}).",
        "{first}以 {n1}（{s1}）居首；{tied}并列其后，各有 {n2}（{s2}）。",
    ),
    "others": ("{n} others", "另外 {n} 个机构"),
    "answer_among": ("Among {n} {group}: ", "{n} 个{group}中，"),
    "answer_no_rank": (
        " No rank is given: fewer than {floor} papers each.",
        "各机构论文均少于 {floor} 篇，故不予排名。",
    ),
    "empty_step": (
        "The corpus is empty: the step “{step}” left none of {n} records. Its condition: "
        "{condition}.",
        "语料库为空：步骤“{step}”之后，{n} 条记录无一保留。其条件：{condition}。",
    ),
    "empty_input": (
        "The corpus is empty: no record was read from the input.",
        "语料库为空：输入中未读到任何记录。",
    ),
    "empty_no_institution": (
        "The corpus holds {papers}, but none could be given to an institution: {why}",
        "语料库含 {papers}，但均无法归属到机构：{why}",
    ),
    "empty_no_affiliation": (
        "the records carry no affiliation that names one.",
        "记录中没有可识别机构的地址。",
    ),
    "empty_bare": (
        "the records carry no affiliations at all.",
        "记录完全没有作者地址。",
    ),
    "top_title": ("The first {n} {group} by papers", "论文数前 {n} 位的{group}"),
    "below_floor": (
        "Rank stays blank: no institution reaches the floor of {floor} papers.",
        "排名留空：没有机构达到 {floor} 篇论文的下限。",
    ),
    "no_ranking": (
        "No institution of the study’s geography has a paper in this corpus.",
        "本语料库中没有研究范围内机构的论文。",
    ),
    "key_papers": ("papers in the corpus", "语料库论文数"),
    "key_institutions": ("institutions with a paper", "有论文的机构数"),
    "key_attributed": (
        "of the papers given to at least one of them",
        "的论文至少归属一个机构",
    ),
    "key_countries": (
        "foreign countries named in addresses",
        "地址中出现的外国国家数",
    ),
    "key_international": ("of the papers with a foreign partner", "的论文有外国合作者"),
    "key_years": ("publication years", "出版年份"),
    "unsure": ("What is unsure", "不确定之处"),
    "doubt_step": (
        "“{step}” could not be tested on {n} of {total} records, whose source lacks the field; "
        "they were let through.",
        "“{step}”无法检验 {total} 条记录中的 {n} 条（来源缺少该字段），这些记录予以保留。",
    ),
    "doubt_step_bare": (
        "“{step}” could not be tested: the source lacks the field.",
        "“{step}”无法检验：来源缺少该字段。",
    ),
    "doubt_unattributed": (
        "{n} ({share}) name no institution that the registry knows inside the study’s geography.",
        "{n}（{share}）未写明名录所收的研究范围内机构。",
    ),
    "doubt_unmatched": (
        "{n} affiliation strings of the geography are unmatched or ambiguous; the largest stands "
        "on {largest}.",
        "研究范围内有 {n} 条地址未匹配或有歧义，其中最多的一条出现于 {largest}。",
    ),
    "doubt_census": (
        "The corpus is a census of what was found, not a sample; still, one misread affiliation "
        "can turn ranks that lie a few papers apart.",
        "语料库是检索结果的全体而非样本；但排名相差几篇时，一条地址的误判即可改变名次。",
    ),
    "use_short": (
        "Responsible use: these are volumes of papers under one query. They say nothing about the "
        "quality of research, and should not decide alone on people, money or programmes.",
        "负责任使用：此处仅为某一检索式下的论文数量，不说明研究质量，"
        "不应单独用于人员、经费或项目的决定。",
    ),
    # flow
    "flow_title": ("From records to counted papers", "从记录到计入的论文"),
    "flow_intro": (
        "Each box is a step, with its condition and the records left after it; beside it, how many "
        "did not pass.",
        "每个方框为一个步骤，注明条件及其后保留的记录数；旁边为未通过的记录数。",
    ),
    "flow_note": (
        "Dashed: a step that some or all records could not be tested on. The same as a table:",
        "虚线框：部分或全部记录无法检验的步骤。数据表见：",
    ),
    "flow_out": ("{n} did not pass", "{n} 条未通过"),
    "flow_untested": ("not testable on {n}", "{n} 条无法检验"),
    "flow_untested_bare": ("not testable", "无法检验"),
    # ranking
    "ranking_title": ("Ranking", "排名"),
    "ranking_intro": (
        "Universities and institutes are ranked apart. Institutions with fewer than {floor} papers "
        "are listed without a rank: below that, one or two papers move many places. Full counting "
        "gives every institution of a paper one; author-fractional counting shares the paper among "
        "its authors. A low ratio of the two means many co-authors elsewhere, or authors who sign "
        "for two institutions.",
        "高校与科研机构分别排名。论文少于 {floor} 篇的机构列出但不排名：低于此数，"
        "一两篇论文即可变动多个名次。完整计数下，论文的每个机构各计一篇；作者分数计数下，"
        "一篇论文按作者分摊。两者之比低，说明外部合著者多，或作者同时署两个机构。",
    ),
    "ucas_note": (
        "University of Chinese Academy of Sciences: its ratio is {ratio}, against a median of "
        "{median} in its group. Students and staff of institutes of the Academy commonly sign for "
        "both, so its place under full counting should be read with the fractional count beside "
        "it.",
        "中国科学院大学：其比值为 {ratio}，同组中位数为 {median}。"
        "科学院各研究所的师生常同时署名两者，"
        "其完整计数名次应与分数计数一并解读。",
    ),
    "search_label": ("Search names (English or Chinese)", "检索机构名称（中英文均可）"),
    "province_filter": ("Province", "省级行政区筛选"),
    "shown_before": ("Showing ", "显示 "),
    "shown_after": (" of {total} institutions", " 个，共 {total} 个机构"),
    "group_size": (
        ": {n} with at least one paper, {ranked} of them with {floor} papers or more",
        "：{n} 个有论文，其中 {ranked} 个达到 {floor} 篇",
    ),
    # trend, provinces, authorities
    "trend_title": ("Year by year", "逐年趋势"),
    "trend_caption": ("Papers of the corpus by publication year", "语料库论文数（按出版年）"),
    "trend_says": (
        "{n1} in {year1}, {n2} in {year2}. Of all papers, {share} have a foreign partner.",
        "{year1} 年 {n1}，{year2} 年 {n2}。全部论文中 {share} 有外国合作者。",
    ),
    "trend_says_one": (
        "{n1} in {year1}. Of them, {share} have a foreign partner.",
        "{year1} 年 {n1}，其中 {share} 有外国合作者。",
    ),
    "trend_alt": (
        "Bars by year from {year1} to {year2}: {n1} in the first, {n2} in the last.",
        "{year1} 年至 {year2} 年逐年柱形图：首年 {n1}，末年 {n2}。",
    ),
    "trend_bar": (
        "{year}: {n}, {m} with a foreign partner",
        "{year} 年：{n}，其中 {m} 有外国合作者",
    ),
    "trend_earlier": (
        "The drawing shows the latest forty years; {n} earlier ones are in the table.",
        "图中仅显示最近四十年，更早的 {n} 个年份见数据表。",
    ),
    "all_papers": ("all papers", "全部论文"),
    "with_foreign": ("with a foreign partner", "有外国合作者"),
    "provinces_title": ("Provinces and authorities", "地区与主管部门"),
    "provinces_caption": ("Papers by province-level unit", "各省级行政区论文数"),
    "authorities_caption": ("Papers by supervising authority", "各类主管部门论文数"),
    "units_overlap": (
        "A paper counts once in each unit that it names: the units’ papers are distinct papers, "
        "never the sum of their members, and the units together exceed the corpus.",
        "论文在其涉及的每个单位各计一次：各单位论文数为去重数，并非所属机构之和；"
        "各单位合计大于语料库总数。",
    ),
    # partners
    "partners_title": ("Countries and partners", "国家/地区与合作机构"),
    "partners_apart": (
        "Partners in foreign countries and in Hong Kong, Macao and Taiwan are counted and ranked "
        "apart.",
        "外国与港澳台合作机构分别计数和排名。",
    ),
    "partners_intro": (
        "Seen from this corpus only: a partner’s number is its papers with the study’s "
        "institutions, not its output.",
        "仅限本语料库所见：合作机构的数字是其与研究范围内机构的合著论文，并非其全部产出。",
    ),
    "abroad_says": (
        "{n} name at least one of {countries}; {first} comes first with {n1} ({s1}).",
        "{n} 涉及 {countries}；{first}居首（{n1}，{s1}）。",
    ),
    "countries_foreign": ("Foreign countries by papers", "外国国家（按论文数）"),
    "countries_hk": (
        "Hong Kong, Macao and Taiwan by papers",
        "港澳台地区（按论文数）",
    ),
    "partners_foreign": (
        "Partner institutions in foreign countries",
        "外国合作机构",
    ),
    "partners_hk": (
        "Partner institutions in Hong Kong, Macao and Taiwan",
        "港澳台合作机构",
    ),
    "country_unknown": ("country not stated", "国别未注明"),
    "domestic_partners": ("Institutions of the study on them", "涉及的境内机构数"),
    # network
    "network_title": ("Who works with whom", "合作网络"),
    "picture_caption": (
        "Co-authorship of institutions: size by papers, colour by community",
        "机构合著网络：大小表示论文数，颜色表示社群",
    ),
    "picture_alt": (
        "Network of {n} institutions. The largest: {names}.",
        "{n} 个机构的合作网络。最大的机构：{names}。",
    ),
    "picture_note": (
        "Drawn: the {edges} strongest of {total} ties by fractional weight. Nearness in the "
        "picture is a hint, not a measure.",
        "图中为分数权重最强的 {edges} 条联系（共 {total} 条）。图上距离仅供参考，并非度量。",
    ),
    "community_of": ("with {name}", "{name}所在社群"),
    "communities_other": ("smaller communities", "其他较小社群"),
    "map_link": ("Open the interactive map: map.html", "打开交互式地图：map.html"),
    "map_beside": (
        "(a file beside this page; an e-mail may have left it behind).",
        "（与本页同一文件夹的文件；以邮件转发时可能缺失）。",
    ),
    "no_network": (
        "No network to draw: no two institutions share a paper.",
        "无合作网络可绘：没有两个机构合著论文。",
    ),
    "ties_caption": (
        "The {n} strongest ties inside the study’s geography, by papers together",
        "研究范围内最强的 {n} 对合作（按合著论文数）",
    ),
    "papers_together": ("Papers together", "合著论文数"),
    "weight_fractional": ("Fractional weight", "分数权重"),
    "association": ("Association strength", "关联强度"),
    "association_note": (
        "Association strength 1 is as many papers together as the two institutions’ ties would let "
        "expect; it is left blank below ten papers together.",
        "关联强度为 1 表示合著数与两机构合作总量所预期的相同；合著不足十篇时留空。",
    ),
    # query
    "keywords_title": ("What each keyword brings", "各检索词的贡献"),
    "keywords_intro": (
        "The query as it was put, and the papers of the corpus that each keyword finds.",
        "所用检索式，以及语料库中由各检索词命中的论文。",
    ),
    "keywords_caption": (
        "Papers by keyword and field; a paper may stand in several",
        "按检索词与字段统计的论文数（一篇论文可多次出现）",
    ),
    "keyword": ("Keyword", "检索词"),
    "only_by_it": ("Only by it", "仅由其命中"),
    # attribution
    "attribution_title": ("How well papers were attributed", "机构归属的质量"),
    "attribution_intro": (
        "{attributed} of {papers} papers ({share}) were given to at least one institution. Each "
        "distinct affiliation string got one decision, with the rule and the evidence for it.",
        "{papers} 篇论文中有 {attributed} 篇（{share}）至少归属一个机构。"
        "每条不同的地址均有一个判定，并附规则与依据。",
    ),
    "decisions_caption": ("Decisions on affiliation strings", "地址判定结果"),
    "decision": ("Decision", "判定"),
    "strings": ("Strings", "地址数"),
    "share_strings": ("Of strings", "占地址"),
    "mentions": ("Paper mentions", "出现篇次"),
    "share_mentions": ("Of mentions", "占篇次"),
    "decisions_note": (
        "A mention is a paper × string: a paper with three strings has three. Every decision:",
        "篇次为“论文×地址”：含三条地址的论文计三次。全部判定见：",
    ),
    "unmatched_title": ("Unmatched strings", "未匹配地址"),
    "unmatched_caption": (
        "The {n} largest of {total} strings of the geography without an institution",
        "研究范围内未归属地址中最多的 {n} 条（共 {total} 条）",
    ),
    "none_unmatched": ("None: every string got an institution.", "无：所有地址均已归属。"),
    "affiliation": ("Affiliation as in the source", "原始地址"),
    "uncounted": ("Of these, not counted", "其中未计入"),
    "would_settle": ("What would settle it", "判定所需信息"),
    "unmatched_note": (
        "To settle them: bibliometrics review {study}. All of them:",
        "处理方法：bibliometrics review {study}。全部见：",
    ),
    "findings_title": ("Notes of the run", "运行说明"),
    # choices and method
    "choices_title": ("The study’s exact choices", "研究的具体选择"),
    "choices_intro": (
        "Another choice gives another number. Each of these stands in the study file and can be "
        "changed there.",
        "不同选择会得到不同数字。以下各项均写在研究文件中，可在其中修改。",
    ),
    "choices_caption": ("Choices and what else could be chosen", "所作选择与备选项"),
    "choice": ("Choice", "选项"),
    "chosen": ("Chosen", "取值"),
    "alternatives": ("Also possible", "备选"),
    "not_default": ("not the default", "非默认"),
    "method_title": ("Method", "方法"),
    "method_full": ("Full counting", "完整计数"),
    "method_full_text": (
        "Each institution named on a paper counts one distinct paper, however often and by however "
        "many authors it is named.",
        "论文中出现的每个机构各计一篇，不论其出现几次、由几位作者署名。",
    ),
    "method_fractional": ("Author-fractional counting", "作者分数计数"),
    "method_fractional_text": (
        "A paper counts one in all. Each of its N authors has 1/N, shared among the author’s "
        "affiliations and, where a string names several institutions, among these. What belongs to "
        "no known institution goes to none. The weight of affiliation s of author a:",
        "一篇论文合计为一。N 位作者各得 1/N，再由该作者的地址均分；"
        "一条地址含多个机构时，由各机构再均分；"
        "不属于任何已知机构的部分不计入任何机构。作者 a 的地址 s 的权重为：",
    ),
    "method_fractional_why": (
        "It is the rule of the Leiden Ranking Open Edition. Where a source does not tie "
        "affiliations to authors, the fractional count is not available and stays blank.",
        "此为莱顿排名开放版所用规则。来源未将地址与作者对应时，分数计数无法得出，留空。",
    ),
    "method_shares": ("Shares", "占比"),
    "method_shares_text": (
        "A share is distinct papers over the denominator named under the table. A paper of several "
        "institutions counts in the share of each, so shares of distinct papers may sum to more "
        "than one. Here they sum to {sum}, with {mean} institutions of the geography for each "
        "attributed paper.",
        "占比为去重论文数除以表下所注分母。多机构论文计入各机构的占比，故去重论文的各占比之和可大于一。"
        "此处合计为 {sum}，每篇已归属论文平均有 {mean} 个研究范围内的机构。",
    ),
    "method_ties": ("Ties", "合作联系"),
    "method_ties_text": (
        "Papers together are distinct papers that name both institutions. So that a paper of "
        "thirty institutions does not outweigh thirty papers of two, the fractional weight of a "
        "tie adds for each paper k with nₖ institutions:",
        "合著论文数为同时出现两机构的去重论文数。为避免一篇三十个机构的论文压过三十篇双机构论文，"
        "联系的分数权重对每篇含 nₖ 个机构的论文 k 累加：",
    ),
    "method_association_text": (
        "Association strength divides the papers together c by what the two totals of ties s would "
        "let expect, m being the sum of all ties. It is given between institutions of the "
        "geography only, and overestimates slightly because an institution cannot pair with itself "
        "(Steijn 2021).",
        "关联强度为合著数 c 与由两机构合作总量 s 所预期之数的比值，m 为全部联系之和。"
        "仅在研究范围内的机构之间给出；"
        "因机构不能与自身配对，其值略微偏高（Steijn 2021）。",
    ),
    "method_boundary": (
        "Boundary: ties between two foreign institutions are seen only through the study’s own. "
        "Communities are therefore of the domestic network, and foreign institutions stand beside "
        "it as partners.",
        "边界：两个外国机构之间的联系只能经由研究范围内的机构看到。"
        "因此社群仅就境内网络划分，外国机构作为合作伙伴列于其旁。",
    ),
    "method_rank": ("Ranks", "排名"),
    "method_rank_text": (
        "Competition ranks: equal papers share the better place. A rank is shown from {floor} "
        "papers on.",
        "采用竞争排名：论文数相同者并列较前名次。论文达 {floor} 篇方显示排名。",
    ),
    # provenance
    "provenance_title": ("Where the numbers come from", "数据来源与可复现性"),
    "fact_study": ("Study", "研究"),
    "fact_as_of": ("Records as of", "数据截至"),
    "fact_years": ("Publication years", "出版年份"),
    "fact_papers": ("Distinct papers", "去重论文数"),
    "fact_denominator": ("Shares are of", "占比分母"),
    "fact_counting": ("Counting", "计数方法"),
    "fact_software": ("Software", "软件"),
    "fact_registry": ("Institution registry", "机构名录版本"),
    "fact_seed": ("Random seed", "随机种子"),
    "inputs_caption": ("Input files", "输入文件"),
    "file": ("File", "文件"),
    "kind": ("Kind", "类型"),
    "rows": ("Rows", "行数"),
    "rerun": ("To run it again", "重新运行"),
    "rerun_text": (
        "The same inputs give the same bytes. bibliometrics verify compares an edition with what "
        "it was made from.",
        "相同输入得到逐字节相同的结果。bibliometrics verify 可核对某一版次与其来源。",
    ),
    # use
    "use_title": ("Responsible use and how to cite", "负责任使用与引用方式"),
    "use_volume": (
        "Volume is not quality. A count rises with size, field, language and habits of "
        "publication; compare institutions of a kind, and read the papers before judging.",
        "数量不等于质量。论文数随规模、学科、语言与发表习惯而变；"
        "应比较同类机构，并在评判前阅读论文本身。",
    ),
    "use_journals": (
        "Journals alone leave out most of the top venues of artificial intelligence, which are "
        "conferences. If the study keeps journal articles only, so does every number here.",
        "人工智能领域的顶级发表渠道多为会议。若研究仅保留期刊论文，则会遗漏其中大部分，"
        "本页所有数字亦然。",
    ),
    "use_coverage": (
        "A database covers some countries, languages and fields better than others, and its "
        "records change: a number belongs to its date.",
        "数据库对不同国家、语言和学科的覆盖并不均等，记录也会变动：数字仅对应其日期。",
    ),
    "use_people": (
        "No number here describes a person, and none should be used to assess one.",
        "此处没有任何数字描述个人，也不应用于评价个人。",
    ),
    "cite_title": ("How to cite", "引用方式"),
    "cite": (
        "{title}. Edition {edition}, records as of {as_of}. Study “{study}”, computed with "
        "{software}.",
        "{title}。{edition} 版，数据截至{as_of}。研究“{study}”，以 {software} 计算。",
    ),
    "cite_simulated": (
        "Simulated records: do not cite as a finding.",
        "模拟数据：请勿作为研究结论引用。",
    ),
    # map
    "map_heading": ("Co-authorship map: {title}", "合著网络图：{title}"),
    "map_title": ("Co-authorship map", "合著网络图"),
    "map_about": (
        "Each mark is an institution, each line papers written together. Drag to move, wheel or "
        "+ and − to zoom, click a mark for its partners. With the keyboard: Tab to the map, arrow "
        "keys to move, + and − to zoom; or find an institution by name.",
        "每个标记为一个机构，每条线为合著论文。拖动可平移，滚轮或 + − 可缩放，"
        "点击标记查看合作机构。键盘操作：按 Tab 聚焦地图，方向键平移，+ − 缩放；也可按名称查找。",
    ),
    "map_read": ("How to read it", "阅读说明"),
    "map_nearness": (
        "Nearness is a hint, not a measure: the layout puts institutions that write together "
        "close.",
        "距离仅供参考，并非度量：布局将合著较多的机构放得较近。",
    ),
    "map_find": ("Find an institution", "查找机构"),
    "map_least": ("Least weight of a tie", "联系的最小权重"),
    "map_show": ("Ties shown", "显示的联系"),
    "map_domestic": ("inside the study’s geography", "研究范围内"),
    "map_foreign": ("with foreign institutions", "与外国机构"),
    "map_hk": ("with Hong Kong, Macao, Taiwan", "与港澳台机构"),
    "map_all": ("Show all", "显示全图"),
    "map_in": ("Zoom in", "放大"),
    "map_out": ("Zoom out", "缩小"),
    "map_legend": ("Legend", "图例"),
    "map_size": ("area: papers", "面积：论文数"),
    "map_diamond": ("foreign institution", "外国机构"),
    "map_triangle": ("Hong Kong, Macao, Taiwan", "港澳台机构"),
    "map_edges_shown": ("{shown} of {total} ties shown", "显示 {shown} 条联系（共 {total} 条）"),
    "map_cut": (
        "The page holds the strongest {kept} of {total} ties by fractional weight; all of them are "
        "in tables/collaborations.csv.",
        "本页仅含分数权重最强的 {kept} 条联系（共 {total} 条），"
        "全部见 tables/collaborations.csv。",
    ),
    "map_first_view": (
        "At first the strongest ties only; move the slider to the left for all.",
        "初始仅显示较强的联系；将滑块移至最左可显示全部。",
    ),
    "map_nothing": ("Nothing found.", "未找到。"),
    "map_close": ("Close", "关闭"),
    "map_partners": ("partners on the map", "图中合作机构数"),
    "map_papers": ("papers", "论文数"),
    "map_top_partners": ("Writes most with", "合著最多的机构"),
    "map_community": ("Community", "社群"),
    "map_empty": (
        "No map to draw: no two institutions share a paper.",
        "无图可绘：没有两个机构合著论文。",
    ),
    "map_needs_js": (
        "The map needs JavaScript. The report holds a still picture of the same network.",
        "交互式地图需要 JavaScript；报告中有同一网络的静态图。",
    ),
    "map_picture": ("Map of the network", "网络图"),
    "map_back": ("Report: report.html", "报告：report.html"),
    "map_controls": ("Controls", "控制"),
    # terminal
    "terminal_title": ("{title} · edition {edition}", "{title} · {edition} 版"),
    "terminal_simulated": ("SIMULATED RECORDS – no finding", "模拟数据，非研究结论"),
    "terminal_basis": (
        "{counting}; shares of {denominator}",
        "{counting}；占比分母：{denominator}",
    ),
}  # fmt: skip
