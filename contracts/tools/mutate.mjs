// Are the tests any good? Makes one small mistake at a time in the contracts and looks whether a test fails.
//
//   node tools/mutate.mjs [--count 100] [--seed 1] [--all] [--file Settlement.sol] [--again] [--jobs 1]
//
// Takes a sample, the same for the same seed, or all; --again takes those that survived before, after tests were written for them.
// Prints the survivors, and fails if there are any that mutants.json does not explain: a change that changes nothing is no mistake.
// What is done is kept in target/mutants while sources and tests stay as they are, so an interrupted run goes on where it was.
//
// A mutant costs seconds because only what contains the changed file is compiled again, without the optimizer, by a compiler that
// stays loaded; its bytecode is put into the place of what forge compiled, and forge, which sees no source change, runs the tests.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFileSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Worker, isMainThread, parentPort, workerData } from "node:worker_threads";

import { forge } from "./forge.mjs";
import { mistakes } from "./mistakes.mjs";

const home = join(dirname(fileURLToPath(import.meta.url)), "..");
const work = join(home, "target/mutants");
const require = createRequire(import.meta.url);
/// What no test may take, in milliseconds: a loop without an end is a failure too.
const PATIENCE = 300_000;

function files(directory) {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    return entry.isDirectory() ? files(path) : path.endsWith(".sol") ? [relative(home, path)] : [];
  }).sort();
}

/// solc without the optimizer. `wanted` is {path: {contract: outputs}}; what is not in `sources` is read from disk.
function compile(sources, wanted) {
  const input = {
    language: "Solidity",
    sources: Object.fromEntries(Object.keys(wanted).filter((path) => path !== "*").map((path) => [path, { content: content(path) }])),
    settings: { evmVersion: "cancun", optimizer: { enabled: false }, metadata: { appendCBOR: false, bytecodeHash: "none" }, outputSelection: wanted },
  };
  function content(path) {
    return sources[path] ?? readFileSync(path.startsWith("@") ? require.resolve(path) : join(home, path), "utf8");
  }
  const output = JSON.parse(require("solc").compile(JSON.stringify(input), { import: (path) => ({ contents: content(path) }) }));
  const error = output.errors?.find((e) => e.severity === "error");
  return { ...output, error: error?.formattedMessage };
}

if (isMainThread) await main();
else await serve();

/* THE MAIN THREAD: WHICH MUTANTS THERE ARE, AND WHAT BECAME OF THEM */

async function main() {
  const { values: options } = parseArgs({
    options: {
      count: { type: "string", default: "100" }, seed: { type: "string", default: "1" }, all: { type: "boolean", default: false },
      file: { type: "string", default: "" }, again: { type: "boolean", default: false }, jobs: { type: "string", default: "1" },
    },
  });
  const paths = [...files(join(home, "src")), ...files(join(home, "test"))];
  const sources = Object.fromEntries(paths.map((path) => [path, readFileSync(join(home, path), "utf8")]));
  const outputs = ["evm.bytecode.object", "evm.bytecode.sourceMap", "evm.deployedBytecode.sourceMap"];
  const tree = compile(sources, Object.fromEntries(paths.map((path) => [path, { "": ["ast"], "*": outputs }])));
  if (tree.error) throw new Error(tree.error);

  const explained = JSON.parse(readFileSync(join(home, "tools/mutants.json"), "utf8"));
  const same = (e, m) => e.path === m.path && e.place === m.place && e.before === m.before && e.after === m.after;
  const isExplained = (m) => explained.some((e) => same(e, m));
  const all = paths.filter((path) => path.startsWith("src/"))
    .flatMap((path) => mistakes(sources[path], tree.sources[path].ast).map((m) => ({ ...m, path, id: digest(path + m.text) })));
  for (const e of explained) {
    if (!all.some((m) => same(e, m))) console.error(`mutants.json explains what is no mutant any more: ${e.path} ${e.place}: ${e.after}`);
  }

  mkdirSync(work, { recursive: true });
  const key = digest(JSON.stringify(sources));
  const journal = join(work, "results.jsonl");
  const past = existsSync(journal) ? readFileSync(journal, "utf8").trim().split("\n").filter(Boolean).map((line) => JSON.parse(line)) : [];
  const done = new Map(past.filter((r) => r.key === key).map((r) => [r.id, r]));
  const survived = new Map(past.map((r) => [r.id, r.result === "survived"]));

  let chosen = all.filter((m) => m.path.endsWith(options.file));
  if (options.again) chosen = chosen.filter((m) => survived.get(m.id));
  else if (!options.all) chosen = sample(chosen, Number(options.count), Number(options.seed));
  chosen = chosen.filter((m) => !isExplained(m));
  const todo = chosen.filter((m) => !done.has(m.id));
  console.log(`${all.length} mutants, ${chosen.length} chosen, ${chosen.length - todo.length} of them done before`);

  const containing = contractsByFile(tree);
  const started = Date.now();
  let finished = 0;
  const killers = {};
  await Promise.all(Array.from({ length: Math.min(Number(options.jobs), todo.length) }, (_, number) => new Promise((resolve, reject) => {
    const worker = new Worker(fileURLToPath(import.meta.url), { workerData: { number, sources } });
    let current;
    const next = () => {
      current = todo.shift();
      if (!current) return worker.terminate().then(resolve);
      worker.postMessage({ ...current, contracts: containing[current.path] ?? [], first: killers[current.path] ?? likelyTest(paths, current.path) });
    };
    worker.on("error", reject);
    worker.on("message", (message) => {
      if (message.ready) return next();
      const { id, path, line, place, before, after } = current;
      if (message.killer) killers[path] = message.killer;
      const record = { key, id, path, line, place, before, after, ...message };
      done.set(id, record);
      appendFileSync(journal, JSON.stringify(record) + "\n");
      ++finished;
      if (message.result !== "killed") console.log(describe(record));
      if (finished % 20 === 0) {
        const seconds = (Date.now() - started) / 1000;
        console.log(`${finished} of ${finished + todo.length} in ${Math.round(seconds)} s, ${(seconds / finished).toFixed(1)} s each`);
      }
      next();
    });
  })));

  const results = chosen.map((m) => done.get(m.id));
  const of = (result) => results.filter((r) => r.result === result);
  console.log(`\n${results.length} mutants: ${of("killed").length} killed, ${of("stillborn").length} that do not compile, ${of("survived").length} survivors`);
  for (const r of of("survived")) console.log(describe(r));
  process.exitCode = of("survived").length > 0 ? 1 : 0;
}

function describe({ result, path, line, place, before, after }) {
  return `${result}: ${path}:${line} (${place})\n    ${before}\n    ${after}`;
}

function digest(text) {
  return createHash("sha256").update(text).digest("hex");
}

/// Which contracts have code that comes from a file? Their source maps tell: START:LENGTH:FILE:JUMP:DEPTH;..., where what is left out is
/// what the instruction before had. They say nothing of a contract that is created by another and lies in it as data.
function contractsByFile({ contracts, sources }) {
  const names = Object.fromEntries(Object.entries(sources).map(([path, { id }]) => [id, path]));
  const all = Object.entries(contracts).flatMap(([path, ofFile]) => Object.entries(ofFile).map(([name, { evm }]) => {
    const map = evm.bytecode.sourceMap + ";" + evm.deployedBytecode.sourceMap;
    const from = new Set(map.split(";").map((entry) => names[entry.split(":")[2]]).filter(Boolean));
    return { path, name, code: evm.bytecode.object, from };
  })).filter(({ code }) => code.length > 0);
  const found = {};
  for (const outer of all) {
    for (const inner of all) {
      if (!outer.code.includes(inner.code)) continue;
      for (const file of inner.from) if (!(found[file] ??= []).some(([p, n]) => p === outer.path && n === outer.name)) found[file].push([outer.path, outer.name]);
    }
  }
  return found;
}

/// The test that bears the file's name, where there is one.
function likelyTest(paths, path) {
  const test = `test/${basename(path, ".sol")}.t.sol`;
  return paths.includes(test) ? test : undefined;
}

/// `count` of them, by mulberry32: small, and the same everywhere.
function sample(items, count, seed) {
  const left = [...items];
  const taken = [];
  while (taken.length < count && left.length > 0) {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    taken.push(...left.splice(Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * left.length), 1));
  }
  return taken;
}

/* A WORKER THREAD: ONE MUTANT AT A TIME, IN A COPY OF ITS OWN */

async function serve() {
  const { number, sources } = workerData;
  const copy = join(work, String(number));
  // All anew: what was interrupted may have left a mutant behind.
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(copy, { recursive: true });
  for (const name of ["src", "test", "tools", "foundry.toml"]) cpSync(join(home, name), join(copy, name), { recursive: true });
  symlinkSync(join(home, "node_modules"), join(copy, "node_modules"));
  const artifact = (path, contract) => join(copy, `target/forge/out/${basename(path)}/${contract}.json`);

  const whole = await run(copy, ["test"]);
  if (whole.failed) throw new Error(`tests fail before any mistake was made:\n${whole.output.slice(-2000)}`);

  parentPort.on("message", async ({ path, text, contracts, first }) => {
    const wanted = {};
    for (const [file, name] of contracts) (wanted[file] ??= {})[name] = ["evm.bytecode.object"];
    const compiled = compile({ ...sources, [path]: text }, wanted);
    if (compiled.error) return parentPort.postMessage({ result: "stillborn" });

    const originals = new Map();
    for (const [file, name] of contracts) {
      const place = artifact(file, name);
      originals.set(place, readFileSync(place, "utf8"));
      const patched = JSON.parse(originals.get(place));
      patched.bytecode.object = "0x" + compiled.contracts[file][name].evm.bytecode.object;
      writeFileSync(place, JSON.stringify(patched));
    }
    const killer = await kill(copy, first);
    for (const [place, original] of originals) writeFileSync(place, original);
    parentPort.postMessage(killer ? { result: "killed", killer } : { result: "survived" });
  });
  parentPort.postMessage({ ready: true });
}

/// The file of the test that fails, or undefined. First the one that is likely to, last the campaign, which takes longest.
async function kill(copy, first) {
  const campaign = "test/Invariants.t.sol";
  const rounds = [["--no-match-path", campaign], ["--match-path", campaign]];
  if (first && first !== campaign) rounds.unshift(["--match-path", first]);
  for (const round of rounds) {
    const { failed, output } = await run(copy, ["test", "--fail-fast", ...round]);
    if (failed) return /failing tests? in (test\/[^:]+):/.exec(output)?.[1] ?? campaign;
  }
}

/// Few runs, always with the same numbers. What failed for one mutant is not tried on the next: no result hangs on the order.
function run(copy, args) {
  rmSync(join(copy, "target/forge/cache/fuzz"), { recursive: true, force: true });
  rmSync(join(copy, "target/forge/cache/invariant"), { recursive: true, force: true });
  const env = {
    ...process.env, FOUNDRY_DENY: "never",
    FOUNDRY_FUZZ_RUNS: "32", FOUNDRY_FUZZ_SEED: "0x1", FOUNDRY_INVARIANT_RUNS: "4",
  };
  const child = spawn(forge, args, { cwd: copy, env, stdio: ["ignore", "pipe", "pipe"], timeout: PATIENCE });
  let output = "";
  child.stdout.on("data", (data) => (output += data));
  child.stderr.on("data", (data) => (output += data));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ failed: code !== 0, output }));
  });
}
