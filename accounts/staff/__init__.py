"""
How those who work at the desk get in, and stay in: a password, then a second factor, then a session that is written
down and can be ended. Nobody is signed in before both are through, so nothing else need know of half a sign-in.
"""
