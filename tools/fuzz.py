"""`make fuzz`: mutated inputs for every parser, and a table of what became of them.

--seconds for each target (5), --most inputs for each, --seed (0), --only WORD, --finds FOLDER keeps what went wrong.
Exit 1 where an input crashed or hung the program, left half a file, or was taken for something else than it is.
"""

from __future__ import annotations

import argparse
import logging
import sys
import time
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support")]


def main() -> int:
    """Run the targets one after another."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--most", type=int, default=1 << 30)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="")
    parser.add_argument("--finds", type=Path)
    told = parser.parse_args()
    from fuzz_run import fuzz, table
    from fuzz_targets import targets

    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    outcomes = []
    begun = time.monotonic()
    for target in targets():
        if told.only not in target.name:
            continue
        outcome = fuzz(target, told.seconds, told.seed, told.most)
        outcomes.append(outcome)
        sys.stderr.write(f"{target.name}: {outcome.inputs} inputs, {outcome.faults} faults\n")
        for number, (said, content) in enumerate(outcome.finds):
            sys.stderr.write(f"  {said}\n")
            if told.finds is not None:
                told.finds.mkdir(parents=True, exist_ok=True)
                name = "".join(letter if letter.isalnum() else "-" for letter in target.name)
                (told.finds / f"{name}-{told.seed}-{number}").write_bytes(content)
    print(table(outcomes))
    print(f"\nSeed {told.seed}, {told.seconds:g} s each, {time.monotonic() - begun:.0f} s in all.")
    return 1 if any(outcome.faults for outcome in outcomes) else 0


if __name__ == "__main__":
    raise SystemExit(main())
