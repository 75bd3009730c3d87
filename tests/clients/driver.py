"""Runs commands of the Watcher client, one after the other, in one process.

Reads lines of JSON from standard input, each a list of arguments; answers each with a line of JSON: the exit code and what
was written to standard output and standard error.
"""

import contextlib
import io
import json
import logging
import sys

from watcherclient import shell


def run(arguments):
    out, err = io.StringIO(), io.StringIO()
    # Every shell adds handlers of its own to the root logger.
    logging.getLogger().handlers.clear()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = shell.WatcherShell(stdout=out, stderr=err).run(arguments)
        except SystemExit as end:
            code = end.code
    return {"code": code, "out": out.getvalue(), "err": err.getvalue()}


for line in sys.stdin:
    print(json.dumps(run(json.loads(line))), flush=True)
