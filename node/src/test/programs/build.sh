#!/usr/bin/env bash
# Builds the programs beside it; needs Debian's clang, lld, wasi-libc and libclang-rt-14-dev-wasm32.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
for source in *.c; do
    clang --target=wasm32-wasi -Oz -Wl,--strip-all -o "${source%.c}.wasm" "$source"
done
wat2wasm foreign.wat -o foreign.wasm # from wabt
