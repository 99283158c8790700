// Runs forge and ends as it ends: the npm package's own `forge` command exits with 0 when tests fail.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const machine = `${process.platform}-${process.arch === "x64" ? "amd64" : process.arch}`;
const home = dirname(createRequire(import.meta.url).resolve(`@foundry-rs/forge-${machine}/package.json`));

/// Where the program is.
export const forge = join(home, "bin", process.platform === "win32" ? "forge.exe" : "forge");

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { status, error } = spawnSync(forge, process.argv.slice(2), { stdio: "inherit" });
  if (error) throw error;
  process.exit(status ?? 1);
}
