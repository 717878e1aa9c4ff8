"""A check of the run as a whole: each operation was reached, and not only refused a token."""

from collections import defaultdict

import schemathesis

from sign_in import KIND


@schemathesis.check
class EveryOperationIsReached:
    """Tells which statuses each operation was answered with. Fails when one was only ever answered
    by 401 though requests were signed in, or when too few of an admin's succeeded."""

    def __init__(self, admins_least_share=0.0):
        self._admins_least_share = admins_least_share
        self._statuses = defaultdict(set)

    def after_response(self, ctx, response, case):
        """Notes the status, unless the request has a method that is not the operation's."""
        if case.method.upper() == case.operation.method.upper():
            self._statuses[case.operation.label].add(response.status_code)

    def after_run(self, ctx):
        """Judges."""
        print(f"\nStatuses by operation, {KIND}:")
        for label, statuses in sorted(self._statuses.items()):
            print(f"  {label}: {', '.join(map(str, sorted(statuses)))}")
        never = sorted(label for label, seen in self._statuses.items() if min(seen) >= 400)
        print(f"Of {len(self._statuses)} operations, {len(never)} never succeeded.")
        if KIND != "anonymous":
            refused = sorted(label for label, seen in self._statuses.items() if seen == {401})
            assert not refused, f"answered by 401 only: {', '.join(refused)}"
        if KIND == "admin":
            allowed = (1 - self._admins_least_share) * len(self._statuses)
            assert len(never) <= allowed, f"never succeeded: {', '.join(never)}"
