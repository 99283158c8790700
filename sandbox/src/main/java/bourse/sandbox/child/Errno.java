package bourse.sandbox.child;

/// What a WASI call answers when it did not succeed; thrown inside a call, returned to the program.
///
/// Source: `errno` in the witx of `wasi_snapshot_preview1`; a number is a place in that list.
enum Errno {
    BADF(8),
    EXIST(20),
    ILSEQ(25),
    INVAL(28),
    ISDIR(31),
    MFILE(33),
    NAMETOOLONG(37),
    NOENT(44),
    NOTDIR(54),
    NOTEMPTY(55),
    NOTSUP(58),
    ROFS(69),
    SPIPE(70),
    NOTCAPABLE(76);

    private final int number;

    Errno(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    static final class Thrown extends RuntimeException {
        private final Errno errno;

        Thrown(Errno errno) {
            super(errno.name(), null, false, false);
            this.errno = errno;
        }

        int number() {
            return errno.number;
        }
    }

    Thrown thrown() {
        return new Thrown(this);
    }

    void when(boolean wrong) {
        if (wrong) {
            throw thrown();
        }
    }
}
