"""``python -m ketbio``."""

from ketbio.cli import main

if __name__ == "__main__":
    main()
