"""`python -m gateway` is `vaxel`."""

from gateway.cli import main

main()
