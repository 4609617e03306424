"""
An invented newspaper for the demo, the tests and the benchmarks.

The words stand in files that need no knowledge of Python: `site.toml` (the paper, its sections and people),
`posts.toml` (posts from other platforms), `pages/` and `texts/`, one file per page and article: a head in TOML between
two lines of `+++`, then HTML. `texts.py` says what a head may hold. To try a change, load it into a new database.
"""
