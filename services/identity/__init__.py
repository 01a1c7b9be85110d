"""Who is who across articles: a person of an article is filed under one whom the archive knows, or as a new one."""
