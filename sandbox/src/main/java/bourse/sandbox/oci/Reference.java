package bourse.sandbox.oci;

import bourse.sandbox.Cause;
import bourse.sandbox.Program;
import java.util.Locale;
import java.util.regex.Pattern;

/// An image by the digest of its manifest.
///
/// @param name with the registry's host, where it has one; without a tag
/// @param digest 64 hexadecimal digits of SHA-256
public record Reference(String name, String digest) {
    // What Docker's own grammar allows, but for the tag, which a digest makes idle.
    private static final Pattern PINNED = Pattern.compile(
            "((?:[a-zA-Z0-9.-]{1,200}(?::[0-9]{1,5})?/)?[a-z0-9]+(?:[._/-]+[a-z0-9]+)*)(?::[\\w.-]{1,128})?@sha256:([0-9a-f]{64})");
    private static final int LONGEST = 500;

    /// @throws Unusable when it is not pinned, or not to what its owner registered
    public static Reference of(Program.Image image) throws Unusable {
        var text = image.reference();
        var pinned = PINNED.matcher(text);
        if (text.length() > LONGEST || !pinned.matches()) {
            throw new Unusable(
                    Cause.IMAGE_NOT_PINNED,
                    "An image is named as name@sha256:digest, because a name alone may mean another program tomorrow: "
                            + Unusable.brief(text) + ".");
        }
        var reference = new Reference(pinned.group(1), pinned.group(2));
        var registered = image.checksum().map(checksum -> checksum.toLowerCase(Locale.ROOT));
        if (registered.isPresent() && !registered.get().equals(reference.digest)) {
            throw new Unusable(
                    Cause.IMAGE_NOT_PINNED,
                    "The image's digest is sha256:%s, but its owner registered %s."
                            .formatted(reference.digest, Unusable.brief(registered.get())));
        }
        return reference;
    }

    @Override
    public String toString() {
        return name + "@sha256:" + digest;
    }
}
