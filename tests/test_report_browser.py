"""The report and its lists of papers in a real browser: every control, by mouse and by keyboard."""

from __future__ import annotations

import csv
import io
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from bibliometrics import evidence, pipeline, simulation
from bibliometrics.pipeline import Plan, open_inputs
from bibliometrics.presentation.evidence import render_evidence
from bibliometrics.presentation.report import SECTIONS, render_report
from bibliometrics.study.file import load_study
from browsing import NARROW, WIDE, accessibility, browser, needs_chromium, visit
from conftest import ROOT
from pages_fixture import HOSTILE
from report_fixture import full_edition, hostile_full_edition

__all__ = ["browser", "visit"]  # fixtures
pytestmark = needs_chromium
SCREENS = pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])


def write(folder: Path, name: str, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        file.write(text)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """full and hostile: made-up pages; small: an edition with its evidence; alone: without it."""
    folder = tmp_path_factory.mktemp("pages")
    write(folder, "full.html", render_report(full_edition()))
    write(folder, "brief.html", render_report(full_edition(14, 3, 5)))
    write(folder, "hostile.html", render_report(hostile_full_edition()))
    exports = simulation.write_exports(
        simulation.simulate(300, 7), folder / "exports", generation="G2"
    )
    text = (ROOT / "queries" / "cingai-2020.toml").read_text(encoding="utf-8")
    study = folder / "cingai-2020.toml"
    study.write_text(text.replace("rank_floor = 100", "rank_floor = 1"), encoding="utf-8")
    made = pipeline.make_edition(Plan(load_study(study), "e1", open_inputs(exports)))
    behind = evidence.gather(
        made.corpus, made.credited, made.counts, made.edition.tables["unmatched"], load_study(study)
    )
    write(folder / "small", "report.html", render_report(made.edition))
    for name, told in render_evidence(made.edition, behind).items():
        write(folder / "small" / "evidence", name, told)
    write(folder / "alone", "report.html", render_report(made.edition))
    papers = behind.papers.copy()
    for shift, column in enumerate(("title", "source_title", "doi")):
        papers[column] = [HOSTILE[(n + shift) % len(HOSTILE)] for n in range(len(papers))]
    many = "; ".join(f"University of Somewhere No. {n}" for n in range(40))
    strings = [(*HOSTILE, many)[n % (len(HOSTILE) + 1)] for n in range(len(behind.mentions))]
    bad = replace(behind, papers=papers, mentions=behind.mentions.assign(affiliation=strings))
    for name, told in render_evidence(made.edition, bad).items():
        write(folder / "bad" / "evidence", name, told)
    shutil.rmtree(folder / "exports")
    return folder


def rows_shown(page, table: str = "#group-1") -> list[str]:
    return page.locator(
        f"{table} table.ranking tbody tr:visible th .nm span[lang=en]"
    ).all_inner_texts()


def ranks_shown(page) -> list[str]:
    cells = page.locator("#group-1 tbody tr:visible td.rank .by:visible").all_inner_texts()
    return [re.match(r"\d*", cell)[0] for cell in cells]


# the report --------------------------------------------------------------------------------------


@SCREENS
@pytest.mark.parametrize("name", ["full", "hostile"])
def test_every_section_fits_the_screen_in_both_languages(visit, name, viewport):
    page = visit(name, viewport)
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")
    for language in ("English", "中文"):
        page.get_by_text(language, exact=True).click()
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= viewport["width"], language


def test_nothing_english_is_left_in_the_chinese_page_but_names_and_codes(visit):
    page = visit("full")
    page.get_by_text("中文", exact=True).click()
    heads = page.locator("main th[scope=col]:visible, main h2, main h3, figcaption:visible")
    allowed = re.compile(r"[\u4e00-\u9fff]|^(τ-b|RBO|z|PageRank|Jaccard|SHA-256|95 %|)$")
    assert [t for t in heads.all_inner_texts() if not allowed.search(t.strip())] == []


def test_hostile_text_is_shown_as_text(visit):
    page = visit("hostile")
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")
    assert page.locator("main img, main script").count() == 0
    assert "<script>alert(1)</script>" in page.locator("#claims").inner_text()
    assert "=HYPERLINK(" in page.locator("#sensitivity").inner_text()


def test_the_counting_rule_switches_the_first_screen_and_the_ranking(visit):
    page = visit("full")
    first = page.locator(".top-ten:visible tbody tr").first.inner_text()
    before = rows_shown(page)
    page.get_by_text("Author-fractional", exact=True).first.click()
    assert page.locator(".top-ten:visible").count() == 1
    assert page.locator("figcaption:visible", has_text="Author-fractional").count() == 1
    assert page.locator(".top-ten:visible tbody tr").first.inner_text() != first
    assert rows_shown(page) != before
    numbers = [int(r) for r in ranks_shown(page) if r]
    assert numbers == sorted(numbers)
    assert page.locator("#group-1 tbody tr:visible .move.far:visible").count() > 0
    assert page.locator("#rule").input_value() == "2"
    page.locator("#rule").select_option("1")
    assert rows_shown(page) == before
    assert page.locator("#rule-1").is_checked()


def test_ranks_that_move_are_marked_and_can_be_listed_alone(visit):
    page = visit("full")
    page.locator("#moved").check()
    listed = page.locator("table.ranking tbody tr:visible")
    assert 0 < listed.count() < 131
    assert all(listed.nth(n).get_attribute("data-moves") is not None for n in range(listed.count()))
    assert page.locator("[data-shown]").inner_text() == str(listed.count())


@pytest.mark.parametrize(
    ("filter_", "value"), [("authority", "miit"), ("kind", "cas"), ("province", "Heilongjiang")]
)
def test_filters_narrow_the_ranking(visit, filter_, value):
    page = visit("full")
    page.locator(f"#{filter_}").select_option(value)
    listed = page.locator("table.ranking tbody tr:visible")
    assert 0 < listed.count() < 131
    shown = listed.evaluate_all(f"rows => rows.map(row => row.dataset.{filter_})")
    assert set(shown) == {value}


def test_rank_sets_are_bars_with_their_ranks(visit):
    page = visit("full")
    cell = page.locator("#group-1 tbody tr").nth(4).locator("td.set .by:visible")
    assert cell.inner_text() == "3–7"
    bar = cell.locator("rect.span")
    assert float(bar.get_attribute("width")) > 0
    assert "stability bar, not an error bar" in page.locator("#ranking").inner_text()


def test_long_tables_unfold(visit):
    page = visit("full")
    region = page.locator("#partners figure", has_text="Partner institutions in foreign countries")
    assert region.locator("tbody tr:visible").count() == 15
    region.get_by_role("button", name="Show all 300 rows").click()
    assert region.locator("tbody tr:visible").count() == 300


def test_on_a_narrow_screen_sections_are_closed_and_links_open_them(visit):
    page = visit("full", NARROW)
    assert page.evaluate("document.documentElement.scrollHeight") < 6000
    assert page.locator("details.part[open]").count() == 0
    page.locator(".contents summary").click()
    page.locator('.contents a[href="#claims"]').click()
    assert page.locator("#claims details.part").get_attribute("open") is not None
    assert page.locator("#claim-table").count() == 1
    page.locator("#partners summary").first.click()
    assert page.locator("#partners details.part").get_attribute("open") is not None


def test_the_contents_name_every_section_and_follow_the_reader(visit):
    page = visit("full")
    links = page.locator(".contents a")
    assert links.count() == len(SECTIONS)
    links.nth(5).click()
    page.wait_for_function(
        "document.querySelectorAll('.contents a')[5].hasAttribute('aria-current')"
    )


def test_the_indices_are_shown_from_fifty_papers_on(visit):
    page = visit("full")
    table = page.locator("#partners table").first
    assert "1.08" in table.inner_text() and "1.77" not in table.inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@SCREENS
def test_the_report_has_no_serious_accessibility_finding(visit, viewport, scheme):
    page = visit("brief", viewport, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")
    assert accessibility(page) == []


def test_the_report_by_keyboard_alone(visit):
    page = visit("full")
    page.locator("#language-en").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("html").get_attribute("data-language") == "zh"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    assert page.locator("#rule-2").is_checked()
    page.locator("#flow summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("#flow details.part").get_attribute("open") is None
    page.keyboard.press("Enter")
    heading = page.locator("#group-1 thead th").nth(1).get_by_role("button")
    heading.focus()
    page.keyboard.press("Space")
    assert page.locator("#group-1 th[aria-sort]").count() == 1


def test_the_printed_report_is_whole_and_not_endless(visit):
    page = visit("full")
    page.emulate_media(media="print")
    assert page.locator("table.ranking tbody tr:visible").count() == 131
    pdf = page.pdf(prefer_css_page_size=True)
    pages_ = len(re.findall(rb"/Type\s*/Page\b", pdf))
    assert 10 < pages_ < 45


# from a number to its papers ---------------------------------------------------------------------


def numbers_of(page, selector: str, most: int = 4) -> list[tuple[str, int]]:
    """Addresses and printed numbers of some of the links that ``selector`` finds."""
    found = page.locator(selector)
    listed = []
    for n in range(0, found.count(), max(1, found.count() // most)):
        text = found.nth(n).text_content().strip()
        if re.fullmatch(r"[\d,]+", text):
            listed.append((found.nth(n).get_attribute("href"), int(text.replace(",", ""))))
    return listed


@pytest.mark.parametrize(
    "section",
    ["flow", "ranking", "trend", "provinces", "partners", "network", "keywords", "attribution"],
)
def test_a_list_is_as_long_as_the_printed_number(visit, section):
    page = visit("small/report")
    links = numbers_of(page, f"#{section} td.n a.ev")
    assert links
    for address, printed in links:
        opened = visit(f"small/evidence/index#{address.partition('#')[2]}", beside=True)
        opened.wait_for_selector("#count[data-n]")
        assert int(opened.locator("#count").get_attribute("data-n")) == printed, address
        if printed:
            opened.wait_for_selector("#papers > li")


def test_a_number_under_a_splitting_rule_opens_its_papers_with_their_weights(visit):
    page = visit("small/report")
    found = page.locator("#group-1 td.n .by a.ev").evaluate_all(
        "links => links.slice(0, 24).map(a => [a.getAttribute('href'), a.textContent])"
    )
    ruled = [(href, text) for href, text in found if "rule=" in href and "%" not in text][:6]
    assert {href.rpartition("rule=")[2] for href, _ in ruled} >= {
        "author_fractional", "first_author", "first_author_fractional", "institution_fractional",
    }  # fmt: skip
    for href, printed in ruled:
        opened = visit(f"small/evidence/index#{href.partition('#')[2]}", beside=True)
        opened.wait_for_selector("#papers > li")
        counted = opened.locator("#count")
        amount = float(printed.replace(",", ""))
        if "fractional" in href:
            assert float(counted.get_attribute("data-sum")) == pytest.approx(amount, abs=0.051)
            shown = opened.locator("#papers .where").first.inner_text()
            assert re.search(r"weight [01]\.\d{4}", shown)
        else:
            assert int(counted.get_attribute("data-n")) == amount
        command = opened.locator("#command").inner_text()
        assert command.endswith(f"--list '{href.partition('#')[2]}'")


def test_a_click_opens_the_papers_and_keeps_the_language(visit):
    page = visit("small/report", beside=True)
    page.get_by_text("中文", exact=True).click()
    link = page.locator("#group-1 tbody tr:first-child td.n .by:visible a.ev").first
    printed = link.inner_text()
    link.click()
    page.wait_for_selector("#papers > li")
    assert page.locator("#count").inner_text().startswith(f"{printed} 篇论文")
    first = page.locator("#papers > li").first
    assert (
        "exact" in first.locator(".string code").first.inner_text()
        or first.locator(".string code").first.inner_text()
    )
    assert first.locator("a").get_attribute("href").startswith("https://doi.org/10.")
    page.get_by_text("报告：report.html").click()
    page.wait_for_url("**/small/report.html")


def listed(visit, address: str) -> int:
    opened = visit(f"small/evidence/index#{address.partition('#')[2]}", beside=True)
    opened.wait_for_selector("#count[data-n]")
    return int(opened.locator("#count").get_attribute("data-n"))


def test_a_box_of_the_flow_leads_to_its_papers(visit):
    page = visit("small/report")
    boxes = page.locator("svg.prisma.broad a.ev:has(rect)")
    assert boxes.count() == 2
    for n in range(2):
        printed = boxes.nth(n).locator("g[lang=en] .big").text_content()
        address = boxes.nth(n).get_attribute("href")
        assert listed(visit, address) == int(printed.replace(",", ""))
    boxes.first.focus()
    assert page.evaluate("document.activeElement.querySelector('rect.kept') !== null")


def test_a_point_of_a_line_of_years_leads_to_the_papers_of_its_year(visit):
    page = visit("small/report", beside=True)
    line = page.locator("#group-1 tbody tr:first-child td.spark a")
    whole, box = line.get_attribute("href"), line.bounding_box()
    papers = [int(n) for n in line.get_attribute("data-papers").split(",")]
    last = int(line.get_attribute("data-first")) + len(papers) - 1
    line.hover(position={"x": box["width"] - 1, "y": 5})
    assert line.get_attribute("href") == f"{whole}&year={last}"
    assert line.locator("title").text_content() == f"{last}: {papers[-1]}"
    assert listed(visit, f"{whole}&year={last}") == papers[-1]
    assert listed(visit, f"{whole}&year={last - 3}-{last}") == sum(papers[-4:]) > papers[-1]
    page.mouse.move(0, 0)
    assert line.get_attribute("href") == whole


def test_a_share_leads_where_its_count_leads(visit):
    page = visit("small/report")
    row = page.locator("#group-1 tbody tr:first-child")
    links = row.locator("td.n .by-1 a.ev")
    assert (
        len({links.nth(n).get_attribute("href") for n in range(links.count())}) == 1 < links.count()
    )
    assert links.nth(1).get_attribute("tabindex") == "-1"


def test_counts_that_open_no_list_are_named_and_look_like_text(visit):
    page = visit("small/report")
    said = page.locator("#ranking p.note:has-text('open no list') [lang=en]").first.inner_text()
    rules = page.locator("input[name=rule]")
    assert rules.count() > 3
    for n in range(rules.count()):
        number = rules.nth(n).get_attribute("value")
        label = page.locator(f"label[for=rule-{number}] [lang=en]").first.text_content()
        is_linked = page.locator(f"#group-1 td.n .by-{number} a.ev").count() > 0
        assert is_linked != (label in said), label


def test_an_edge_of_the_picture_leads_to_its_papers(visit):
    page = visit("small/report")
    address = page.locator("svg.net a.ev:has(line)").last.get_attribute("href")
    opened = visit(f"small/evidence/index#{address.partition('#')[2]}", beside=True)
    opened.wait_for_selector("#papers > li")
    assert "together with" in opened.locator("#conditions").inner_text()
    circle = page.locator("svg.net a.ev:has(circle)").first.get_attribute("href")
    assert circle.startswith("evidence/index.html#institution=")


def test_without_the_folder_the_page_says_what_is_missing(browser, pages):
    """A page that asks for what is not there writes an error to the console: expected here."""
    context = browser.new_context(offline=True, viewport=WIDE, locale="en-GB")
    page = context.new_page()
    page.goto((pages / "alone" / "report.html").as_uri())
    page.locator("a.ev").first.click()
    dialog = page.locator("#evidence-missing")
    dialog.wait_for(state="visible")
    assert "did not come along" in dialog.inner_text()
    assert "bibliometrics papers cingai-2020 --edition e1" in dialog.inner_text()
    page.keyboard.press("Enter")
    dialog.wait_for(state="hidden")
    assert page.url.endswith("alone/report.html")
    context.close()


def test_a_list_page_whose_data_are_missing_says_so(browser, pages, tmp_path):
    shutil.copy(pages / "small" / "evidence" / "index.html", tmp_path)
    context = browser.new_context(offline=True, viewport=WIDE, locale="en-GB")
    page = context.new_page()
    page.goto((tmp_path / "index.html").as_uri())
    page.locator("#missing").wait_for(state="visible")
    assert "directory.js" in page.locator("#missing").inner_text()
    context.close()


def test_searching_a_year_and_another_institution(visit):
    page = visit("small/evidence/index#institution=tsinghua-university", beside=True)
    page.wait_for_selector("#papers > li")
    whole = int(page.locator("#count").get_attribute("data-n"))
    year = page.locator("#year option").nth(1).get_attribute("value")
    page.locator("#year").select_option(year)
    page.wait_for_function(f"Number(document.getElementById('count').dataset.n) < {whole}")
    assert all(text.startswith(year) for text in page.locator("#papers .where").all_inner_texts())
    page.locator("#year").select_option("")
    title = page.locator("#papers .title").nth(2).inner_text()
    page.locator("#search").fill(title)
    page.wait_for_function("document.getElementById('count').dataset.n === '1'")
    page.locator("#institution").fill("Zhejiang University")
    page.locator("#institution").press("Enter")
    page.wait_for_function("location.hash === '#institution=zhejiang-university'")
    page.get_by_role("heading", name="Zhejiang University").wait_for()


def test_more_papers_are_shown_on_request(visit):
    page = visit("small/evidence/index#all", beside=True)
    page.wait_for_selector("#papers > li")
    assert page.locator("#papers > li").count() == 100
    page.get_by_role("button", name="Show more").click()
    page.wait_for_function("document.querySelectorAll('#papers > li').length === 200")


def test_the_list_is_saved_as_csv_without_formulas(visit):
    page = visit("bad/evidence/index#institution=tsinghua-university", beside=True)
    page.wait_for_selector("#papers > li")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as CSV").click()
    text = Path(saved.value.path()).read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(rows) == int(page.locator("#count").get_attribute("data-n"))
    cells = [cell for row in rows for cell in row.values()]
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)


@SCREENS
def test_hostile_papers_are_text(visit, viewport):
    page = visit("bad/evidence/index#all", viewport, beside=True)
    page.wait_for_selector("#papers > li")
    assert page.locator("#papers img, #papers script").count() == 0
    assert "<script>alert(1)</script>" in page.locator("#papers").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    hrefs = page.locator("#papers a").evaluate_all("links => links.map(a => a.protocol + a.host)")
    assert set(hrefs) == {"https:doi.org"}
    one = visit("bad/evidence/index#institution=%3Cscript%3Ealert(1)%3C/script%3E", beside=True)
    one.wait_for_selector("#count[data-n]")
    assert "<script>" in one.locator("#heading").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_list_page_has_no_serious_accessibility_finding(visit, scheme):
    page = visit(
        "small/evidence/index#institution=tsinghua-university", beside=True, color_scheme=scheme
    )
    page.wait_for_selector("#papers > li")
    assert accessibility(page) == []
