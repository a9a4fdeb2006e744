"""Serve the AWS emulator on a free loopback port, and print that port on standard output as the only line there.

The socket is bound and listening before the emulator is loaded, so that no other process can take the port in
between, and a client that connects early waits instead of being refused.
"""

import asyncio
import os
import socket
import sys

listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.bind(("127.0.0.1", 0))
listener.listen(128)
port = listener.getsockname()[1]

# The emulator reads its settings when it is imported.
os.environ.update(
    AUTH="true",
    GATEWAY_PORT=str(port),
    BIND_HOST="127.0.0.1",
    AWS_ACCESS_KEY_ID="test",
    AWS_SECRET_ACCESS_KEY="test",
    SFTP_ENABLED="0",
    IOT_MTLS_ENABLED="0",
    LOG_LEVEL="WARNING",
)

print(port, flush=True)
os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

from hypercorn.asyncio import serve  # noqa: E402
from hypercorn.config import Config  # noqa: E402
from ministack.app import app  # noqa: E402
from ministack.services import secretsmanager  # noqa: E402

put_secret_value = secretsmanager._put_secret_value


def put_with_unique_labels(data):
    """A staging label is on one version at a time: put on a new one, it leaves the one that had it.

    Source: Secrets Manager API reference, PutSecretValue, VersionStages. The emulator leaves it on both.
    """
    response = put_secret_value(data)
    _, secret = secretsmanager._resolve(data.get("SecretId"))
    versions = (secret or {}).get("Versions", {})
    new = next(reversed(versions), None)
    for label in data.get("VersionStages") or []:
        if new is not None and label in versions[new]["Stages"]:
            for name, version in versions.items():
                if name != new and label in version["Stages"]:
                    version["Stages"].remove(label)
    return response


secretsmanager._put_secret_value = put_with_unique_labels

config = Config()
config.bind = [f"fd://{listener.detach()}"]
config.keep_alive_timeout = 75
config.loglevel = "WARNING"
asyncio.run(serve(app, config))
