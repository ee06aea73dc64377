"""Reading matrix.yaml: each line of it becomes cases, one per state of the object; each case asks everybody.

A line's key is `METHOD, METHOD action @state @state`; the action is that of an API view, the states narrow the line and
win over one that names none. Its value says who gets `in` and who meets 403 or 404; everybody else meets what the
endpoint's kind makes the rule: 404 at an object, 403 elsewhere, the door for whoever is not signed in.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

from tests.access.cast import ANYBODY, OF_EACH_KIND, OTHERS, SIGNED_OUT
from tests.access.endpoints import Endpoint, endpoints

FILE = Path(__file__).with_name("matrix.yaml")
ANY = "any"  # the state of endpoints that concern no object
# States that both firms have, one of each kind of object.
SHARED = ("fieldwork", "library", "at_firm", "at_broker", "at_exchange", "own")
Outcomes = dict[str, str]


class BadLine(Exception):
    """The file says something that nobody can mean."""


@dataclass(frozen=True)
class Case:
    """One method of one endpoint on one state of its object, and what everybody meets there."""

    endpoint: str
    method: str
    state: str
    expected: Outcomes
    by_token: Outcomes
    says: str = ""  # what the form says
    arguments: Mapping[str, str] = field(default_factory=dict)  # URL argument → name in the state
    is_about_none: bool = False  # an address of objects that answers of none in particular
    is_of_a_kind: bool = False  # a line for other states or methods says the same; these only have to be no different

    @property
    def objects(self) -> set[str]:
        """The objects that the address names; words are none."""
        return set(self.arguments.values()) - set(matrix().words)

    @property
    def asked(self) -> Outcomes:
        """Who is asked, and what they meet: all of ours, or one of each kind; of the others one.

        What the other firm's people meet at our objects is what ours meet at theirs: test_strangers.py.
        """
        who = OF_EACH_KIND if self.is_of_a_kind or self.is_for_all else [name for name in ANYBODY if name not in OTHERS]
        return {name: self.expected[name] for name in (*who, "other_partner")}

    @property
    def is_for_all(self) -> bool:
        """Whether it makes no difference who somebody is, once they are signed in."""
        return len({met for who, met in self.expected.items() if who not in SIGNED_OUT}) == 1

    def __str__(self) -> str:
        return " ".join(filter(None, (self.method, self.endpoint, self.says, f"@{self.state}")))


@dataclass(frozen=True)
class Line:
    """One line of the file below an endpoint."""

    methods: tuple[str, ...]
    action: str
    says: str
    states: tuple[str, ...]
    rule: dict[str, Any]

    def is_repeated_by(self, method: str) -> bool:
        """Whether a method does what POST on the same line does."""
        return "POST" in self.methods and method not in {"GET", "POST"}

    @classmethod
    def read(cls, key: str, rule: Any) -> "Line":
        words = key.replace(",", " ").split()
        methods = tuple(word for word in words if word.isupper())
        states = tuple(word[1:] for word in words if word.startswith("@"))
        says = "".join(word for word in words if "=" in word)
        action = "".join(word for word in words if word.islower() and not says and not word.startswith("@"))
        return cls(methods, action, says, states, rule if isinstance(rule, dict) else {"in": rule})


@dataclass(frozen=True)
class Matrix:
    """The file."""

    groups: dict[str, list[str]]
    words: dict[str, str]
    states: dict[str, dict[str, Any]]
    lines: dict[str, dict[str, Any]]
    before_second_factor: frozenset[str] = frozenset()

    @cached_property
    def sections(self) -> dict[str, list[Line]]:
        """The lines of each endpoint."""
        return {
            name: [Line.read(key, rule) for key, rule in lines.items() if key != "objects"]
            for name, lines in self.lines.items()
        }

    def actions(self, name: str) -> set[tuple[str, str]]:
        """The (method, action) pairs that the file names for an endpoint; action "" at a plain page."""
        return {(method, line.action) for line in self.sections[name] for method in line.methods}

    def cases(self, name: str, endpoint: Endpoint) -> Iterator[Case]:
        renamed = self.lines[name].get("objects", {})
        arguments = {argument: renamed.get(argument, argument) for argument in endpoint.arguments}
        states = list(self._states(set(arguments.values())))
        if not states:
            raise BadLine(f"{name}: no state has {sorted(arguments.values())}")
        for method, says in sorted({(method, line.says) for line in self.sections[name] for method in line.methods}):
            for state in states:
                line = self._line(name, (method, says), state)
                rule = line.rule
                if rule.get("object") == "none" and state != states[0]:
                    continue
                expected = self._outcomes(rule, state)
                by_token = {**expected, **self._listed(rule.get("token", {}))} if endpoint.is_api else {}
                of_a_kind = line.is_repeated_by(method) or state not in {ANY, *SHARED, *line.states}
                yield Case(name, method, state, expected, by_token, says, arguments, "object" in rule, of_a_kind)

    def _states(self, objects: set[str]) -> Iterator[str]:
        if objects <= set(self.words):
            yield ANY
            return
        for state, said in self.states.items():
            if objects <= set(said["has"]) and said.get("of", ANY) in {ANY, *objects}:
                yield state

    def _line(self, name: str, asked: tuple[str, str], state: str) -> Line:
        """The line for a state: one that names it, else the one that names none."""
        method, says = asked
        lines = [line for line in self.sections[name] if method in line.methods and line.says == says]
        fitting = [line for line in lines if state in line.states] or [line for line in lines if not line.states]
        if len(fitting) != 1:
            raise BadLine(f"{name}: {len(fitting)} lines for {method} {says} @{state}")
        return fitting[0]

    def _outcomes(self, rule: dict[str, Any], state: str) -> Outcomes:
        unknown = [] if "object" in rule else self.people(self.states.get(state, {}).get("unknown_to", []))
        return {
            **dict.fromkeys(ANYBODY, "403" if state == ANY else "404"),
            **dict.fromkeys(SIGNED_OUT, "door"),
            **self._listed(rule),
            **dict.fromkeys(unknown, "404"),
        }

    def _listed(self, rule: dict[str, Any]) -> Outcomes:
        return {
            person: str(outcome)
            for outcome, people in rule.items()
            if outcome not in {"token", "object"}
            for person in self.people(people)
        }

    def people(self, listed: str | list[str]) -> list[str]:
        """Spell groups out, groups of groups too."""
        found: list[str] = []
        for name in [listed] if isinstance(listed, str) else listed:
            if name in self.groups:
                found += self.people(self.groups[name])
            elif name in ANYBODY:
                found.append(name)
            else:
                raise BadLine(f"nobody is called {name}")
        return found


@cache
def matrix() -> Matrix:
    said = yaml.safe_load(FILE.read_text())
    open_ = frozenset(name for names in said["before_second_factor"] for name in names)
    return Matrix(said["groups"], said["words"], said["states"], said["endpoints"], open_)


def cases() -> list[Case]:
    """Every case of every endpoint that is both in the file and in the URLs; test_completeness.py sees to the rest."""
    there = endpoints()
    return [case for name in matrix().lines if name in there for case in matrix().cases(name, there[name])]
