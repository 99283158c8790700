package bourse.sandbox.oci;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/// An image whose only program sleeps for ever.
///
/// A file system in memory is gone with the last container that has it mounted, which would be the one that wrote
/// it. A container of this image holds it until it is read. No registry has to be trusted for that: the image is
/// built here, around a program of a few instructions.
final class Keeper {
    static final String NAME = "localhost/bourse-keeper:1";
    static final String COMMAND = "/keep";

    private static final int HEADERS = 64 + 56;
    private static final long BASE = 0x400000;

    private Keeper() {}

    /// The image, as `docker load` takes it.
    ///
    /// @param architecture as Docker names it
    static byte[] image(String architecture) {
        var program = program(architecture);
        var layer = tar(List.of(
                new Entry(Outbox.PATH.substring(1) + "/", new byte[0]), new Entry(COMMAND.substring(1), program)));
        var config = """
                {"architecture": "%s", "os": "linux", "config": {"Entrypoint": ["%s"]},
                 "rootfs": {"type": "layers", "diff_ids": ["sha256:%s"]}}
                """.formatted(architecture, COMMAND, sha256(layer));
        var manifest = """
                [{"Config": "config.json", "RepoTags": ["%s"], "Layers": ["layer.tar"]}]
                """.formatted(NAME);
        return tar(List.of(
                new Entry("manifest.json", manifest.getBytes(UTF_8)),
                new Entry("config.json", config.getBytes(UTF_8)),
                new Entry("layer.tar", layer)));
    }

    @SuppressWarnings("ArrayRecordComponent") // written at once, never compared
    private record Entry(String name, byte[] content) {}

    private static byte[] tar(List<Entry> entries) {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(bytes)) {
            for (var entry : entries) {
                var header = new TarArchiveEntry(entry.name());
                header.setSize(entry.content().length);
                header.setMode(entry.name().endsWith("/") ? 0040755 : 0100755);
                header.setModTime(0);
                tar.putArchiveEntry(header);
                tar.write(entry.content());
                tar.closeArchiveEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] program(String architecture) {
        return switch (architecture) {
            // pause() again and again.
            case "amd64" -> elf(62, "b822000000 0f05 ebf7");
            // ppoll of nothing, without a time-out, again and again.
            case "arm64" -> elf(183, "280980d2 000080d2 010080d2 020080d2 030080d2 040080d2 010000d4 f9ffff17");
            default ->
                throw new IllegalStateException(
                        "containers are not offered on this kind of processor: " + architecture);
        };
    }

    /// An executable of one segment.
    private static byte[] elf(int machine, String code) {
        var instructions = HexFormat.of().parseHex(code.replace(" ", ""));
        int size = HEADERS + instructions.length;
        return ByteBuffer.allocate(size)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0})
                .putLong(0)
                .putShort((short) 2) // an executable
                .putShort((short) machine)
                .putInt(1)
                .putLong(BASE + HEADERS) // where it begins
                .putLong(64) // the program header follows this one
                .putLong(0) // no sections
                .putInt(0)
                .putShort((short) 64)
                .putShort((short) 56)
                .putShort((short) 1)
                .putShort((short) 64)
                .putShort((short) 0)
                .putShort((short) 0)
                .putInt(1) // to be loaded
                .putInt(5) // readable and executable
                .putLong(0)
                .putLong(BASE)
                .putLong(BASE)
                .putLong(size)
                .putLong(size)
                .putLong(0x1000)
                .put(instructions)
                .array();
    }
}
