"""The same work for each of several parts, on two cores."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from planning.progress import CancelToken, Progress

AT_ONCE = 2


Item = TypeVar("Item")
Made = TypeVar("Made")


def each_of(
    items: Sequence[Item],
    work: Callable[[Item], Made],
    words: Callable[[Item], str],
    progress: Progress,
    cancel: CancelToken | None,
) -> list[Made]:
    """What `work` makes of each, in their order. Progress is told in the caller's thread, with an item's `words`.

    Two are worked on at once: the long loops of numpy, VTK and manifold3d let go of the interpreter. Raises what `work`
    raises, and Cancelled between two items.
    """
    if len(items) == 1:
        progress(0.0, words(items[0]))
        return [work(items[0])]
    made = []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        waiting = [pool.submit(work, item) for item in items]
        try:
            for number, (item, one) in enumerate(zip(items, waiting, strict=True)):
                if cancel is not None:
                    cancel.raise_if_set()
                progress(number / len(items), words(item))
                made.append(one.result())
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return made
