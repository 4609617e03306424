"""
`make demo`: the whole site on one machine, from an embedded database, with one command, in plain Python.

`__main__` tells the story; `home` keeps what the demo owns on disk; `family` starts processes that can never
outlive it; `watcher` is the small process behind that promise. `history` plays the backers of `people` against the
stand-in for Stripe, which `standin` speaks to.
"""
