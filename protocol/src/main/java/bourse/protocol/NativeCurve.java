package bourse.protocol;

import static java.lang.foreign.MemorySegment.NULL;
import static java.lang.foreign.MemorySegment.ofArray;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.Arrays;

/// By libsecp256k1, Bitcoin's library, in C: many times faster, and its time tells nothing about the key.
///
/// Its functions are called on Java's own arrays: a key needs no copy outside of its [Wallet]. All that they get is
/// checked before, for they end the process when an argument breaks their contract.
@SuppressWarnings("restricted") // the launcher and the tests have --enable-native-access
final class NativeCurve implements Curve {
    private static final int CONTEXT_NONE = 1;
    private static final int UNCOMPRESSED = 2;
    /// Sizes of C's `secp256k1_pubkey` and `secp256k1_ecdsa_recoverable_signature`, which are opaque.
    private static final int PUBLIC_KEY = 64;

    private static final int SIGNATURE = 65;

    private final MemorySegment context;
    private final MethodHandle createPublicKey;
    private final MethodHandle serializePublicKey;
    private final MethodHandle sign;
    private final MethodHandle serializeSignature;
    private final MethodHandle parseSignature;
    private final MethodHandle recover;

    private NativeCurve(SymbolLookup library) {
        createPublicKey = function(library, "secp256k1_ec_pubkey_create", ADDRESS, ADDRESS, ADDRESS);
        serializePublicKey =
                function(library, "secp256k1_ec_pubkey_serialize", ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_INT);
        sign = function(
                library, "secp256k1_ecdsa_sign_recoverable", ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
        serializeSignature = function(
                library, "secp256k1_ecdsa_recoverable_signature_serialize_compact", ADDRESS, ADDRESS, ADDRESS, ADDRESS);
        parseSignature = function(
                library, "secp256k1_ecdsa_recoverable_signature_parse_compact", ADDRESS, ADDRESS, ADDRESS, JAVA_INT);
        recover = function(library, "secp256k1_ecdsa_recover", ADDRESS, ADDRESS, ADDRESS, ADDRESS);
        context = context(library);
    }

    /// @throws IOException if the library has no form for this machine, or cannot be unpacked
    /// @throws IllegalArgumentException if it does not load, such as from a temporary directory without programs
    static NativeCurve load() throws IOException {
        return load(
                System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                Path.of(System.getProperty("java.io.tmpdir")));
    }

    static NativeCurve load(String machine, Path directory) throws IOException {
        var folder = switch (machine) {
            case "Linux amd64" -> "linux-x86_64";
            case "Linux aarch64" -> "linux-aarch64";
            default -> throw new FileNotFoundException("it is not packed for " + machine);
        };
        var name = "/fr/acinq/secp256k1/jni/native/%s/libsecp256k1-jni.so".formatted(folder);
        // A loaded library needs its file no more; deleted at once, it is not left when the process is killed.
        var file = Files.createTempFile(directory, "secp256k1-", ".so");
        try (var packed = NativeCurve.class.getResourceAsStream(name)) {
            if (packed == null) {
                throw new FileNotFoundException("it is not on the class path: " + name);
            }
            Files.copy(packed, file, StandardCopyOption.REPLACE_EXISTING);
            return new NativeCurve(SymbolLookup.libraryLookup(file, Arena.global()));
        } finally {
            Files.delete(file);
        }
    }

    @Override
    public byte[] publicKey(byte[] key) {
        var publicKey = ofArray(new byte[PUBLIC_KEY]);
        try {
            expect((int) createPublicKey.invokeExact(context, publicKey, ofArray(key)), "a key");
            return serialized(publicKey);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public Signature sign(byte[] key, byte[] hash) {
        var signature = ofArray(new byte[SIGNATURE]);
        var rs = new byte[64];
        var recovery = new int[1];
        try {
            expect((int) sign.invokeExact(context, signature, ofArray(hash), ofArray(key), NULL, NULL), "a key");
            expect(
                    (int) serializeSignature.invokeExact(context, ofArray(rs), ofArray(recovery), signature),
                    "its own signature");
        } catch (Throwable e) {
            throw unexpected(e);
        }
        // Recovery ids 2 and 3 would mean an r of n or more, which nobody has ever met.
        return new Signature(
                new BigInteger(1, Arrays.copyOf(rs, 32)),
                new BigInteger(1, Arrays.copyOfRange(rs, 32, 64)),
                recovery[0] == 1);
    }

    @Override
    public byte[] signer(Signature signature, byte[] hash) {
        var rs = ofArray(Arrays.copyOf(signature.bytes().bytes(), 64));
        var parsed = ofArray(new byte[SIGNATURE]);
        var publicKey = ofArray(new byte[PUBLIC_KEY]);
        try {
            expect(
                    (int) parseSignature.invokeExact(context, parsed, rs, signature.odd() ? 1 : 0),
                    "numbers below the order");
            if ((int) recover.invokeExact(context, publicKey, parsed, ofArray(hash)) == 0) {
                throw new Malformed("not a signature: no key made it");
            }
            return serialized(publicKey);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private byte[] serialized(MemorySegment publicKey) throws Throwable {
        var bytes = new byte[65];
        var length = new long[] {bytes.length};
        expect(
                (int) serializePublicKey.invokeExact(context, ofArray(bytes), ofArray(length), publicKey, UNCOMPRESSED),
                "its own public key");
        return bytes;
    }

    /// Blinded by random numbers, so that the processor's power tells less about the keys.
    private static MemorySegment context(SymbolLookup library) {
        var create = Linker.nativeLinker()
                .downcallHandle(
                        library.findOrThrow("secp256k1_context_create"), FunctionDescriptor.of(ADDRESS, JAVA_INT));
        var randomize = function(library, "secp256k1_context_randomize", ADDRESS, ADDRESS);
        var seed = new byte[32];
        new SecureRandom().nextBytes(seed);
        try {
            var context = (MemorySegment) create.invokeExact(CONTEXT_NONE);
            expect((int) randomize.invokeExact(context, ofArray(seed)), "random numbers");
            return context;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /// All return whether they did it. They take microseconds and call nothing back: what "critical" asks for.
    private static MethodHandle function(SymbolLookup library, String name, MemoryLayout... arguments) {
        return Linker.nativeLinker()
                .downcallHandle(
                        library.findOrThrow(name),
                        FunctionDescriptor.of(JAVA_INT, arguments),
                        Linker.Option.critical(true));
    }

    private static void expect(int result, String what) {
        if (result != 1) {
            throw new IllegalStateException("libsecp256k1 refused " + what);
        }
    }

    private static RuntimeException unexpected(Throwable e) {
        return switch (e) {
            case RuntimeException known -> known;
            case Error error -> throw error;
            default -> new IllegalStateException("libsecp256k1 cannot be called", e);
        };
    }
}
