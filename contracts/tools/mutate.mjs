// Are the tests any good? Makes one small mistake at a time in the contracts and looks whether a test fails.
//
//   node tools/mutate.mjs [--count 20] [--seed 1] [--file Settlement.sol]
//
// Works on a copy under target/mutants. A mutant takes as long as compiling everything and running all tests, so it
// takes a sample, the same for the same seed. Prints the survivors, and fails if there are any.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { count: { type: "string", default: "20" }, seed: { type: "string", default: "1" }, file: { type: "string", default: "" } },
});
const home = join(dirname(fileURLToPath(import.meta.url)), "..");
const copy = join(home, "target/mutants");

/// What is changed to what. Only code, no comments, types or declarations: those lines are skipped.
const MISTAKES = [
  [/ >= /g, " > "], [/ <= /g, " < "], [/ > (?!=)/g, " >= "], [/ < (?!=)/g, " <= "], [/ == /g, " != "], [/ != /g, " == "],
  [/ && /g, " || "], [/ \|\| /g, " && "], [/ \+ /g, " - "], [/ - /g, " + "], [/ \* /g, " / "], [/ \+= /g, " -= "], [/ -= /g, " += "],
  [/\btrue\b/g, "false"], [/\bfalse\b/g, "true"], [/Math\.min/g, "Math.max"], [/Math\.max/g, "Math.min"],
  [/^(\s*)(_lock|_unlock|_seize|_reward|_toKitty|_praise|_blame|_admit|_agreed|_authorized|_attested|_requireStatus|_requireCallback|_reactivate)\((.*)\);$/g, "$1// $2"],
  [/^(\s*)(require\(.*\);)$/g, "$1// $2"], [/^(\s*)(delete .*;|task\.\S+ = .*;)$/g, "$1// $2"],
];

function files(directory) {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    return entry.isDirectory() ? files(path) : [path];
  });
}

const mutants = [];
for (const path of files(join(home, "src")).sort()) {
  if (!path.endsWith(values.file || ".sol") || path.includes("interfaces")) continue;
  const lines = readFileSync(path, "utf8").split("\n");
  lines.forEach((line, i) => {
    if (/^\s*(\/\/|\*|\/\*|import|pragma|error|event|struct|string private|function .*;$)/.test(line)) return;
    for (const [from, to] of MISTAKES) {
      for (const match of line.matchAll(from)) {
        const changed = line.slice(0, match.index) + match[0].replace(new RegExp(from.source), to) + line.slice(match.index + match[0].length);
        mutants.push({ path, line: i + 1, before: line.trim(), after: changed.trim(), text: lines.with(i, changed).join("\n") });
      }
    }
  });
}

/// mulberry32: small, and the same everywhere.
function random(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
const next = random(Number(values.seed));
const sample = [];
while (sample.length < Number(values.count) && mutants.length > 0) sample.push(...mutants.splice(Math.floor(next() * mutants.length), 1));

mkdirSync(copy, { recursive: true });
for (const name of ["src", "test", "tools", "foundry.toml"]) {
  rmSync(join(copy, name), { recursive: true, force: true });
  cpSync(join(home, name), join(copy, name), { recursive: true });
}
// Warnings (an argument that is not used any more) are no reason to die.
writeFileSync(join(copy, "foundry.toml"), readFileSync(join(copy, "foundry.toml"), "utf8").replace('deny = "warnings"', 'deny = "never"'));
rmSync(join(copy, "node_modules"), { force: true });
symlinkSync(join(home, "node_modules"), join(copy, "node_modules"));

let survivors = 0, stillborn = 0;
for (const { path, line, before, after, text } of sample) {
  const place = join(copy, relative(home, path));
  writeFileSync(place, text);
  let result = "SURVIVED";
  try {
    execFileSync(process.execPath, [join(home, "tools/forge.mjs"), "test", "--fail-fast"], { cwd: copy, stdio: "pipe", env: { ...process.env, FOUNDRY_FUZZ_RUNS: "64" } });
    ++survivors;
  } catch (e) {
    result = /Compiler run failed|Stack too deep/.test(e.stdout + e.stderr) ? (++stillborn, "does not compile") : "killed";
  }
  writeFileSync(place, readFileSync(path, "utf8"));
  console.log(`${result}: ${relative(home, path)}:${line}\n    ${before}\n    ${after}`);
}
console.log(`${sample.length} mutants, ${stillborn} that do not compile, ${survivors} survivors`);
process.exit(survivors > 0 ? 1 : 0);
