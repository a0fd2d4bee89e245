import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ConnectOptions, SparkSession } from "../../../../src/spark/session.ts";
import { authority, serverCertificate } from "../../../support/certificate.ts";
import { type SparkServer, sparkServer } from "../../../support/spark-server.ts";
import { Tunnel, type TunnelOptions } from "../../../support/tunnel.ts";

const LIVE = { timeout: 120_000 };
const ours = authority("Outgrow test authority");
const tunnels: Tunnel[] = [];
let server: SparkServer;
let folder = "";
let ca = "";

beforeAll(async () => {
  server = await sparkServer();
  folder = mkdtempSync(path.join(tmpdir(), "og-tls-"));
  ca = path.join(folder, "ca.pem");
  writeFileSync(ca, ours.cert);
}, 240_000);

afterAll(() => {
  for (const tunnel of tunnels) tunnel.close();
  rmSync(folder, { recursive: true, force: true });
});

test("queries go over TLS with a token, which the server asks for", LIVE, async () => {
  await using spark = await connect(await tlsAddress());
  expect(await (await spark.sql("SELECT 6 * 7 AS a")).collect()).toEqual([{ a: 42 }]);
  await expect(connect(await tlsAddress(), { token: "wr0ng" })).rejects.toMatchObject({ code: "E_SPARK_TOKEN" });
});

test(
  "a certificate of one's own needs no use_ssl, and its file is what another session of that server takes, too",
  LIVE,
  async () => {
    const address = (await tlsAddress()).replace("/;use_ssl=true", "");
    const { builder } = SparkSession;
    const spark = await builder.remote(address).getOrCreate({ token: server.token, ca });
    expect(await spark.range(3).count()).toBe(3);
    await spark.stop();
  },
);

test("a connection that is cut again and again gives the whole result", LIVE, async () => {
  const tunnel = through({ cutAfter: 1_000_000 });
  await using spark = await connect(await addressOf(tunnel));
  const table = await spark.range(1_000_000).toArrow();
  expect((table.getChildAt(0)?.toArray() as BigInt64Array | undefined)?.findIndex((id, i) => id !== BigInt(i))).toBe(
    -1,
  );
  expect(table.numRows).toBe(1_000_000);
  expect(tunnel.cuts).toBeGreaterThan(2);
});

test.each([
  ["of an authority that is not known", serverCertificate(authority("Stranger"), ["localhost"]), "unable to verify"],
  ["of another host", serverCertificate(ours, ["other.example"]), "its name does not match certificate's altnames"],
  ["that has expired", serverCertificate(ours, ["localhost"], { days: -1 }), "certificate has expired"],
])("a certificate %s is refused at once", async (_, certificate, why) => {
  const tunnel = through({ certificate });
  const failed = connect(await addressOf(tunnel));
  await expect(failed).rejects.toMatchObject({
    name: "ConnectionError",
    code: "E_SPARK_CERTIFICATE",
    message: expect.stringContaining(`is not trusted: ${why}`),
    hint: expect.stringMatching(/--ca FILE.*NODE_EXTRA_CA_CERTS/),
  });
  expect(tunnel.connections).toBe(1);
});

test("TLS with a server that has none, and none with a server that has it", async () => {
  const plain = `sc://localhost:${server.port}`;
  await expect(connect(`${plain}/;use_ssl=true`)).rejects.toMatchObject({
    message: `the server at ${plain} does not speak TLS`,
  });
  const address = (await tlsAddress()).replace("=true", "=false");
  await expect(connect(address, { ca: undefined })).rejects.toMatchObject({
    code: "E_SPARK_UNREACHABLE",
    message: expect.stringMatching(/: Failed to connect$/),
    hint: expect.stringContaining("use_ssl=true"),
  });
});

test("certificates that cannot be read, or that nothing asks for", async () => {
  const file = path.join(folder, "no.pem");
  await expect(connect(await tlsAddress(), { ca: file })).rejects.toMatchObject({ code: "E_SPARK_CERTIFICATE" });
  writeFileSync(file, "no certificate");
  await expect(connect(await tlsAddress(), { ca: file })).rejects.toMatchObject({
    message: `"${file}" holds no certificate that can be read`,
  });
  await expect(connect("sc://localhost:1/;use_ssl=false")).rejects.toMatchObject({ code: "E_SPARK_ADDRESS" });
});

function connect(address: string, options: ConnectOptions = {}): Promise<SparkSession> {
  return SparkSession.connect(address, { token: server.token, ca, ...options });
}

function tlsAddress(): Promise<string> {
  return addressOf(through({}));
}

async function addressOf(tunnel: Tunnel): Promise<string> {
  return `sc://localhost:${await tunnel.port()}/;use_ssl=true`;
}

/** A TLS end before the server of this run. */
function through(options: TunnelOptions): Tunnel {
  const tunnel = new Tunnel(server.port, { certificate: serverCertificate(ours, ["localhost"]), ...options });
  tunnels.push(tunnel);
  return tunnel;
}
