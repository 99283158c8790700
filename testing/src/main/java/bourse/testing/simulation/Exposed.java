package bourse.testing.simulation;

import bourse.testing.simulation.Simulator.Machine;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A door with the weather between it and a machine: it answers late, or fails before or after it has done what it
/// was asked. Who asks about nothing has his answer without going out.
public final class Exposed {
    private Exposed() {}

    /// @param failure what the door throws, by what is wrong
    public static <D> D door(
            Class<D> type, D door, Machine machine, Weather weather, Function<String, Exception> failure) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (_, method, arguments) -> {
                    try {
                        if (isAboutNothing(arguments)) {
                            return method.invoke(door, arguments);
                        }
                        machine.sleep(weather.travel());
                        if (weather.loses()) {
                            throw failure.apply(method.getName() + " did not come through");
                        }
                        var answer = method.invoke(door, arguments);
                        machine.sleep(weather.travel());
                        if (weather.loses()) {
                            throw failure.apply(method.getName() + " was not answered");
                        }
                        return answer;
                    } catch (InvocationTargetException e) {
                        throw e.getCause() == null ? e : e.getCause();
                    } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                        throw failure.apply(method.getName() + " was broken off");
                    }
                }));
    }

    private static boolean isAboutNothing(Object @Nullable [] arguments) {
        boolean isAboutSome = false;
        for (var argument : arguments == null ? new Object[0] : arguments) {
            boolean isEmpty = switch (argument) {
                case Collection<?> some -> some.isEmpty();
                case Map<?, ?> some -> some.isEmpty();
                case null, default -> true;
            };
            if (!isEmpty) {
                return false;
            }
            isAboutSome |= argument instanceof Collection || argument instanceof Map;
        }
        return isAboutSome;
    }
}
