"""What the server remembers, in memory: clients, codes, tokens. Authlib says which questions they have to answer."""
import secrets
import time
from dataclasses import dataclass, field

from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin, TokenMixin

DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"


@dataclass
class Client(ClientMixin):
    client_id: str
    scope: str
    grants: tuple
    secret: str | None = None

    def get_client_id(self):
        return self.client_id

    def get_default_redirect_uri(self):
        return None

    def get_allowed_scope(self, scope):
        """None is "invalid_scope"; who asks for nothing in particular gets everything."""
        if not scope:
            return self.scope
        return scope if set(scope.split()) <= set(self.scope.split()) else None

    def check_redirect_uri(self, redirect_uri):
        # Any port of loopback is meant (RFC 8252 section 7.3).
        return redirect_uri.startswith(("http://127.0.0.1:", "http://localhost:", "http://[::1]:"))

    def check_client_secret(self, client_secret):
        return self.secret is not None and secrets.compare_digest(self.secret.encode(), client_secret.encode())

    def check_endpoint_auth_method(self, method, endpoint):
        return method in (("none",) if self.secret is None else ("client_secret_basic", "client_secret_post"))

    def check_response_type(self, response_type):
        return response_type == "code"

    def check_grant_type(self, grant_type):
        return grant_type in self.grants


@dataclass
class Code(AuthorizationCodeMixin):
    code: str
    client_id: str
    redirect_uri: str
    scope: str
    user: str
    code_challenge: str
    code_challenge_method: str

    def get_redirect_uri(self):
        return self.redirect_uri

    def get_scope(self):
        return self.scope


@dataclass
class Token(TokenMixin):
    client: Client
    user: str
    access_token: str
    expires_in: int
    scope: str = ""
    token_type: str = "Bearer"
    refresh_token: str | None = None
    issued_at: int = field(default_factory=lambda: int(time.time()))
    revoked: bool = False
    refreshed: bool = False

    def check_client(self, client):
        return self.client.client_id == client.client_id

    def get_scope(self):
        return self.scope

    def get_expires_in(self):
        return self.expires_in

    def is_expired(self):
        return time.time() >= self.issued_at + self.expires_in

    def is_revoked(self):
        return self.revoked

    def get_user(self):
        return self.user

    def get_client(self):
        return self.client


class Tokens:
    def __init__(self):
        self.all = []

    def find(self, text, hint=None):
        """By either of its two names; who hints wrong is served too (RFC 7662 section 2.1)."""
        return next((token for token in self.all if text in (token.access_token, token.refresh_token)), None)
