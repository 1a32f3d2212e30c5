"""Signing in: authorization code with PKCE to a loopback port, on a login page of our own (RFC 8252, 7636)."""

from __future__ import annotations

import html
import ipaddress
import re
from datetime import datetime
from string import Template
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool

from advisor_desk.api import wire
from advisor_desk.bridge.accounts import Accounts
from advisor_desk.bridge.deps import Now, accounts
from advisor_desk.bridge.openapi import refusals
from advisor_desk.bridge.problems import Problem
from advisor_desk.bridge.tokens import SignInFailed

router = APIRouter(responses=refusals(415, 422, 500, 503))
CLIENT: Final = "advisor-desk"
_CALLBACK: Final = re.compile(r"http://(?P<host>[0-9.]{7,15}|\[[0-9a-fA-F:]{3,39}\]):[0-9]{1,5}/callback", re.ASCII)
Signing = Annotated[Accounts, Depends(accounts)]
_Short = Annotated[str, Query(max_length=300)]
_Given = Annotated[str, Form(max_length=1_000)]
_Needed = Annotated[str, Form(min_length=1, max_length=1_000)]

_PAGE: Final = Template("""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Sign in to Advisor Desk</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body { font: 16px system-ui, sans-serif; background: #eef0f3; color: #1b2430; margin: 0 }
form { background: #fff; border: 1px solid #dde1e7; border-radius: 8px; padding: 32px }
form { width: 20rem; margin: 15vh auto }
h1 { font-size: 1.25rem; margin: 0 0 1rem } label { display: block; margin: 1rem 0 .25rem }
input { width: 100%; box-sizing: border-box; font: inherit; padding: .5rem }
input { border: 1px solid #717c8b; border-radius: 6px }
button { margin-top: 1.5rem; width: 100%; font: inherit; padding: .6rem; border: 0; border-radius: 6px }
button { background: #1f5fbf; color: #fff } p { color: #c22f2b; margin: 0 }
</style></head><body><form method="post" action="/oauth/authorize">
<h1>Sign in to Advisor Desk</h1><p role="alert">$fault</p>
<label for="login">Name</label><input id="login" name="login" value="$login" autocomplete="username" autofocus required>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
$hidden<button>Sign in</button></form></body></html>""")

_ASKED_AGAIN: Final[dict[int | str, dict[str, Any]]] = {
    401: {"description": "The login page again", "content": {"text/html": {}}}
}
_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}


@router.get("/.well-known/oauth-authorization-server")
def metadata(request: Request) -> dict[str, Any]:
    """Where to sign in (RFC 8414)."""
    base = str(request.base_url).rstrip("/")
    return {
        "issuer": base,
        "authorization_endpoint": f"{base}/oauth/authorize",
        "token_endpoint": f"{base}/oauth/token",
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none"],
    }


@router.get("/oauth/authorize", response_class=HTMLResponse, responses=refusals(400))
def login_page(
    response_type: _Short,
    client_id: _Short,
    redirect_uri: _Short,
    state: _Short,
    code_challenge: _Short,
    code_challenge_method: _Short,
) -> HTMLResponse:
    """The login page; a request that is not a desk's is refused before anything is shown."""
    if response_type != "code" or code_challenge_method != "S256":
        raise Problem(400, "bad_request", "Only the code flow with S256 is served.")
    asked = {"client_id": client_id, "redirect_uri": redirect_uri, "state": state, "code_challenge": code_challenge}
    _check(client_id, redirect_uri, code_challenge)
    return _page(asked, "", "")


@router.post(
    "/oauth/authorize", response_class=Response, status_code=303, responses=_ASKED_AGAIN | refusals(400, 403, 413)
)
async def login(
    request: Request,
    signing: Signing,
    now: Now,
    login: _Needed,
    password: _Needed,
    client_id: _Needed,
    redirect_uri: _Needed,
    state: _Needed,
    code_challenge: _Needed,
) -> Response:
    """Check the password and send the browser back to the desk with a code."""
    # A page elsewhere cannot post here: browsers say where a form comes from.
    origin = request.headers.get("origin")
    if origin not in (None, "null", f"{request.url.scheme}://{request.headers.get('host')}"):
        raise Problem(403, "foreign_form", "Sign in from the bridge's own page.")
    asked = {"client_id": client_id, "redirect_uri": redirect_uri, "state": state, "code_challenge": code_challenge}
    _check(client_id, redirect_uri, code_challenge)
    try:
        await run_in_threadpool(signing.check, login, password, now, request.client.host if request.client else "")
    except SignInFailed:
        return _page(asked, login, "That name and password do not match. Try again in a moment.", 401)
    code = await run_in_threadpool(signing.issue_code, login, code_challenge, redirect_uri, now)
    back = f"{redirect_uri}?{urlencode({'code': code, 'state': state})}"
    return RedirectResponse(back, status_code=303, headers=_HEADERS)


@router.post(
    "/oauth/token",
    response_model=wire.Tokens,
    response_model_exclude_none=True,
    responses=refusals(400, 401, 413),
)
def token(
    signing: Signing,
    now: Now,
    grant_type: _Needed,
    client_id: _Given = "",
    code: _Given = "",
    code_verifier: _Given = "",
    redirect_uri: _Given = "",
    refresh_token: _Given = "",
) -> dict[str, Any]:
    """Tokens for a code or for a refresh token."""
    if client_id != CLIENT:
        raise Problem(401, "invalid_client", "Only Advisor Desk signs in here.", error="invalid_client")
    return _grant(signing, grant_type, (code, code_verifier, redirect_uri), refresh_token, now)


def _grant(
    signing: Accounts, grant: str, code: tuple[str, str, str], refresh_token: str, now: datetime
) -> dict[str, Any]:
    try:
        if grant == "authorization_code":
            tokens = signing.redeem(*code, now)
        elif grant == "refresh_token":
            tokens = signing.renew(refresh_token, now)
        else:
            raise Problem(400, "unsupported_grant_type", "That grant is not served.", error="unsupported_grant_type")
    except SignInFailed:
        raise Problem(400, "invalid_grant", "Sign in again.", error="invalid_grant") from None
    return {
        "access_token": tokens.access,
        "token_type": "Bearer",
        "expires_in": tokens.expires_in,
        "refresh_token": tokens.refresh,
    }


def _check(client_id: str, redirect_uri: str, challenge: str) -> None:
    if client_id != CLIENT or not is_loopback(redirect_uri) or not 43 <= len(challenge) <= 128:
        raise Problem(400, "bad_request", "That is not a request of Advisor Desk.")


def is_loopback(uri: str) -> bool:
    """True for ``http://127.0.0.1:<port>/callback`` and its IPv6 twin, and nothing else (RFC 8252 section 7.3)."""
    # By a pattern over the whole text: urlsplit drops line breaks before it looks.
    found = _CALLBACK.fullmatch(uri)
    try:
        return found is not None and ipaddress.ip_address(found["host"].strip("[]")).is_loopback
    except ValueError:
        return False


def _page(asked: dict[str, str], login: str, fault: str, status: int = 200) -> HTMLResponse:
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{html.escape(value, quote=True)}">' for name, value in asked.items()
    )
    page = _PAGE.substitute(fault=html.escape(fault), login=html.escape(login, quote=True), hidden=hidden)
    return HTMLResponse(page, status, headers=_HEADERS)
