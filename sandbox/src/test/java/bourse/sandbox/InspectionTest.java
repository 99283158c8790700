package bourse.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is refused before it runs.
final class InspectionTest {
    @ParameterizedTest
    @ValueSource(strings = {"mandelbrot", "primes", "pi", "wordfreq", "oracle", "sha256", "nbody"})
    void acceptsEveryExample(String name) {
        assertThat(Sandbox.inspect(Programs.bytes(Programs.example(name)))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"behaviour", "paths", "nan", "count", "start_section", "fill", "table_grow"})
    void acceptsWhatIsWrongOnlyWhenItRuns(String name) {
        assertThat(Sandbox.inspect(Programs.bytes(Programs.test(name)))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "unknown_import, IMPORT_NOT_OFFERED, env.telephone",
        "unknown_wasi, IMPORT_NOT_OFFERED, sock_open",
        "wrong_wasi_type, IMPORT_NOT_OFFERED, fd_close",
        "no_start, NOT_WASM, _start",
        "simd, FEATURE_NOT_OFFERED, SIMD",
        "threads, FEATURE_NOT_OFFERED, shared",
        "exceptions, FEATURE_NOT_OFFERED, exceptions",
        "tail_call, FEATURE_NOT_OFFERED, tail calls",
        "big_table, TOO_COMPLEX, table",
    })
    void saysWhatIsNotOffered(String name, Cause cause, String word) {
        assertThat(Sandbox.inspect(Programs.bytes(Programs.test(name)))).hasValueSatisfying(refusal -> {
            assertThat(refusal.cause()).isEqualTo(cause);
            assertThat(refusal.message()).contains(word);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\0asm", "#!/bin/sh\necho hello", "MZ is not WebAssembly either"})
    void refusesWhatIsNoModule(String text) {
        refuses(text.getBytes(UTF_8), Cause.NOT_WASM);
    }

    @Test
    void refusesTooManyLocalsFunctionsAndBlocks() {
        refuses(Modules.many(1, 10_001), Cause.TOO_COMPLEX);
        refuses(Modules.many(90_000, 9_000), Cause.TOO_COMPLEX);
        refuses(Modules.many(100_001, 1), Cause.TOO_COMPLEX);
        refuses(Modules.nested(2_000), Cause.TOO_COMPLEX);
        refuses(new byte[17 << 20], Cause.TOO_COMPLEX);
    }

    @Test
    void refusesAReachForTheMetersOwnGlobalsAndLocals() {
        // The module has neither; the pass adds both, and without a look at the index they would be there.
        refuses(Modules.repeated(new byte[] {0x42, 0, 0x24, 0}, 1), Cause.NOT_WASM); // i64.const 0, global.set 0
        refuses(Modules.repeated(new byte[] {0x42, 0, 0x21, 0}, 1), Cause.NOT_WASM); // i64.const 0, local.set 0
        refuses(Modules.repeated(new byte[] {0x0c, 1}, 1), Cause.NOT_WASM); // br 1
    }

    @Test
    void refusesTypesThatDoNotFit() {
        refuses(Modules.repeated(new byte[] {0x6a}, 1), Cause.NOT_WASM); // i32.add of nothing
        refuses(Modules.repeated(new byte[] {0x41, 0}, 1), Cause.NOT_WASM); // leaves an i32
    }

    /// Every cut and many flipped bits: a refusal or not, but never an exception.
    @Test
    void survivesDamagedModules() {
        var module = Programs.bytes(Programs.test("paths"));
        for (int length = 0; length < module.length; length++) {
            assertThat(Sandbox.inspect(Arrays.copyOf(module, length))).isPresent();
        }
        var random = new Random(1);
        for (int i = 0; i < 3_000; i++) {
            var damaged = module.clone();
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                damaged[8 + random.nextInt(module.length - 8)] ^= (byte) (1 << random.nextInt(8));
            }
            Sandbox.inspect(damaged);
        }
    }

    private static void refuses(byte[] module, Cause cause) {
        assertThat(Sandbox.inspect(module))
                .hasValueSatisfying(refusal ->
                        assertThat(refusal.cause()).as(refusal.message()).isEqualTo(cause));
    }
}
