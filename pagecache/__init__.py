"""The words of the page cache. Whole pages are not stored yet; what pages depend on is declared from the start."""
