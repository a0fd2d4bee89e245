"""A kernel started by Jupyter's own manager with encrypted transport: a cell runs over it, and a client without the keys is turned away."""

import json

import zmq
from jupyter_client.manager import KernelManager
from zmq.utils.monitor import recv_monitor_message

manager = KernelManager(kernel_name="outgrow", transport_encryption="required")
manager.start_kernel()
try:
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    seen = []
    reply = client.execute_interactive("console.log('in secret')", timeout=60, output_hook=lambda message: seen.append(message["content"]))
    texts = [content["text"] for content in seen if "text" in content]

    stranger = zmq.Context.instance().socket(zmq.DEALER)
    monitor = stranger.get_monitor_socket()
    stranger.connect(f"tcp://{manager.ip}:{manager.shell_port}")
    turned_away = {zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL, zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL, zmq.EVENT_HANDSHAKE_FAILED_AUTH, zmq.EVENT_DISCONNECTED}
    event = None
    while event not in turned_away | {zmq.EVENT_HANDSHAKE_SUCCEEDED}:
        if not monitor.poll(20_000):
            break
        event = recv_monitor_message(monitor)["event"]
    stranger.close(0)

    print(
        json.dumps(
            {
                "status": reply["content"]["status"],
                "texts": texts,
                "beats": client.hb_channel.is_beating(),
                "mechanism": client.shell_channel.socket.getsockopt(zmq.MECHANISM) == zmq.CURVE,
                "turnedAway": event in turned_away,
            }
        )
    )
    client.stop_channels()
finally:
    manager.shutdown_kernel(now=True)
