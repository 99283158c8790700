package bourse.wire;

import bourse.protocol.Address;
import bourse.protocol.Bytes32;
import java.time.Instant;

/// The calls that were heard, so that none counts twice.
///
/// A memory that forgets needs a new [#epoch]: calls are signed for one. Servers that share an epoch must
/// share what they have heard; the others need not, for nobody can bring to one what was signed for another.
public interface Nonces {
    Bytes32 epoch();

    /// Whether this is the first time that `caller` comes with `nonce`; from now on, until `until`, it is
    /// not.
    ///
    /// @param until when the call will have expired, by every clock that may be asked
    /// @throws Full if there is no room to remember it
    boolean isFirst(Address caller, Bytes32 nonce, Instant until);

    /// There are more calls than can be remembered. They can not be told from those that were heard before.
    final class Full extends RuntimeException {
        private static final long serialVersionUID = 1;

        public Full(String message) {
            super(message);
        }
    }
}
