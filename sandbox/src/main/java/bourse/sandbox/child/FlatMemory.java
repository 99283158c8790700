package bourse.sandbox.child;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import run.endive.runtime.ConstantEvaluators;
import run.endive.runtime.Instance;
import run.endive.runtime.Memory;
import run.endive.runtime.WasmRuntimeException;
import run.endive.wasm.UninstantiableException;
import run.endive.wasm.types.ActiveDataSegment;
import run.endive.wasm.types.DataSegment;
import run.endive.wasm.types.MemoryLimits;
import run.endive.wasm.types.PassiveDataSegment;

/// Linear memory as one array.
///
/// The engine's own memories are a table of pages, with a second look-up at each access, or a buffer that is
/// copied whenever it grows. This one is a single array that doubles, and a size to check against. The checks
/// of single accesses are written so that the JVM's compiler knows them, and moves them out of loops.
@SuppressWarnings("removal") // the interface still asks for what only threads need
final class FlatMemory implements Memory {
    private static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final MemoryLimits limits;
    private DataSegment[] segments = {};
    private byte[] bytes;
    private int size;

    FlatMemory(MemoryLimits limits) {
        this.limits = limits;
        size = limits.initialPages() * PAGE_SIZE;
        bytes = new byte[size];
    }

    @Override
    public int pages() {
        return size / PAGE_SIZE;
    }

    @Override
    public int grow(int more) {
        int before = pages();
        if (more < 0 || more > limits.maximumPages() - before) {
            return -1;
        }
        int newSize = (before + more) * PAGE_SIZE;
        if (newSize > bytes.length) {
            long most = (long) limits.maximumPages() * PAGE_SIZE;
            bytes = Arrays.copyOf(bytes, (int) Math.min(Math.max(newSize, 2L * bytes.length), most));
        }
        size = newSize;
        return before;
    }

    @Override
    public int initialPages() {
        return limits.initialPages();
    }

    @Override
    public int maximumPages() {
        return limits.maximumPages();
    }

    @Override
    public void initialize(Instance instance, DataSegment[] dataSegments) {
        segments = dataSegments;
        for (var segment : dataSegments) {
            if (segment instanceof ActiveDataSegment active) {
                int offset = (int) ConstantEvaluators.computeConstantValue(instance, active.offsetInstructions())[0];
                if (outside(offset, active.data().length)) {
                    throw new UninstantiableException("out of bounds memory access");
                }
                write(offset, active.data());
            }
        }
    }

    @Override
    public void initialize(Instance instance, DataSegment[] dataSegments, int memory) {
        initialize(instance, dataSegments);
    }

    @Override
    public void initPassiveSegment(int segment, int address, int offset, int length) {
        write(address, segments[segment].data(), offset, length);
    }

    @Override
    public void drop(int segment) {
        segments[segment] = PassiveDataSegment.EMPTY;
    }

    @Override
    public void zero() {
        Arrays.fill(bytes, (byte) 0);
    }

    @Override
    public void fill(byte value, int from, int to) {
        check(from, to - from);
        Arrays.fill(bytes, from, to, value);
    }

    @Override
    public void copy(int to, int from, int length) {
        check(from, length);
        check(to, length);
        System.arraycopy(bytes, from, bytes, to, length);
    }

    @Override
    public void write(int address, byte[] data, int offset, int length) {
        check(address, length);
        if (offset < 0 || offset > data.length - length) {
            throw outOfBounds();
        }
        System.arraycopy(data, offset, bytes, address, length);
    }

    @Override
    public byte[] readBytes(int address, int length) {
        check(address, length);
        return Arrays.copyOfRange(bytes, address, address + length);
    }

    @Override
    public byte read(int address) {
        Objects.checkIndex(address, size);
        return bytes[address];
    }

    @Override
    public void writeByte(int address, byte value) {
        Objects.checkIndex(address, size);
        bytes[address] = value;
    }

    @Override
    public short readShort(int address) {
        Objects.checkIndex(address, size - 1);
        return (short) SHORTS.get(bytes, address);
    }

    @Override
    public long readU16(int address) {
        return Short.toUnsignedLong(readShort(address));
    }

    @Override
    public void writeShort(int address, short value) {
        Objects.checkIndex(address, size - 1);
        SHORTS.set(bytes, address, value);
    }

    @Override
    public int readInt(int address) {
        Objects.checkIndex(address, size - 3);
        return (int) INTS.get(bytes, address);
    }

    @Override
    public void writeI32(int address, int value) {
        Objects.checkIndex(address, size - 3);
        INTS.set(bytes, address, value);
    }

    @Override
    public long readLong(int address) {
        Objects.checkIndex(address, size - 7);
        return (long) LONGS.get(bytes, address);
    }

    @Override
    public void writeLong(int address, long value) {
        Objects.checkIndex(address, size - 7);
        LONGS.set(bytes, address, value);
    }

    @Override
    public float readFloat(int address) {
        return Float.intBitsToFloat(readInt(address));
    }

    @Override
    public long readF32(int address) {
        return readInt(address);
    }

    @Override
    public void writeF32(int address, float value) {
        writeI32(address, Float.floatToRawIntBits(value));
    }

    @Override
    public double readDouble(int address) {
        return Double.longBitsToDouble(readLong(address));
    }

    @Override
    public long readF64(int address) {
        return readLong(address);
    }

    @Override
    public void writeF64(int address, double value) {
        writeLong(address, Double.doubleToRawLongBits(value));
    }

    @Override
    public boolean shared() {
        return false;
    }

    @Override
    public Object lock(int address) {
        throw new UnsupportedOperationException("no threads");
    }

    @Override
    public int waitOn(int address, int expected, long timeout) {
        throw new UnsupportedOperationException("no threads");
    }

    @Override
    public int waitOn(int address, long expected, long timeout) {
        throw new UnsupportedOperationException("no threads");
    }

    @Override
    public int notify(int address, int count) {
        throw new UnsupportedOperationException("no threads");
    }

    private void check(int address, int length) {
        if (outside(address, length)) {
            throw outOfBounds();
        }
    }

    /// One of the three is negative when the range is not inside.
    private boolean outside(int address, int length) {
        return (address | length | (size - length - address)) < 0;
    }

    private static WasmRuntimeException outOfBounds() {
        return new WasmRuntimeException("out of bounds memory access");
    }
}
