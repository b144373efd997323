"""A small OpenID Connect provider on this machine: discovery, keys, authorization code with PKCE, signed ID tokens, user info."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa


class Provider:
    """Knows one person at a time; what it says may be bent by a test."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.signing_key = self.key
        self.claims: dict[str, str] = {}
        self.other_user_info: dict[str, str] | None = None
        self.bent: dict[str, Any] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.tokens: set[str] = set()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def id_token(self, client: str, nonce: str | None) -> str:
        now = int(time.time())
        said: dict[str, Any] = {"iss": self.url, "aud": client, "iat": now, "exp": now + 300, "nonce": nonce}
        said = {name: value for name, value in {**said, **self.claims, **self.bent}.items() if value is not None}
        return jwt.encode(said, self.signing_key, algorithm="RS256", headers={"kid": "k1"})

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser is sent once the person has signed in here."""
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def exchange(self, asked: dict[str, str]) -> dict[str, Any] | None:
        begun = self.codes.pop(asked.get("code", ""), None)
        if begun is None or asked.get("client_secret") != "s3cret":
            return None
        proof = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(proof).rstrip(b"=").decode() != begun["code_challenge"]:
            return None
        token = secrets.token_urlsafe(8)
        self.tokens.add(token)
        return {
            "access_token": token,
            "token_type": "Bearer",
            "id_token": self.id_token(begun["client_id"], begun.get("nonce")),
        }

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def keys(self) -> dict[str, Any]:
        return {"keys": [{**json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key())), "kid": "k1"}]}

    def _handler(provider) -> type[BaseHTTPRequestHandler]:  # the handler is a class inside
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                if parts.path == "/authorize":
                    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
                    self.send_response(302)
                    self.send_header("Location", provider.authorize(asked))
                    self.end_headers()
                elif parts.path == "/userinfo":
                    token = self.headers.get("Authorization", "").removeprefix("Bearer ")
                    said = provider.claims if provider.other_user_info is None else provider.other_user_info
                    self.say(said if token in provider.tokens else None)
                elif parts.path == "/keys":
                    self.say(provider.keys())
                elif parts.path == "/.well-known/openid-configuration":
                    self.say(provider.discovery())
                else:
                    self.say(None)

            def do_POST(self) -> None:
                sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
                self.say(provider.exchange({name: values[0] for name, values in parse_qs(sent).items()}))

            def say(self, body: Any) -> None:
                self.send_response(400 if body is None else 200)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(body).encode())

            def log_message(self, *_: object) -> None:
                """Nothing to the terminal."""

        return Handler


@contextmanager
def running_provider() -> Iterator[Provider]:
    provider = Provider()
    thread = threading.Thread(target=provider.server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield provider
    finally:
        provider.server.shutdown()
        provider.server.server_close()
        thread.join()
