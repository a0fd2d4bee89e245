"""Times kernels through the same client: start to kernel_info, warm 1+1 to reply and to idle, memory of all processes.

The kernels of a round live side by side and take turns cell by cell, so that what else the machine does falls on all alike."""

import json
import pathlib
import statistics
import subprocess
import sys
import time

import psutil
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager

WARM_UP = 40
NOOP = str(pathlib.Path(__file__).with_name("noop_kernel.py"))


class Peer:
    def __init__(self, name):
        self.manager = KernelManager(kernel_name=name)
        if name == "noop":
            self.manager._kernel_spec = KernelSpec(argv=[sys.executable, NOOP, "{connection_file}"], display_name=name)
        started = time.perf_counter()
        self.manager.start_kernel(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.client = self.manager.client()
        self.client.start_channels(stdin=False, hb=False)
        self.client.kernel_info()
        self.client.get_shell_msg(timeout=60)
        self.start = time.perf_counter() - started
        self.replies, self.idles = [], []

    def cell(self):
        sent = time.perf_counter()
        message = self.client.execute("1+1")
        while self.client.get_shell_msg(timeout=30)["parent_header"]["msg_id"] != message:
            pass
        replied = time.perf_counter() - sent
        while True:
            out = self.client.get_iopub_msg(timeout=30)
            if out["parent_header"].get("msg_id") == message and out["content"].get("execution_state") == "idle":
                break
        self.replies.append(replied)
        self.idles.append(time.perf_counter() - sent)

    def end(self):
        root = psutil.Process(self.manager.provisioner.process.pid)
        processes = [memory_of(process) for process in [root, *root.children(recursive=True)]]
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
        return {
            "start": self.start,
            "reply": statistics.median(self.replies[WARM_UP:]),
            "idle": statistics.median(self.idles[WARM_UP:]),
            "memory": sum(process["resident"] for process in processes),
            "share": sum(process["share"] for process in processes),
            "processes": processes,
        }


def memory_of(process):
    """Resident size, and the share of it when pages that processes have in common are divided among them."""
    full = process.memory_full_info()
    return {"role": role_of(process.cmdline()), "resident": full.rss, "share": getattr(full, "pss", full.rss)}


def role_of(command):
    line = " ".join(command)
    for part, role in [("executor/main", "executor"), ("kernel/main", "supervisor"), ("typescript", "type service")]:
        if part in line:
            return role
    return "kernel"


names, rounds, cells = json.loads(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
results = {name: [] for name in names}
for _ in range(rounds):
    peers = [(name, Peer(name)) for name in names]
    time.sleep(2)
    for _ in range(WARM_UP + cells):
        for _, peer in peers:
            peer.cell()
    for name, peer in peers:
        results[name].append(peer.end())
json.dump(results, sys.stdout)
