// The contracts' layout and style. A warning is an error.
//
//   npm run lint      in contracts/
//
// forge fmt says how lines are laid out. forge and solhint look for what is dangerous or odd; of solhint every rule is on that
// .solhint.json does not turn off: what the market cannot do without (time, assembly, an empty function), what PoCo's interface
// fixes (names, what is indexed), what another tool decides (layout), and matters of taste in which this code has its own.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const home = join(dirname(fileURLToPath(import.meta.url)), "..");
/// Not among them: time, which deadlines are made of, and casts, which also warns of those that cannot lose anything.
const DANGERS = ["incorrect-shift", "unchecked-call", "erc20-unchecked-transfer", "incorrect-erc20-interface", "incorrect-erc721-interface",
  "unused-import"];
const forge = join(home, "tools/forge.mjs");
const checks = [
  [forge, "fmt", "--check", "src", "test", "bench/Floor.sol"],
  [forge, "lint", "src", ...DANGERS.flatMap((lint) => ["--only-lint", lint])],
  [join(home, "lint/node_modules/solhint/solhint.js"), "--config", ".solhint.json", "--max-warnings", "0", "--disc", "src/**/*.sol"],
];
for (const check of checks) {
  const { status, stdout, stderr } = spawnSync(process.execPath, check, { cwd: home, encoding: "utf8" });
  if (status !== 0) {
    process.stderr.write(stdout + stderr);
    process.exitCode = 1;
  }
}
