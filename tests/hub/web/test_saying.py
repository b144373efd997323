"""Two languages in a template: plain sayings are read with the template, those with places to fill are filled and escaped."""

from __future__ import annotations

import pytest
from django.template import Context, Template

from guatu.hub.accounts.language import speaking
from guatu.text import Text


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "甲“乙”"), ("en", "one's")])
def test_a_plain_saying_is_in_the_language_of_the_page(language: str, said: str) -> None:
    with speaking(language):
        assert Template("{% say '甲“乙”' \"one's\" %}").render(Context()) == said


def test_what_is_filled_in_is_escaped_and_a_text_is_in_its_language() -> None:
    page = Template('{% say "{n} 个{what}" "{n} of {what}" n=n what=what %}')
    context = Context({"n": "<b>", "what": Text("项目", "project")})

    with speaking("en"):
        assert page.render(context) == "&lt;b&gt; of project"
    with speaking("zh-hans"):
        assert page.render(context) == "&lt;b&gt; 个项目"


def test_a_saying_can_be_kept_under_a_name_or_come_from_a_variable() -> None:
    with speaking("en"):
        assert Template('{% say "甲" "one" as kept %}[{{ kept }}]').render(Context()) == "[one]"
        assert Template('{% say zh "one" %}').render(Context({"zh": "甲"})) == "one"
