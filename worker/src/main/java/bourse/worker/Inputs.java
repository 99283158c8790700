package bourse.worker;

import bourse.protocol.Asset;
import bourse.protocol.Blobs;
import bourse.protocol.Bytes;
import bourse.protocol.Bytes32;
import bourse.protocol.Cid;
import bourse.protocol.Deal;
import bourse.protocol.Failure;
import bourse.protocol.InputFile;
import bourse.protocol.InputFile.Source;
import bourse.protocol.Malformed;
import bourse.protocol.Params;
import bourse.protocol.Pool;
import bourse.sandbox.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Gets what a task needs: its program, its dataset, its input files.
final class Inputs {
    private static final long LARGEST_PROGRAM = 16L << 20;
    private final Blobs blobs;
    private final Web web;
    private final long most;
    private final Programs programs;

    /// @param most what the input files of a task may take together, and so may its dataset
    Inputs(Blobs blobs, Web web, long most, Programs programs) {
        this.blobs = blobs;
        this.web = web;
        this.most = most;
        this.programs = programs;
    }

    static Params params(Deal deal) throws ProgramFailed {
        try {
            return Params.parse(deal.params());
        } catch (Malformed e) {
            throw unusable(Text.of(e));
        }
    }

    static String fileName(Asset.Dataset dataset) {
        return dataset.address().toString();
    }

    /// An image is fetched by the sandbox.
    Program fetchProgram(Asset.App app, Path directory) throws ProgramFailed, GaveUp, IOException {
        if (app.type().equals(Asset.App.DOCKER)) {
            var image = image(app);
            programs.keep(app);
            return image;
        }
        var target = directory.resolve("program.wasm");
        var cid = registered("the app", app.location(), app.checksum());
        if (!programs.provide(app, target)) {
            fetch(Pool.Cause.APP_UNREACHABLE, "the program", cid, target, LARGEST_PROGRAM);
            programs.keep(app, target);
        }
        return new Program.Wasm(target);
    }

    private static Program image(Asset.App app) throws ProgramFailed {
        try {
            var checksum = app.checksum().isZero()
                    ? Optional.<String>empty()
                    : Optional.of(app.checksum().hex());
            return new Program.Image(app.location().asUtf8(), checksum, false);
        } catch (Malformed e) {
            throw unusable("the app's location can not be used: " + Text.of(e));
        }
    }

    void fetchDataset(Asset.Dataset dataset, Path directory) throws ProgramFailed, GaveUp, IOException {
        var cid = registered("the dataset", dataset.location(), dataset.checksum());
        fetch(Pool.Cause.INPUT_UNREACHABLE, "the dataset", cid, directory.resolve(fileName(dataset)), most);
    }

    /// @param patience what all of it may take
    void fetchFiles(List<InputFile> files, Path directory, Duration patience)
            throws ProgramFailed, GaveUp, IOException, InterruptedException {
        long room = most;
        long end = System.nanoTime() + patience.toNanos();
        for (var file : files) {
            var target = directory.resolve(file.name());
            if (Files.exists(target)) {
                throw unusable("an input file has the dataset's name: " + file.name());
            }
            switch (file.source()) {
                case Source.Stored(var cid) ->
                    fetch(Pool.Cause.INPUT_UNREACHABLE, "the input file " + Text.brief(file.name()), cid, target, room);
                case Source.Web(var uri) -> web.fetch(uri, target, room, Duration.ofNanos(end - System.nanoTime()));
            }
            room -= Files.size(target);
        }
    }

    /// Storage goes by digest, so the place that an owner names and the checksum he names are the same or a
    /// mistake.
    private static Cid registered(String what, Bytes location, Bytes32 checksum) throws ProgramFailed {
        try {
            var cid = Cid.ofPath(location.asUtf8());
            if (!cid.sha256().equals(checksum)) {
                throw unusable(what + "'s registered checksum is not that of the file it names: " + cid);
            }
            return cid;
        } catch (Malformed e) {
            throw unusable(what + "'s location can not be used: " + Text.of(e));
        }
    }

    /// What is missing here may be elsewhere, or come later. What is too large is so for everyone.
    private void fetch(Pool.Cause missing, String what, Cid cid, Path target, long most)
            throws ProgramFailed, GaveUp, IOException {
        try {
            blobs.fetch(cid, target, most);
        } catch (Blobs.Missing e) {
            throw new GaveUp(missing, "%s is not in storage: %s".formatted(what, cid));
        } catch (Blobs.TooLarge e) {
            throw unusable("%s takes more than the %,d bytes that are left for it".formatted(what, most));
        }
    }

    private static ProgramFailed unusable(String message) {
        return new ProgramFailed(Failure.Cause.DEAL_UNUSABLE, message);
    }
}
