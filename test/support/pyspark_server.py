"""PySpark for a whole test run: loaded once, forked for each script, so that none sees what another did.

A request is a line of JSON on a Unix socket: the remote and its token, a script, what it is given. The answer is what the script left
in `result`, or its error; `spark` is a session of the script's own. A fork ends when its client goes, the rest with the test run.
"""

import datetime
import decimal
import json
import math
import os
import select
import signal
import socket
import sys
import threading
import traceback

import pyspark.ml
import pyspark.ml.connect.serialize
import pyspark.sql.connect.session
from pyspark.sql import Row, SparkSession, Window, functions


def plain(value):
    """A value as JSON can say it; `pyspark.ts` reads the marked ones back."""
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [plain(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return {"$float": repr(value)}
    if isinstance(value, int) and abs(value) > 2**53:
        return {"$bigint": str(value)}
    if isinstance(value, (bytes, bytearray)):
        return {"$bytes": bytes(value).hex()}
    if isinstance(value, datetime.datetime):
        return {"$date": value.astimezone(datetime.timezone.utc).isoformat()}
    if isinstance(value, (datetime.date, datetime.timedelta, decimal.Decimal)):
        return str(value)
    if hasattr(value, "toArray"):
        return plain(value.toArray().tolist())
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    return value


def run(remote, token, script, given):
    os.environ["SPARK_CONNECT_AUTHENTICATE_TOKEN"] = token
    spark = SparkSession.builder.remote(remote).getOrCreate()
    names = {"datetime": datetime, "decimal": decimal, "json": json, "math": math, "os": os, "sys": sys}
    names |= {"spark": spark, "F": functions, "Row": Row, "Window": Window, "given": given, "result": None}
    exec(compile(script, "<script>", "exec"), names)
    spark.stop()
    return plain(names["result"])


def end_with(client):
    client.recv(1)
    os._exit(1)


def answer(client):
    lines = client.makefile("rw", encoding="utf-8")
    request = json.loads(lines.readline())
    threading.Thread(target=end_with, args=(client,), daemon=True).start()
    try:
        reply = {"result": run(**request)}
    except BaseException:
        reply = {"error": traceback.format_exc()}
    lines.write(json.dumps(reply))
    lines.flush()
    client.shutdown(socket.SHUT_WR)


def is_over(run_pid, folder):
    try:
        os.kill(run_pid, 0)
    except ProcessLookupError:
        return True
    return not os.path.isdir(folder)


def serve(path, run_pid):
    # Nobody waits for a fork; what forks of forks start is waited for as usual.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path + ".draft")
    listener.listen()
    os.rename(path + ".draft", path)
    while not is_over(run_pid, os.path.dirname(path)):
        if not select.select([listener], [], [], 1)[0]:
            continue
        client, _ = listener.accept()
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            listener.close()
            answer(client)
            os._exit(0)
        client.close()


serve(sys.argv[1], int(sys.argv[2]))
