import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Codec } from "../../../kernel/wire/codec.ts";
import { type JupyterMessage, makeHeader } from "../../../kernel/wire/message.ts";

const KEY = "a key";

function message(content: JupyterMessage["content"], fields: Partial<JupyterMessage> = {}): JupyterMessage {
  const header = makeHeader("execute_request");
  return { identities: [], header, parentHeader: {}, metadata: {}, buffers: [], ...fields, content };
}

/** As they arrive. */
function encode(sent: JupyterMessage, key = KEY): Buffer[] {
  return new Codec(key).encode(sent).map((frame) => Buffer.from(frame as string));
}

function refusal(frames: readonly Buffer[], codec = new Codec(KEY)): string {
  const decoded = codec.decode(frames);
  return "refused" in decoded ? decoded.refused : "accepted";
}

function sign(parts: readonly Buffer[]): Buffer {
  const hmac = createHmac("sha256", KEY);
  for (const part of parts) hmac.update(part);
  return Buffer.from(hmac.digest("hex"));
}

function signed(parts: readonly string[]): Buffer[] {
  const frames = parts.map((part) => Buffer.from(part));
  return [Buffer.from("<IDS|MSG>"), sign(frames), ...frames];
}

describe("the codec", () => {
  test("gives back what it encoded", () => {
    const bytes = fc.uint8Array({ maxLength: 40 }).map((each) => Buffer.from(each));
    const identity = bytes.filter((each) => !each.equals(Buffer.from("<IDS|MSG>")));
    const record = fc.dictionary(fc.string(), fc.jsonValue()).map((each) => JSON.parse(JSON.stringify(each)));
    fc.assert(
      fc.property(
        fc.array(identity, { maxLength: 3 }),
        record,
        record,
        fc.array(bytes),
        (ids, content, meta, buffers) => {
          const sent = message(content, { identities: ids, metadata: meta, buffers });
          const decoded = new Codec(KEY).decode(encode(sent));
          expect(decoded).toEqual({ message: sent });
        },
      ),
      { seed: 20_251, numRuns: 200 },
    );
  });

  test("sends half a character as the sign for none", () => {
    const texts = ["\ud83d", "a\ude00\ud83d", "😀", "\\ud83d", "\\\ud83d", '"\n', "\\"];
    const decoded = new Codec(KEY).decode(encode(message({ texts })));
    const { content } = "message" in decoded ? decoded.message : message({});
    expect(content.texts).toEqual(["\ufffd", "a\ufffd\ufffd", "😀", "\\ud83d", "\\\ufffd", '"\n', "\\"]);
  });

  test("never throws, whatever the frames", () => {
    const frame = fc.oneof(
      fc.uint8Array({ maxLength: 30 }).map((each) => Buffer.from(each)),
      fc.constantFrom("<IDS|MSG>", "{}", "[", "null", '{"msg_type":"x","msg_id":"1"}').map((each) => Buffer.from(each)),
    );
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 9 }), fc.constantFrom(KEY, ""), (frames, key) => {
        const decoded = new Codec(key).decode(frames);
        expect("message" in decoded || typeof decoded.refused === "string").toBe(true);
      }),
      { seed: 20_252, numRuns: 500 },
    );
  });

  test("refuses what is cut short, wrongly signed, changed or sent again", () => {
    const frames = encode(message({ code: "1" }));
    expect(refusal(frames.slice(1))).toBe("no delimiter");
    expect(refusal(frames.slice(0, 5))).toBe("truncated");
    expect(refusal(encode(message({}), "another key"))).toBe("bad signature");
    expect(refusal(frames.with(5, Buffer.from('{"code":"2"}')))).toBe("bad signature");
    expect(refusal(frames.with(1, Buffer.from("")))).toBe("bad signature");
    const codec = new Codec(KEY);
    expect(refusal(frames, codec)).toBe("accepted");
    expect(refusal(frames, codec)).toBe("replayed");
  });

  test("refuses what is signed but no message", () => {
    expect(refusal(signed(["{", "{}", "{}", "{}"]))).toMatch(/JSON/);
    expect(refusal(signed(["null", "{}", "{}", "{}"]))).toBe("no message");
    expect(refusal(signed(['{"msg_type":7,"msg_id":"1"}', "{}", "{}", "{}"]))).toBe("no message");
    expect(refusal(signed(['{"msg_type":"x","msg_id":"1"}', "null", "[]", "7"]))).toBe("accepted");
  });

  test("remembers signatures in bounded memory, and the latest for long", () => {
    const codec = new Codec(KEY);
    const first = encode(message({ n: 0 }));
    expect(refusal(first, codec)).toBe("accepted");
    for (let n = 1; n < 30_000; n++) codec.decode(signed([`{"msg_type":"x","msg_id":"${n}"}`, "{}", "{}", "{}"]));
    expect(refusal(first, codec)).toBe("replayed");
  });

  test("with an empty key signs nothing and refuses nothing for it", () => {
    const frames = encode(message({ code: "1" }), "");
    expect(frames[1]).toHaveLength(0);
    expect(refusal(frames, new Codec(""))).toBe("accepted");
  });

  test("sends what JSON does not have as text", () => {
    const ring: Record<string, unknown> = { big: 2n ** 70n };
    ring.self = ring;
    const frames = encode(message({ data: ring }));
    expect(JSON.parse(String(frames[5]))).toEqual({ data: { big: "1180591620717411303424", self: "[circular]" } });
  });

  test("writes every header with a date, a version and an id of its own", () => {
    const [one, two] = [makeHeader("status"), makeHeader("status")];
    expect(one.msg_id).not.toBe(two.msg_id);
    expect(one.session).toBe(two.session);
    expect(new Date(one.date).toISOString()).toBe(one.date);
    expect(one.version).toBe("5.5");
  });
});
