"""Questionnaires: what they ask, when, what counts as an answer, and how it reads. Pure rules, no database."""

from portal.domain.questionnaire.checking import problem, problems
from portal.domain.questionnaire.conditions import visible
from portal.domain.questionnaire.items import CHOSEN, LARGEST_PHOTO, NUMBERS, Condition, Days, Item, Kind, Option
from portal.domain.questionnaire.prefill import prefilled
from portal.domain.questionnaire.response import response
from portal.domain.questionnaire.schema import Schema
from portal.domain.questionnaire.values import Answers, Value, chosen, clean, day, other, toggle
from portal.domain.questionnaire.words import Line, Section, describe, say

__all__ = [
    "CHOSEN",
    "LARGEST_PHOTO",
    "NUMBERS",
    "Answers",
    "Condition",
    "Days",
    "Item",
    "Kind",
    "Line",
    "Option",
    "Schema",
    "Section",
    "Value",
    "chosen",
    "clean",
    "day",
    "describe",
    "other",
    "prefilled",
    "problem",
    "problems",
    "response",
    "say",
    "toggle",
    "visible",
]
