"""
What pages cost as they are served: ours cold and warm, from the application's server and through nginx, beside the
least that the same bytes can cost under the same servers. Whole requests, CPU time of the servers' own processes.
"""
