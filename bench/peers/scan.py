"""One piece of work of bench/scan.mjs by a peer: python scan.py PEER WORK FILE. Prints what it found."""

import json
import os
import sys

KEYS = {"category": "category", "user": "user_id", "string": "key"}
FIVE = ["sum", "count", "min", "max", "mean"]


def wanted(work):
    """The aggregates of amount: five for the few groups, two for a million."""
    return FIVE if work == "category" else FIVE[:2]


def totals(groups, columns):
    return {"groups": groups, **{name: float(value) for name, value in columns.items()}}


def polars(work, file):
    import polars as pl

    scan = pl.scan_ndjson if ".jsonl" in file else pl.scan_csv
    if work == "statistics":
        columns = ["user_id", "category", "amount", "ts", "city", "note"]
        each = []
        for name in columns:
            column = pl.col(name)
            each += [
                column.null_count().alias(f"{name} nulls"),
                column.min().alias(f"{name} min"),
                column.max().alias(f"{name} max"),
                column.approx_n_unique().alias(f"{name} distinct"),
            ]
            if name in ("user_id", "amount"):
                each += [column.mean().alias(f"{name} mean"), column.std().alias(f"{name} std")]
            else:
                each += [column.str.len_bytes().sum().alias(f"{name} bytes")]
        frame = scan(file).select(pl.len().alias("rows"), *each).collect(engine="streaming")
        return {"rows": frame["rows"][0]}
    amount = pl.col("amount")
    each = {
        "sum": amount.sum(),
        "count": pl.len(),
        "min": amount.min(),
        "max": amount.max(),
        "mean": amount.mean(),
    }
    names = wanted(work)
    frame = (
        scan(file)
        .group_by(KEYS[work])
        .agg(*[each[name].alias(name) for name in names])
        .collect(engine="streaming")
    )
    return totals(len(frame), {name: frame[name].sum() for name in names})


def duckdb(work, file):
    import duckdb as engine

    source = f"read_json('{file}')" if ".jsonl" in file else f"read_csv('{file}')"
    if work == "statistics":
        rows = engine.sql(f"SUMMARIZE SELECT * FROM {source}").fetchall()
        return {"rows": rows[0][-2]}
    each = {"count": "count(*)"}
    names = wanted(work)
    columns = ", ".join(f"{each.get(name, f'{name}(amount)' if name != 'mean' else 'avg(amount)')} AS {name}" for name in names)
    table = engine.sql(f"SELECT {KEYS[work]}, {columns} FROM {source} GROUP BY 1").to_arrow_table()
    import pyarrow.compute as pc

    return totals(table.num_rows, {name: pc.sum(table[name]).as_py() for name in names})


def pandas(work, file):
    import pandas as pd

    if work == "statistics":
        frame = pd.read_csv(file)
        frame.memory_usage(deep=True)
        return {"rows": len(frame)}
    if work == "columns":
        rows = total = 0
        for chunk in pd.read_csv(file, chunksize=50_000):
            rows += len(chunk)
            total += chunk["amount"].sum()
        return {"rows": rows, "sum": float(total)}
    names = wanted(work)
    key = KEYS[work]
    parts = [
        chunk.groupby(key)["amount"].agg([name for name in names if name != "mean"])
        for chunk in pd.read_csv(file, chunksize=50_000)
    ]
    parts = pd.concat(parts).groupby(level=0)
    merge = {"sum": "sum", "count": "sum", "min": "min", "max": "max"}
    frame = parts.agg({name: merge[name] for name in names if name != "mean"})
    if "mean" in names:
        frame["mean"] = frame["sum"] / frame["count"]
    return totals(len(frame), {name: frame[name].sum() for name in names})


def pandas_plain(work, file):
    """As `pip install pandas` leaves it: pyarrow, by which pandas keeps texts, is an extra."""
    sys.modules["pyarrow"] = None
    return pandas(work, file)


def forget(_work, file):
    """Takes a file out of the system's cache."""
    handle = os.open(file, os.O_RDONLY)
    os.fsync(handle)
    os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(handle)
    return {}


if __name__ == "__main__":
    peer, work, file = sys.argv[1:]
    print(json.dumps(globals()[peer](work, file)))
