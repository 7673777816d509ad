"""`python -m app`: the same as the `theatrum` command."""

from app.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
