"""Searches side by side that share what they learn, round by round."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TypeVar

from sufficiency.deadline import awaited
from sufficiency.plan.options.relaxation import copied
from sufficiency.plan.options.search import Search

Answer = TypeVar("Answer")
Known = TypeVar("Known")


@dataclass
class Lane:
    """A search of its own, to be asked one question after the other; it knows more with every answer."""

    search: Search = field(repr=False)


class Lanes:
    """Searches side by side, each on a thread of its own. After each round of questions, one a lane, every lane has the
    cuts and the openings tried of all: so that the same questions have the same answers twice.
    """

    def __init__(self, search: Search, count: int) -> None:
        searches = [search, *(_copied(search) for _ in range(count - 1))]
        self.lanes = [Lane(one) for one in searches]
        self.threads = [ThreadPoolExecutor(1) for _ in searches]

    def ask(self, questions: Sequence[Callable[[Lane], Answer]], before: Callable[[int], object]) -> list[Answer]:
        """The answers, in order; `before` is called with the number of the question that a round begins with."""
        answers: list[Answer] = []
        while len(answers) < len(questions):
            before(len(answers))
            beside = zip(self.threads, self.lanes, questions[len(answers) :], strict=False)
            coming = [thread.submit(question, lane) for thread, lane, question in beside]
            answers += [awaited(one) for one in coming]
            self._share()
        return answers

    def _share(self) -> None:
        searches = [lane.search for lane in self.lanes]
        known = searches[0]
        cuts = _each_once(one.cuts for one in searches)
        tried = _each_once(one.tried for one in searches)
        ruled_out = _each_once(one.ruled_out for one in searches)
        if (len(cuts), len(tried), len(ruled_out)) > (len(known.cuts), len(known.tried), len(known.ruled_out)):
            for lane in self.lanes:
                lane.search = replace(lane.search, cuts=cuts, tried=tried, ruled_out=ruled_out)

    def close(self) -> None:
        """No more questions."""
        for thread in self.threads:
            thread.shutdown(cancel_futures=True)


def _copied(search: Search) -> Search:
    whole = None if search.whole is None else search.whole.copied()
    return replace(search, live=copied(search.live), whole=whole)


def _each_once(known: Iterable[Sequence[Known]]) -> tuple[Known, ...]:
    """What several searches know, each thing once."""
    return tuple({id(one): one for some in known for one in some}.values())
