"""Facts to lights, indicators, points, ranks and ladder steps, each with the reasons to explain it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guatu.engine.late import found_late

if TYPE_CHECKING:
    from guatu.engine.evaluation.evaluating import evaluate
    from guatu.engine.evaluation.examples import run_examples
    from guatu.engine.evaluation.explaining import (
        IndicatorExplanation,
        LightExplanation,
        NothingToExplain,
        explain_indicator,
        explain_light,
    )
    from guatu.engine.evaluation.explaining_steps import StepExplanation, explain_step
    from guatu.engine.evaluation.inputs import Inputs, InputsRefused
    from guatu.engine.evaluation.lists import derive_lists
    from guatu.engine.evaluation.results import EarlierResults, Results, ResultsRefused
    from guatu.engine.evaluation.sentences import Sentences

__all__ = [
    "EarlierResults",
    "IndicatorExplanation",
    "Inputs",
    "InputsRefused",
    "LightExplanation",
    "NothingToExplain",
    "Results",
    "ResultsRefused",
    "Sentences",
    "StepExplanation",
    "derive_lists",
    "evaluate",
    "explain_indicator",
    "explain_light",
    "explain_step",
    "run_examples",
]

__getattr__ = found_late(
    __name__,
    {
        "evaluating": ("evaluate",),
        "examples": ("run_examples",),
        "explaining": (
            "IndicatorExplanation",
            "LightExplanation",
            "NothingToExplain",
            "explain_indicator",
            "explain_light",
        ),
        "explaining_steps": ("StepExplanation", "explain_step"),
        "inputs": ("Inputs", "InputsRefused"),
        "lists": ("derive_lists",),
        "results": ("EarlierResults", "Results", "ResultsRefused"),
        "sentences": ("Sentences",),
    },
)
