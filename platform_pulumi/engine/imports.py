"""Preloading of modules in the engine's child process, ahead of the programs that need them, in one thread.

An SDK is large, and loads its parts at their first use: imported here, that is done while the CLI starts, once for all
programs of a command. A program waits until nothing is being imported: what is half loaded must not be used.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import queue
import sys
import threading
from collections.abc import Iterable, Iterator
from types import ModuleType


class ImportQueue:
    """Queue of modules that are imported in the background."""

    def __init__(self) -> None:
        self._waiting: queue.Queue[list[str]] = queue.Queue()
        self._turn = threading.Lock()
        threading.Thread(target=self._work, daemon=True).start()

    def add(self, modules: Iterable[str]) -> None:
        """Queue these modules, and the parts of SDKs that they name; returns at once."""
        self._waiting.put(list(modules))

    @contextlib.contextmanager
    def paused(self) -> Iterator[None]:
        """Wait for the queue to empty, and hold back further imports within the block; one at a time."""
        self._waiting.join()
        with self._turn:
            yield

    def _work(self) -> None:
        while True:
            modules = self._waiting.get()
            with self._turn, _suppressed():
                _load(modules)
            self._waiting.task_done()


def _suppressed() -> contextlib.suppress:
    """Whatever a module raises while it is imported: the run that needs it imports it again, and says what is wrong.

    All of it, or the thread ends, and every program waits for its turn for ever.
    """
    return contextlib.suppress(BaseException)


def _load(modules: list[str]) -> None:
    for name in modules:
        with _suppressed():
            importlib.import_module(name)
    packages = {name.partition(".")[0] for name in modules}
    # Copies, each taken in one step: a run may import something meanwhile, in a thread of its own.
    for name, module in sys.modules.copy().items():
        if name.partition(".")[0] in packages and isinstance(module, ModuleType):
            _load_parts(module)
    # All that is here stays: it is never looked at again.
    gc.freeze()
    gc.enable()


def _load_parts(module: ModuleType) -> None:
    for part in vars(module).copy().values():
        if isinstance(part, ModuleType):
            with _suppressed():
                hasattr(part, "any name: asking for one loads it")
