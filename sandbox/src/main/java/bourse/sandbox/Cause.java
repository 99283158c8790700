package bourse.sandbox;

/// Why a run did not finish.
///
/// A cause that is the program's own (`programsFault`) comes out the same on every machine that has the same
/// [Limits], so workers can agree on it. The others belong to the machine: try again, perhaps elsewhere.
public enum Cause {
    /// The bytes are not a WebAssembly module, or not a valid one.
    NOT_WASM(true),
    /// It imports something other than WASI preview 1.
    IMPORT_NOT_OFFERED(true),
    /// It needs a part of WebAssembly that is not offered: threads, SIMD, exceptions, garbage collection, tail
    /// calls…
    FEATURE_NOT_OFFERED(true),
    /// It is larger or more deeply nested than any sensible program.
    TOO_COMPLEX(true),
    /// It ended by itself with an exit code other than 0.
    EXIT_CODE(true),
    /// `unreachable`, an access outside memory, a division by zero, a wrong indirect call.
    TRAP(true),
    /// It executed more instructions than [Limits#fuel].
    OUT_OF_FUEL(true),
    /// It asked for more memory than [Limits#memoryBytes], and then failed.
    OUT_OF_MEMORY(true),
    /// It called deeper than [Limits#callDepth].
    CALL_DEPTH(true),
    /// It wrote more than [Limits#outputBytes] to files, or more than [Limits#streamBytes] to a standard stream.
    OUTPUT_TOO_LARGE(true),
    /// It made more files and directories than [Limits#outputFiles].
    TOO_MANY_FILES(true),
    /// It left something that is neither a file nor a directory, or a name that not every machine can store.
    OUTPUT_NOT_PLAIN(true),
    /// Its image is named without a digest, or with another one than its owner registered.
    IMAGE_NOT_PINNED(true),
    /// There is no such image, or not for everyone.
    IMAGE_NOT_FOUND(true),
    /// Its image is larger than this pool's workers accept.
    IMAGE_TOO_LARGE(true),
    /// Its image has no command that could be started.
    IMAGE_NOT_USABLE(true),
    /// Its image is for another kind of processor or system.
    OTHER_PLATFORM(false),
    /// Its image did not come in time.
    PULL_TIMED_OUT(false),
    /// Its image did not come: no registry answered, or this machine could not store it.
    PULL_FAILED(false),
    /// It took longer than [Limits#wallTime]: another machine may be faster.
    TIMED_OUT(false),
    /// The process that ran it died or spoke nonsense.
    CRASHED(false);

    private final boolean programsFault;

    Cause(boolean programsFault) {
        this.programsFault = programsFault;
    }

    /// Every machine with the same limits fails in the same way.
    public boolean programsFault() {
        return programsFault;
    }
}
