"""Classic PySpark with a Java of its own: talk | start."""
import json, os, sys, time

os.environ.pop("SPARK_REMOTE", None)
from pyspark.sql import SparkSession

began = time.perf_counter()
spark = (
    SparkSession.builder.master("local[2]")
    .config("spark.driver.memory", "4g")
    .config("spark.driver.host", "127.0.0.1")
    .config("spark.driver.bindAddress", "127.0.0.1")
    .config("spark.ui.enabled", "false")
    .config("spark.sql.shuffle.partitions", "8")
    .config("spark.log.level", "ERROR")
    .getOrCreate()
)


def select(count):
    times = []
    for _ in range(count):
        start = time.perf_counter()
        spark.sql("SELECT 1").collect()
        times.append(time.perf_counter() - start)
    return {"times": times}


if sys.argv[1] == "start":
    spark.sql("SELECT 1").collect()
    print(json.dumps({"seconds": time.perf_counter() - began}))
else:
    for line in sys.stdin:
        print(json.dumps(select(int(line.split()[1]))), flush=True)
spark.stop()
