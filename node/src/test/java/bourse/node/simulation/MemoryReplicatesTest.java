package bourse.node.simulation;

import bourse.scheduler.Replicates;
import java.time.InstantSource;

class MemoryReplicatesTest extends ReplicatesContract {
    private final MemoryReplicates.Tables tables = new MemoryReplicates.Tables(InstantSource.system());

    @Override
    Replicates of(String scheduler) {
        return new MemoryReplicates(tables, scheduler);
    }
}
