#!/usr/bin/env node
// forge wants a compiler that it can run; this runs the one that npm installed.
import { createRequire } from "node:module";

const solc = createRequire(import.meta.url)("solc");

if (process.argv.includes("--version")) {
  const version = solc.version().replace(/\.Emscripten.*/, "");
  console.log(`solc, the solidity compiler commandline interface\nVersion: ${version}.Linux.g++`);
} else {
  let input = "";
  for await (const chunk of process.stdin) input += chunk;
  process.stdout.write(solc.compile(input));
}
