package bourse.sandbox.child;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;

/// Bytes and text behind their length, as parent and child send them to each other.
public final class Wire {
    private Wire() {}

    public static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    public static void writeText(DataOutputStream out, String text) throws IOException {
        writeBytes(out, text.getBytes(UTF_8));
    }

    /// Reads what [#writeBytes] wrote.
    ///
    /// @param most bytes to accept: the other end may be hostile
    /// @throws IOException when there are more, or fewer than announced
    public static byte[] readBytes(DataInputStream in, int most) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > most) {
            throw new IOException("announces " + length + " bytes where at most " + most + " are allowed");
        }
        var bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("ends in the middle of a message");
        }
        return bytes;
    }

    public static String readText(DataInputStream in, int most) throws IOException {
        return new String(readBytes(in, most), UTF_8);
    }
}
