"""A Telegram update or a scheduled job comes in, one service is called, one reply goes out."""
