package bourse.classad;

import org.jspecify.annotations.Nullable;

/// An ad at its place: what lies around it, and, in a match under old semantics, who stands opposite.
///
/// Two scopes are equal if they are the same object.
public final class Scope {
    /// Outside of any ad.
    public static final Scope NONE = new Scope(ClassAd.EMPTY, null);

    /// What each side of a match finds around itself; `.LEFT` and `.RIGHT` are attributes of the match.
    private static final ClassAd AROUND_LEFT =
            ClassAd.parse("[other = .RIGHT; target = .RIGHT; my = .LEFT; ad = .LEFT]");

    private static final ClassAd AROUND_RIGHT =
            ClassAd.parse("[other = .LEFT; target = .LEFT; my = .RIGHT; ad = .RIGHT]");

    private static final ClassAd MATCH = ClassAd.parse("""
            [symmetricMatch = RIGHT.requirements && LEFT.requirements;
             leftMatchesRight = RIGHT.requirements; rightMatchesLeft = LEFT.requirements;
             leftRankValue = LEFT.rank; rightRankValue = RIGHT.rank]""");

    private ClassAd ad;
    private final @Nullable Scope parent;
    private @Nullable Scope opposite;

    private Scope(ClassAd ad, @Nullable Scope parent) {
        this.ad = ad;
        this.parent = parent;
    }

    /// An ad that stands alone.
    public static Scope of(ClassAd ad) {
        return new Scope(ad, null);
    }

    /// An ad written inside another one.
    public Scope nested(ClassAd inner) {
        return new Scope(inner, this);
    }

    /// The scope of a match between two ads; `.LEFT` and `.RIGHT` name them, and each is `TARGET` to the other.
    static Scope match(ClassAd left, ClassAd right, Semantics semantics) {
        var match = new Scope(MATCH, null);
        var aroundLeft = match.nested(AROUND_LEFT);
        var aroundRight = match.nested(AROUND_RIGHT);
        var leftSide = aroundLeft.nested(left);
        var rightSide = aroundRight.nested(right);
        if (semantics == Semantics.OLD) {
            leftSide.opposite = rightSide;
            rightSide.opposite = leftSide;
        }
        match.ad = MATCH.toBuilder()
                .put("lCtx", new Value.Ad(aroundLeft))
                .put("rCtx", new Value.Ad(aroundRight))
                .put("LEFT", new Value.Ad(leftSide))
                .put("RIGHT", new Value.Ad(rightSide))
                .build();
        return match;
    }

    /// This place, with whoever stands opposite of an ad around it.
    Scope facingOpposite() {
        var facing = new Scope(ad, parent);
        for (var scope = this; scope != null && facing.opposite == null; scope = scope.parent) {
            facing.opposite = scope.opposite;
        }
        return facing;
    }

    public ClassAd ad() {
        return ad;
    }

    /// The scope around this one; null around the outermost.
    public @Nullable Scope parent() {
        return parent;
    }

    /// Where a name is looked up that this scope does not know; null but in a match under old semantics.
    public @Nullable Scope opposite() {
        return opposite;
    }

    public Scope root() {
        var scope = this;
        while (scope.parent != null) {
            scope = scope.parent;
        }
        return scope;
    }

    /// Whether both are the same ads inside each other; one place may be entered many times.
    @SuppressWarnings("ReferenceEquality") // Equal ads at two places are two places.
    boolean samePlace(Scope other) {
        if (this == other) {
            return true;
        }
        return ad == other.ad
                && (parent == null ? other.parent == null : other.parent != null && parent.samePlace(other.parent));
    }
}
