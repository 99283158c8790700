#!/usr/bin/env node
// forge wants a compiler that it can run; this runs the one that npm installed.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

if (process.argv.includes("--version")) {
  // Asked by every run of forge: answered without loading the compiler.
  console.log(`solc, the solidity compiler commandline interface\nVersion: ${require("solc/package.json").version}`);
} else {
  let input = "";
  for await (const chunk of process.stdin) input += chunk;
  process.stdout.write(require("solc").compile(input));
}
