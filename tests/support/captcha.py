"""Do the CAPTCHA's work in Python, as the widget does it in the browser."""

from typing import Any

import altcha


def solve(challenge: dict[str, Any]) -> str:
    """The payload that a browser would send for `challenge`."""
    asked = altcha.Challenge.from_dict(challenge)
    solution = altcha.solve_challenge(asked)
    if solution is None:
        raise TimeoutError("the challenge was not solved in time")
    return altcha.Payload(asked, solution).to_base64()
