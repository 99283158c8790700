package bourse.clients;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// Gives all tests the same [Stand], which ends with the last of them.
final class OneMarket implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Stand.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.create(OneMarket.class))
                .computeIfAbsent(Stand.class, _ -> start());
    }

    private static Stand start() {
        try {
            return new Stand(
                    Files.createDirectories(
                            Path.of("target/market-" + ProcessHandle.current().pid())),
                    """
                    [pool]
                    lease = 5
                    [workers]
                    memory = 64
                    """);
        } catch (Exception e) {
            throw new IllegalStateException("the market of the tests does not start", e);
        }
    }
}
