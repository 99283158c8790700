package bourse.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeystoreTest {
    /// The test vectors of the Web3 Secret Storage Definition.
    private static final String PASSWORD = "testpassword";

    private static final Bytes32 SECRET =
            Bytes32.parse("7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d");
    private static final String PBKDF2 = """
            {"crypto": {
               "cipher": "aes-128-ctr",
               "cipherparams": {"iv": "6087dab2f9fdbbfaddc31a909735c1e6"},
               "ciphertext": "5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46",
               "kdf": "pbkdf2",
               "kdfparams": {
                 "c": 262144, "dklen": 32, "prf": "hmac-sha256",
                 "salt": "ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd"},
               "mac": "517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2"},
             "id": "3198bc9c-6672-5ab3-d995-4942343ae5b6",
             "version": 3}
            """;
    private static final String SCRYPT = """
            {"crypto": {
               "cipher": "aes-128-ctr",
               "cipherparams": {"iv": "83dbcc02d8ccb40e466191a123791e0e"},
               "ciphertext": "d172bf743a674da9cdad04534d56926ef8358534d458fffccd4e6ad2fbde479c",
               "kdf": "scrypt",
               "kdfparams": {
                 "dklen": 32, "n": 262144, "p": 8, "r": 1,
                 "salt": "ab0c7876052600dd703518d6fc3fe8984592145b591fc8fb5c6d43190334ba19"},
               "mac": "2103ac29920d71da29f15d75b4a16dbe95cfd7ff8faea1056c33131d846e3097"},
             "id": "3198bc9c-6672-5ab3-d995-4942343ae5b6",
             "version": 3}
            """;

    @TempDir
    Path directory;

    @Test
    void readsFilesOfPbkdf2() throws IOException {
        assertThat(read(PBKDF2, PASSWORD).key()).isEqualTo(SECRET);
    }

    @Test
    void readsFilesOfWalletsThatBeginTheKeyWithACapital() throws IOException {
        assertThat(read(PBKDF2.replace("\"crypto\"", "\"Crypto\""), PASSWORD).key())
                .isEqualTo(SECRET);
    }

    @Test
    void readsFilesOfScrypt() throws IOException {
        assertThat(read(SCRYPT, PASSWORD).key()).isEqualTo(SECRET);
    }

    @Test
    void readsWhatItWrote() throws IOException {
        var wallet = Wallet.random();
        var file = directory.resolve("wallet.json");

        Keystore.write(wallet, "pässword", file);

        assertThat(Keystore.read(file, "pässword").key()).isEqualTo(wallet.key());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Files.readString(file)).doesNotContain(wallet.key().hex());
    }

    @Test
    void neverOverwritesAWallet() throws IOException {
        var file = directory.resolve("wallet.json");
        Keystore.write(Wallet.random(), "a", file);
        var before = Files.readString(file);

        assertThatThrownBy(() -> Keystore.write(Wallet.random(), "b", file))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThat(file).hasContent(before);
    }

    @Test
    void aWrongPasswordOpensNothing() {
        assertThatThrownBy(() -> read(PBKDF2, "testpassword "))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("password");
    }

    @Test
    void aDamagedFileOpensNothing() {
        assertMalformed(PBKDF2.replace("5318b4d5", "5318b4d6"), "password");
        assertMalformed(PBKDF2.replace("\"version\": 3", "\"version\": 1"), "version 3");
        assertMalformed(PBKDF2.replace("pbkdf2", "argon2"), "scrypt or pbkdf2");
        assertMalformed(PBKDF2.replace("\"dklen\": 32", "\"dklen\": 16"), "32 bytes");
        assertMalformed(PBKDF2.replace("6087dab2", "x087dab2"), "hexadecimal");
        assertMalformed(PBKDF2.replace("aes-128-ctr", "aes-128-cbc"), "aes-128-ctr");
        assertMalformed("{", "keystore");
        assertMalformed("[]", "keystore");
        assertMalformed("", "keystore");
    }

    @Test
    void aFileCannotMakeUsWorkForever() {
        assertMalformed(PBKDF2.replace("262144", "2000000000"), "10,000,000");
        assertMalformed(SCRYPT.replace("262144", "1073741824"), "1,048,576");
        assertMalformed(SCRYPT.replace("262144", "262143"), "power of two");
        assertMalformed(SCRYPT.replace("262144", "1048576").replace("\"r\": 1", "\"r\": 32"), "memory");
        assertMalformed(SCRYPT.replace("262144", "1"), "power of two");
        assertMalformed(SCRYPT.replace("\"p\": 8", "\"p\": 16"), "memory");
        assertMalformed(" ".repeat(70_000) + SCRYPT, "too large");
    }

    private void assertMalformed(String json, String message) {
        assertThatThrownBy(() -> read(json, PASSWORD))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining(message);
    }

    private Wallet read(String json, String password) throws IOException {
        return Keystore.read(Files.writeString(directory.resolve("vector.json"), json), password);
    }
}
