"""One piece of work of bench/chunked.mjs by a peer: python chunked.py KIND FILE. Prints {groups, sum, count}."""

import json
import sys


def pandas_concat(file):
    """The widespread way, made right: partial sums are concatenated and grouped again."""
    import pandas as pd

    parts = [
        chunk.groupby("user_id")["amount"].agg(["sum", "count"])
        for chunk in pd.read_csv(file, chunksize=50_000)
    ]
    return pd.concat(parts).groupby(level=0).sum()


def pandas_concat_plain(file):
    """As `pip install pandas` leaves it: pyarrow, which reads text faster, is an extra."""
    sys.modules["pyarrow"] = None
    return pandas_concat(file)


def pandas_add(file):
    """Partial sums are added to a running total."""
    import pandas as pd

    total = None
    for chunk in pd.read_csv(file, chunksize=50_000):
        part = chunk.groupby("user_id")["amount"].agg(["sum", "count"])
        total = part if total is None else total.add(part, fill_value=0)
    return total


def polars_streaming(file):
    import polars as pl

    readers = {".parquet": pl.scan_parquet, ".jsonl": pl.scan_ndjson, ".arrow": pl.scan_ipc}
    scan = readers.get(file[file.rindex(".") :], pl.scan_csv)
    frame = (
        scan(file)
        .group_by("user_id")
        .agg(pl.col("amount").sum().alias("sum"), pl.len().alias("count"))
        .collect(engine="streaming")
    )
    return frame


def duckdb_python(file):
    import duckdb

    duckdb.sql("SET memory_limit = '1GB'")
    query = f"SELECT user_id, sum(amount) AS sum, count(*) AS count FROM '{file}' GROUP BY user_id"
    return duckdb.sql(query).to_arrow_table().to_pandas()


def duckdb_arrow(file):
    import duckdb
    import pyarrow as pa

    duckdb.sql("SET memory_limit = '1GB'")
    rows = pa.ipc.open_file(pa.memory_map(file)).read_all()  # noqa: F841, the query names it
    query = "SELECT user_id, sum(amount) AS sum, count(*) AS count FROM rows GROUP BY user_id"
    return duckdb.sql(query).to_arrow_table().to_pandas()


if __name__ == "__main__":
    kind, file = sys.argv[1:]
    frame = globals()[kind](file)
    print(json.dumps({"groups": len(frame), "sum": float(frame["sum"].sum()), "count": int(frame["count"].sum())}))
