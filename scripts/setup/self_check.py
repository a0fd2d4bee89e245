"""Runs one cell through the kernelspec "outgrow" over the real protocol and prints its outputs as text."""

import sys

from jupyter_client.manager import start_new_kernel

CELL = "%chunked data/sales.csv --by category --agg amount:sum,amount:mean,*:count"


def main() -> int:
    manager, client = start_new_kernel(startup_timeout=60, kernel_name="outgrow")
    shown = {}
    failed = []

    def on_output(message):
        kind, content = message["header"]["msg_type"], message["content"]
        if kind in ("display_data", "update_display_data", "execute_result"):
            key = content.get("transient", {}).get("display_id", len(shown))
            shown[key] = content["data"]["text/plain"]
        elif kind == "stream":
            shown[len(shown)] = content["text"]
        elif kind == "error":
            failed.append("\n".join(content["traceback"]))

    try:
        print(f"\nIn [1]: {CELL}\n")
        reply = client.execute_interactive(CELL, output_hook=on_output, timeout=120, allow_stdin=False)
        for text in shown.values():
            print(text, end="\n\n")
        for text in failed:
            print(text, file=sys.stderr)
        return 0 if reply["content"]["status"] == "ok" and shown else 1
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=False)


if __name__ == "__main__":
    sys.exit(main())
