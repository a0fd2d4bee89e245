// Outgrow's client, asked line by line: "select 5" answers with the seconds of five warm SELECT 1.
import { createInterface } from "node:readline";
import { SparkSession } from "../../dist/src/index.js";

const spark = await SparkSession.connect(`sc://localhost:${process.env.BENCH_PORT}`, {
  token: process.env.SPARK_CONNECT_AUTHENTICATE_TOKEN,
});
for await (const line of createInterface(process.stdin)) {
  const times = [];
  for (let left = Number(line.split(" ")[1]); left > 0; left--) {
    const start = performance.now();
    await spark.sql("SELECT 1").collect();
    times.push((performance.now() - start) / 1000);
  }
  console.log(JSON.stringify({ times }));
}
await spark.stop();
