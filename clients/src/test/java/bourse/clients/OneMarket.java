package bourse.clients;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// Gives all tests the same [Stand], which ends with the last of them; its money is a token.
class OneMarket implements ParameterResolver {
    private final String settings;

    OneMarket() {
        this("");
    }

    private OneMarket(String settings) {
        this.settings = settings;
    }

    /// Likewise, where money is the chain's own coin.
    static final class OfCoins extends OneMarket {
        OfCoins() {
            super("""
                    [market]
                    native = true
                    """);
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Stand.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.create(getClass()))
                .computeIfAbsent(Stand.class, _ -> start());
    }

    private Stand start() {
        try {
            return new Stand(
                    Files.createDirectories(Path.of("target/market-%s-%d"
                            .formatted(
                                    getClass().getSimpleName(),
                                    ProcessHandle.current().pid()))),
                    settings + """
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
