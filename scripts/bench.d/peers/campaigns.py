"""The peer of scripts/bench read that Uvicorn runs: the campaigns of an account, for anybody who asks."""

import os
import zlib
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg
import orjson
from fastapi import FastAPI, Response

# asyncpg prepares a statement once for each connection.
SQL = os.environ["BENCH_SQL"].replace(":account", "$1")
CONNECTIONS = int(os.environ["BENCH_CONNECTIONS"])


async def prepare(connection):
    # As floats, which orjson supports directly; the default is Decimal.
    await connection.set_type_codec("numeric", schema="pg_catalog", encoder=str, decoder=float, format="text")


@asynccontextmanager
async def lifespan(app):
    async with asyncpg.create_pool(
        os.environ["BENCH_DSN"], min_size=CONNECTIONS, max_size=CONNECTIONS, init=prepare
    ) as app.state.pool:
        yield


app = FastAPI(lifespan=lifespan)


@app.get("/campaigns")
async def campaigns(account: UUID):
    rows = await app.state.pool.fetch(SQL, account)
    body = orjson.dumps({"campaigns": [dict(row) for row in rows]}, option=orjson.OPT_UTC_Z)
    return Response(
        zlib.compress(body, level=1, wbits=31), media_type="application/json", headers={"Content-Encoding": "gzip"}
    )
