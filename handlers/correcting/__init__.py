"""Putting right what the bot has read, and taking that back."""
