"""Where the trap is, and where a ban is lifted. Links and robots.txt name these in the same words."""

TRAP = "/do-not-follow/"
LIFT = "/banned/"
