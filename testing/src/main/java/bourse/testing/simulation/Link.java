package bourse.testing.simulation;

import bourse.protocol.Time.Bell;
import bourse.testing.simulation.Simulator.Machine;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A client of a door on another machine: what is called here happens there, on a thread of its own. Either machine
/// may die meanwhile, and the other one goes on.
public final class Link<D> {
    /// When a caller stops to wait for an answer.
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final Machine caller;
    private final Supplier<Site<D>> site;
    private final Weather weather;

    private Link(Machine caller, Supplier<Site<D>> site, Weather weather) {
        this.caller = caller;
        this.site = site;
        this.weather = weather;
    }

    /// @param site which one is called this time
    public static <D> D to(Class<D> door, Machine caller, Supplier<Site<D>> site, Weather weather) {
        var link = new Link<>(caller, site, weather);
        return door.cast(Proxy.newProxyInstance(
                door.getClassLoader(),
                new Class<?>[] {door},
                (_, method, arguments) -> link.call(method, arguments == null ? new Object[0] : arguments)));
    }

    private @Nullable Object call(Method method, Object[] arguments) throws Throwable {
        caller.note("calls " + method.getName());
        caller.sleep(weather.travel());
        if (weather.loses()) {
            caller.sleep(weather.travel());
            throw new Lost(method.getName() + " was lost on its way");
        }
        var server = site.get().running().orElseThrow(() -> new Lost("nobody is there to hear " + method.getName()));
        var answer = new Answer(caller);
        server.machine().start(() -> answer.take(() -> method.invoke(server.door(), arguments)));
        if (weather.doubles()) {
            caller.note("calls " + method.getName() + " twice");
            server.machine()
                    .start(() -> new Answer(server.machine()).take(() -> {
                        server.machine().sleep(weather.travel());
                        return method.invoke(server.door(), arguments);
                    }));
        }
        try (var _ = server.machine().mourn(answer.bell::ring)) {
            answer.await();
        }
        caller.sleep(weather.travel());
        caller.note("is answered to " + method.getName());
        if (weather.loses()) {
            throw new Lost("the answer to " + method.getName() + " was lost");
        }
        return answer.get(method);
    }

    private interface Call {
        @Nullable
        Object run() throws Exception;
    }

    private static final class Answer {
        private final Bell bell;
        private boolean there;
        private @Nullable Object value;
        private Optional<Throwable> failure = Optional.empty();

        Answer(Machine caller) {
            this.bell = caller.bell();
        }

        void take(Call call) {
            try {
                value = call.run();
            } catch (InvocationTargetException e) {
                failure = Optional.of(e.getCause() == null ? e : e.getCause());
            } catch (Exception e) {
                failure = Optional.of(e);
            }
            there = true;
            bell.ring();
        }

        void await() throws InterruptedException {
            bell.await(TIMEOUT);
        }

        @Nullable
        Object get(Method method) throws Throwable {
            if (!there) {
                throw new Lost("nobody answered " + method.getName());
            }
            if (failure.isPresent()) {
                // That the other side was interrupted is no reason for this one to stop.
                throw failure.get() instanceof InterruptedException
                        ? new Lost(method.getName() + " was broken off")
                        : failure.get();
            }
            return value;
        }
    }
}
