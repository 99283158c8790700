package bourse.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import org.apache.commons.codec.binary.Base32;

/// Names bytes by what they are: an IPFS content identifier, version 1, raw codec, SHA-256, in base32
/// (`bafkrei…`).
///
/// @param sha256 the SHA-256 of the bytes
public record Cid(Bytes32 sha256) {
    /// Version 1, codec raw (0x55), hash sha2-256 (0x12) of 32 bytes (multiformats/cid).
    private static final byte[] PREFIX = {1, 0x55, 0x12, 32};

    private static final Base32 BASE32 = Base32.builder().setPadding((byte) '=').get();

    /// @throws Malformed if it is not a CIDv1 of raw bytes by SHA-256
    @JsonCreator
    public static Cid parse(String text) {
        if (text.length() != 59 || text.charAt(0) != 'b') {
            throw new Malformed("not a CIDv1 in base32 (59 characters that begin with b): " + brief(text));
        }
        byte[] bytes;
        try {
            bytes = BASE32.decode(text.substring(1).toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new Malformed("not a CIDv1 in base32: " + brief(text), e);
        }
        if (bytes.length != 36 || !Arrays.equals(bytes, 0, 4, PREFIX, 0, 4)) {
            throw new Malformed("not a CID of raw bytes by SHA-256: " + brief(text));
        }
        var cid = new Cid(Bytes32.of(Arrays.copyOfRange(bytes, 4, 36)));
        if (!cid.toString().equals(text)) {
            throw new Malformed("not the one way to write this CID: " + brief(text));
        }
        return cid;
    }

    /// The path of iExec's clients, under which a gateway serves it: `/ipfs/<cid>`.
    public String path() {
        return "/ipfs/" + this;
    }

    /// Reads [#path].
    public static Cid ofPath(String path) {
        if (!path.startsWith("/ipfs/")) {
            throw new Malformed("not a path of the form /ipfs/<cid>: " + brief(path));
        }
        return parse(path.substring("/ipfs/".length()));
    }

    private static String brief(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100) + "…";
    }

    @Override
    @JsonValue
    public String toString() {
        var bytes = Arrays.copyOf(PREFIX, 36);
        System.arraycopy(sha256.bytes(), 0, bytes, 4, 32);
        return "b" + BASE32.encodeAsString(bytes).replace("=", "").toLowerCase(Locale.ROOT);
    }
}
