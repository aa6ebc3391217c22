"""`python -m buurtwacht` is the same as the command `buurtwacht`."""

from buurtwacht.cli import main

if __name__ == "__main__":
    main()
