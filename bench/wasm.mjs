// node bench/wasm.mjs RUNS PROGRAM ARGUMENTS…: milliseconds of each run under node's own WASI, as one JSON array.
import { WASI } from 'node:wasi';
import { mkdtempSync, mkdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [runs, program, ...args] = process.argv.slice(2);
const directory = mkdtempSync(join(tmpdir(), 'bench'));
const preopens = {};
for (const name of ['/iexec_in', '/iexec_out']) {
    mkdirSync(join(directory, name));
    preopens[name] = join(directory, name);
}
const env = { IEXEC_IN: '/iexec_in', IEXEC_OUT: '/iexec_out' };
const module = await WebAssembly.compile(readFileSync(program));
const times = [];
for (let run = 0; run < runs; run++) {
    const wasi = new WASI({ version: 'preview1', args: [program, ...args], env, preopens, stdout: 2, returnOnExit: true });
    const start = performance.now();
    wasi.start(await WebAssembly.instantiate(module, wasi.getImportObject()));
    times.push(performance.now() - start);
}
console.log(JSON.stringify(times));
