"""A route that does nothing, served as the product is: what everything else is measured against."""

import json
import sys

import uvicorn
from quart import Quart, request
from quart.typing import ResponseReturnValue


def bare_app() -> Quart:
    """One route that reads its body and answers."""
    app = Quart("bare", static_folder=None)

    @app.post("/")
    async def nothing() -> ResponseReturnValue:
        await request.get_data()
        return {}

    return app


def main(port: int) -> None:
    """Serve until a stop signal, with the options of `softphone/serve.py`."""
    uvicorn.run(
        bare_app(),
        host="127.0.0.1",
        port=port,
        loop="uvloop",
        http="httptools",
        ws="none",
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_config=None,
    )


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
