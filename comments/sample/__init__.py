"""
What invented readers say below the sample articles. The words stand in `threads/`, one file per article, which need no
knowledge of Python; `talk.py` says how they are written, `people.toml` who is more than a name.
"""
