// Installs the npm packages of a directory's package-lock.json, and does nothing where they are installed already.
//
//   node tools/install.mjs [DIRECTORY]      default: contracts itself
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const home = resolve(dirname(fileURLToPath(import.meta.url)), "..", process.argv[2] ?? ".");
const key = createHash("sha256").update(readFileSync(join(home, "package-lock.json"))).digest("hex");
const stamp = join(home, "node_modules/.lock-sha256");
if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== key) {
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  // No package needs its install script: forge's and anvil's only check what npm has done.
  execFileSync(npm, ["ci", "--ignore-scripts", "--no-fund", "--no-audit"], { cwd: home, stdio: ["ignore", "ignore", "inherit"] });
  writeFileSync(stamp, key);
}
