"""Where the installed program begins. It lies outside the packages, so that they are imported as packages."""

from app.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
