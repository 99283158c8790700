package bourse.classad.pool;

import bourse.classad.ClassAd;
import bourse.classad.Expression;
import java.util.List;
import java.util.random.RandomGenerator;

/// Offers and tasks as they are in large pools: machines with a handful of policies, jobs that all differ.
final class Machines {
    private static final List<String> SYSTEMS = List.of("Debian12", "Debian13", "Ubuntu24", "AlmaLinux9", "Rocky9");
    private static final List<String> SITES = List.of("paris", "lyon", "geneva", "madison", "osaka", "oslo", "turin");
    private static final List<String> GROUPS = List.of("physics", "biology", "rendering", "finance", "students");

    private static final List<String> POLICIES = List.of("""
            [Requirements = START && TARGET.RequestCpus <= MY.Cpus && TARGET.RequestMemory <= MY.Memory
                && TARGET.RequestDisk <= MY.Disk;
             START = State =!= "Owner" && (TARGET.Trust >= MinTrust || TARGET.Nice == true)]""", """
            [Requirements = TARGET.RequestCpus <= MY.Cpus && TARGET.RequestMemory <= MY.Memory
                && TARGET.RequestDisk <= MY.Disk && TARGET.Price >= MY.MinPrice && TARGET.Group =!= "students"]""", """
            [Requirements = START; WithinLimits = TARGET.RequestCpus <= Cpus && TARGET.RequestMemory <= Memory;
             START = WithinLimits && (LoadAvg < 0.9 || TARGET.Nice == true) && TARGET.Runtime <= MaxRuntime
                && (HasGpu == false || TARGET.RequestGpus > 0)]""");

    private final RandomGenerator random;
    private final List<ClassAd> policies = POLICIES.stream().map(ClassAd::parse).toList();

    Machines(RandomGenerator random) {
        this.random = random;
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    /// Of 38 to 40 attributes.
    ClassAd offer(int number) {
        var site = one(SITES);
        int cpus = 1 << random.nextInt(7);
        boolean gpu = random.nextInt(5) == 0;
        return one(policies).toBuilder()
                .put("MyType", "Machine")
                .put("Name", "slot1@node" + number + "." + site + ".example")
                .put("Machine", "node" + number + "." + site + ".example")
                .put("Site", site)
                .put("Arch", random.nextInt(5) == 0 ? "aarch64" : "X86_64")
                .put("OpSys", "LINUX")
                .put("OpSysAndVer", one(SYSTEMS))
                .put("Cpus", cpus)
                .put("TotalCpus", 2L * cpus)
                .put("Memory", cpus * 1024L * (2 + random.nextInt(7)) - random.nextInt(400))
                .put("TotalMemory", cpus * 16_384L)
                .put("Disk", 1_000_000L * (1 + random.nextInt(900)) + random.nextInt(1_000_000))
                .put("TotalDisk", 2_000_000_000L)
                .put("KFlops", 500_000L + random.nextInt(2_000_000))
                .put("Mips", 5_000L + random.nextInt(40_000))
                .put("LoadAvg", random.nextInt(100) / 100.0)
                .put("CondorLoadAvg", random.nextInt(100) / 100.0)
                .put("State", random.nextInt(12) == 0 ? "Owner" : "Unclaimed")
                .put("Activity", "Idle")
                .put("HasGpu", gpu)
                .put("Gpus", gpu ? 1 + random.nextInt(8) : 0)
                .put("GpuMemory", gpu ? 8_192L << random.nextInt(4) : 0)
                .put("HasDocker", random.nextInt(3) > 0)
                .put("HasWasm", true)
                .put("HasEnclave", random.nextInt(6) == 0)
                .put("MinPrice", random.nextInt(60))
                .put("Price", 1 + random.nextInt(100))
                .put("MinTrust", random.nextInt(8))
                .put("Score", random.nextInt(10_000) / 100.0)
                .put("MaxRuntime", 3_600L * (1 + random.nextInt(72)))
                .put("Bandwidth", 100L * (1 + random.nextInt(100)))
                .put("Latency", 1 + random.nextInt(200))
                .put("KernelVersion", "6." + random.nextInt(12) + ".0")
                .put("Stake", 1_000L * random.nextInt(1_000))
                .put("LastHeard", 1_700_000_000L + random.nextInt(600))
                .put("EnteredState", 1_699_000_000L + random.nextInt(900_000))
                .put("SlotId", 1 + random.nextInt(4))
                .build();
    }

    /// Of about 30 attributes.
    ///
    /// @param choosy whether it takes a few percent of the offers, and not about a third
    ClassAd task(int number, boolean choosy) {
        var requirements = new StringBuilder("TARGET.Arch == \"x86_64\" && TARGET.OpSys == \"LINUX\""
                + " && TARGET.Memory >= RequestMemory && TARGET.Cpus >= RequestCpus && TARGET.Disk >= RequestDisk"
                + " && TARGET.HasWasm");
        if (choosy) {
            requirements
                    .append(" && TARGET.HasDocker && TARGET.Price <= MaxPrice && TARGET.Score > ")
                    .append(30);
            requirements
                    .append(" && (TARGET.OpSysAndVer == \"")
                    .append(one(SYSTEMS))
                    .append("\" || TARGET.Site == \"");
            requirements.append(one(SITES)).append("\") && TARGET.LastHeard > ").append(1_700_000_050);
        } else if (random.nextInt(2) == 0) {
            requirements.append(" && TARGET.Latency < 190 && (TARGET.Bandwidth * 8 > MinBits || TARGET.HasGpu)");
        } else {
            requirements.append(" && TARGET.Site =!= \"").append(one(SITES)).append('"');
        }
        return ClassAd.builder()
                .put("MyType", "Job")
                .put("ClusterId", number)
                .put("ProcId", 0)
                .put("Owner", "user" + number)
                .put("Group", one(GROUPS.subList(0, choosy ? 5 : 4)))
                .put("App", "0x" + Integer.toHexString(random.nextInt()))
                .put("Args", "--seed " + random.nextInt())
                .put("Iwd", "/home/user" + number)
                .put("In", "/dev/null")
                .put("Out", "out." + number)
                .put("Err", "err." + number)
                .put("RequestCpus", 1 + random.nextInt(8))
                .put("RequestMemory", 256L + random.nextInt(24_000))
                .put("RequestDisk", 100_000L + random.nextInt(5_000_000))
                .put("RequestGpus", random.nextInt(3) == 0 ? 1 : 0)
                .put("MinBits", random.nextInt(2_000))
                .put("MaxPrice", 50 + random.nextInt(100))
                .put("Price", 40 + random.nextInt(60))
                .put("Trust", 4 + random.nextInt(6))
                .put("Nice", random.nextInt(3) == 0)
                .put("Runtime", 600L + random.nextInt(20_000))
                .put("JobPrio", random.nextInt(20))
                .put("JobStatus", 1)
                .put("JobUniverse", 5)
                .put("QDate", 1_700_000_000L + number)
                .put("ImageSize", random.nextInt(100_000))
                .put("MaxHosts", 1)
                .put("NiceUser", false)
                .put("Weight", 1 + random.nextInt(9))
                .put("Rank", Expression.parse("TARGET.KFlops / 1000.0 + Weight * TARGET.Score - TARGET.Price * 10"))
                .put("Requirements", Expression.parse(requirements.toString()))
                .build();
    }
}
