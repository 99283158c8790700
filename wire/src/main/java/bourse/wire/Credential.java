package bourse.wire;

import bourse.protocol.Address;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Call;
import bourse.protocol.Domain;
import bourse.protocol.Malformed;
import bourse.protocol.Wallet;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// What a signed call carries in its header `Authorization` (RFC 9110, 11.4): what can not be read off the
/// call.
///
/// ```
/// Authorization: Bourse-EIP712 signer=0x…, epoch=0x…, nonce=0x…, issued=1580644800, expires=1580644830,
///     signature=0x…
/// ```
record Credential(Address signer, Bytes32 epoch, Bytes32 nonce, Instant issued, Instant expires, Bytes signature) {
    static final String SCHEME = "Bourse-EIP712";

    static Credential sign(Call call, Domain domain, Wallet wallet) {
        return new Credential(
                wallet.address(),
                call.epoch(),
                call.nonce(),
                call.issued(),
                call.expires(),
                wallet.sign(domain.hash(call)).bytes());
    }

    /// @throws Malformed if it is not of the form above
    static Credential parse(String header) {
        if (!header.regionMatches(true, 0, SCHEME + " ", 0, SCHEME.length() + 1)) {
            throw new Malformed("the header Authorization begins with " + SCHEME);
        }
        Map<String, String> fields = new HashMap<>();
        Arrays.stream(header.substring(SCHEME.length() + 1).split(",", -1)).forEach(field -> {
            var parts = field.strip().split("=", 2);
            if (parts.length != 2 || fields.put(parts[0], parts[1]) != null) {
                throw new Malformed("the header Authorization has name=value, each once, between commas");
            }
        });
        var credential = new Credential(
                Address.parse(take(fields, "signer")),
                Bytes32.parse(take(fields, "epoch")),
                Bytes32.parse(take(fields, "nonce")),
                seconds(take(fields, "issued")),
                seconds(take(fields, "expires")),
                Bytes.parse(take(fields, "signature")));
        if (!fields.isEmpty()) {
            throw new Malformed("the header Authorization has more than is known here");
        }
        return credential;
    }

    private static String take(Map<String, String> fields, String name) {
        var value = fields.remove(name);
        if (value == null) {
            throw new Malformed("the header Authorization lacks " + name);
        }
        return value;
    }

    private static Instant seconds(String text) {
        if (!text.matches("\\d{1,11}")) {
            throw new Malformed("times in the header Authorization are in seconds since 1970");
        }
        return Instant.ofEpochSecond(Long.parseLong(text));
    }

    @Override
    public String toString() {
        return "%s signer=%s, epoch=%s, nonce=%s, issued=%d, expires=%d, signature=%s"
                .formatted(SCHEME, signer, epoch, nonce, issued.getEpochSecond(), expires.getEpochSecond(), signature);
    }
}
