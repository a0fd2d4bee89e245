"""PySpark's Connect client on the bench's server: talk | collect | arrow."""
import json, os, re, sys, time
from pyspark.sql import SparkSession

MILLION = "SELECT id, id * 0.5D AS half, CAST(id % 1000 AS INT) AS small, concat('name_', id % 5000) AS name FROM range(1000000)"
spark = SparkSession.builder.remote(f"sc://localhost:{os.environ['BENCH_PORT']}").getOrCreate()


def select(count):
    times = []
    for _ in range(count):
        start = time.perf_counter()
        spark.sql("SELECT 1").collect()
        times.append(time.perf_counter() - start)
    return {"times": times}


def collected(fetch):
    seconds = 0
    for _ in range(2):
        frame = spark.sql(MILLION)
        start = time.perf_counter()
        result = fetch(frame)
        seconds = time.perf_counter() - start
        assert len(result) == 1_000_000
        del result
    high = re.search(r"VmHWM:\s+(\d+) kB", open("/proc/self/status").read())
    return {"seconds": seconds, "peak": int(high[1]) * 1024}


what = sys.argv[1]
if what == "talk":
    for line in sys.stdin:
        print(json.dumps(select(int(line.split()[1]))), flush=True)
elif what == "collect":
    print(json.dumps(collected(lambda frame: frame.toPandas())))
elif what == "arrow":
    print(json.dumps(collected(lambda frame: frame.toArrow())))
spark.stop()
