"""Whose turn it is to write: one at a time, and what a person waits for before what nobody does."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")


class Turns:
    """The one writer's place."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._taken = False
        self._ahead = 0

    @contextmanager
    def taken(self, *, ahead: bool = False) -> Iterator[None]:
        """Hold the place; who comes ``ahead`` waits only for the one that holds it, and never behind another."""
        with self._changed:
            self._ahead += ahead
            try:
                while self._taken or (self._ahead and not ahead):
                    self._changed.wait()
                self._taken = True
            finally:
                self._ahead -= ahead
        try:
            yield
        finally:
            with self._changed:
                self._taken = False
                self._changed.notify_all()

    def portion(self, left: deque[T], most: int) -> Iterator[T]:
        """Take from a long work what is done in one turn: at most so many, and no more once somebody comes ahead."""
        for _ in range(min(most, len(left))):
            yield left.popleft()
            if self._ahead:
                return
