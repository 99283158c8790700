package bourse.sandbox.child;

import bourse.sandbox.Limits;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One run, as the parent asks its child for it.
///
/// @param seed of the random numbers, any length
@SuppressWarnings("ArrayRecordComponent") // a message, never compared
public record Request(List<String> arguments, Map<String, String> environment, Limits limits, byte[] seed) {
    public void write(DataOutputStream out) throws IOException {
        out.writeInt(arguments.size());
        for (var argument : arguments) {
            Wire.writeText(out, argument);
        }
        out.writeInt(environment.size());
        for (var entry : environment.entrySet()) {
            Wire.writeText(out, entry.getKey());
            Wire.writeText(out, entry.getValue());
        }
        out.writeLong(limits.memoryBytes());
        out.writeLong(limits.fuel());
        out.writeInt(limits.callDepth());
        out.writeLong(limits.outputBytes());
        out.writeInt(limits.outputFiles());
        out.writeInt(limits.streamBytes());
        Wire.writeBytes(out, seed);
    }

    /// Read in the child, from a parent that it trusts.
    static Request read(DataInputStream in) throws IOException {
        var arguments = new ArrayList<String>();
        for (int left = in.readInt(); left > 0; left--) {
            arguments.add(Wire.readText(in, Integer.MAX_VALUE));
        }
        var environment = new LinkedHashMap<String, String>();
        for (int left = in.readInt(); left > 0; left--) {
            environment.put(Wire.readText(in, Integer.MAX_VALUE), Wire.readText(in, Integer.MAX_VALUE));
        }
        // The parent watches the wall clock.
        var limits = new Limits(
                in.readLong(),
                in.readLong(),
                in.readInt(),
                in.readLong(),
                in.readInt(),
                in.readInt(),
                Duration.ofDays(1));
        return new Request(arguments, environment, limits, Wire.readBytes(in, 1024));
    }
}
