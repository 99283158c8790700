// Compiles the contracts here that the Java tests use, beside those of the market: one JSON file each.
//
//   node test/support/compile.mjs DIRECTORY
//
// Does nothing where they are those of the last run. Apart from compile.mjs, so that a change here does not cost the
// minutes that the market's contracts take.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const home = dirname(fileURLToPath(import.meta.url));
const target = resolve(process.argv[2]);
const NAMES = ["Outsider", "Reader"];

const sources = Object.fromEntries(
  NAMES.map((name) => [name + ".sol", { content: readFileSync(join(home, name + ".sol"), "utf8") }]),
);
const settings = {
  evmVersion: "cancun",
  optimizer: { enabled: true, runs: 200 },
  metadata: { bytecodeHash: "none", appendCBOR: false },
  outputSelection: { "*": { "*": ["abi", "evm.bytecode.object"] } },
};
const key = createHash("sha256").update(JSON.stringify([sources, settings])).digest("hex");
const stamp = join(target, ".key");
if (existsSync(stamp) && readFileSync(stamp, "utf8") === key) process.exit(0);

const output = JSON.parse(require("solc").compile(JSON.stringify({ language: "Solidity", sources, settings })));
if (output.errors?.length) {
  for (const error of output.errors) console.error(error.formattedMessage);
  process.exit(1);
}
mkdirSync(target, { recursive: true });
for (const name of NAMES) {
  const { abi, evm } = output.contracts[name + ".sol"][name];
  const artifact = { contractName: name, abi, bytecode: "0x" + evm.bytecode.object };
  writeFileSync(join(target, name + ".json"), JSON.stringify(artifact, null, 1) + "\n");
}
writeFileSync(stamp, key);
