"""What schemathesis loads of ours; each of these registers itself."""

import reach
import sign_in

__all__ = ["reach", "sign_in"]
