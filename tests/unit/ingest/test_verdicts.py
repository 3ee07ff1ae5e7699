"""What a document is, and the rule that said so; a page that is none is no error."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.extract import extract
from ingest.records import Verdict
from ingest.ruleset import Rules
from ingest.tangle import tangled

PAGES = Path(__file__).resolve().parents[4] / "shared" / "portals" / "pages"
TITLE = "云岭县人民政府关于2024年度法治政府建设情况的报告"
TEXT = (
    "<p>2024年，云岭县扎实推进法治政府建设。现将有关情况报告如下：</p><p>一、主要举措</p>"
    "<p>县政府常务会议专题研究法治工作4次，党政主要负责人履行第一责任人职责。</p>"
    "<p>二、存在的问题</p><p>基层执法力量仍显薄弱，还存在一些短板。</p>"
    "<p>三、下一步打算</p><p>2025年，云岭县将继续推进法治政府建设。</p>"
)


def page(title: str, body: str = TEXT) -> bytes:
    return f"<title>{title}</title><h1>{title}</h1><div id=zoom>{body}</div>".encode()


def verdict(content: bytes) -> tuple[Verdict, str]:
    record = extract(content, name="x")
    return record.verdict, record.verdict_reason


def test_a_report_is_one_by_its_title() -> None:
    assert verdict(page(TITLE)) == (Verdict.REPORT, "title:law-based-government-year")


def test_a_text_without_a_title_is_a_report_by_the_signs_of_its_body() -> None:
    found, reason = verdict(TEXT.replace("</p><p>", "\n").strip("<p>/").encode())
    assert found is Verdict.REPORT
    assert reason.startswith("body:subject-in-opening+reports-as-follows")


@pytest.mark.parametrize(
    ("title", "rule"),
    [
        ("《云岭县2024年度法治政府建设情况报告》政策解读", "interpretation"),
        ("一图读懂云岭县2024年度法治政府建设情况报告", "interpretation"),
        ("云岭县2024年政府信息公开工作年度报告", "disclosure-report"),
        ("云岭县2025年法治政府建设工作要点", "plan"),
        ("云岭县法治政府建设实施方案（2021—2025年）", "plan"),
        ("2024年法治政府建设工作总结范文5篇", "template-library"),
        ("云岭县召开2024年度法治政府建设工作推进会", "meeting"),
        ("关于做好2024年度法治政府建设年度报告报送工作的通知", "circular"),
        ("云岭县法治政府建设督察反馈问题整改情况报告", "audit"),
    ],
)
def test_a_near_miss_is_not_a_report_whatever_it_quotes(title: str, rule: str) -> None:
    quoted = f"<p>{TITLE}</p>{TEXT}"
    assert verdict(page(title, quoted)) == (Verdict.NOT_REPORT, f"title:{rule}")


def test_a_model_text_is_no_report_under_the_title_of_one() -> None:
    model = f"<p>下面是小编为大家整理的报告，供大家参考。</p>{TEXT}"
    assert verdict(page(TITLE, model)) == (Verdict.NOT_REPORT, "body:model-text")
    blanks = TEXT + "<p>全镇开会*次、培训*名、办案*件，*镇*局参加。</p>"
    assert verdict(page(TITLE, blanks)) == (Verdict.NOT_REPORT, "body:names-left-out")


def test_a_page_on_something_else_is_not_a_report() -> None:
    other = "<p>全县春季学期开学工作准备就绪，各校已完成校舍安全检查。</p>" * 5
    assert verdict(page("云岭县教育局做好开学准备", other)) == (
        Verdict.NOT_REPORT,
        "no_sign_of_a_report",
    )


def test_a_column_of_links_is_not_a_report() -> None:
    links = "".join(f'<li><a href="/{n}.html">{TITLE}</a></li>' for n in range(20))
    assert verdict(page("法治政府建设年度报告", f"<ul>{links}</ul>"))[0] is Verdict.NOT_REPORT


def test_a_title_over_an_attached_file_is_a_report_without_a_body() -> None:
    record = extract(page(TITLE, '<p><a href="./P1.pdf">报告全文.pdf</a></p>'), name="x")
    assert (record.verdict, record.body) == (Verdict.REPORT, None)
    assert [file.href for file in record.attachments] == ["./P1.pdf"]


def test_a_title_over_nothing_is_unreadable() -> None:
    assert verdict(page(TITLE, "<p>　</p>")) == (Verdict.UNREADABLE, "no_body")


@pytest.mark.parametrize(
    "content",
    [
        "<title>404 Not Found</title><h1>Not Found</h1>",
        "<title>页面不存在</title><p>您访问的页面不存在，3秒后返回首页</p>",
        "<title>云岭县人民政府</title><div>您访问的页面找不到了，页面不存在或已删除</div>",
        "<title>访问出错</title>",
        "<html><body>404</body></html>",
    ],
)
def test_a_page_that_says_there_is_no_such_page_is_a_soft_404(content: str) -> None:
    assert verdict(content.encode()) == (Verdict.NOT_REPORT, "soft_404")


def test_a_report_that_names_a_case_number_404_is_no_soft_404() -> None:
    assert (
        verdict(page(TITLE, TEXT + "<p>全年立案404件，页面不存在的情况为零。</p>"))[0]
        is Verdict.REPORT
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("<script>$_ts=window['$_ts'];if(!$_ts)$_ts={};</script>", "ruishu"),
        ("<script>document.cookie='__jsl_clearance_s=1';location.href='/'</script>", "jiasule"),
        ("<html><script>window.location.href='/new/'</script></html>", "redirect_by_script"),
        ("<title>登录</title><p>系统提示：您尚未登录，请先登录</p>", "login_wall"),
    ],
)
def test_a_wall_in_front_of_the_page_is_a_challenge(content: str, reason: str) -> None:
    assert verdict(content.encode()) == (Verdict.CHALLENGE, reason)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\t ", "empty"),
        ("　　".encode(), "no_sign_of_a_report"),
        (b"<html><head></head><body></body></html>", "no_text"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(600), "binary"),
        (bytes(range(256)) * 64, "binary"),
        (b"\xff\xfe\x00\xd8" * 500, "undecodable"),
        (b"\x81\xff" * 5000, "undecodable"),
    ],
    ids=["nothing", "white space", "ideographic spaces", "no text", "a picture", "every byte",
         "half characters", "no charset"],
)  # fmt: skip
def test_what_cannot_be_read_says_why(content: bytes, reason: str) -> None:
    found, said = verdict(content)
    assert said.split(":")[0] == reason
    assert found in {Verdict.UNREADABLE, Verdict.NOT_REPORT}


def test_25_megabytes_are_no_page() -> None:
    found, reason = verdict(b"<p>" + b"a" * 25 * 1024 * 1024)
    assert (found, reason.split(":")[0]) == (Verdict.UNREADABLE, "too_large")


def test_a_page_of_many_megabytes_below_the_limit_is_read() -> None:
    content = page(TITLE, TEXT + "<p>全县各单位依法行政，办结案件12件。</p>" * 60_000)
    assert len(content) > 3_000_000
    assert verdict(content)[0] is Verdict.REPORT


@pytest.mark.parametrize("tag", ["div", "span", "font", "b", "table", "ul", "blockquote", "a"])
def test_a_page_nested_10000_levels_deep_is_read(tag: str) -> None:
    content = page(TITLE, f"<{tag}>" * 10_000 + TEXT + f"</{tag}>" * 10_000)
    assert verdict(content)[0] in {Verdict.REPORT, Verdict.UNREADABLE}
    assert verdict(page(TITLE, "<div>" * 10_000 + TEXT))[0] is Verdict.REPORT


@pytest.mark.parametrize(
    "tangle",
    [
        "<div>" * 200_000,
        "<ul><li>" * 200_000,
        "".join(f"<font size={n}><p>" for n in range(20_000)),
        "<p " + " ".join(f"a{n}=1" for n in range(200_000)) + ">",
    ],
    ids=["divs", "lists", "unclosed fonts in every paragraph", "attributes"],
)
def test_markup_that_no_parser_should_be_given_is_unreadable(tangle: str) -> None:
    found, reason = verdict(page(TITLE, tangle + TEXT))
    assert (found, reason.split(":")[0]) == (Verdict.UNREADABLE, "tangled_markup")


@pytest.mark.parametrize(
    "html",
    [
        "<p><font>甲</font></p>" * 30_000,
        "<img src=data:image/png;base64," + "A" * 3_000_000 + ">",
        "<p>甲<br>" * 50_000,
        "<li>甲" * 10_000,
    ],
    ids=["closed fonts", "a picture within the page", "unclosed paragraphs", "unclosed items"],
)
def test_a_large_page_in_order_is_not_refused(html: str) -> None:
    assert tangled(html) is None


@pytest.mark.parametrize(
    "run",
    ["<", "<!--", "<title>", "<p", "</", "&", "&#", "<script>", "<a href=", "]]>", "<![CDATA[",
     "<table><td>", "</p>", "<br>", "\0", "\ufeff", "一是", "·", "（", "1", "云岭县人民政府<br>",
     "2024年1月1日<br>", "一、<br>", f"{TITLE}<br>", "来源：<br>", "<td>索引号", "\u3000",
     "。\u3000"],
)  # fmt: skip
def test_long_runs_of_anything_are_a_normal_result(run: str) -> None:
    for content in (run * 20_000, f"<html><body>{TEXT}<p>{run * 20_000}"):
        assert extract(content.encode(), name="x").verdict in set(Verdict)


@pytest.mark.parametrize("blank", [" ", "\t", "\u3000", "&nbsp;", " \n", "-", "—", "_"])
def test_long_blanks_in_a_title_or_a_line_are_a_normal_result(blank: str) -> None:
    for content in (f"<title>{blank * 300_000}x</title>{TEXT}", f"{TEXT}<p>\n{blank * 300_000}x"):
        assert extract(content.encode(), name="x").verdict in set(Verdict)


@pytest.mark.skipif(not PAGES.is_dir(), reason=f"{PAGES} is not here: real pages stay outside")
def test_no_real_list_or_front_page_is_judged_a_report() -> None:
    rules = Rules.load()
    pages = sorted(PAGES.glob("*.html"))
    assert len(pages) >= 9
    judged = {p.name: extract(p.read_bytes(), name=p.name, rules=rules).verdict for p in pages}
    assert [name for name, found in judged.items() if found is Verdict.REPORT] == []
