"""`python cli.py plan models/saltmere.toml` from a checkout, without installing."""

from sufficiency.cli import main

if __name__ == "__main__":
    main()
