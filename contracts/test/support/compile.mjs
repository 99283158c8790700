// Compiles the contracts here that are deployed beside those of the market, for the tests in Java and for forge's.
//
//   node test/support/compile.mjs DIRECTORY
//
// Does nothing where they are those of the last run. Apart from compile.mjs, because whoever runs a market needs none of them.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { settings } from "../../tools/settings.mjs";

const require = createRequire(import.meta.url);
const home = join(dirname(fileURLToPath(import.meta.url)), "../..");
const target = resolve(process.argv[2]);
const NAMES = ["Outsider", "Reader", "ScoredHub"];

const path = (name) => `test/support/${name}.sol`;
const sources = Object.fromEntries(NAMES.map((name) => [path(name), { content: readFileSync(join(home, path(name)), "utf8") }]));
const read = new Map();
const contents = (name) => {
  const file = name.startsWith("@") ? require.resolve(name) : join(home, name);
  if (!read.has(name)) read.set(name, readFileSync(file, "utf8"));
  return { contents: read.get(name) };
};

/// The files that were compiled the last time, with what was in them.
const stamp = join(target, ".key");
const digest = (names) => createHash("sha256")
  .update(JSON.stringify([sources, settings, names.map((name) => [name, contents(name)])])).digest("hex");
if (existsSync(stamp)) {
  const [key, ...names] = readFileSync(stamp, "utf8").split("\n");
  if (names.every((name) => name.startsWith("@") || existsSync(join(home, name))) && key === digest(names)) process.exit(0);
}

read.clear();
const output = JSON.parse(
  require("solc").compile(JSON.stringify({ language: "Solidity", sources, settings }), { import: contents }),
);
if (output.errors?.length) {
  for (const error of output.errors) console.error(error.formattedMessage);
  process.exit(1);
}
mkdirSync(target, { recursive: true });
for (const name of NAMES) {
  const { abi, evm } = output.contracts[path(name)][name];
  const artifact = { contractName: name, abi, bytecode: "0x" + evm.bytecode.object };
  writeFileSync(join(target, name + ".json"), JSON.stringify(artifact, null, 1) + "\n");
}
const names = [...read.keys()].sort();
writeFileSync(stamp, [digest(names), ...names].join("\n"));
