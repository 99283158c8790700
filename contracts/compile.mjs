// Compiles src/ and writes one JSON file per deployable contract: {contractName, abi, bytecode, deployedBytecode}.
//
//   node compile.mjs [DIRECTORY]      default: target/classes/bourse/contracts
//
// Does nothing where the sources, the settings and this file are those of the last run.
// The Hub answers its Desk's functions as well, so its abi is the union of both: Hub.json with TokenDesk's,
// NativeHub.json, the same code, with NativeDesk's.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { settings } from "./tools/settings.mjs";

const require = createRequire(import.meta.url);
const home = dirname(fileURLToPath(import.meta.url));
const target = resolve(process.argv[2] ?? join(home, "target/classes/bourse/contracts"));
const DEPLOYABLE = [
  "RLC", "AppRegistry", "DatasetRegistry", "WorkerpoolRegistry", "App", "Dataset", "Workerpool",
  "TokenDesk", "NativeDesk", "Hub", "Oracle",
];
/// EIP-170.
const MAX_CODE = 24_576;

function files(directory) {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    return entry.isDirectory() ? files(path) : path.endsWith(".sol") ? [path] : [];
  });
}

const sources = Object.fromEntries(
  files(join(home, "src")).sort().map((path) => [relative(home, path), { content: readFileSync(path, "utf8") }]),
);
const key = createHash("sha256")
  .update(JSON.stringify([sources, settings]))
  .update(readFileSync(fileURLToPath(import.meta.url)))
  .update(readFileSync(join(home, "package-lock.json")))
  .digest("hex");
const stamp = join(target, ".key");
if (existsSync(stamp) && readFileSync(stamp, "utf8") === key) process.exit(0);

const solc = require("solc");
const output = JSON.parse(
  solc.compile(JSON.stringify({ language: "Solidity", sources, settings }), {
    import: (path) => ({ contents: readFileSync(require.resolve(path), "utf8") }),
  }),
);
if (output.errors?.length) {
  for (const error of output.errors) console.error(error.formattedMessage);
  process.exit(1);
}

const contracts = Object.assign({}, ...Object.values(output.contracts));

/// Both abis; what is in both (an error, an event) once.
function union(first, second) {
  const own = new Set(first.map((item) => JSON.stringify(item)));
  const rest = second.filter((item) => !["constructor", "fallback", "receive"].includes(item.type));
  return [...first, ...rest.filter((item) => !own.has(JSON.stringify(item)))];
}

function write(name, contract, abi) {
  const { bytecode, deployedBytecode } = contract.evm;
  if (deployedBytecode.object.length / 2 > MAX_CODE) {
    throw new Error(`${name} has ${deployedBytecode.object.length / 2} bytes of code, more than ${MAX_CODE}`);
  }
  const artifact = {
    contractName: name,
    abi,
    bytecode: "0x" + bytecode.object,
    deployedBytecode: "0x" + deployedBytecode.object,
  };
  writeFileSync(join(target, name + ".json"), JSON.stringify(artifact, null, 1) + "\n");
}

/// Where a contract keeps what. The Hub runs the Desks' code on its own storage, so all three must agree.
function layout(name) {
  return JSON.stringify(contracts[name].storageLayout.storage.map(({ label, slot, offset, type }) => [label, slot, offset, type.replace(/\d+_storage/g, "")]));
}
for (const desk of ["TokenDesk", "NativeDesk"]) {
  if (layout("Hub") !== layout(desk)) throw new Error(`the Hub and the ${desk} lay out their storage differently`);
}

mkdirSync(target, { recursive: true });
for (const name of DEPLOYABLE) write(name, contracts[name], contracts[name].abi);
write("Hub", contracts.Hub, union(contracts.Hub.abi, contracts.TokenDesk.abi));
write("NativeHub", contracts.Hub, union(contracts.Hub.abi, contracts.NativeDesk.abi));
writeFileSync(stamp, key);
