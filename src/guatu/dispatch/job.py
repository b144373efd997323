"""The whole job of a round: read, evaluate, write."""

from __future__ import annotations

from guatu.dispatch.folder import reserved
from guatu.dispatch.reading import Notice
from guatu.dispatch.round import RoundRequest, evaluate_round, read_round
from guatu.dispatch.writing import Outcome, write_round


def run_round(request: RoundRequest, notice: Notice) -> Outcome:
    """Everything `guatu run` does. Raises a Refusal before anything is written when it cannot be done."""
    with reserved(request.out):
        made = read_round(request, notice)
        return write_round(made, evaluate_round(made, notice), notice)
