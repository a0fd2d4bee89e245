import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { createFileRegistry, type DescField, type DescFile, type DescMessage, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { afterAll, beforeAll, expect, test } from "vitest";
import { file_base } from "#spark-proto/base";
import { file_catalog } from "#spark-proto/catalog";
import { file_commands } from "#spark-proto/commands";
import { file_expressions } from "#spark-proto/expressions";
import { file_ml } from "#spark-proto/ml";
import { file_mlcommands } from "#spark-proto/mlcommands";
import { file_relations } from "#spark-proto/relations";
import { file_types } from "#spark-proto/types";
import { sparkServer } from "../../../support/spark-server.ts";
import { readZip } from "../../../support/zip.ts";

const ours = [
  file_base,
  file_catalog,
  file_commands,
  file_expressions,
  file_ml,
  file_mlcommands,
  file_relations,
  file_types,
];
let folder: string;
let theirs: ReturnType<typeof createFileRegistry>;

beforeAll(async () => {
  const { home } = await sparkServer();
  folder = mkdtempSync(path.join(tmpdir(), "outgrow-drift-"));
  const jar = path.join(home, "jars", "spark-connect_2.13-4.3.0.jar");
  for (const [name, bytes] of readZip(readFileSync(jar), (name) => /^spark\/connect\/.*\.proto$/.test(name))) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), bytes);
  }
  const buf = fileURLToPath(new URL("../../../../node_modules/@bufbuild/buf/bin/buf", import.meta.url));
  const image = path.join(folder, "image.binpb");
  execFileSync(process.execPath, [buf, "build", folder, "-o", image]);
  theirs = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(image)));
}, 240_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("every message of ours has the server's names, numbers and types", () => {
  const wrong = ours
    .flatMap((file) => messagesOf(file))
    .flatMap((message) => {
      const other = theirs.getMessage(message.typeName);
      if (!other) return [`${message.typeName} is unknown to the server`];
      return message.fields.flatMap((field) => {
        const twin = other.fields.find(({ name }) => name === field.name);
        if (!twin) return [`${message.typeName}.${field.name} is unknown to the server`];
        const [mine, its] = [shapeOf(field), shapeOf(twin)];
        return mine === its ? [] : [`${message.typeName}.${field.name}: ${mine}, the server has ${its}`];
      });
    });
  expect(wrong).toEqual([]);
});

test("every enum and call of ours is the server's", () => {
  const enums = ours.flatMap((file) => [...file.enums, ...messagesOf(file).flatMap((message) => message.nestedEnums)]);
  for (const { typeName, values } of enums) {
    const other = theirs.getEnum(typeName)?.values.map(({ name, number }) => `${name} = ${number}`);
    expect(other, typeName).toEqual(expect.arrayContaining(values.map(({ name, number }) => `${name} = ${number}`)));
  }
  const calls = ours.flatMap((file) => file.services).flatMap((service) => service.methods);
  expect(calls.length).toBeGreaterThan(0);
  for (const { name, parent, input, output, methodKind } of calls) {
    const other = theirs.getService(parent.typeName)?.methods.find((method) => method.name === name);
    expect([other?.input.typeName, other?.output.typeName, other?.methodKind], name).toEqual([
      input.typeName,
      output.typeName,
      methodKind,
    ]);
  }
});

function messagesOf(holder: DescFile | DescMessage): DescMessage[] {
  const own = holder.kind === "file" ? holder.messages : holder.nestedMessages;
  return own.flatMap((message) => [message, ...messagesOf(message)]);
}

function shapeOf(field: DescField): string {
  const type = field.message?.typeName ?? field.enum?.typeName ?? field.scalar;
  const key = field.fieldKind === "map" ? field.mapKey : "";
  const kind = field.fieldKind === "list" ? `list of ${field.listKind}` : field.fieldKind;
  return `${field.number} ${kind} ${key} ${type} ${field.oneof?.name ?? ""} ${field.presence}`;
}
