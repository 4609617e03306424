"""
`make bench`: what a page costs with 2,000 and with 20,000 articles. Only ratios are worth comparing between machines,
so both sites are measured in one run, in turns.
"""
