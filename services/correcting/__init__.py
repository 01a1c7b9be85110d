"""Putting right what the machine got wrong."""
