"""`python -m digest` and the `digest` command."""

import sys

from digest.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
