"""Makes requests as the run's person, and about things that there are."""

import os
from collections import Counter

import schemathesis

from persons import EMAIL, Person
from server import Server
from stand_ins import StandIns

# As whom the requests of this run are made: anonymous, member or admin.
KIND = os.environ["KOGENTS_PERSON"]

# Where the document's security schemes have a token, and in which form.
SCHEMES = {
    "bearer": ("headers", "Authorization", "Bearer {}"),
    "refreshCookie": ("cookies", "refreshToken", "{}"),
}
# The workspace's own token is its admins' to give away.
if KIND == "admin":
    SCHEMES["apiToken"] = ("headers", "Authorization", "Bearer {}")


class Run:
    """Who and what there is in this run."""

    _only = None

    def __init__(self, base_url):
        server = Server(base_url)
        admin = Person(server, EMAIL if KIND != "member" else "host@example.com")
        # There to be signed in as, also by those who are not.
        admin.tokens()
        self.stand_ins = StandIns(server, admin)
        self._person = Person(server, EMAIL, "viewer", admin) if KIND == "member" else admin

    @classmethod
    def of(cls, case):
        """The run that a case belongs to; there is one."""
        cls._only = cls._only or cls(case.operation.base_url)
        return cls._only

    def token(self, scheme):
        """What the scheme asks for, such that it works."""
        if scheme == "apiToken":
            return self.stand_ins.api_token()
        tokens = self._person.tokens()
        return tokens.access if scheme == "bearer" else tokens.refresh


def mark(scheme):
    """What stands in a case for the scheme's token until it is sent: cases are made long before,
    and what is sent in between may end the session."""
    _, _, form = SCHEMES[scheme]
    return form.format(f"to-be-{scheme}")


if KIND != "anonymous":

    @schemathesis.auth(refresh_interval=None)
    class AsThePerson:
        """Chooses how a case is signed in. Cases that are to be unsigned stay so."""

        def __init__(self):
            self._turns = Counter()

        def get(self, case, context):
            """One of the schemes that the operation names, each in its turn."""
            security = context.operation.definition.raw.get("security", [])
            ways = [scheme for way in security for scheme in way if scheme in SCHEMES]
            if not ways:
                return None
            label = context.operation.label
            self._turns[label] += 1
            return ways[self._turns[label] % len(ways)]

        def set(self, case, data, context):
            """Marks the place for the token."""
            place, name, _ = SCHEMES[data]
            getattr(case, place)[name] = mark(data)


@schemathesis.hook
def before_call(context, case, kwargs):
    """Puts in things that there are, and tokens that work."""
    run = Run.of(case)
    fill, fill_path = run.stand_ins.fill, run.stand_ins.fill_path
    for part, fill_it in (("path_parameters", fill_path), ("query", fill), ("body", fill)):
        said = getattr(case, part)
        filled = fill_it(said, case.operation.path)
        # A part that is set counts as changed, and is judged anew whether it is valid.
        if filled != said:
            setattr(case, part, filled)
    # Last, because what came before may have signed the person in anew.
    for scheme, (place, name, form) in SCHEMES.items():
        container = getattr(case, place)
        if container and container.get(name) == mark(scheme):
            container[name] = form.format(run.token(scheme))
