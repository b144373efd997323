"""What people and programs see when an address is wrong, a form is stale, or we failed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from guatu.hub.accounts.language import spoken
from guatu.hub.api.problems import problem
from guatu.hub.config.requests import request_id
from guatu.text import Text

HOME = Text("核对网址，或回到我的桌面。", "Check the address, or go back to your desk.")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 400, "bad_request", Text("这个请求读不懂", "this request cannot be understood"), HOME)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 403, "not_allowed", Text("这里不对您开放", "this is not open to you"), HOME)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    what = Text("没有这个页面，或者不在您的范围内", "there is no such page, or it is not yours to see")
    return _answer(request, 404, "not_found", what, HOME)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without the mark that shows it came from our page: usually opened long ago, or cookies are off."""
    what = Text("这张表单打开得太久，或浏览器没有开 Cookie", "this form was opened long ago, or cookies are off")
    remedy = Text(
        "返回上一页并刷新，再提交一次；填好的内容先复制下来。",
        "Go back, reload the page and send it again; copy what you wrote first.",
    )
    return _answer(request, 403, "stale_form", what, remedy)


def failed(request: HttpRequest) -> HttpResponse:
    """Our fault. The page needs neither database nor session: either may be what failed."""
    if _is_for_program(request):
        return problem(500, "failed")
    return HttpResponse(render_to_string("failed.html", {"request_id": request_id()}), status=500)


def _answer(request: HttpRequest, status: int, code: str, what: Text, remedy: Text) -> HttpResponse:
    if _is_for_program(request):
        return problem(status, code)
    words = {"where": request.path, "what": what.in_(spoken()), "remedy": remedy.in_(spoken())}
    return render(request, "refused.html", words, status=status)


def _is_for_program(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")
