"""How fast, measured by anyone again: figures are ratios of one run on one machine."""
