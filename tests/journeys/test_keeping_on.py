"""Keys that lead on, help beside the headline, and what was typed when a session ends."""

from __future__ import annotations

import re

from playwright.sync_api import Route

from tests.journeys.conftest import Opens, Site, kept, sign_in

LEDGER = "/ledgers/key_projects"
REASON = "概算批复后调整，附件见会议纪要"


def test_a_slash_leads_to_the_search_but_not_while_typing(page_of: Opens) -> None:
    page = page_of("zhao")
    page.goto(f"{LEDGER}/imports")
    page.keyboard.press("/")
    page.keyboard.type("北关")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/search" in url)

    assert page.locator("main a", has_text="北关大桥").count() >= 1
    page.goto(f"{LEDGER}/imports")
    page.focus("[name=period]")
    page.keyboard.press("/")
    assert "/" in page.input_value("[name=period]")


def test_help_opens_and_closes_by_keyboard_and_leads_to_its_guide(page_of: Opens) -> None:
    page = page_of("zhao")
    page.goto(f"{LEDGER}/imports")
    page.keyboard.press("?")
    assert page.locator(".helping-sheet").is_visible()
    kept(page, "journey-help-1440-zh")
    page.keyboard.press("Escape")
    assert not page.locator(".helping-sheet").is_visible()
    page.keyboard.press("Enter")
    page.click(".helping-sheet a >> nth=0")

    assert page.locator("h1").inner_text().startswith("把单位的工作簿报进台账")


def test_what_was_typed_when_the_session_ended_is_offered_again(page_of: Opens, site: Site) -> None:
    page = page_of("zhao")
    page.goto(f"{LEDGER}?q=北关片区")
    page.click("main table a[href^='/items/']")
    page.click("main a[href$='/change']")
    page.wait_for_url(lambda url: url.endswith("/change"))  # at its load, when what is typed is kept
    form = page.url
    page.fill("[name=reason]", REASON)
    page.context.clear_cookies(name="session")
    page.click("main form.sheet button >> nth=0")
    page.wait_for_url(lambda url: "/sign-in" in url)
    page.wait_for_load_state("load")  # nobody types a password before the page is there
    page.fill("input[name=login]", "zhao")
    page.fill("input[name=password]", site.passwords["zhao"])
    page.press("input[name=password]", "Enter")
    page.wait_for_url(re.compile(re.escape(form)))

    assert page.input_value("[name=reason]") == ""
    kept(page, "journey-typed-before-1440-zh")
    page.click("text=填回去")
    assert page.input_value("[name=reason]") == REASON


def test_nobody_else_is_offered_it_and_signing_out_clears_it(page_of: Opens, site: Site) -> None:
    page = page_of("zhao")
    page.goto(f"{LEDGER}/items/enter")
    page.fill("[name=name]", "秘密工程")
    assert "秘密工程" in page.evaluate("JSON.stringify(sessionStorage)")
    page.context.clear_cookies(name="session")
    sign_in(page, "qian", site.passwords["qian"])
    assert "秘密工程" not in page.evaluate("JSON.stringify(sessionStorage)")

    page.context.clear_cookies(name="session")
    sign_in(page, "zhao", site.passwords["zhao"])
    page.goto(f"{LEDGER}/items/enter")
    page.fill("[name=name]", "秘密工程")
    page.click("form[data-leaves] button")
    page.wait_for_url(lambda url: "/sign-in" in url)
    assert page.evaluate("Object.keys(sessionStorage).filter(key => key.startsWith('typed'))") == []


def test_what_was_typed_before_the_script_came_is_kept_too(page_of: Opens) -> None:
    page = page_of("zhao")
    held: list[Route] = []
    page.route(re.compile(r"/keep[^/]*\.js"), lambda route: held.append(route))
    page.goto(f"{LEDGER}/items/enter", wait_until="commit")
    page.fill("[name=name]", "早写的工程")
    while not held:
        page.wait_for_timeout(20)
    held[0].continue_()
    page.wait_for_load_state("load")

    assert "早写的工程" in page.evaluate("JSON.stringify(sessionStorage)")


def test_names_and_phones_are_never_kept(page_of: Opens) -> None:
    page = page_of("sun")
    page.goto("/people/create")
    for name, value in (("name", "张建国"), ("phone", "13812345678"), ("username", "zhangjianguo")):
        page.fill(f"[name={name}]", value)

    held = page.evaluate("JSON.stringify(sessionStorage)")
    assert "张建国" not in held and "13812345678" not in held and "zhangjianguo" not in held
