"""What there really is in place of the ids and secrets of the document's examples, so that
requests made of examples get behind the 404 and the invalid token."""

from itertools import count

from persons import PASSWORD, accept, invite, send_code, start_signup

# The examples, as the document has them wherever it names such a thing.
PERSON = "0192f3c0-1111-7abc-8def-0123456789ab"
WORKSPACE = "0192f3c0-2222-7abc-8def-0123456789ab"
ROLE = "0192f3c0-4444-7abc-8def-0123456789ab"
INVITATION = "0192f3c0-5555-7abc-8def-0123456789ab"
PERMISSION = "0192f3c0-7777-7abc-8def-0123456789ab"
SIGNUP = "sgn_mDdGIB8TtA0S3mYhGzVQW5y0r3PcGq9i1bKxJ7nUe4c"
CODE = "042137"
SLUG = "acme"
GUEST = "grace@example.com"
MAILED_TOKEN = "kgm_mDdGIB8TtA0S3mYhGzVQW5y0r3PcGq9i1bKxJ7nUe4c"


class StandIns:
    """Makes, in the workspace of an admin, what an example names, and again when it is gone."""

    def __init__(self, server, admin):
        self._server = server
        self._admin = admin
        self._numbers = count(1)
        self._member = None
        self._signup = None
        self._api_token = None
        self._found = {}
        self._makers = {
            PERSON: lambda: self._present_member()["id"],
            WORKSPACE: self._workspace,
            ROLE: self._role,
            INVITATION: self._invitation,
            PERMISSION: self._permission,
        }

    def fill(self, value, path):
        """A part of a request to this path, with what there is in place of the examples."""
        if isinstance(value, dict):
            filled = {name: self.fill(item, path) for name, item in value.items()}
            return filled | self._secrets(filled, path)
        if isinstance(value, list):
            return [self.fill(item, path) for item in value]
        maker = self._makers.get(value) if isinstance(value, str) else None
        return maker() if maker else value

    def fill_path(self, parameters, path):
        """As `fill`; a slug in a path names what there is, elsewhere what there is to be."""
        filled = self.fill(parameters, path)
        if filled.get("slug") == SLUG:
            self._admin.tokens()
            filled["slug"] = self._admin.profile["workspace"]["slug"]
        return filled

    def api_token(self):
        """A token of the workspace that works."""
        if not self._api_token or not self._server.ask("GET", "/roles", self._api_token).ok:
            token = self._admin.tokens().access
            path = f"/workspace/{self._workspace()}/api-token"
            self._api_token = self._server.post(path, {}, token)["apiToken"]
        return self._api_token

    def _secrets(self, members, path):
        if members.get("token") == MAILED_TOKEN:
            return {"token": self._mailed_token(path)}
        # What only they themselves may change has to be as it is.
        if members.get("email") == GUEST and path == "/users/{id}":
            return {name: self._present_member()[name] for name in ("name", "email", "phone")}
        if members.get("sessionId") != SIGNUP:
            return {}
        # A code is good once, and so is its signup; to send another takes a minute's pause.
        if members.get("code") == CODE:
            session_id, email = self._new_signup()
            return {"sessionId": session_id, "code": send_code(self._server, session_id, email)}
        if path.startswith("/auth/verify/send-"):
            return {"sessionId": self._new_signup()[0]}
        return {"sessionId": self._unfinished_signup()}

    def _unfinished_signup(self):
        body = {"sessionId": self._signup}
        if not self._signup or not self._server.ask("POST", "/auth/resume", json=body).ok:
            self._signup, _ = self._new_signup()
        return self._signup

    def _new_signup(self):
        email = self._email("signup")
        return start_signup(self._server, email), email

    def _mailed_token(self, path):
        if path.startswith("/auth/invitations/"):
            return invite(self._server, self._admin, self._email("guest"), "agent")
        if path == "/auth/verify/confirm-password-reset":
            email = self._present_member()["email"]
            self._server.post("/auth/verify/request-password-reset", {"email": email})
            return self._server.token_mailed_to(email, "password_reset")
        if path == "/auth/verify/confirm-email":
            email = self._email("moved")
            body = {"email": email, "currentPassword": PASSWORD}
            self._server.put("/users/profile", body, self._sign_in_member())
            return self._server.token_mailed_to(email, "confirm_email")
        # A token of not-me comes with the first sign-in from elsewhere a minute after signing up,
        # which is later than a run takes.
        return MAILED_TOKEN

    def _present_member(self):
        """A member besides the admin, whom tests may change, remove and sign out."""
        token = self._admin.tokens().access
        if self._member:
            answer = self._server.ask("GET", f"/users/{self._member['id']}", token)
            self._member = answer.json() if answer.ok else None
        if not self._member:
            mailed = invite(self._server, self._admin, self._email("member"), "agent")
            tokens = accept(self._server, mailed)
            self._member = self._server.get("/users/profile", tokens.access)
        return self._member

    def _sign_in_member(self):
        """Their access token; a member whose password was reset gives way to a new one."""
        while True:
            body = {"email": self._present_member()["email"], "password": PASSWORD}
            answer = self._server.ask("POST", "/auth/login", json=body)
            if answer.ok:
                return answer.json()["access_token"]
            self._member = None

    def _workspace(self):
        self._admin.tokens()
        return self._admin.profile["workspaceId"]

    def _role(self):
        return self._one_of("/roles", lambda name: {"name": name})

    def _permission(self):
        return self._one_of(
            "/permissions",
            lambda name: {"name": f"{name}:read", "description": "A test.", "category": "tests"},
        )

    def _invitation(self):
        return self._one_of(
            "/users",
            lambda name: {"name": name, "email": self._email("guest"), "role_name": "agent"},
        )

    def _one_of(self, collection, body):
        """The id of one that was made by a POST of this body, unless it is still there."""
        token = self._admin.tokens().access
        known = self._found.get(collection)
        if known is None or not self._is_there(collection, known, token):
            made = self._server.post(collection, body(f"test-{next(self._numbers)}"), token)
            known = self._found[collection] = made["id"]
        return known

    def _is_there(self, collection, known, token):
        # Permissions cannot be read singly.
        if collection == "/permissions":
            listed = self._server.get(collection, token)["permissions"]
            return any(permission["id"] == known for permission in listed)
        return self._server.ask("GET", f"{collection}/{known}", token).ok

    def _email(self, who):
        return f"{who}-{next(self._numbers)}@example.com"
