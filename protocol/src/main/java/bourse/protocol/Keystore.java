package bourse.protocol;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A wallet in a file, encrypted by a password: Ethereum's Web3 Secret Storage, version 3, which every wallet
/// reads.
public final class Keystore {
    private static final JsonMapper JSON = new JsonMapper();
    private static final long LARGEST_FILE = 64 * 1024;
    /// geth's "light" cost: 50 ms to open. The files lie beside the password that the operator chose, on his own
    /// machine.
    private static final int SCRYPT_N = 4096;

    private static final int SCRYPT_P = 6;
    /// What geth's standard cost takes.
    private static final long LARGEST_SCRYPT = 1 << 28;

    private static final String CIPHER = "aes-128-ctr";
    private static final int SCRYPT_R = 8;

    private Keystore() {}

    /// Writes `wallet` to a new file that only its owner can read.
    public static void write(Wallet wallet, String password, Path file) throws IOException {
        var random = new SecureRandom();
        var salt = new byte[32];
        var iv = new byte[16];
        random.nextBytes(salt);
        random.nextBytes(iv);
        var derived = Scrypt.derive(utf8(password), salt, SCRYPT_N, SCRYPT_R, SCRYPT_P, 32);
        var ciphertext = crypt(derived, iv, wallet.key().bytes());
        var json = Map.of(
                "version",
                3,
                "id",
                UUID.randomUUID().toString(),
                "address",
                wallet.address().hex(),
                "crypto",
                Map.of(
                        "cipher",
                        CIPHER,
                        "cipherparams",
                        Map.of("iv", Bytes.of(iv).hex()),
                        "ciphertext",
                        Bytes.of(ciphertext).hex(),
                        "kdf",
                        "scrypt",
                        "kdfparams",
                        Map.of(
                                "dklen",
                                32,
                                "n",
                                SCRYPT_N,
                                "p",
                                SCRYPT_P,
                                "r",
                                SCRYPT_R,
                                "salt",
                                Bytes.of(salt).hex()),
                        "mac",
                        mac(derived, ciphertext).hex()));
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, JSON.writeValueAsString(json), StandardOpenOption.WRITE);
    }

    /// @throws Malformed if it is no keystore file, its cost is beyond reason, or the password is wrong
    public static Wallet read(Path file, String password) throws IOException {
        if (Files.size(file) > LARGEST_FILE) {
            throw new Malformed(file + " is too large for a keystore file");
        }
        try {
            var root = JSON.readTree(Files.readString(file));
            if (root.path("version").asInt(0) != 3) {
                throw new Malformed(file + " is not a version 3 keystore file");
            }
            // Some wallets write it with a capital: ethers, and so iExec's clients.
            var crypto = root.has("Crypto") ? root.path("Crypto") : root.path("crypto");
            if (!crypto.path("cipher").asString("").equals(CIPHER)) {
                throw new Malformed("a keystore's cipher is " + CIPHER);
            }
            var derived = derive(crypto, utf8(password));
            var ciphertext = bytes(crypto, "ciphertext");
            if (!MessageDigest.isEqual(mac(derived, ciphertext).bytes(), bytes(crypto, "mac"))) {
                throw new Malformed("the password does not open " + file);
            }
            return Wallet.of(Bytes32.of(crypt(derived, bytes(crypto.path("cipherparams"), "iv"), ciphertext)));
        } catch (JacksonException e) {
            throw new Malformed(file + " is not a keystore file: " + e.getOriginalMessage(), e);
        }
    }

    private static byte[] derive(JsonNode crypto, byte[] password) {
        var params = crypto.path("kdfparams");
        var salt = bytes(params, "salt");
        if (number(params, "dklen", 64) != 32) {
            throw new Malformed("a keystore's derived key takes 32 bytes");
        }
        return switch (crypto.path("kdf").asString("")) {
            case "scrypt" -> {
                int n = number(params, "n", 1 << 20);
                int r = number(params, "r", 32);
                int p = number(params, "p", 16);
                if (n < 2 || Integer.bitCount(n) != 1) {
                    throw new Malformed("a keystore's scrypt cost is a power of two, this is " + n);
                }
                if (128L * n * r * p > LARGEST_SCRYPT) {
                    throw new Malformed(
                            "a keystore's scrypt takes at most %,d bytes of memory".formatted(LARGEST_SCRYPT));
                }
                yield Scrypt.derive(password, salt, n, r, p, 32);
            }
            case "pbkdf2" -> Scrypt.pbkdf2(password, salt, number(params, "c", 10_000_000), 32);
            default -> throw new Malformed("a keystore's key is derived by scrypt or pbkdf2");
        };
    }

    private static int number(JsonNode node, String name, int most) {
        var value = node.path(name).asInt(0);
        if (value < 1 || value > most) {
            throw new Malformed("a keystore's %s is 1 to %,d".formatted(name, most));
        }
        return value;
    }

    private static byte[] bytes(JsonNode node, String name) {
        return Bytes.parse(node.path(name).asString("")).bytes();
    }

    private static Bytes32 mac(byte[] derived, byte[] ciphertext) {
        return Keccak.of(Arrays.copyOfRange(derived, 16, 32), ciphertext);
    }

    private static byte[] crypt(byte[] derived, byte[] iv, byte[] text) {
        try {
            var cipher = Cipher.getInstance("AES/CTR/NoPadding");
            cipher.init(
                    Cipher.ENCRYPT_MODE,
                    new SecretKeySpec(Arrays.copyOf(derived, 16), "AES"),
                    new IvParameterSpec(iv)); // CTR decrypts as it encrypts
            return cipher.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new Malformed("this keystore can not be decrypted: " + e.getMessage(), e);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }
}
