"""Pairs of claims of our own, and how many of their relations are found."""
