"""Subscribing: commands, the buttons that put a wish together, and what is written or shared in answer."""
