"""Routes from a service address catalogue (TAK): read, checked, and laid over a region's units."""
