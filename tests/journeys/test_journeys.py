"""What people come to do, from the first page to the last, as they would do it."""

from __future__ import annotations

import re

from drills.sign_in_flood import code_now

from tests.journeys.conftest import Opens, Site, kept, sign_in


def test_somebody_signs_in_switches_language_walks_the_tree_and_sees_who_holds_a_post(page_of: Opens) -> None:
    page = page_of("zhao")
    assert "我的桌面" in page.title()
    page.click("button[name=language]")
    page.wait_for_load_state()
    assert "My desk" in page.title()

    page.click("nav >> text=Units")
    page.click("main a[href^='/units/'] >> nth=1")
    kept(page, "journey-unit-en")

    assert page.locator("h1").inner_text()
    assert "Posts" in page.locator("main").inner_text() or "post" in page.locator("main").inner_text()
    page.click("button[name=language]")  # back, for the language stays with the person
    page.wait_for_function("document.documentElement.lang.startsWith('zh')")


def test_the_whole_way_in_is_open_to_the_keyboard_alone(page_of: Opens, site: Site) -> None:
    page = page_of()
    page.goto("/sign-in")
    page.focus("input[name=login]")
    page.keyboard.type("zhao")
    page.keyboard.press("Tab")
    page.keyboard.type(site.passwords["zhao"])
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id === 'main'")
    tabbed_to(page, "a[href='/units']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/units")


def tabbed_to(page: object, selector: str, most: int = 40) -> None:
    """Press Tab, backwards, until something is in focus."""
    for _ in range(most):
        page.keyboard.press("Shift+Tab")  # type: ignore[attr-defined]
        if page.evaluate(f'document.activeElement.matches("{selector}")'):  # type: ignore[attr-defined]
            return
    raise AssertionError(f"the keyboard does not come to {selector}")


def test_a_wrong_password_is_told_without_saying_what_was_wrong(page_of: Opens) -> None:
    page = page_of()
    page.goto("/sign-in")
    page.fill("input[name=login]", "zhao")
    page.fill("input[name=password]", "not-the-password")
    page.press("input[name=password]", "Enter")
    page.wait_for_load_state()

    assert "/sign-in" in page.url
    kept(page, "journey-wrong-password-zh")


def test_nothing_is_asked_of_another_host(page_of: Opens, site: Site) -> None:
    page, asked = page_of(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/sign-in")

    assert [url for url in asked if not url.startswith((site.address, "data:"))] == []


def test_an_administrator_sets_up_a_second_factor_and_a_clerk_comes_in_by_a_slip(page_of: Opens, site: Site) -> None:
    page = page_of("tang")
    assert page.url.endswith("/account/second-factors"), "nothing else opens before"
    kept(page, "journey-second-factor-zh")
    page.click("text=启用手机验证器")
    page.fill("#code", code_now(str(page.locator("code.secret").text_content())))
    page.press("#code", "Enter")
    page.wait_for_url(re.compile("recovery"))
    kept(page, "journey-recovery-codes-zh")
    recovery = str(page.locator(".codes code").first.text_content())

    page.goto("/people/create")
    page.fill("input[name=unit]", str(page.locator("datalist option").first.get_attribute("value")))
    page.fill("input[name=username]", "newclerk")
    page.fill("input[name=name]", "新来人")
    page.click("main form.sheet button")
    page.goto("/people/slips")
    page.click("main form button")
    slip = str(page.locator(".slip", has_text="newclerk").locator(".password").text_content())

    clerk = page_of(width=390)
    sign_in(clerk, "newclerk", slip)
    assert clerk.url.endswith("/account/password"), "the slip is good for this alone"
    kept(clerk, "journey-first-password-390-zh")
    for field, value in (("old", slip), ("new", "river-lantern-orchard-92"), ("again", "river-lantern-orchard-92")):
        clerk.fill(f"#{field}", value)
    clerk.click("main form[action$='password'] button")
    clerk.wait_for_url(lambda url: "/account/password" not in url)
    assert "我的桌面" in clerk.title()

    again = page_of()
    sign_in(again, "tang", site.passwords["tang"], leads_to="second-step")
    again.fill("#code", recovery)
    again.press("#code", "Enter")
    again.wait_for_url(lambda url: "/sign-in" not in url)
    assert "我的桌面" in again.title()
