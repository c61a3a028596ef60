# OAuth: Authlib; opaque tokens that are introspected, codes with PKCE, device codes, client credentials, rotation
# Arguments: the lab's folder, the address to listen on. Environment: lab.env.
import base64
import os
import sys
import time
from datetime import datetime, timezone
from pathlib import Path

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import grants
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc7662 import IntrospectionEndpoint
from authlib.oauth2.rfc8628 import DeviceAuthorizationEndpoint, DeviceCodeGrant, DeviceCredentialDict
from flask import Flask, jsonify, request
from werkzeug.serving import WSGIRequestHandler, run_simple

from store import DEVICE_CODE, Client, Code, Token, Tokens

lab, address = Path(sys.argv[1]), sys.argv[2]
env = os.environ
ISSUER = f"https://{address}:{env['HTTPS_PORT']}"
SECRET = base64.b64decode(env["CLIENT_SECRET_BASE64"]).decode()
SCOPES = env["OIDC_SCOPES"].replace(",", " ")
PASSWORDS = {env[name]: base64.b64decode(env[f"{name}_PASSWORD_BASE64"]).decode() for name in ("ALICE", "QUIRKY")}
BOTH = ("client_secret_basic", "client_secret_post")

clients = {client.client_id: client for client in (
    Client("app", f"{SCOPES} offline_access", ("authorization_code", "refresh_token", DEVICE_CODE)),
    Client("daemon", SCOPES, ("client_credentials",), SECRET),
    # Gets tokens that open nothing.
    Client("powerless", "Calendars.Read", ("client_credentials",), SECRET),
    # Gets none, only asks about others': Dovecot.
    Client("dovecot", "", (), env["DOVECOT_SECRET"]),
)}
codes, devices, approvals, tokens = {}, {}, {}, Tokens()


def save_token(token, asked):
    # An application has one mailbox, alice's.
    tokens.all.append(Token(client=asked.client, user=asked.user or env["ALICE"], **token))


app = Flask(__name__)
app.config["OAUTH2_REFRESH_TOKEN_GENERATOR"] = True
server = AuthorizationServer(app, query_client=clients.get, save_token=save_token)


class AuthorizationCode(grants.AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["none"]

    def save_authorization_code(self, code, asked):
        data = asked.payload.data
        codes[code] = Code(code, asked.client.client_id, asked.payload.redirect_uri, asked.payload.scope, asked.user,
                           data.get("code_challenge"), data.get("code_challenge_method"))

    def query_authorization_code(self, code, client):
        found = codes.get(code)
        return found if found and found.client_id == client.client_id else None

    def delete_authorization_code(self, authorization_code):
        codes.pop(authorization_code.code, None)

    def authenticate_user(self, authorization_code):
        return authorization_code.user


class ClientCredentials(grants.ClientCredentialsGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = list(BOTH)


class Refresh(grants.RefreshTokenGrant):
    INCLUDE_NEW_REFRESH_TOKEN = True
    TOKEN_ENDPOINT_AUTH_METHODS = ["none", *BOTH]

    def authenticate_refresh_token(self, refresh_token):
        token = tokens.find(refresh_token)
        return token if token and token.refresh_token == refresh_token and not (token.revoked or token.refreshed) else None

    def authenticate_user(self, refresh_token):
        return refresh_token.user

    def revoke_old_credential(self, refresh_token):
        refresh_token.refreshed = True


class DeviceCode(DeviceCodeGrant):
    def query_device_credential(self, device_code):
        return devices.get(device_code)

    def query_user_grant(self, user_code):
        return approvals.get(user_code)

    def should_slow_down(self, credential):
        # RFC 8628 section 3.5, with half a second of indulgence for the clocks.
        last, credential["asked"] = credential.get("asked"), time.monotonic()
        return last is not None and credential["asked"] - last < DeviceAuthorization.INTERVAL - 0.5


class DeviceAuthorization(DeviceAuthorizationEndpoint):
    INTERVAL = 1

    def get_verification_uri(self):
        return f"{ISSUER}/device"

    def save_device_credential(self, client_id, scope, data):
        scope = clients[client_id].get_allowed_scope(scope) or ""
        expires = time.time() + data["expires_in"]
        devices[data["device_code"]] = DeviceCredentialDict(data, client_id=client_id, scope=scope, expires_at=expires)


class Introspection(IntrospectionEndpoint):
    CLIENT_AUTH_METHODS = list(BOTH)

    def query_token(self, token_string, token_type_hint):
        return tokens.find(token_string)

    def check_permission(self, token, client, request):
        return client.client_id == "dovecot"

    def introspect_token(self, token):
        return {"active": True, "client_id": token.client.client_id, "username": token.user, "scope": token.scope,
                "aud": env["TOKEN_AUDIENCE"], "iss": ISSUER, "iat": token.issued_at, "exp": token.issued_at + token.expires_in}


class Revocation(RevocationEndpoint):
    CLIENT_AUTH_METHODS = ["none", *BOTH]

    def query_token(self, token_string, token_type_hint):
        return tokens.find(token_string)

    def revoke_token(self, token, request):
        token.revoked = True


server.register_grant(AuthorizationCode, [CodeChallenge(required=True)])
for grant in (Refresh, DeviceCode, ClientCredentials):
    server.register_grant(grant)
for endpoint in (DeviceAuthorization, Introspection, Revocation):
    server.register_endpoint(endpoint)

ENDPOINTS = {"token": "/token", "device_authorization": "/device_authorization", "introspection": "/introspect",
             "revocation": "/revoke", "authorization": "/authorize"}


@app.get("/.well-known/openid-configuration")
@app.get("/.well-known/oauth-authorization-server")
def metadata():
    said = {f"{name}_endpoint": ISSUER + path for name, path in ENDPOINTS.items()}
    return jsonify(issuer=ISSUER, scopes_supported=SCOPES.split(), response_types_supported=["code"],
                   grant_types_supported=["authorization_code", "client_credentials", "refresh_token", DEVICE_CODE],
                   code_challenge_methods_supported=["S256"],
                   token_endpoint_auth_methods_supported=["none", *BOTH], **said)


@app.post("/token")
def token():
    return server.create_token_response()


for name in ("device_authorization", "introspection", "revocation"):
    app.add_url_rule(ENDPOINTS[name], name, lambda name=name: server.create_endpoint_response(name), methods=["POST"])


def page(words, status=200):
    """A form without a script, so that a test can be the person with any HTTP client."""
    code = '<input name="user_code">' if request.path == "/device" else ""
    return (f'<!doctype html><title>Lab login</title><p>{words}</p><form method="post">{code}<input name="login">'
            '<input name="password" type="password"><button name="answer" value="allow">Log in</button>'
            '<button name="answer" value="deny">Cancel</button></form>'), status


def person():
    login = request.form.get("login")
    return login if login in PASSWORDS and request.form.get("password") == PASSWORDS[login] else None


@app.route("/authorize", methods=["GET", "POST"])
def authorize():
    try:
        grant = server.get_consent_grant(end_user=None)
    except OAuth2Error as error:
        return server.handle_error_response(server.create_oauth2_request(None), error)
    if request.method == "GET":
        return page("Who are you?")
    user = None if request.form.get("answer") == "deny" else person()
    if user is None and request.form.get("answer") != "deny":
        return page("That is not right.", 403)
    return server.create_authorization_response(grant=grant, grant_user=user)


@app.route("/device", methods=["GET", "POST"])
def device():
    if request.method == "GET":
        return page("Which code does your device show?")
    code, denied = request.form.get("user_code"), request.form.get("answer") == "deny"
    if code not in [known["user_code"] for known in devices.values()] or not (denied or person()):
        return page("That is not right.", 403)
    approvals[code] = (person(), not denied)
    return page("Thank you. Go back to your device.")


@app.after_request
def note(response):
    """Written before the answer is sent; no secret is in it: no query, no form, no token."""
    said = response.get_json(silent=True) if response.is_json else None
    words = [request.form.get("grant_type"), request.form.get("client_id") or (request.authorization or {}).get("username"),
             response.status_code, said.get("error") if isinstance(said, dict) else None]
    when = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
    with open(lab / "authlib/log", "a", encoding="utf-8") as log:
        print(when, f"[{request.remote_addr}]", request.method, f'"{request.path}"', *(word or "-" for word in words), file=log)
    return response


class Quiet(WSGIRequestHandler):
    """One connection for many requests; its own log would have the codes in its lines."""
    protocol_version = "HTTP/1.1"

    def log_request(self, *arguments):
        pass


run_simple(address, int(env["HTTPS_PORT"]), app, threaded=True, request_handler=Quiet,
           ssl_context=(str(lab / "certs/server.pem"), str(lab / "certs/server.key")))
