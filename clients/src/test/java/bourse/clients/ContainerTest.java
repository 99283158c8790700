package bourse.clients;

import static org.assertj.core.api.Assertions.assertThat;

import bourse.protocol.Asset;
import bourse.protocol.DealId;
import bourse.protocol.Result;
import bourse.protocol.ResultArchive;
import bourse.protocol.Rlc;
import bourse.protocol.Task;
import bourse.protocol.TaskId;
import bourse.protocol.Transaction;
import bourse.sandbox.oci.Podman;
import bourse.sandbox.oci.Registry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An app in a container, written to iExec's documentation and sold with iExec's library.
@Tag("containers")
class ContainerTest {
    private static final String PROGRAM = """
            -c 'echo "hello from $(basename $IEXEC_OUT)" > $IEXEC_OUT/result.txt; \
            echo "{\\"deterministic-output-path\\":\\"$IEXEC_OUT/result.txt\\"}" > $IEXEC_OUT/computed.json'""";

    @TempDir
    Path directory;

    @Test
    void workersRunAnImageThatTheLibraryRegistered() throws Exception {
        try (var registry = new Registry();
                var podman = Podman.start(Files.createDirectory(directory.resolve("podman")), registry.host());
                var stand = new Stand(directory, """
                        [pool]
                        lease = 5
                        [workers]
                        memory = 64
                        containers = "%s"
                        """.formatted(podman.socket()))) {
            var image = registry.offer("tools/shell", Registry.Recipe.PLAIN.withCommand("/bin/sh"));
            var person = stand.person("20");
            stand.chain().submit(person.wallet(), new Transaction.Deposit(Rlc.parse("10")));
            var zip = directory.resolve("result.zip");

            var told = stand.aided(
                    "deal",
                    "iexec",
                    person,
                    Map.of(
                            "image",
                            Map.of(
                                    "owner",
                                    person.address().toString(),
                                    "name",
                                    "shell",
                                    "type",
                                    Asset.App.DOCKER,
                                    "multiaddr",
                                    image,
                                    "checksum",
                                    "0x" + image.substring(image.length() - 64)),
                            "trust",
                            10,
                            "params",
                            Map.of("iexec_args", PROGRAM),
                            "workerpoolorder",
                            stand.poolsOrder(10),
                            "zip",
                            zip.toString()));

            assertThat(told.path("statusName").asString()).isEqualTo("COMPLETED");
            assertThat(stand.chain().deal(DealId.parse(told.path("dealid").asString())))
                    .get()
                    .satisfies(deal -> assertThat(deal.trust()).isEqualTo(10));
            var task = stand.chain()
                    .task(TaskId.parse(told.path("taskid").asString()))
                    .orElseThrow();
            assertThat(task).isInstanceOf(Task.Completed.class);
            ResultArchive.unpack(zip, Files.createDirectory(directory.resolve("result")));
            assertThat(Result.read(directory.resolve("result")).digest()).isEqualTo(((Task.Completed) task).digest());
            assertThat(directory.resolve("result/result.txt")).hasContent("hello from iexec_out");
        }
    }
}
