"""A passkey made of software: it does what a phone or a security key does, with real signatures."""

from __future__ import annotations

import hashlib
import json
import secrets
from base64 import urlsafe_b64encode
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256

PRESENT_AND_VERIFIED, WITH_CREDENTIAL = 0x05, 0x40


class SoftPasskey:
    """Answers the challenges of one site; verifies its person without asking."""

    def __init__(self, site: str = "https://testserver", host: str = "testserver") -> None:
        self.site, self.host = site, host
        self.id = secrets.token_bytes(16)
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.user_handle = b""

    def made(self, options: dict[str, Any]) -> dict[str, Any]:
        """The answer to the options of a page that adds a passkey."""
        asked = options["publicKey"]
        self.user_handle = asked["user"]["id"].encode() if isinstance(asked["user"]["id"], str) else b""
        public = cbor.encode(ES256.from_cryptography_key(self._key.public_key()))
        data = self._head(PRESENT_AND_VERIFIED | WITH_CREDENTIAL) + bytes(16) + len(self.id).to_bytes(2, "big")
        attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data + self.id + public})
        return self._credential(
            {"clientDataJSON": self._client("webauthn.create", asked["challenge"]), "attestationObject": attestation},
            {"credProps": {"rk": True}},
        )

    def shown(self, options: dict[str, Any]) -> dict[str, Any]:
        """The answer to the options of a page that asks for the passkey."""
        client = self._client("webauthn.get", options["publicKey"]["challenge"])
        data = self._head(PRESENT_AND_VERIFIED)
        signature = self._key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        answer = {"clientDataJSON": client, "authenticatorData": data, "signature": signature}
        return self._credential({**answer, "userHandle": self.user_handle}, {})

    def _head(self, flags: int) -> bytes:
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + (1).to_bytes(4, "big")

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.site}).encode()

    def _credential(self, response: dict[str, bytes], results: dict[str, Any]) -> dict[str, Any]:
        told = {
            name: value.decode() if name == "userHandle" else _text(value) for name, value in response.items() if value
        }
        return {
            "id": _text(self.id),
            "rawId": _text(self.id),
            "type": "public-key",
            "response": told,
            "clientExtensionResults": results,
        }


def _text(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()


def options_on(page: str, key: str) -> dict[str, Any]:
    """The options a page carries for the browser's script."""
    found = page.split('<script id="js_data" type="application/json">')[1].split("</script>")[0]
    options: dict[str, Any] = json.loads(found)[key]
    return options
