"""The server under test, asked for what a run needs beside its tests."""

import re
from time import sleep

import requests

# Long enough for the slowest route on a busy machine.
PATIENCE_SECS = 30

# How often the mailbox is asked for a mail that is on its way, and how long between two questions.
MAIL_TRIES = 400
MAIL_PAUSE_SECS = 0.02


class Server:
    """Asks as a client that cannot hold cookies, so that refresh tokens are in the bodies."""

    def __init__(self, base_url):
        self._base_url = base_url.rstrip("/")
        self._session = requests.Session()
        self._session.headers["X-Client-Type"] = "native"
        self._read = set()

    def ask(self, method, path, token=None, **request):
        """The answer, whatever its status."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self._session.request(
            method, self._base_url + path, headers=headers, timeout=PATIENCE_SECS, **request
        )

    def get(self, path, token=None, **query):
        """What a question that must be answered well is answered with."""
        return _body(self.ask("GET", path, token, params=query))

    def post(self, path, body, token=None):
        """What comes of a request that must succeed."""
        return _body(self.ask("POST", path, token, json=body))

    def put(self, path, body, token=None):
        """What comes of a change that must succeed."""
        return _body(self.ask("PUT", path, token, json=body))

    def last_mail_to(self, address, template):
        """The newest mail of this template in the development mailbox; none is given twice."""
        for _ in range(MAIL_TRIES):
            for mail in self.get("/dev/mailbox.json", to=address)["messages"]:
                if mail["template"] == template and mail["id"] not in self._read:
                    self._read.add(mail["id"])
                    return mail
            sleep(MAIL_PAUSE_SECS)
        raise RuntimeError(f"no mail `{template}` came to {address}")

    def token_mailed_to(self, address, template):
        """The token in the link of that mail."""
        return re.search(r"[?&]token=(\S+)", self.last_mail_to(address, template)["text"])[1]


def _body(response):
    if not response.ok:
        request = response.request
        asked = f"{request.method} {request.url}"
        raise RuntimeError(f"{asked}: {response.status_code} {response.text}")
    return response.json()
