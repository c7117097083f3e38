"""Run the command line with ``python -m qalqan``."""

from qalqan.cli import main

if __name__ == "__main__":
    main()
