"""SM3 gives what the standard prints (GB/T 32905-2016, appendix A), with OpenSSL and without."""

from __future__ import annotations

import hashlib

import pytest

from guatu.hub.audit.verifier import digest, sm3_in_python

PUBLISHED = {
    "abc": "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
    "abcd" * 16: "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732",
}


@pytest.mark.parametrize(("text", "hash"), PUBLISHED.items())
def test_sm3_of_the_examples_in_the_standard(text: str, hash: str) -> None:
    assert sm3_in_python(text.encode()) == hash
    assert digest("sm3", text) == hash


@pytest.mark.skipif("sm3" not in hashlib.algorithms_available, reason="this OpenSSL lacks SM3")
@pytest.mark.parametrize("length", [0, 1, 54, 55, 56, 57, 63, 64, 65, 119, 120, 200])
def test_our_sm3_agrees_with_openssl_around_the_ends_of_blocks(length: int) -> None:
    data = bytes(range(length))

    assert sm3_in_python(data) == hashlib.new("sm3", data).hexdigest()


def test_where_openssl_lacks_sm3_ours_takes_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str, data: bytes) -> None:
        raise ValueError(f"unsupported hash type {name}")

    monkeypatch.setattr(hashlib, "new", refuse)

    assert digest("sm3", "abc") == PUBLISHED["abc"]
