"""Facts to lights, indicators, points, ranks and ladder steps, each with the reasons to explain it."""

from guatu.engine.evaluation.evaluating import evaluate
from guatu.engine.evaluation.examples import run_examples
from guatu.engine.evaluation.inputs import Inputs, InputsRefused
from guatu.engine.evaluation.lists import derive_lists
from guatu.engine.evaluation.results import EarlierResults, Results, ResultsRefused

__all__ = [
    "EarlierResults",
    "Inputs",
    "InputsRefused",
    "Results",
    "ResultsRefused",
    "derive_lists",
    "evaluate",
    "run_examples",
]
