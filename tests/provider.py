"""An identity provider on this computer: a real one, in a process of its own, that also keeps PKCE and bends a person's ID token where asked.

``python tests/provider.py PORT`` serves it. People are made with ``PUT /users/<subject>``; a claim ``bend`` of a person says what is wrong
with the tokens that are signed for them – by the provider's own key, so that everything but that one thing is in order.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import sys
import time
from urllib.parse import parse_qs, urlparse

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # the provider's side of plain HTTP; it never leaves this computer

CLIENT = "meridian"
SECRET = "a secret between the two"
"""With signs that a careless client would write differently into its header."""


def sealed(content: bytes | dict) -> str:
    """Base64 as tokens are written."""
    plain = content if isinstance(content, bytes) else json.dumps(content).encode()
    return base64.urlsafe_b64encode(plain).rstrip(b"=").decode()


def opened(part: str) -> dict:
    """The content of a part of a token."""
    return json.loads(base64.urlsafe_b64decode(part + "=="))


def bent(token: str, how: str, key) -> str:
    """The token with one thing wrong; with "nothing" wrong it is signed anew all the same."""
    from joserfc import jwt
    from joserfc.jwk import RSAKey

    head, claims = (opened(part) for part in token.split(".")[:2])
    claims |= {
        "nonce": {"nonce": "of another sign-in"}, "audience": {"aud": "another client"}, "party": {"aud": [CLIENT, "other"], "azp": "other"},
        "issuer": {"iss": "https://elsewhere.example"}, "expired": {"exp": int(time.time()) - 3600},
        "subject": {"sub": ""},
    }.get(how, {})  # fmt: skip
    for claim in {"no nonce": ("nonce",), "apart": ("unit",)}.get(how, ()):
        del claims[claim]  # what is apart is told at the provider's other address, not in the token
    if how == "none":
        return f"{sealed({'alg': 'none'})}.{sealed(claims)}."
    if how == "shared":  # the oldest trick: the public key, which everybody has, as the secret of a signature
        told = f"{sealed({'alg': 'HS256', 'kid': head.get('kid')})}.{sealed(claims)}"
        return f"{told}.{sealed(hmac.digest(key.as_pem(is_private=False), told.encode(), 'sha256'))}"
    signing = RSAKey.generate_key(2048) if how == "key" else RSAKey.import_key(key.as_dict(is_private=True))
    return jwt.encode(head, claims, signing, algorithms=["RS256"])


def provider():
    """The application: the provider's own, with what it leaves out."""
    import flask
    from oidc_provider_mock import app as provider

    app, begun, redeemed = provider(require_nonce=True), {}, []

    @app.before_request
    def knows_its_client():
        if flask.request.path != "/oauth2/token":
            return None
        told = flask.request.form
        challenge = begun.get(told.get("code"), "")
        fits = sealed(hashlib.sha256(told.get("code_verifier", "").encode()).digest()) == challenge
        who = flask.request.authorization
        known = who is not None and (who.username, who.password) == (CLIENT, SECRET)
        redeemed.append({"pkce": fits, "client": known})
        return None if fits and known else (flask.jsonify(error="invalid_grant" if known else "invalid_client"), 400)

    @app.after_request
    def keeps_and_bends(answer):
        asked = flask.request.args
        if flask.request.path == "/oauth2/authorize" and answer.status_code == 302 and asked.get("code_challenge_method") == "S256":
            code = parse_qs(urlparse(answer.location).query).get("code", [""])[0]
            begun[code] = asked.get("code_challenge")
        if flask.request.path == "/oauth2/token" and answer.status_code == 200:
            told = answer.get_json()
            how = opened(told["id_token"].split(".")[1]).get("bend")
            if how == "no token":
                del told["id_token"]
            elif how:
                told["id_token"] = bent(told["id_token"], how, flask.g.oidc_provider_mock_storage.jwk)
            answer.set_data(json.dumps(told))
        return answer

    app.get("/redeemed")(lambda: flask.jsonify(redeemed))
    return app


if __name__ == "__main__":
    from werkzeug.serving import make_server

    make_server("127.0.0.1", int(sys.argv[1]), provider(), threaded=True).serve_forever()
