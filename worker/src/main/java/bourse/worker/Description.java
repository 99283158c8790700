package bourse.worker;

import bourse.classad.ClassAd;
import bourse.classad.Expression;
import bourse.classad.Form;
import bourse.classad.Limits;
import bourse.classad.Parser;
import bourse.classad.Printer;
import bourse.classad.Semantics;
import java.util.List;
import java.util.stream.Collectors;

/// What a worker tells of its machine, as a ClassAd (docs/scheduling.md).
final class Description {
    private static final Parser PARSER = new Parser(Form.NEW, Semantics.OLD, Limits.DEFAULT);
    /// Its owner wants it, and there is room.
    private static final Expression REQUIREMENTS = PARSER.expression("MY.Start && member(TARGET.Runtime, MY.Runtimes)"
            + " && TARGET.RequestCpus <= MY.Cpus && (TARGET.RequestMemory ?: MY.TaskMemory) <= MY.Memory"
            + " && TARGET.RequestDisk <= MY.Disk && TARGET.RequestGpus <= MY.Gpus");
    private static final long MEBIBYTE = 1 << 20;

    private Description() {}

    /// @param runtimes the types of apps that it runs
    /// @param cpus how many cores are free
    /// @param taskMemory what a task gets that does not say, in bytes
    /// @param memory how much is free, in bytes
    /// @param disk how much is free, in bytes
    static String of(List<String> runtimes, int cpus, long taskMemory, long memory, long disk) {
        var ad = ClassAd.builder()
                .put(
                        "Runtimes",
                        PARSER.expression(runtimes.stream()
                                .map(runtime -> '"' + runtime + '"')
                                .collect(Collectors.joining(", ", "{", "}"))))
                .put("Cpus", cpus)
                .put("TaskMemory", taskMemory / MEBIBYTE)
                .put("Memory", memory / MEBIBYTE)
                .put("Disk", disk / MEBIBYTE)
                .put("Gpus", 0)
                .put("Start", true)
                .put("Requirements", REQUIREMENTS)
                .build();
        return Printer.print(ad, Form.NEW);
    }
}
