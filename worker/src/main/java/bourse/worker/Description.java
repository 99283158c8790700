package bourse.worker;

import bourse.classad.ClassAd;
import bourse.classad.Expression;
import bourse.classad.Form;
import bourse.classad.Limits;
import bourse.classad.Operator;
import bourse.classad.Parser;
import bourse.classad.Printer;
import bourse.classad.Semantics;
import bourse.classad.Value;
import bourse.protocol.Address;
import bourse.protocol.Asset;
import bourse.sandbox.Program;
import bourse.worker.machine.Hardware;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/// What a worker tells of its machine, as a ClassAd (docs/scheduling.md). All that an owner and a machine can put
/// into it is bounded, so that it is never longer than a pool reads.
final class Description {
    private static final Parser PARSER = new Parser(Form.NEW, Semantics.OLD, Limits.DEFAULT);
    /// Its owner wants it, and there is room.
    private static final Expression REQUIREMENTS = PARSER.expression("MY.Start && member(TARGET.Runtime, MY.Runtimes)"
            + " && TARGET.RequestCpus <= MY.TotalCpus && TARGET.RequestCpus <= MY.Cpus"
            + " && (TARGET.RequestMemory ?: MY.TaskMemory) <= MY.TotalMemory"
            + " && (TARGET.RequestMemory ?: MY.TaskMemory) <= MY.Memory"
            + " && TARGET.RequestDisk <= MY.Disk && TARGET.RequestGpus <= MY.Gpus");

    private static final Expression PAYS = PARSER.expression("TARGET.Price * 60 >= MY.PriceFloor * TARGET.Seconds");

    private final ClassAd lasting;

    /// What does not change from one question to the next.
    ///
    /// @param kinds of programs that it runs
    Description(Settings settings, Hardware hardware, Set<Class<? extends Program>> kinds) {
        var policy = settings.policy();
        var ad = ClassAd.builder()
                .put("Arch", hardware.arch())
                .put("OpSys", hardware.system())
                .put("Speed", hardware.speed())
                .put("Runtimes", list(runtimes(kinds)))
                .put("TaskMemory", settings.limits().memoryBytes() / Share.MEBIBYTE)
                // A sandbox hands none to a program, so none can be asked for.
                .put("Gpus", 0)
                .put("TotalGpus", hardware.gpus().size())
                .put("GpuNames", list(hardware.gpus()))
                .put("Start", policy.start())
                .put("Rank", policy.rank())
                .put("Requirements", REQUIREMENTS);
        if (!policy.region().isEmpty()) {
            ad.put("Region", policy.region());
        }
        if (policy.watts() > 0) {
            ad.put("Watts", (double) policy.watts()); // of integers, a pool's Watts / 100 would be whole, too
        }
        if (!policy.priceFloor().isZero()) {
            ad.put("PriceFloor", policy.priceFloor().nano().doubleValue() / 1e9);
            ad.put("Requirements", new Expression.Binary(Operator.AND, REQUIREMENTS, PAYS));
        }
        lasting = ad.build();
    }

    /// @param total the most that one task may have
    /// @param left beside the tasks in hand
    /// @param apps whose programs lie here, at most [Programs#MOST]
    String of(Share total, Share left, Collection<Address> apps) {
        var ad = lasting.toBuilder()
                .put("TotalCpus", total.cores())
                .put("Cpus", left.cores())
                .put("TotalMemory", total.memory())
                .put("Memory", left.memory())
                .put("Disk", left.disk())
                .put("Apps", list(apps.stream().map(Address::toString).toList()));
        return Printer.print(ad.build(), Form.NEW);
    }

    private static List<String> runtimes(Set<Class<? extends Program>> kinds) {
        var types = new ArrayList<String>();
        if (kinds.contains(Program.Wasm.class)) {
            types.add(Asset.App.WASM);
        }
        if (kinds.contains(Program.Image.class)) {
            types.add(Asset.App.DOCKER);
        }
        return types;
    }

    private static Expression list(List<String> texts) {
        return new Expression.ListOf(texts.stream()
                .<Expression>map(text -> new Expression.Literal(Value.Text.of(text)))
                .toList());
    }
}
