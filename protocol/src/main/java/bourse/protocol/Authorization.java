package bourse.protocol;

/// The scheduler's word that `worker` may contribute to `task`.
///
/// @param enclave the address whose key must sign the result, or [Address#ZERO] where no enclave is asked for
/// @param signature over [#message], by the workerpool's owner
public record Authorization(Address worker, TaskId task, Address enclave, Bytes signature) {
    public static Authorization sign(Address worker, TaskId task, Address enclave, Wallet scheduler) {
        return new Authorization(
                worker,
                task,
                enclave,
                scheduler.signMessage(message(worker, task, enclave)).bytes());
    }

    /// Who signed it.
    ///
    /// @throws Malformed if the signature is none
    public Address signer() {
        return Signature.parse(signature).signer(Wallet.messageHash(message(worker, task, enclave)));
    }

    private static Bytes32 message(Address worker, TaskId task, Address enclave) {
        return Keccak.of(worker.bytes(), task.value().bytes(), enclave.bytes());
    }
}
