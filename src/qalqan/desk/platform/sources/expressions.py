"""The small language of forms: when a question is asked, and when its answer fails.

A part of XLSForm's expressions, with the rules of XPath 1.0, in which every expression has one
type that is known before it is evaluated. The phone evaluates the same language; both sides run
the table ``expressions.json`` beside the tests. The grammar is in
``docs/reference/checklist-expressions.md``.

Nothing is executed but what stands here: no names, no clock, no patterns, no loops.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

LONGEST = 500
DEEPEST = 24
TEXT, NUMBER, BOOLEAN = "text", "number", "boolean"

Value = str | float | bool
Answers = Mapping[str, str]

_TOKEN = re.compile(
    r"[ \t\r\n]*(?:(?P<ref>\$\{[a-z][a-z0-9_]{0,39}\})|(?P<number>[0-9]+(?:\.[0-9]+)?)"
    r"|(?P<text>'[^']*'|\"[^\"]*\")|(?P<name>[a-z]+(?:-[a-z]+)*)"
    r"|(?P<sign>!=|<=|>=|[=<>()+*,.-]))",
    re.ASCII,
)
_NUMERIC = re.compile(r"[ ]*-?[0-9]+(?:\.[0-9]+)?[ ]*", re.ASCII)


class ExpressionError(ValueError):
    """An expression cannot be understood.

    Parameters
    ----------
    reason
        A short fixed word, equal on the desk and on the phone: ``long``, ``deep``, ``token``,
        ``end``, ``name``, ``arguments``, ``type``.
    at
        Where in the expression, counted from 0.
    """

    def __init__(self, reason: str, at: int) -> None:
        super().__init__(f"{reason} at {at}")
        self.reason = reason
        self.at = at


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression: its type, the codes it refers to, and how to evaluate it."""

    source: str
    type: str
    codes: frozenset[str]
    uses_self: bool
    _run: Callable[[Answers, str], Value]

    def value(self, answers: Answers, own: str = "") -> Value:
        """Return the value for the given answers; an unanswered question is the empty text."""
        return self._run(answers, own)

    def holds(self, answers: Answers, own: str = "") -> bool:
        """Tell whether the value counts as true."""
        return _boolean(self._run(answers, own))


def _number(value: Value) -> float:
    if isinstance(value, bool):
        return 1.0 if value else 0.0
    if isinstance(value, str):
        return float(value) if _NUMERIC.fullmatch(value) else math.nan
    return value


def _boolean(value: Value) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return value != ""
    return value != 0 and not math.isnan(value)


def _divide(left: float, right: float) -> float:
    if right == 0:
        if left == 0 or math.isnan(left):
            return math.nan
        return math.copysign(math.inf, left) * math.copysign(1.0, right)
    return left / right


def _remainder(left: float, right: float) -> float:
    if right == 0 or math.isinf(left) or math.isnan(left) or math.isnan(right):
        return math.nan
    return math.fmod(left, right)


def _whole(value: float) -> float:
    return value if math.isnan(value) or math.isinf(value) else float(math.trunc(value))


def _choices(text: str) -> list[str]:
    return [part for part in text.split(" ") if part]


_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "div": _divide,
    "mod": _remainder,
}
_ORDER: dict[str, Callable[[float, float], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
_ANY = "any"
_FUNCTIONS: dict[str, tuple[tuple[str, ...], str, Callable[..., Value]]] = {
    "true": ((), BOOLEAN, lambda: True),
    "false": ((), BOOLEAN, lambda: False),
    "not": ((_ANY,), BOOLEAN, lambda a: not _boolean(a)),
    "number": ((_ANY,), NUMBER, _number),
    "int": ((_ANY,), NUMBER, lambda a: _whole(_number(a))),
    "selected": ((TEXT, TEXT), BOOLEAN, lambda a, b: b in _choices(a)),
    "count-selected": ((TEXT,), NUMBER, lambda a: float(len(_choices(a)))),
    "string-length": ((TEXT,), NUMBER, lambda a: float(len(a))),
    "contains": ((TEXT, TEXT), BOOLEAN, lambda a, b: b in a),
    "starts-with": ((TEXT, TEXT), BOOLEAN, lambda a, b: a.startswith(b)),
    "coalesce": ((TEXT, TEXT), TEXT, lambda a, b: a or b),
}
"""Types of the arguments, type of the value, and what it does."""


@dataclass(frozen=True, slots=True)
class _Node:
    type: str
    run: Callable[[Answers, str], Value]


class _Parser:
    """One pass over the tokens; each method reads one level of the grammar."""

    def __init__(self, source: str) -> None:
        if len(source) > LONGEST:
            raise ExpressionError("long", LONGEST)
        self.tokens = list(_tokens(source))
        self.place = 0
        self.depth = 0
        self.codes: set[str] = set()
        self.uses_self = False

    def whole(self) -> _Node:
        node = self.either()
        if self.kind != "end":
            raise ExpressionError("token", self.at)
        return node

    @property
    def kind(self) -> str:
        return self.tokens[self.place][0]

    @property
    def word(self) -> str:
        return self.tokens[self.place][1]

    @property
    def at(self) -> int:
        return self.tokens[self.place][2]

    def step(self) -> tuple[str, str, int]:
        token = self.tokens[self.place]
        self.place += token[0] != "end"
        return token

    def expect(self, sign: str) -> None:
        kind, word, at = self.step()
        if kind != "sign" or word != sign:
            raise ExpressionError("end" if kind == "end" else "token", at)

    def either(self) -> _Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise ExpressionError("deep", self.at)
        node = self.both()
        while (self.kind, self.word) == ("name", "or"):
            self.step()
            node = _logic(node, self.both(), any)
        self.depth -= 1
        return node

    def both(self) -> _Node:
        node = self.equal()
        while (self.kind, self.word) == ("name", "and"):
            self.step()
            node = _logic(node, self.equal(), all)
        return node

    def equal(self) -> _Node:
        node = self.ordered()
        while self.kind == "sign" and self.word in ("=", "!="):
            sign = self.step()[1]
            node = _equality(node, self.ordered(), wanted=sign == "=")
        return node

    def ordered(self) -> _Node:
        node = self.sum()
        while self.kind == "sign" and self.word in _ORDER:
            compare = _ORDER[self.step()[1]]
            node = _comparison(node, self.sum(), compare)
        return node

    def sum(self) -> _Node:
        node = self.product()
        while self.kind == "sign" and self.word in ("+", "-"):
            node = _arithmetic(_ARITHMETIC[self.step()[1]], node, self.product())
        return node

    def product(self) -> _Node:
        node = self.unary()
        while (self.kind, self.word) in (("sign", "*"), ("name", "div"), ("name", "mod")):
            node = _arithmetic(_ARITHMETIC[self.step()[1]], node, self.unary())
        return node

    def unary(self) -> _Node:
        signs = 0
        while (self.kind, self.word) == ("sign", "-"):
            self.step()
            signs += 1
        node = self.primary()
        if not signs:
            return node
        factor = -1.0 if signs % 2 else 1.0
        return _Node(NUMBER, lambda answers, own: factor * _number(node.run(answers, own)))

    def primary(self) -> _Node:
        kind, word, at = self.step()
        if kind == "number":
            number = float(word)
            return _Node(NUMBER, lambda answers, own: number)
        if kind == "text":
            text = word[1:-1]
            return _Node(TEXT, lambda answers, own: text)
        if kind == "ref":
            code = word[2:-1]
            self.codes.add(code)
            return _Node(TEXT, lambda answers, own: answers.get(code, ""))
        if (kind, word) == ("sign", "."):
            self.uses_self = True
            return _Node(TEXT, lambda answers, own: own)
        if (kind, word) == ("sign", "("):
            node = self.either()
            self.expect(")")
            return node
        if kind == "name":
            return self.call(word, at)
        raise ExpressionError("end" if kind == "end" else "token", at)

    def call(self, name: str, at: int) -> _Node:
        if name != "if" and name not in _FUNCTIONS:
            raise ExpressionError("name", at)
        self.expect("(")
        given: list[_Node] = []
        if (self.kind, self.word) != ("sign", ")"):
            given.append(self.either())
            while (self.kind, self.word) == ("sign", ","):
                self.step()
                given.append(self.either())
        self.expect(")")
        return _choice(given, at) if name == "if" else _function(name, given, at)


def _tokens(source: str) -> Iterator[tuple[str, str, int]]:
    at = 0
    end = len(source.rstrip(" \t\r\n"))
    while at < end:
        found = _TOKEN.match(source, at)
        if not found or found.lastgroup is None:
            raise ExpressionError(
                "token", at + len(source[at:]) - len(source[at:].lstrip(" \t\r\n"))
            )
        yield found.lastgroup, found[found.lastgroup], found.start(found.lastgroup)
        at = found.end()
    yield "end", "", end


def _logic(left: _Node, right: _Node, decide: Callable[[Iterator[bool]], bool]) -> _Node:
    parts = (left, right)
    return _Node(
        BOOLEAN,
        lambda answers, own: decide(_boolean(part.run(answers, own)) for part in parts),
    )


def _equality(left: _Node, right: _Node, *, wanted: bool) -> _Node:
    types = {left.type, right.type}
    convert: Callable[[Value], Value] = (
        _boolean if BOOLEAN in types else _number if NUMBER in types else _same
    )
    return _Node(
        BOOLEAN,
        lambda answers, own: (
            (convert(left.run(answers, own)) == convert(right.run(answers, own))) == wanted
        ),
    )


def _same(value: Value) -> Value:
    return value


def _comparison(left: _Node, right: _Node, compare: Callable[[float, float], bool]) -> _Node:
    return _Node(
        BOOLEAN,
        lambda answers, own: compare(
            _number(left.run(answers, own)), _number(right.run(answers, own))
        ),
    )


def _arithmetic(compute: Callable[[float, float], float], left: _Node, right: _Node) -> _Node:
    return _Node(
        NUMBER,
        lambda answers, own: compute(
            _number(left.run(answers, own)), _number(right.run(answers, own))
        ),
    )


def _choice(given: list[_Node], at: int) -> _Node:
    if len(given) != 3:
        raise ExpressionError("arguments", at)
    condition, first, second = given
    if first.type != second.type:
        raise ExpressionError("type", at)
    return _Node(
        first.type,
        lambda answers, own: (first if _boolean(condition.run(answers, own)) else second).run(
            answers, own
        ),
    )


def _function(name: str, given: list[_Node], at: int) -> _Node:
    wanted, made, compute = _FUNCTIONS[name]
    if len(given) != len(wanted):
        raise ExpressionError("arguments", at)
    if any(kind not in (_ANY, node.type) for kind, node in zip(wanted, given, strict=True)):
        raise ExpressionError("type", at)
    return _Node(made, lambda answers, own: compute(*(node.run(answers, own) for node in given)))


@lru_cache(maxsize=4096)
def parse(source: str) -> Expression:
    """Read an expression.

    Raises
    ------
    ExpressionError
        It is not of the language; the error says why and where.

    Examples
    --------
    >>> parse("${guards} > 0 and ${gate} = 'open'").holds({"guards": "2", "gate": "open"})
    True
    >>> parse(". = 'no'").holds({}, "no")
    True
    >>> sorted(parse("selected(${kinds}, 'camera')").codes)
    ['kinds']
    """
    parser = _Parser(source)
    node = parser.whole()
    return Expression(source, node.type, frozenset(parser.codes), parser.uses_self, node.run)


class Asked(Protocol):
    """What skip logic needs to know of a question."""

    @property
    def code(self) -> str:
        """The code that other questions refer to."""

    @property
    def relevant(self) -> str:
        """When it is asked; empty for always."""


def asked_codes(questions: Sequence[Asked], answers: Answers) -> list[str]:
    """Return the codes of the questions that are asked, in order.

    A question that is not asked counts as unanswered, whatever was entered before.

    Parameters
    ----------
    questions
        In their order, each with ``code`` and ``relevant``.
    answers
        What was entered, by code.
    """
    known: dict[str, str] = {}
    asked = []
    for question in questions:
        if question.relevant and not parse(question.relevant).holds(known):
            continue
        asked.append(question.code)
        known[question.code] = answers.get(question.code, "")
    return asked
