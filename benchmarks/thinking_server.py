"""A server that thinks before each answer, as most of the web does: started by bench_collect.py, which see.

    python benchmarks/thinking_server.py FOLDER SECONDS

Serves the files of a folder on every loopback address, and knows them by their ETag. Prints its port.
"""

import asyncio
import sys
from pathlib import Path

NOT_MODIFIED = b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\nConnection: close\r\n\r\n'
FOUND = 'HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nContent-Length: {}\r\nETag: "1"\r\nConnection: close\r\n\r\n'


async def serve(files: dict[str, bytes], seconds: float) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        await asyncio.sleep(seconds)
        body = files[request.split(b" ", 2)[1].decode().strip("/")]
        known = b"if-none-match" in request.lower()
        writer.write(NOT_MODIFIED if known else FOUND.format(len(body)).encode() + body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "0.0.0.0", 0, backlog=1_024)  # noqa: S104  each feed has a loopback address
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    served = {path.name: path.read_bytes() for path in Path(sys.argv[1]).iterdir()}
    asyncio.run(serve(served, float(sys.argv[2])))
