package bourse.protocol;

/// A registry's entry: somebody's app, dataset or workerpool.
public sealed interface Asset {
    Address address();

    /// Who may sign its orders, and is paid.
    Address owner();

    /// A program.
    ///
    /// @param type `WASM`, or `DOCKER` for a container image
    /// @param location where its bytes are, as a multiaddr or a path: `/ipfs/<cid>`; an image's is
    ///     `name@sha256:<digest>`
    /// @param checksum SHA-256 of the program; of an image, its digest or nothing
    record App(Address address, Address owner, String name, String type, Bytes location, Bytes32 checksum)
            implements Asset {
        public static final String WASM = "WASM";
        public static final String DOCKER = "DOCKER";
    }

    /// A file that apps may read.
    ///
    /// @param checksum SHA-256 of the file as it lies in storage
    record Dataset(Address address, Address owner, String name, Bytes location, Bytes32 checksum) implements Asset {}

    /// Workers led by a scheduler, who is the owner.
    ///
    /// @param workerStakeRatio what a worker stakes, in percent of the pool's price
    /// @param schedulerRatio the scheduler's part of the reward, in percent
    record Workerpool(Address address, Address owner, String description, int workerStakeRatio, int schedulerRatio)
            implements Asset {}
}
