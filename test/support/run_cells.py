"""Runs cells through the kernelspec "outgrow" and prints their replies and outputs as JSON. Cells come as JSON on stdin."""

import json
import sys
import threading

from jupyter_client.manager import start_new_kernel

cells = json.load(sys.stdin)
manager, client = start_new_kernel(kernel_name="outgrow", startup_timeout=60)
answers = []
try:
    for cell in cells:
        outputs = []
        timer = None
        if cell.get("interruptAfter"):
            timer = threading.Timer(cell["interruptAfter"], manager.interrupt_kernel)
            timer.start()
        reply = client.execute_interactive(
            cell["code"],
            output_hook=lambda m: outputs.append({"type": m["header"]["msg_type"], **m["content"]}),
            timeout=90,
            allow_stdin=False,
            stop_on_error=False,
        )
        if timer:
            timer.cancel()
        content = reply["content"]
        answers.append({"status": content["status"], "ename": content.get("ename"), "evalue": content.get("evalue"),
                        "traceback": "\n".join(content.get("traceback", [])), "outputs": outputs})
finally:
    client.stop_channels()
    manager.shutdown_kernel()
json.dump(answers, sys.stdout)
