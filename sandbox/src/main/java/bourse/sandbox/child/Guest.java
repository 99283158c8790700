package bourse.sandbox.child;

import static java.nio.charset.StandardCharsets.UTF_8;

import bourse.sandbox.Cause;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import run.endive.runtime.Instance;
import run.endive.runtime.Memory;

/// The program as a host call sees it: its memory, and the fuel it has left.
///
/// An address outside the memory ends the run as a trap, as it would in the program itself.
final class Guest {
    static final int LONGEST_PATH = 4096;

    private final Instance instance;
    private final int fuelGlobal;
    private final Memory memory;

    Guest(Instance instance, int fuelGlobal) {
        this.instance = instance;
        this.fuelGlobal = fuelGlobal;
        memory = instance.memory();
    }

    Memory memory() {
        return memory;
    }

    long fuelLeft() {
        return instance.global(fuelGlobal).getValue();
    }

    /// Takes fuel before the work is done, so that no call does more than it can pay for.
    void charge(long fuel) {
        long left = fuelLeft() - fuel;
        instance.global(fuelGlobal).setValue(left);
        if (left < 0) {
            throw Stop.because(Cause.OUT_OF_FUEL, "");
        }
    }

    /// `length` bytes at an address, paid for.
    byte[] bytes(long address, long length) {
        charge(Integer.toUnsignedLong((int) length) / 8);
        if ((int) length < 0) {
            throw new IndexOutOfBoundsException("out of bounds memory access");
        }
        return memory.readBytes((int) address, (int) length);
    }

    void put(long address, byte[] bytes) {
        memory.write((int) address, bytes);
    }

    /// A [#structure], from its beginning to its limit.
    void put(long address, ByteBuffer structure) {
        var bytes = new byte[structure.limit()];
        structure.get(0, bytes);
        put(address, bytes);
    }

    void putInt(long address, int value) {
        memory.writeI32((int) address, value);
    }

    void putLong(long address, long value) {
        memory.writeLong((int) address, value);
    }

    int getInt(long address) {
        return memory.readInt((int) address);
    }

    String path(long address, long length) {
        Errno.NAMETOOLONG.when(Integer.compareUnsigned((int) length, LONGEST_PATH) > 0);
        try {
            return UTF_8.newDecoder()
                    .decode(ByteBuffer.wrap(bytes(address, length)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw Errno.ILSEQ.thrown();
        }
    }

    /// The C layout of arguments and of the environment: pointers here, bytes there.
    void strings(List<byte[]> strings, long pointers, long content) {
        int pointer = (int) pointers;
        int address = (int) content;
        for (var string : strings) {
            putInt(pointer, address);
            put(address, string);
            pointer += 4;
            address += string.length;
        }
    }

    void sizes(List<byte[]> strings, long count, long bytes) {
        putInt(count, strings.size());
        putInt(bytes, strings.stream().mapToInt(string -> string.length).sum());
    }

    /// A C structure to fill and [#put].
    static ByteBuffer structure(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
