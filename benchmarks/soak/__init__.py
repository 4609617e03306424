"""
`make soak`: a year of pledges and gifts told to the site by a post that loses, repeats and shuffles its letters, while
the site's processes are killed. Afterwards one reconciliation must make the ledger what the stand-in's own rows add up
to, to the cent, and a second one must find nothing.
"""
