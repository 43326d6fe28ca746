"""The changes that a planner can make on the page, as it sends them and as a session file keeps them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError, model_validator

from sufficiency.fields import Number, Section, Share, Year
from sufficiency.model.levers import EarlyIntervention, FreeSchoolCash, FreeSchoolDelay
from sufficiency.problems import InputError, Problem

Name = Annotated[str, Field(max_length=200)]
Named = Annotated[str, Field(min_length=1, max_length=200)]
Percent = Annotated[float, Field(ge=-95, le=500, allow_inf_nan=False), Number]


class Places(Section):
    """A line of places has another number of places from a year on."""

    kind: Literal["places"]
    line: Named
    from_year: Year
    places: Annotated[float, Field(ge=0, le=10_000, allow_inf_nan=False), Number]

    @property
    def key(self) -> tuple[str, ...]:
        """What this changes: a later change of the same takes its place."""
        return (self.kind, self.line, str(self.from_year))


class Opens(Section):
    """An option opens in a year, or (None) not at all."""

    kind: Literal["opens"]
    option: Named
    year: Year | None = None

    @property
    def key(self) -> tuple[str, ...]:
        """As of `Places`."""
        return (self.kind, self.option)


class Fee(Section):
    """What a type of setting charges for a child, in percent more or less."""

    kind: Literal["fee"]
    type: Named
    percent: Percent

    @property
    def key(self) -> tuple[str, ...]:
        """As of `Places`."""
        return (self.kind, self.type)


class Inflation(Section):
    """Yearly inflation of a type of setting, of `transport` or of everything else (`default`), in percent."""

    kind: Literal["inflation"]
    of: Named
    percent: Annotated[float, Field(gt=-50, lt=100, allow_inf_nan=False), Number]

    @property
    def key(self) -> tuple[str, ...]:
        """As of `Places`."""
        return (self.kind, self.of)


class Growth(Section):
    """More or fewer children than forecast from a year on; `yearly`: by this much more with every year."""

    kind: Literal["growth"]
    need: Name = ""
    locality: Name = ""
    phase: Name = ""
    from_year: Year
    percent: Percent
    yearly: bool = False

    @property
    def key(self) -> tuple[str, ...]:
        """As of `Places`."""
        return (self.kind, self.need, self.locality, self.phase)


class Limit(Section):
    """Another limit in a policy rule of the model."""

    kind: Literal["limit"]
    rule: Named
    limit: Annotated[float, Field(ge=0, le=100_000, allow_inf_nan=False), Number]

    @property
    def key(self) -> tuple[str, ...]:
        """As of `Places`."""
        return (self.kind, self.rule)


class ApAtMost(Section):
    """Share of children in AP at most, from a year on: a lever."""

    kind: Literal["ap_at_most"]
    from_year: Year
    share: Share

    @property
    def key(self) -> tuple[str, ...]:
        """As of `Places`."""
        return (self.kind, str(self.from_year))


class _Lever(Section):
    @property
    def key(self) -> tuple[str, ...]:
        """As of `Places`: a scenario has one of each."""
        return (self.kind,)  # type: ignore[attr-defined]


class Delay(_Lever):
    """A free school opens late: a lever."""

    kind: Literal["free_school_delay"]
    lever: FreeSchoolDelay


class Cash(_Lever):
    """A free school is not built, for money: a lever."""

    kind: Literal["free_school_cash"]
    lever: FreeSchoolCash


class Help(_Lever):
    """Earlier help in ordinary classes: a lever."""

    kind: Literal["early_intervention"]
    lever: EarlyIntervention

    @model_validator(mode="after")
    def _not_too_long(self) -> Help:
        if len(self.lever.evidence) > 2000:
            raise ValueError("evidence is longer than 2,000 characters")
        return self


Step = Annotated[
    Places | Opens | Fee | Inflation | Growth | Limit | ApAtMost | Delay | Cash | Help, Field(discriminator="kind")
]
Steps = tuple[Step, ...]
_STEP: TypeAdapter[Any] = TypeAdapter(Step)
_STEPS: TypeAdapter[Any] = TypeAdapter(list[Step])


def read_step(document: object) -> Step:
    """A change as the page sends it. Raises InputError that says what is wrong with it."""
    try:
        step: Step = _STEP.validate_python(document)
    except ValidationError as error:
        raise InputError(_problems(error)) from None
    return step


def read_steps(document: object) -> Steps:
    """Changes as a session file keeps them. Raises InputError."""
    try:
        return tuple(_STEPS.validate_python(document))
    except ValidationError as error:
        raise InputError(_problems(error)) from None


def _problems(error: ValidationError) -> list[Problem]:
    return [
        Problem(f"{'.'.join(str(part) for part in one['loc'][1:]) or 'this change'}: {one['msg']}")
        for one in error.errors(include_url=False, include_context=False)
    ]


def with_step(steps: Steps, step: Step) -> Steps:
    """Changes with one more, in place of an earlier one of the same thing."""
    changed = list(steps)
    for place, one in enumerate(changed):
        if one.key == step.key:
            changed[place] = step
            return tuple(changed)
    return (*steps, step)


def key_of(steps: Sequence[Step]) -> str:
    """A short name for some changes: the same for the same changes only."""
    return hashlib.sha256(json.dumps(as_documents(steps), sort_keys=True).encode()).hexdigest()[:24]


def as_documents(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Changes as JSON has them."""
    return [step.model_dump(mode="json") for step in steps]
