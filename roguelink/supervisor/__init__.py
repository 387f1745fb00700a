"""What script/server runs: brings everything up, one line a step, and keeps it up until Ctrl-C.

Web, worker and beat end with this process, however it ends (the kernel sends them a signal); PostgreSQL and
Valkey outlive a kill -9 of it, and the next start finds them.
"""
