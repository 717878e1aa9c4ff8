"""The persons of a run: signed up or invited, and signed in, by the public API."""

import re
from dataclasses import dataclass
from itertools import count

# Those of the document's examples, so that requests made of examples do what they say: sign in, or
# tell the current password.
EMAIL = "ada@example.com"
PASSWORD = "SecurePassword123!"


@dataclass
class Tokens:
    """What an answer that signs somebody in is good for."""

    email: str
    access: str
    refresh: str

    @classmethod
    def of(cls, signed_in):
        """Reads the answer."""
        email = signed_in["user"]["email"]
        return cls(email, signed_in["access_token"], signed_in["refresh_token"])


class Person:
    """Somebody in a role, who stays signed in whatever tests do to the session. When they cost the
    account or the role, somebody else takes the place. Without a host it is an admin."""

    def __init__(self, server, email, role="admin", host=None):
        self._server = server
        self._emails = _like(email)
        self._role = role
        self._host = host
        self._tokens = None
        # As `GET /users/profile` last told it.
        self.profile = None

    def tokens(self):
        """Tokens that work."""
        if self._tokens is None or not self._is_in_role():
            self._tokens = self._signed_in_again() or self._somebody_else()
        return self._tokens

    def _is_in_role(self):
        answer = self._server.ask("GET", "/users/profile", self._tokens.access)
        self.profile = answer.json() if answer.ok else None
        role = self.profile and self.profile["role"]
        return bool(role) and role["name"] == self._role

    def _signed_in_again(self):
        if self._tokens is None:
            return None
        body = {"email": self._tokens.email, "password": PASSWORD}
        answer = self._server.ask("POST", "/auth/login", json=body)
        if not answer.ok:
            return None
        self._tokens = Tokens.of(answer.json())
        return self._tokens if self._is_in_role() else None

    def _somebody_else(self):
        email = next(self._emails)
        if self._host is None:
            self._tokens = sign_up(self._server, email)
        else:
            self._tokens = accept(self._server, invite(self._server, self._host, email, self._role))
        if not self._is_in_role():
            raise RuntimeError(f"{email} is not in the role {self._role}")
        return self._tokens


def start_signup(server, email):
    """A signup that a code can be asked for."""
    body = {"name": "Ada Lovelace", "email": email, "password": PASSWORD}
    session_id = server.post("/auth/signup", body)["sessionId"]
    workspace = {"name": "Analytical Engines", "slug": re.sub("[^a-z0-9]+", "-", email)}
    server.post("/workspace", {"sessionId": session_id} | workspace)
    return session_id


def send_code(server, session_id, email):
    """The code that is mailed for a signup."""
    server.post("/auth/verify/send-for-session", {"sessionId": session_id})
    return server.last_mail_to(email, "verification_code")["otp"]


def sign_up(server, email):
    """Somebody new with a workspace of their own."""
    session_id = start_signup(server, email)
    body = {"sessionId": session_id, "code": send_code(server, session_id, email)}
    return Tokens.of(server.post("/auth/verify/confirm-for-session", body))


def invite(server, host, email, role):
    """The token that is mailed to whom the host invites."""
    body = {"name": "Grace Hopper", "email": email, "role_name": role}
    server.post("/users", body, host.tokens().access)
    return server.token_mailed_to(email, "invitation")


def accept(server, token):
    """Somebody new who accepts an invitation."""
    body = {"token": token, "name": "Grace Hopper", "password": PASSWORD}
    return Tokens.of(server.post("/auth/invitations/accept", body))


def _like(email):
    """The address itself, then others."""
    yield email
    local, domain = email.split("@")
    for number in count(2):
        yield f"{local}-{number}@{domain}"
