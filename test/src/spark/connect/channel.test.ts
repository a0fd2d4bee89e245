import { once } from "node:events";
import { createServer, type ServerHttp2Stream } from "node:http2";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { SparkConnectService } from "#spark-proto/base";
import { Channel } from "../../../../src/spark/connect/channel.ts";
import { parseEndpoint } from "../../../../src/spark/connect/endpoint.ts";

test("a server may send four megabytes before it hears that they were read", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const channel = new Channel(parseEndpoint(`sc://127.0.0.1:${(server.address() as AddressInfo).port}`, {}));
  const answer = channel.unary(SparkConnectService.method.config, {}).catch((error: unknown) => error);
  const [stream] = (await once(server, "stream")) as [ServerHttp2Stream];
  const allowed = {
    forOne: stream.session?.remoteSettings.initialWindowSize,
    forAll: stream.session?.state.remoteWindowSize,
  };
  stream.respond({ ":status": 200, "content-type": "application/grpc", "grpc-status": "12" }, { endStream: true });
  expect(await answer).toMatchObject({ code: 12 });
  channel.close();
  expect(allowed).toEqual({ forOne: 4 * 2 ** 20, forAll: 4 * 2 ** 20 });
});
