import { describe, expect, test } from "vitest";
import { parseEndpoint } from "../../../../src/spark/connect/endpoint.ts";

describe("addresses", () => {
  test.each([
    ["sc://localhost", "localhost", 15002, false],
    ["sc://example.org:443/;use_ssl=true", "example.org", 443, true],
    ["sc://127.0.0.1:7", "127.0.0.1", 7, false],
    ["sc://[::1]:15002/", "::1", 15002, false],
    ["sc://example.org:1/;user_id=ada;x-team=a%20b", "example.org", 1, false],
  ])("%s", (address, host, port, secure) => {
    expect(parseEndpoint(address)).toMatchObject({ host, port, secure });
  });

  test("parameters that are not ours become headers", () => {
    const endpoint = parseEndpoint("sc://h:1/;user_id=ada;session_id=s;x-team=a%20b");
    expect(endpoint).toMatchObject({ userId: "ada", sessionId: "s", headers: { "x-team": "a b" } });
  });

  test.each(["http://x", "sc://", "sc://a b", "sc://h:0", "sc://h:99999", "sc://h:1/;novalue", "sc://h:1/path", "h:1"])(
    "%s is refused",
    (address) => {
      expect(() => parseEndpoint(address)).toThrow(expect.objectContaining({ code: "E_SPARK_ADDRESS" }));
    },
  );

  test("a token in the address is refused, and not repeated", () => {
    for (const address of ["sc://h:1/;token=s3cret", "sc://h:1/;user_id=a;TOKEN=s3cret"]) {
      const parse = () => parseEndpoint(address);
      expect(parse).toThrow(
        expect.objectContaining({ code: "E_TOKEN_IN_ADDRESS", hint: expect.stringContaining("--token-env") }),
      );
      expect(parse).not.toThrow(/s3cret/);
    }
    expect(() => parseEndpoint("sc://h:x/;token=s3cret")).not.toThrow(/s3cret/);
  });

  test("a token goes over TLS, or in the clear to this machine alone", () => {
    expect(parseEndpoint("sc://example.org", { token: "t" }).secure).toBe(true);
    expect(parseEndpoint("sc://127.0.0.1", { token: "t" }).secure).toBe(false);
    expect(() => parseEndpoint("sc://example.org/;use_ssl=false", { token: "t" })).toThrow(
      expect.objectContaining({ code: "E_TOKEN_IN_CLEAR" }),
    );
  });
});
