#!/bin/sh
# Builds every example, or those that are named: C in, a small WASI program out.
# Debian: clang lld wasi-libc libclang-rt-14-dev-wasm32
set -eu
cd "$(dirname "$0")"
object="$(mktemp --suffix=.o)"
trap 'rm -f "$object"' EXIT
for file in ${@:-*.c}; do
    # In two steps: a clang that optimises while it links would run whatever wasm-opt is installed.
    clang --target=wasm32-wasi -O2 -Wall -Wextra -Werror -std=gnu11 -c -o "$object" "$file"
    clang --target=wasm32-wasi -Wl,--strip-all -o "${file%.c}.wasm" "$object"
    chmod -x "${file%.c}.wasm"
done
