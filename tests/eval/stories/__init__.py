"""Articles of our own by story, and how well they are grouped."""
