"""Pages: from an address to an article, trusting neither the address, nor its server, nor the page."""
