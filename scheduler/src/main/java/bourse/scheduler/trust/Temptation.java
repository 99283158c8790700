package bourse.scheduler.trust;

import bourse.protocol.Draw;
import bourse.protocol.Rlc;
import java.math.BigInteger;

/// What lies before a worker whose result is accepted alone.
///
/// @param gain what a lie that is not caught brings him
/// @param stake what he loses when it is
public record Temptation(Rlc gain, Rlc stake) {
    private static final int HUNDRED = 100;

    /// Whether lying is worse than giving nothing: `audit · stake > (1 - audit) · gain`. His score is lost on top.
    public boolean isResisted(Draw audits) {
        return part(stake, audits.ratio()).compareTo(part(gain, HUNDRED - audits.ratio())) > 0;
    }

    private static BigInteger part(Rlc amount, int percent) {
        return amount.nano().multiply(BigInteger.valueOf(percent));
    }

    /// The least stake, in nRLC, at which a lie of this gain does not pay.
    public Rlc leastStake(Draw audits) {
        if (audits.ratio() == 0) {
            throw new IllegalArgumentException("where nothing is audited no stake is enough");
        }
        var enough = part(gain, HUNDRED - audits.ratio()).divide(BigInteger.valueOf(audits.ratio()));
        return new Rlc(enough.add(BigInteger.ONE));
    }
}
