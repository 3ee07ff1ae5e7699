"""`fazhi explain` as a person sees it: the page in a real browser."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
QUIET = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
]
REPORT = """云岭县2024年度法治政府建设情况报告
2024年，云岭县深入推进法治政府建设，现将有关情况报告如下：
一、主要成效
全年办理行政复议案件12件，均在法定期限内办结。
二、存在的问题
执法力量还不够强，需要继续充实基层。
扫一扫在手机打开当前页
"""


def explain(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scheduler", "explain", *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, "FAZHI_HOME": str(home)},
        check=False,
    )


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.txt"
    path.write_text(REPORT, encoding="utf-8")
    return path


def test_the_terminal_shows_every_line_and_what_it_was_taken_for(
    report: Path, tmp_path: Path
) -> None:
    done = explain(str(report), home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "scan" in done.stdout
    assert "全年办理行政复议案件12件" in done.stdout


def test_a_page_that_cannot_be_written_is_one_line(report: Path, tmp_path: Path) -> None:
    done = explain(str(report), "--html", str(tmp_path / "none" / "x.html"), home=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("fazhi: ") and done.stderr.count("\n") == 1


@pytest.mark.skipif(BROWSER is None, reason="no Chromium here to look at the page with")
def test_a_browser_shows_removals_struck_out_and_sections_in_their_colours(
    report: Path, tmp_path: Path
) -> None:
    page = tmp_path / "explained.html"
    done = explain(str(report), "--html", str(page), home=tmp_path)
    assert done.returncode == 0, done.stderr
    probe = page.read_text(encoding="utf-8") + (
        "<script>const look=(q,p)=>getComputedStyle(document.querySelector(q))[p];"
        "document.title=[look('.removed>p','textDecorationLine'),look('.problems>p','borderLeftColor'),"
        "look('.body>p','textDecorationLine'),document.querySelectorAll('.piece').length].join('|')"
        "</script>"
    )
    (tmp_path / "probe.html").write_text(probe, encoding="utf-8")
    shown = subprocess.run(
        [
            str(BROWSER),
            *QUIET,
            f"--user-data-dir={tmp_path / 'profile'}",
            "--dump-dom",
            (tmp_path / "probe.html").as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "<title>line-through|rgb(232, 89, 12)|none|7</title>" in shown.stdout, shown.stderr[
        -500:
    ]
