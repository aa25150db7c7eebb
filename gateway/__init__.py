"""Växel: a store-and-forward gateway for complaint and feedback cases in health care."""
