"""The small language of checklists; the platform keeps it, since polls use it, too."""

from qalqan.desk.platform.sources.expressions import (
    BOOLEAN,
    DEEPEST,
    LONGEST,
    NUMBER,
    TEXT,
    Answers,
    Asked,
    Expression,
    ExpressionError,
    Value,
    asked_codes,
    parse,
)

__all__ = [
    "BOOLEAN",
    "DEEPEST",
    "LONGEST",
    "NUMBER",
    "TEXT",
    "Answers",
    "Asked",
    "Expression",
    "ExpressionError",
    "Value",
    "asked_codes",
    "parse",
]
