"""%chunked beside the same question to the scanner, cell by cell in one kernel: python magic.py FILE ROUNDS. Prints seconds to idle (the least of the
rounds) and the longest time in milliseconds that the executor's event loop stood still during a magic."""

import json
import sys
import time

from jupyter_client.manager import start_new_kernel

file, rounds = sys.argv[1], int(sys.argv[2])
PREPARE = """
import { monitorEventLoopDelay } from "node:perf_hooks"
import { resolveSource, scanGroups, sniffTable } from "outgrow"
const loop = monitorEventLoopDelay({ resolution: 1 })
"""
SCANNER = f"""
const scanned = await scanGroups(await sniffTable(await resolveSource({json.dumps(file)})), {{
  keys: ["user_id"],
  aggregates: [{{ fn: "sum", column: "amount", name: "amount_sum" }}, {{ fn: "count", column: "*", name: "count" }}],
}});
scanned.groups
"""
MAGIC = f"%chunked {file} --by user_id --agg amount:sum,*:count"

manager, client = start_new_kernel(kernel_name="outgrow")


def cell(code):
    start = time.perf_counter()
    reply = client.execute_interactive(code, timeout=120, output_hook=lambda _: None)["content"]
    if reply["status"] != "ok":
        sys.exit(f"{reply['ename']}: {reply['evalue']}")
    return time.perf_counter() - start


def value(code):
    found = {}

    def take(message):
        if message["msg_type"] == "execute_result":
            found["text"] = message["content"]["data"]["text/plain"]

    client.execute_interactive(code, timeout=120, output_hook=take)
    return float(found["text"])


try:
    cell(PREPARE)
    times = {"magic": [], "scanner": []}
    for round in range(rounds + 1):
        print(f"round {round} of {rounds}: the magic, then the scanner", file=sys.stderr)
        magic, scanner = cell(MAGIC), cell(SCANNER)
        # The first of each loads and compiles.
        if round > 0:
            times["magic"].append(magic)
            times["scanner"].append(scanner)
    # In rounds of its own: what looks at the loop a thousand times a second takes some three hundredths of the magic's time.
    blocked = 0.0
    for round in range(rounds):
        print(f"round {round + 1} of {rounds}: the loop during the magic", file=sys.stderr)
        cell("loop.reset(); loop.enable()")
        cell(MAGIC)
        cell("loop.disable()")
        blocked = max(blocked, value("loop.max / 1e6"))
    print(json.dumps({"magic": min(times["magic"]), "scanner": min(times["scanner"]), "blocked": blocked}))
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
