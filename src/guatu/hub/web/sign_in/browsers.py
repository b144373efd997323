"""What a browser calls itself, in words people know."""

from __future__ import annotations

from guatu.text import Text

_BROWSERS = (
    ("MicroMessenger", Text("微信", "WeChat")),
    ("DingTalk", Text("钉钉", "DingTalk")),
    ("Edg", Text("Edge", "Edge")),
    ("Firefox", Text("Firefox", "Firefox")),
    ("Chrom", Text("Chrome", "Chrome")),
    ("Safari", Text("Safari", "Safari")),
)
_SYSTEMS = (
    ("HarmonyOS", Text("鸿蒙", "HarmonyOS")),
    ("Android", Text("安卓手机", "Android phone")),
    ("iPhone", Text("iPhone", "iPhone")),
    ("Windows", Text("Windows 电脑", "Windows computer")),
    ("Mac OS", Text("苹果电脑", "Mac")),
    ("Linux", Text("Linux 电脑", "Linux computer")),
)


def browser_named(user_agent: str) -> Text:
    """The browser and the system it runs on; the first words of what it sent where neither is known."""
    found = [name for known in (_BROWSERS, _SYSTEMS) for sign, name in known if sign in user_agent][:1]
    system = [name for sign, name in _SYSTEMS if sign in user_agent][:1]
    parts = [*found, *(one for one in system if one not in found)]
    if not parts:
        return Text(user_agent[:40] or "—", user_agent[:40] or "—")
    return Text(" · ".join(one.zh for one in parts), " · ".join(one.en for one in parts))
