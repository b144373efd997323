"""A slow network, an old browser, a site with no other: how much comes over the wire, from where, and what is there without scripts."""

from __future__ import annotations

from typing import Any

from tests.journeys.conftest import Opens, Site

LEDGER = "/ledgers/key_projects"
MAIN = (
    "/", LEDGER, f"{LEDGER}/board", f"{LEDGER}/calendar", f"{LEDGER}/gantt", f"{LEDGER}/map", f"{LEDGER}/compare",
    f"{LEDGER}/rounds", "/items/1", "/report", "/due", "/visits/new?ledger=key_projects", "/units/1", "/goals", "/people",
)  # fmt: skip
"""Where people spend their day."""
FIRST, AFTER = 300_000, 40_000
"""Bytes that may come over the wire when somebody first opens a page, and from then on."""


def test_the_main_pages_are_light_and_ask_no_other_host(page_of: Opens, site: Site) -> None:
    page, asked, heavy = page_of("zhao"), [], []
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    came: list[int] = []
    session.on("Network.loadingFinished", lambda one: came.append(int(one["encodedDataLength"])))
    page.on("request", lambda request: asked.append(request.url))
    for address in MAIN:
        session.send("Network.clearBrowserCache")
        for most in (FIRST, AFTER):
            came.clear()
            page.goto(address, wait_until="networkidle")
            if not 0 < sum(came) <= most:
                heavy.append(f"{address}: {sum(came)} bytes")

    assert heavy == []
    assert [url for url in asked if not url.startswith((site.address, "data:", "blob:"))] == []


def test_without_scripts_everything_is_there_to_be_read(page_of: Opens, site: Site, browser: Any) -> None:
    context = browser.new_context(
        java_script_enabled=False, base_url=site.address, locale="zh-CN",
        storage_state=page_of("zhao").context.storage_state(),
    )  # fmt: skip
    page = context.new_page()
    for address, words in (
        ("/", "到期节点"),
        (f"{LEDGER}?light=lagging", "水清沟片区改造工程项目"),
        (f"{LEDGER}/gantt?q=北关大桥", "北关大桥"),
        (f"{LEDGER}/compare", "新增"),
        ("/due", "已过"),
        ("/units/1", "下级单位"),
    ):
        page.goto(address)
        assert words in page.inner_text("main"), address
    page.goto(f"{LEDGER}?light=lagging")
    page.click("a.lamp >> nth=0")
    assert "代入的值和出处" in page.inner_text("main")
    context.close()
