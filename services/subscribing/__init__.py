"""Subscribing: when, where to and of what digests come, and all that changes it."""
