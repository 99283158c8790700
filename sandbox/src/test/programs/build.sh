#!/bin/sh
# Builds the tests' programs into ../resources/programs. Debian: clang lld wasi-libc libclang-rt-14-dev-wasm32 wabt
set -eu
cd "$(dirname "$0")"
for file in *.c; do
    clang --target=wasm32-wasi -O1 -Wall -Wno-infinite-recursion -std=gnu11 -c -o "/tmp/$$.o" "$file"
    clang --target=wasm32-wasi -Wl,--strip-all,-z,stack-size=4194304 -o "../resources/programs/${file%.c}.wasm" "/tmp/$$.o"
    rm "/tmp/$$.o"
done
for file in *.wat; do
    wat2wasm --enable-threads --enable-exceptions --enable-tail-call -o "../resources/programs/${file%.wat}.wasm" "$file"
done
chmod -x ../resources/programs/*.wasm
