package bourse.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bourse.sandbox.child.Child;
import bourse.sandbox.child.Wire;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a child may send that is no longer ours.
final class HarvestTest {
    private static final Limits LIMITS = new Limits(1 << 20, 1, 1, 100, 3, 1, Duration.ofSeconds(1));

    @TempDir
    Path directory;

    private Path output;
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private final DataOutputStream child = new DataOutputStream(sent);

    @BeforeEach
    void makeOutput() throws IOException {
        output = Files.createDirectory(directory.resolve("out"));
    }

    @Test
    void storesFilesInDirectories() throws IOException {
        sendDirectory("a");
        sendFile("a/b.txt", 100);
        child.writeByte(Child.DONE);

        read();

        assertThat(output.resolve("a/b.txt")).hasSize(100);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../x", "a/../../x", "/etc/x", "..", ".", "", "a//b", "a/", "x\0y", "caf\u00e9", "line\nbreak"})
    void refusesANameThatCouldLeadElsewhere(String name) throws IOException {
        sendFile(name, 1);

        assertThatThrownBy(this::read).isInstanceOf(IOException.class);
        assertThat(directory).isDirectoryRecursivelyContaining("glob:**out").isDirectoryNotContaining("glob:**x");
    }

    @Test
    void refusesMoreBytesThanAllowed() throws IOException {
        sendFile("a", 60);
        sendFile("b", 41);

        assertThatThrownBy(this::read).hasMessageContaining("at most 40 are allowed");
    }

    @Test
    void refusesMoreFilesThanAllowed() throws IOException {
        for (int i = 0; i < 4; i++) {
            sendDirectory("d" + i);
        }

        assertThatThrownBy(this::read).hasMessageContaining("more than 3 files");
    }

    @Test
    void refusesANegativeLength() throws IOException {
        child.writeByte(Child.FILE);
        Wire.writeText(child, "a");
        child.writeInt(-1);

        assertThatThrownBy(this::read).isInstanceOf(IOException.class);
    }

    @Test
    void refusesSilenceInTheMiddleOfAFile() throws IOException {
        child.writeByte(Child.FILE);
        Wire.writeText(child, "a");
        child.writeInt(50);

        assertThatThrownBy(this::read).isInstanceOf(IOException.class);
    }

    @Test
    void refusesWhatItDoesNotKnow() throws IOException {
        child.writeByte(7);
        Wire.writeText(child, "a");

        assertThatThrownBy(this::read).isInstanceOf(IOException.class);
    }

    @Test
    void leavesNothingBehindWhenDiscarded() throws IOException {
        sendDirectory("a");
        sendFile("a/b", 1);
        child.writeByte(Child.DONE);
        read();

        new Harvest(output, LIMITS).discard();

        assertThat(output).isEmptyDirectory();
    }

    private void sendFile(String name, int bytes) throws IOException {
        child.writeByte(Child.FILE);
        Wire.writeText(child, name);
        Wire.writeBytes(child, new byte[bytes]);
    }

    private void sendDirectory(String name) throws IOException {
        child.writeByte(Child.DIRECTORY);
        Wire.writeText(child, name);
    }

    private void read() throws IOException {
        new Harvest(output, LIMITS).read(new DataInputStream(new ByteArrayInputStream(sent.toByteArray())));
    }
}
