"""Times two kernels through the same client: start to kernel_info, warm 1+1 to reply and to idle, resident memory of all processes."""

import json
import statistics
import subprocess
import sys
import time

import psutil
from jupyter_client.manager import KernelManager


def tree_resident(pid):
    root = psutil.Process(pid)
    return sum(p.memory_info().rss for p in [root, *root.children(recursive=True)])


def one_round(name, cells):
    manager = KernelManager(kernel_name=name)
    started = time.perf_counter()
    manager.start_kernel(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    client = manager.client()
    client.start_channels(stdin=False, hb=False)
    client.kernel_info()
    client.get_shell_msg(timeout=60)
    start = time.perf_counter() - started
    time.sleep(2)
    replies, idles = [], []
    for index in range(cells + 20):
        sent = time.perf_counter()
        message = client.execute("1+1")
        while client.get_shell_msg(timeout=30)["parent_header"]["msg_id"] != message:
            pass
        replied = time.perf_counter() - sent
        while True:
            out = client.get_iopub_msg(timeout=30)
            if out["parent_header"].get("msg_id") == message and out["content"].get("execution_state") == "idle":
                break
        if index >= 20:
            replies.append(replied)
            idles.append(time.perf_counter() - sent)
    memory = tree_resident(manager.provisioner.process.pid)
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    return {"start": start, "reply": statistics.median(replies), "idle": statistics.median(idles), "memory": memory}


names, rounds, cells = json.loads(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
results = {name: [] for name in names}
for _ in range(rounds):
    for name in names:
        results[name].append(one_round(name, cells))
json.dump(results, sys.stdout)
