package bourse.sandbox.oci;

import bourse.sandbox.Cause;
import bourse.sandbox.Refusal;

/// An image can not be run. The message is a sentence for the program's author.
public final class Unusable extends Exception {
    private static final long serialVersionUID = 1;
    private static final int LONGEST = 300;

    private final Refusal refusal;

    Unusable(Cause cause, String message) {
        super(message);
        refusal = new Refusal(cause, message);
    }

    Refusal refusal() {
        return refusal;
    }

    /// What a registry, a daemon or an image says of itself, on one line.
    static String brief(String text) {
        var line = text.replaceAll("[^ -~]+", " ").strip();
        return line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line;
    }
}
