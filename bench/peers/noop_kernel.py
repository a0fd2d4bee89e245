"""The least that a kernel can do: signed replies to kernel_info and execute requests, no code run. What it takes is the client's own time."""

import hashlib
import hmac
import json
import sys
import uuid
from datetime import datetime, timezone

import zmq

DELIMITER = b"<IDS|MSG>"
with open(sys.argv[1]) as file:
    connection = json.load(file)
key = connection["key"].encode()
context = zmq.Context()


def listen(kind, port):
    socket = context.socket(kind)
    socket.bind(f"{connection['transport']}://{connection['ip']}:{connection[port]}")
    return socket


shell = listen(zmq.ROUTER, "shell_port")
iopub = listen(zmq.PUB, "iopub_port")
control = listen(zmq.ROUTER, "control_port")


def send(socket, identities, kind, parent, content):
    header = {
        "msg_id": str(uuid.uuid4()),
        "msg_type": kind,
        "session": "noop",
        "username": "noop",
        "date": datetime.now(timezone.utc).isoformat(),
        "version": "5.3",
    }
    parts = [json.dumps(part).encode() for part in (header, parent, {}, content)]
    signature = hmac.new(key, b"".join(parts), hashlib.sha256).hexdigest().encode()
    socket.send_multipart([*identities, DELIMITER, signature, *parts])


while True:
    frames = shell.recv_multipart()
    at = frames.index(DELIMITER)
    header = json.loads(frames[at + 2])
    content = {"status": "ok", "execution_count": 1, "user_expressions": {}, "payload": []}
    send(iopub, [b"status"], "status", header, {"execution_state": "busy"})
    if header["msg_type"] == "execute_request":
        result = {"execution_count": 1, "data": {"text/plain": "2"}, "metadata": {}}
        send(iopub, [b"execute_input"], "execute_input", header, {"code": "1+1", "execution_count": 1})
        send(iopub, [b"execute_result"], "execute_result", header, result)
        send(shell, frames[:at], "execute_reply", header, content)
    else:
        send(shell, frames[:at], header["msg_type"].replace("request", "reply"), header, content)
    send(iopub, [b"status"], "status", header, {"execution_state": "idle"})
