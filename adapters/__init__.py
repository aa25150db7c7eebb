"""Our own adapters, one file for each kind of case system."""
