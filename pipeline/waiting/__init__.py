"""A process that waits for the next build with everything imported, so that an edit costs no start of Python's modules.

In the way of Mercurial's command server and of Android's zygote. `asking` is what `marovi` does first: it connects to
the process that waits for this project, if there is one, hands over its arguments, environment, folder and streams, and
passes on signals and the exit code. `server` is that process: it imports, listens and forks; `attending` is the fork,
which makes sure that nothing of what was imported is outdated or would be otherwise in the process that asks, and then
runs the command. Who is refused runs the command itself. `starting` begins such a process and ends it.
"""
