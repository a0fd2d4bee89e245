import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

/** A certificate and its key, both as PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

interface Issuer extends Certificate {
  readonly name: Buffer;
  readonly privateKey: KeyObject;
}

const ECDSA_SHA256 = "1.2.840.10045.4.3.2";
const COMMON_NAME = "2.5.4.3";
const ALTERNATIVE_NAMES = "2.5.29.17";
const BASIC_CONSTRAINTS = "2.5.29.19";
const DAY_MS = 24 * 3600 * 1000;

/** An authority that signs certificates of servers, for tests of TLS without a network or another program. */
export function authority(commonName: string): Issuer {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const name = nameOf(commonName);
  const isAuthority = sequence(
    oid(BASIC_CONSTRAINTS),
    primitive(0x01, [0xff]),
    octets(sequence(primitive(0x01, [0xff]))),
  );
  const cert = certificate({ issuer: name, subject: name, publicKey, signer: privateKey, extension: isAuthority });
  return { cert, key: pemOf(privateKey), name, privateKey };
}

/** A server's certificate for names of hosts and IPv4 addresses; `days` may lie in the past. */
export function serverCertificate(issuer: Issuer, hosts: readonly string[], { days = 1 } = {}): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const isAddress = (host: string) => /^[\d.]+$/.test(host);
  const names = hosts.map((host) =>
    isAddress(host) ? primitive(0x87, host.split(".").map(Number)) : primitive(0x82, [...Buffer.from(host)]),
  );
  const extension = sequence(oid(ALTERNATIVE_NAMES), octets(sequence(...names)));
  const subject = nameOf(hosts[0] ?? "server");
  const signer = issuer.privateKey;
  return {
    cert: certificate({ issuer: issuer.name, subject, publicKey, signer, extension, days }),
    key: pemOf(privateKey),
  };
}

function certificate(given: {
  readonly issuer: Buffer;
  readonly subject: Buffer;
  readonly publicKey: KeyObject;
  readonly signer: KeyObject;
  readonly extension: Buffer;
  readonly days?: number;
}): string {
  const { issuer, subject, publicKey, signer, extension, days = 1 } = given;
  const algorithm = sequence(oid(ECDSA_SHA256));
  const end = Date.now() + days * DAY_MS;
  const body = sequence(
    wrapped(0xa0, primitive(0x02, [2])),
    primitive(0x02, [1, ...randomBytes(8)]),
    algorithm,
    issuer,
    sequence(time(Math.min(end, Date.now()) - DAY_MS), time(end)),
    subject,
    publicKey.export({ type: "spki", format: "der" }),
    wrapped(0xa3, sequence(extension)),
  );
  const signature = primitive(0x03, [0, ...sign("sha256", body, signer)]);
  const der = sequence(body, algorithm, signature).toString("base64");
  return `-----BEGIN CERTIFICATE-----\n${der.replace(/.{64}/g, "$&\n").trimEnd()}\n-----END CERTIFICATE-----\n`;
}

function pemOf(key: KeyObject): string {
  return key.export({ type: "pkcs8", format: "pem" }) as string;
}

function nameOf(commonName: string): Buffer {
  const text = primitive(0x0c, [...Buffer.from(commonName)]);
  return sequence(wrapped(0x31, sequence(oid(COMMON_NAME), text)));
}

function time(ms: number): Buffer {
  const text = new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, "");
  return primitive(0x18, [...Buffer.from(text)]);
}

function octets(content: Buffer): Buffer {
  return wrapped(0x04, content);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return wrapped(0x30, ...parts);
}

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return primitive(0x06, [first * 40 + second, ...rest.flatMap(base128)]);
}

function base128(value: number): number[] {
  const low = value & 0x7f;
  return value < 128 ? [low] : [...base128(Math.floor(value / 128)).map((byte) => byte | 0x80), low];
}

function wrapped(tag: number, ...parts: readonly Buffer[]): Buffer {
  return primitive(tag, [...Buffer.concat(parts)]);
}

/** Tag, length, content: the encoding of everything in a certificate. */
function primitive(tag: number, content: readonly number[]): Buffer {
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.from([tag, ...size, ...content]);
}
