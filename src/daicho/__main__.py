"""`python -m daicho` is the same as `daicho`."""

from daicho.cli.main import main

if __name__ == "__main__":
    main(prog_name="daicho")
