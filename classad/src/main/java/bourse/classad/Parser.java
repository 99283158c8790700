package bourse.classad;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// Reads expressions and ads, no more than the limits allow.
///
/// @param form how strings and ads are written
/// @param semantics whether `;` parts arguments and numbers may start with 0
public record Parser(Form form, Semantics semantics, Limits limits) {
    public static final Parser NEW = new Parser(Form.NEW, Semantics.NEW, Limits.DEFAULT);
    /// What HTCondor's tools print and read.
    public static final Parser OLD = new Parser(Form.OLD, Semantics.OLD, Limits.DEFAULT);

    /// @throws ClassAdException.Syntax if it is not an expression, or beyond a limit
    public Expression expression(String text) {
        return guarded(() -> reading(text).wholeExpression());
    }

    /// An expression that is bytes already.
    Expression bytes(String bytes) {
        return guarded(() -> new Reading(this, checked(bytes), 0).wholeExpression());
    }

    /// An ad in this parser's form.
    ///
    /// @throws ClassAdException.Syntax if it is not an ad, or beyond a limit
    public ClassAd ad(String text) {
        if (form == Form.NEW) {
            return guarded(() -> reading(text).wholeAd());
        }
        var ads = ads(text);
        if (ads.size() > 1) {
            throw new ClassAdException.Syntax("There is more than one ad", 0);
        }
        return ads.isEmpty() ? ClassAd.EMPTY : ads.getFirst();
    }

    /// Ads one after the other: in the old form parted by blank lines, in the new form by nothing.
    ///
    /// @throws ClassAdException.Syntax if it is not ads, or beyond a limit
    public List<ClassAd> ads(String text) {
        return guarded(() -> form == Form.NEW ? reading(text).severalAds() : lines(bounded(text)));
    }

    private List<ClassAd> lines(String bytes) {
        var ads = new ArrayList<ClassAd>();
        var ad = ClassAd.builder();
        int nodes = 0;
        for (var ended : bytes.split("\n", -1)) {
            var line = ended.endsWith("\r") ? ended.substring(0, ended.length() - 1) : ended;
            if (line.isBlank()) {
                if (!ad.isEmpty()) {
                    ads.add(ad.build());
                    ad = ClassAd.builder();
                }
                continue;
            }
            if (line.stripLeading().startsWith("#")) {
                continue;
            }
            var reading = new Reading(this, line, nodes);
            var attribute = reading.attribute();
            nodes = reading.nodes();
            ad.put(attribute.name(), attribute.expression());
        }
        if (!ad.isEmpty()) {
            ads.add(ad.build());
        }
        return List.copyOf(ads);
    }

    /// Depth is bounded, but nobody knows how much of the stack the caller has left.
    private static <T> T guarded(Supplier<T> reading) {
        try {
            return reading.get();
        } catch (StackOverflowError e) {
            throw new ClassAdException.Syntax("The thread's stack is too small for the depth of the text", 0);
        }
    }

    private Reading reading(String text) {
        return new Reading(this, bounded(text), 0);
    }

    private String bounded(String text) {
        var bytes = text.length() > limits.input() ? text : Bytes.encode(text);
        return checked(bytes);
    }

    private String checked(String bytes) {
        if (bytes.length() > limits.input()) {
            throw new ClassAdException.Syntax(
                    "The text has more than the " + limits.input() + " bytes allowed", limits.input());
        }
        return bytes;
    }
}
