"""``python -m ml_sandbox``."""

from ml_sandbox.cli import main

if __name__ == "__main__":
    main(prog_name="ml-sandbox")
