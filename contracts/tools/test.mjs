// Runs forge's tests on the bytecode that is deployed.
//
//   node tools/test.mjs [ARGUMENTS OF forge test]
//
// forge compiles the tests the compiler's older way, in seconds; by the way the market's contracts are compiled they would take
// minutes. What the tests deploy (vm.deployCode) is then replaced by what compile.mjs made, and forge, which sees no source change,
// runs it.
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { forge } from "./forge.mjs";

const home = join(dirname(fileURLToPath(import.meta.url)), "..");
const deployed = [join(home, "target/classes/bourse/contracts"), join(home, "target/test-support/bourse/contracts")];
const run = (script, ...args) => execFileSync(process.execPath, [join(home, script), ...args], { cwd: home, stdio: "inherit" });

run("compile.mjs");
run("test/support/compile.mjs", deployed[1]);
execFileSync(forge, ["build", "--quiet"], { cwd: home, stdio: "inherit" });
for (const directory of deployed) {
  for (const file of readdirSync(directory).filter((name) => name.endsWith(".json") && name !== "NativeHub.json")) {
    const name = file.slice(0, -".json".length);
    const place = join(home, `target/forge/out/${name}.sol/${name}.json`);
    const artifact = JSON.parse(readFileSync(place, "utf8"));
    artifact.bytecode.object = JSON.parse(readFileSync(join(directory, file), "utf8")).bytecode;
    writeFileSync(place, JSON.stringify(artifact));
  }
}
const { status, error } = spawnSync(forge, ["test", ...process.argv.slice(2)], { cwd: home, stdio: "inherit" });
if (error) throw error;
process.exit(status ?? 1);
