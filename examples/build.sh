#!/bin/sh
# Builds every example: C in, a small WASI program out. Debian: clang lld wasi-libc libclang-rt-14-dev-wasm32
set -eu
cd "$(dirname "$0")"
for source in "${@:-*.c}"; do
    for file in $source; do
        clang --target=wasm32-wasi -O2 -Wall -Wextra -Werror -std=gnu11 -Wl,--strip-all -o "${file%.c}.wasm" "$file"
    done
done
