package bourse.node.command;

import bourse.protocol.Asset;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `bourse app`.
@Command(name = "app", description = "Looks at apps.", subcommands = AppCommand.Listing.class)
final class AppCommand {
    private static final int MOST = 1000;

    /// `bourse app list`.
    @Command(name = "list", mixinStandardHelpOptions = true, description = "The registered apps, the newest first.")
    static final class Listing implements Callable<Integer> {
        @Mixin
        private Common common = new Common();

        @Override
        public Integer call() throws Exception {
            var home = common.home();
            var names = home.names();
            try (var market = common.market(home)) {
                List<Asset.App> apps = market.chain().apps(MOST);
                var text = new StringBuilder("%-44s %-24s %-8s %s%n".formatted("app", "name", "type", "owner"));
                apps.forEach(app -> text.append("%-44s %-24s %-8s %s%n"
                        .formatted(
                                app.address(),
                                app.name(),
                                app.type(),
                                names.getOrDefault(app.owner(), app.owner().brief()))));
                common.print(apps, text.toString());
            }
            return 0;
        }
    }
}
