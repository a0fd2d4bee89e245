"""Runs a command and prints its wall time, processor time and peak of memory as the system counts them: python wait4.py COMMAND…"""

import json
import os
import sys
import time

start = time.perf_counter()
child = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(child, 0)
seconds = time.perf_counter() - start
# Linux counts kilobytes, macOS bytes.
peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
print(json.dumps({"seconds": seconds, "cpu": usage.ru_utime + usage.ru_stime, "peak": peak}))
sys.exit(os.waitstatus_to_exitcode(status))
