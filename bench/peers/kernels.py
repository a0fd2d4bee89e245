"""Times kernels through the same client: start, first and warm cells, memory of all processes, and what a person waits for while a cell runs.

The kernels of a round live side by side and take turns cell by cell, so that what else the machine does falls on all alike. What can wedge a kernel
(an interrupt, a flood) is measured afterwards, in kernels of their own, one after the other."""

import json
import pathlib
import queue
import statistics
import subprocess
import sys
import time

import psutil
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager

WARM_UP = 40
NOOP = str(pathlib.Path(__file__).with_name("noop_kernel.py"))
LINES = 20_000
GIVE_UP = 8

TYPESCRIPT = {
    "keep": "const kept = 41",
    "kept": "kept + 1",
    "loop": "for (;;);",
    "loop after an await": "await new Promise((done) => setTimeout(done, 10)); for (;;);",
    "busy": "{ const until = Date.now() + 3000; while (Date.now() < until); }",
    "complete": "Math.ma",
    "checked": "[{}].map((n) => n + 1)",
    "flood": f"for (let line = 0; line < {LINES}; line++) console.log('line', line);",
}
PYTHON = {
    "keep": "kept = 41",
    "kept": "kept + 1",
    "loop": "while True: pass",
    "loop after an await": "import asyncio\nawait asyncio.sleep(0.01)\nwhile True: pass",
    "busy": "import time\nuntil = time.time() + 3\nwhile time.time() < until: pass",
    "complete": "kept.bit_l",
    "checked": "[n + 1 for n in [{}]]",
    "flood": f"for line in range({LINES}): print('line', line)",
}


class Peer:
    def __init__(self, name, spec):
        self.words = PYTHON if name == "ipykernel" else TYPESCRIPT
        self.manager = KernelManager(kernel_name=spec.get("kernel", "python3"))
        if name == "noop":
            self.manager._kernel_spec = KernelSpec(argv=[sys.executable, NOOP, "{connection_file}"], display_name=name)
        elif "argv" in spec:
            self.manager._kernel_spec = KernelSpec(argv=spec["argv"], display_name=name, interrupt_mode=spec["interrupt"])
        started = time.perf_counter()
        self.manager.start_kernel(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.client = self.manager.client()
        self.client.start_channels(stdin=False, hb=False)
        self.client.kernel_info()
        self.client.get_shell_msg(timeout=60)
        self.start = time.perf_counter() - started
        self.first = self.cell("1+1")[1]
        self.replies, self.idles, self.fresh, self.checked = [], [], [], []

    def turn(self):
        replied, idle = self.cell("1+1")
        self.replies.append(replied)
        self.idles.append(idle)
        # What a kernel remembers of a text does not help it here.
        self.fresh.append(self.cell(f"1+{len(self.fresh)}")[1])
        # Nor what can be said of it without a type checker.
        self.checked.append(self.cell(self.words["checked"].format(len(self.checked)))[1])

    def cell(self, code):
        """Seconds to the reply and to idle."""
        sent = time.perf_counter()
        message = self.client.execute(code)
        self.reply_to(message)
        replied = time.perf_counter() - sent
        # Not every kernel says idle after every cell.
        self.published(message, GIVE_UP)
        return replied, time.perf_counter() - sent

    def reply_to(self, message, timeout=30):
        """The reply, or None when there is none in time."""
        return answer(self.client.get_shell_msg, message, timeout)

    def published(self, message, timeout, until="idle"):
        """What came of this cell until it was idle, and whether it was."""
        seen = []
        deadline = time.perf_counter() + timeout
        while (left := deadline - time.perf_counter()) > 0:
            try:
                out = self.client.get_iopub_msg(timeout=left)
            except queue.Empty:
                break
            if out["parent_header"].get("msg_id") != message:
                continue
            seen.append(out)
            if out["content"].get("execution_state") == until:
                return seen, True
        return seen, False

    def running(self, what):
        """Starts a cell, and gives it a moment to be in its loop."""
        message = self.client.execute(self.words[what])
        self.published(message, GIVE_UP, until="busy")
        time.sleep(0.4)
        return message

    def interrupt(self, what):
        """Milliseconds until the cell is answered, None when it never is; whether the variables are still there."""
        message = self.running(what)
        sent = time.perf_counter()
        self.manager.interrupt_kernel()
        if self.reply_to(message, GIVE_UP) is None:
            return {"seconds": None, "kept": False}
        seconds = time.perf_counter() - sent
        # A kernel may abort what comes right behind an error.
        for _ in range(3):
            time.sleep(0.2)
            check = self.reply_to(self.client.execute(self.words["kept"]), GIVE_UP)
            if check is None or check["content"].get("status") != "aborted":
                break
        return {"seconds": seconds, "kept": check is not None and check["content"].get("status") == "ok"}

    def complete(self):
        sent = time.perf_counter()
        message = self.client.complete(self.words["complete"])
        self.reply_to(message, GIVE_UP)
        return time.perf_counter() - sent

    def control(self):
        sent = time.perf_counter()
        request = self.client.session.msg("kernel_info_request", {})
        self.client.control_channel.send(request)
        answer(self.client.get_control_msg, request["header"]["msg_id"], GIVE_UP)
        return time.perf_counter() - sent

    def busy(self, ask):
        """While a cell computes for three seconds; one question a cell, since the first may wait for its end."""
        message = self.running("busy")
        seconds = ask()
        self.published(message, GIVE_UP)
        return seconds

    def flood(self):
        sent = time.perf_counter()
        message = self.client.execute(self.words["flood"])
        seen, is_idle = self.published(message, 20)
        seconds = time.perf_counter() - sent
        late, _ = self.published(message, 3, until="never") if is_idle else ([], False)
        return {"seconds": seconds if is_idle else None, "before": lines_of(seen), "late": lines_of(late), "messages": len(seen)}

    def memory(self):
        root = psutil.Process(self.manager.provisioner.process.pid)
        return [memory_of(process) for process in [root, *root.children(recursive=True)]]

    def figures(self):
        processes = self.memory()
        self.end()
        replies = sorted(self.replies[WARM_UP:])
        return {
            "start": self.start,
            "first": self.first,
            "reply": statistics.median(replies),
            "p95": replies[int(len(replies) * 0.95)],
            "idle": statistics.median(self.idles[WARM_UP:]),
            "fresh": statistics.median(self.fresh[WARM_UP:]),
            "checked": statistics.median(self.checked[WARM_UP:]),
            "memory": sum(process["resident"] for process in processes),
            "share": sum(process["share"] for process in processes),
            "processes": processes,
        }

    def end(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


def answer(receive, message, timeout):
    deadline = time.perf_counter() + timeout
    while (left := deadline - time.perf_counter()) > 0:
        try:
            reply = receive(timeout=left)
        except queue.Empty:
            return None
        if reply["parent_header"].get("msg_id") == message:
            return reply
    return None


def lines_of(messages):
    return sum(message["content"]["text"].count("\n") for message in messages if message["msg_type"] == "stream")


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


def while_running(name, spec, times):
    """What a person waits for while a cell runs; each kernel on its own."""
    peer = Peer(name, spec)
    peer.cell(peer.words["keep"])
    for _ in range(3):
        peer.complete()
    idle = [peer.complete() for _ in range(5)]
    busy = {"control": peer.busy(peer.control), "complete": peer.busy(peer.complete)}
    stops = [peer.interrupt("loop") for _ in range(times)]
    flood = peer.flood()
    peer.end()
    peer = Peer(name, spec)
    peer.cell(peer.words["keep"])
    awaited = peer.interrupt("loop after an await")
    peer.end()
    return {"complete": statistics.median(idle), "busy": busy, "loop": stops, "await": awaited, "flood": flood}


specs, rounds, cells = json.loads(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
results = {name: {"rounds": [], "running": None} for name in specs}
for number in range(rounds):
    print(f"round {number + 1} of {rounds}: {', '.join(specs)} in turns", file=sys.stderr)
    peers = [(name, Peer(name, spec)) for name, spec in specs.items()]
    time.sleep(2)
    for _ in range(WARM_UP + cells):
        for _, peer in peers:
            peer.turn()
    for name, peer in peers:
        results[name]["rounds"].append(peer.figures())
for name, spec in specs.items():
    print(f"{name} while a cell runs", file=sys.stderr)
    if name != "noop":
        results[name]["running"] = while_running(name, spec, 5)
json.dump(results, sys.stdout)
