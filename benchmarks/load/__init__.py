"""
`make load`: a front-page day in miniature. Readers, commenters, backers and an editor at once, through the front server
of a site of several processes; and what every reader was shown is held to what was true.
"""
