"""The whole gateway with stand-in systems around it, run and accounted for."""
