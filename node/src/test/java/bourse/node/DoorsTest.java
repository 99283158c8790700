package bourse.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bourse.node.Laptop.Crew;
import bourse.protocol.Address;
import bourse.protocol.Away;
import bourse.testing.ScriptedPool;
import bourse.testing.VirtualClock;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoorsTest {
    @TempDir
    Path directory;

    @Test
    void aServiceSaysAtItsStartWhatIsAnotherMarketThanMeant() throws Exception {
        var market = new Home(directory.resolve("market"));
        try (var laptop = Laptop.start(market, Programs.settings(), new Crew(1, 0))) {
            var home = new Home(directory.resolve("service"));
            var chain = "[chain]\nrpc = \"%s\"\nhub = \"%s\"\n".formatted(laptop.rpc(), laptop.hub());

            assertThatThrownBy(() -> Doors.of(home, Settings.parse(chain + "id = 1")))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("chain.id wants 1");
            assertThatThrownBy(() -> Doors.of(
                            home,
                            Settings.parse("[chain]\nrpc = \"%s\"\nhub = \"%s\""
                                    .formatted(
                                            laptop.rpc(), home.wallet("nobody").address()))))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("hub " + home.wallet("nobody").address());
            assertThatThrownBy(() -> Doors.of(home, Settings.parse("")))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("chain.rpc");
            var pool = laptop.pool().workerpool();
            assertThatThrownBy(() ->
                            SchedulerService.start(home, Settings.parse(chain + "[pool]\naddress = \"" + pool + "\"")))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("needs its owner's wallet");
            assertThatThrownBy(() -> SchedulerService.start(
                            home,
                            Settings.parse(chain + "[pool]\naddress = \""
                                    + home.wallet("nobody").address() + "\"")))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("is no workerpool of this market");
        }
    }

    @Test
    void whicheverSchedulerAnswersIsAsked() throws Exception {
        var away = (bourse.protocol.Pool) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {bourse.protocol.Pool.class}, (_, _, _) -> {
                    throw new Away("it is down");
                });
        var there = new ScriptedPool(Address.of(new byte[20]), VirtualClock.atNoon());
        var ad = new bourse.protocol.Pool.Ad(Address.of(new byte[20]), "[]");

        assertThat(new AnyScheduler(List.of(away, there)).workerpool()).isEqualTo(there.workerpool());
        assertThat(new AnyScheduler(List.of(away, there)).ask(ad, Duration.ZERO))
                .isEmpty();
        assertThatThrownBy(() -> new AnyScheduler(List.of(away, away)).workerpool())
                .isInstanceOf(Away.class);
    }
}
