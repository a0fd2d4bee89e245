import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { endpoint, readConnection } from "../../../kernel/wire/connection.ts";
import { UsageError } from "../../../src/errors.ts";
import { makeConnection } from "../../jupyter/client.ts";

const folder = mkdtempSync(path.join(os.tmpdir(), "outgrow-connection-"));
afterAll(() => rmSync(folder, { recursive: true }));

const PORTS = { shell_port: 1, iopub_port: 2, stdin_port: 3, control_port: 4, hb_port: 5 };

function read(text: string): ReturnType<typeof readConnection> {
  const file = path.join(folder, "kernel.json");
  writeFileSync(file, text);
  return readConnection(file);
}

describe("a connection file", () => {
  test("is read with its defaults", () => {
    const connection = read(JSON.stringify({ ...PORTS, key: "k" }));
    expect(connection).toMatchObject({ ip: "127.0.0.1", transport: "tcp", shellPort: 1, heartbeatPort: 5, key: "k" });
    expect(endpoint(connection, 9)).toBe("tcp://127.0.0.1:9");
    expect(endpoint({ ...connection, transport: "ipc", ip: "/tmp/k" }, 9)).toBe("ipc:///tmp/k-9");
  });

  test("of Jupyter's own form is read", async () => {
    const fields = await makeConnection();
    expect(read(JSON.stringify(fields))).toMatchObject({ key: fields.key, iopubPort: fields.iopub_port });
  });

  test("may bring keys for encryption", () => {
    const keys = { curve_publickey: "p".repeat(40), curve_secretkey: "s".repeat(40) };
    expect(read(JSON.stringify({ ...PORTS, ...keys })).curve).toEqual({
      publicKey: keys.curve_publickey,
      secretKey: keys.curve_secretkey,
    });
    expect(read(JSON.stringify(PORTS)).curve).toBeUndefined();
    const none = { curve_publickey: null, curve_secretkey: null };
    expect(read(JSON.stringify({ ...PORTS, ...none })).curve).toBeUndefined();
  });

  test.each([
    [
      "half a pair of keys",
      JSON.stringify({ ...PORTS, curve_publickey: "p".repeat(40) }),
      /no valid pair of "curve_pu/,
    ],
    [
      "keys that are no Z85",
      JSON.stringify({ ...PORTS, curve_publickey: "p".repeat(40), curve_secretkey: "_".repeat(40) }),
      /no valid pair of "curve_pu/,
    ],
    ["not JSON", "{", /is not JSON/],
    ["no object", "7", /is not a JSON object/],
    ["no port", JSON.stringify({ ...PORTS, hb_port: undefined }), /no valid "hb_port"/],
    ["a port of 0", JSON.stringify({ ...PORTS, shell_port: 0 }), /no valid "shell_port"/],
    ["another scheme", JSON.stringify({ ...PORTS, signature_scheme: "hmac-md5" }), /hmac-md5/],
    ["another transport", JSON.stringify({ ...PORTS, transport: "carrier" }), /carrier/],
  ])("with %s is refused with what to do", (_what, text, says) => {
    expect(() => read(text)).toThrow(says);
    expect(() => read(text)).toThrow(UsageError);
  });

  test("that is absent is refused by its name", () => {
    expect(() => readConnection("/nowhere/kernel.json")).toThrow(/"\/nowhere\/kernel.json" cannot be read/);
    expect(() => readConnection("")).toThrow(UsageError);
  });
});
