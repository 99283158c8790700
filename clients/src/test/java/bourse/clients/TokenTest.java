package bourse.clients;

import static org.assertj.core.api.Assertions.assertThat;

import bourse.protocol.Result;
import bourse.protocol.ResultArchive;
import bourse.protocol.Rlc;
import bourse.protocol.Task;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A market whose money is a token, as iExec's on Arbitrum.
@ExtendWith(OneMarket.class)
class TokenTest extends EitherMoney {
    static List<String> clients() {
        return List.of("iexec", "iexec9");
    }

    @Override
    String twenty() {
        return "20000000000";
    }

    @Override
    Rlc gas() {
        return Rlc.ZERO;
    }

    @Test
    void theCommandOfVersion9ShowsADealItsTaskItsResultAndWhatItPrinted(Stand stand) throws Exception {
        var task = (Task.Completed) stand.chain().task(stand.votedTask()).orElseThrow();
        var project = Project.withWallet(stand, "iexec9", directory, stand.requester());

        var deal = project.ok("deal", "show", task.deal().toString(), "--watch");
        assertThat(deal.path("completedTasksCount").asInt()).isEqualTo(1);
        assertThat(deal.at("/tasks/0/taskid").asString()).isEqualTo(task.id().toString());

        var shown = project.signed("task", "show", task.id().toString(), "--download", "result");
        assertThat(shown.at("/task/statusName").asString()).isEqualTo("COMPLETED");
        ResultArchive.unpack(project.file("result.zip"), Files.createDirectory(project.file("result")));
        assertThat(Result.read(project.file("result")).digest()).isEqualTo(task.digest());

        var debug = project.signed("task", "debug", task.id().toString(), "--logs");
        assertThat(debug.at("/offchainData/task/status").asString()).isEqualTo("COMPLETED");
        assertThat(debug.at("/offchainData/replicates")).hasSameSizeAs(task.contributions());
        assertThat(debug.at("/appLogs/0/stdout").asString()).isEqualTo("0");

        assertThat(project.refused("deal", "claim", task.deal().toString())).contains("final time");
        assertThat(project.refused("task", "claim", task.id().toString())).contains("status COMPLETED");
    }
}
