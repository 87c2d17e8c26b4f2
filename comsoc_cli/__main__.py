"""`python -m comsoc_cli` is the same as `comsoc`."""

from comsoc_cli.cli.main import main

if __name__ == "__main__":
    main()
