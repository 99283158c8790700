package bourse.sandbox.child;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import bourse.sandbox.Cause;
import bourse.sandbox.child.Volume.Directory;
import bourse.sandbox.child.Volume.File;
import bourse.sandbox.child.Volume.Node;
import bourse.sandbox.child.Volume.OutputFile;
import bourse.sandbox.metering.Wasi;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import run.endive.runtime.HostFunction;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.ValType;

/// WASI preview 1 for one run, made so that nothing in it differs from one machine or moment to another.
///
/// Time begins at 2000-01-01 and passes by one nanosecond for each unit of fuel, and as fast as the program
/// likes to sleep. Random numbers come from the run's seed. There are two directories, `/iexec_in` and
/// `/iexec_out`, nothing on standard input, no links and no sockets. A call costs 100 units of fuel, and one
/// for every 8 bytes.
///
/// Source: the witx of `wasi_snapshot_preview1`, for numbers and layouts.
final class Host {
    private static final int CHARACTERS = 2;
    private static final int DIRECTORY = 3;
    private static final int REGULAR_FILE = 4;

    private static final int CREATE = 1;
    private static final int MUST_BE_DIRECTORY = 2;
    private static final int EXCLUSIVE = 4;
    private static final int TRUNCATE = 8;
    private static final int APPEND = 1;
    private static final long RIGHT_READ = 1 << 1;
    private static final long RIGHT_WRITE = 1 << 6;
    private static final long ALL_RIGHTS = (1 << 29) - 1;

    private static final long START_OF_TIME = 946_684_800_000_000_000L;
    private static final long END_OF_TIME = Long.MAX_VALUE / 4;
    private static final long FARTHEST = 1L << 60;
    private static final int CALL_COST = 100;
    private static final int MOST_DESCRIPTORS = 256;
    private static final int LONGEST_NAME = 255;

    private final Request request;
    private final Volume volume;
    private final int fuelGlobal;
    private final Noise noise;
    private final Stream stdout = new Stream("standard output");
    private final Stream stderr = new Stream("standard error");
    private final SortedMap<Integer, Descriptor> descriptors = new TreeMap<>();
    private long slept;

    private sealed interface Descriptor {}

    private record Closed() implements Descriptor {}

    private record Empty() implements Descriptor {}

    private final class Stream implements Descriptor {
        private final String name;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        private Stream(String name) {
            this.name = name;
        }

        private void write(byte[] data) {
            int most = request.limits().streamBytes();
            if (data.length > most - bytes.size()) {
                throw Stop.because(
                        Cause.OUTPUT_TOO_LARGE, "The program wrote more than " + most + " bytes to " + name + ".");
            }
            bytes.writeBytes(data);
        }
    }

    private record Folder(Directory directory, Optional<String> preopenedAs) implements Descriptor {}

    private static final class Handle implements Descriptor {
        private final File file;
        private final boolean readable;
        private final boolean writable;
        private int flags;
        private long position;

        private Handle(File file, boolean readable, boolean writable, int flags) {
            this.file = file;
            this.readable = readable;
            this.writable = writable;
            this.flags = flags;
        }
    }

    /// A name in a directory, where there may or may not be something. The empty name is the directory itself.
    private record Place(Directory parent, String name) {
        private Optional<Node> node() {
            return Optional.ofNullable(
                    name.isEmpty() ? parent : parent.entries().get(name));
        }

        private Node existing() {
            return node().orElseThrow(Errno.NOENT::thrown);
        }

        /// Checks that an entry may be made, replaced or removed here. Only printable ASCII, because not every
        /// machine can store other names.
        private void requireWritable() {
            Errno.INVAL.when(name.isEmpty());
            Errno.ROFS.when(!parent.writable());
            Errno.ILSEQ.when(!name.chars().allMatch(c -> c >= ' ' && c <= '~'));
        }
    }

    /// A WASI call with the arguments that the engine passes. It throws an [Errno], or has succeeded.
    private interface Call {
        void apply(Guest guest, long[] arguments);
    }

    Host(Request request, Volume volume, int fuelGlobal) {
        this.request = request;
        this.volume = volume;
        this.fuelGlobal = fuelGlobal;
        noise = new Noise(request.seed());
        descriptors.put(0, new Empty());
        descriptors.put(1, stdout);
        descriptors.put(2, stderr);
        descriptors.put(3, new Folder(volume.input(), Optional.of("/iexec_in")));
        descriptors.put(4, new Folder(volume.output(), Optional.of("/iexec_out")));
    }

    byte[] stdout() {
        return stdout.bytes.toByteArray();
    }

    byte[] stderr() {
        return stderr.bytes.toByteArray();
    }

    /// Gives back what the program left open.
    void close() {
        List.copyOf(descriptors.keySet()).forEach(this::close);
    }

    HostFunction[] functions() {
        return Wasi.FUNCTIONS.entrySet().stream()
                .map(function -> function(function.getKey(), function.getValue()))
                .toArray(HostFunction[]::new);
    }

    private HostFunction function(String name, String type) {
        var call = call(name);
        int colon = type.indexOf(':');
        return new HostFunction(
                Wasi.MODULE,
                name,
                FunctionType.of(types(type.substring(0, colon)), types(type.substring(colon + 1))),
                (instance, arguments) -> {
                    var guest = new Guest(instance, fuelGlobal);
                    guest.charge(CALL_COST);
                    return new long[] {answer(call, guest, arguments)};
                });
    }

    private static int answer(Call call, Guest guest, long[] arguments) {
        try {
            call.apply(guest, arguments);
            return 0;
        } catch (Errno.Thrown e) {
            return e.number();
        }
    }

    private static ValType[] types(String letters) {
        return letters.chars()
                .mapToObj(letter -> letter == 'i' ? ValType.I32 : ValType.I64)
                .toArray(ValType[]::new);
    }

    private Call call(String name) {
        return switch (name) {
            case "args_get" -> (guest, a) -> guest.strings(arguments(), a[0], a[1]);
            case "args_sizes_get" -> (guest, a) -> guest.sizes(arguments(), a[0], a[1]);
            case "environ_get" -> (guest, a) -> guest.strings(environment(), a[0], a[1]);
            case "environ_sizes_get" -> (guest, a) -> guest.sizes(environment(), a[0], a[1]);
            case "clock_res_get" -> (guest, a) -> guest.putLong(a[1], 1);
            case "clock_time_get" -> (guest, a) -> guest.putLong(a[2], epoch(a[0]) + elapsed(guest));
            case "poll_oneoff" -> this::poll;
            case "random_get" -> this::random;
            case "proc_exit" ->
                (_, a) -> {
                    throw Stop.exit((int) a[0]);
                };
            case "sched_yield" -> (_, _) -> {};
            case "fd_advise", "fd_datasync", "fd_sync" -> (_, a) -> handle(a[0]);
            // Files have no times and rights here, so that a result can't depend on them.
            case "fd_filestat_set_times", "fd_fdstat_set_rights" -> (_, a) -> open(a[0]);
            case "path_filestat_set_times" ->
                (guest, a) -> place(guest, a[0], a[2], a[3]).existing();
            case "fd_allocate" -> this::allocate;
            case "fd_close" ->
                (_, a) -> {
                    open(a[0]);
                    close((int) a[0]);
                };
            case "fd_fdstat_get" -> this::status;
            case "fd_fdstat_set_flags" -> (_, a) -> handle(a[0]).flags = (int) a[1];
            case "fd_filestat_get" -> (guest, a) -> describe(guest, open(a[0]), a[1]);
            case "fd_filestat_set_size" -> (guest, a) -> resize(guest, a[0], a[1]);
            case "fd_pread" -> (guest, a) -> read(guest, a[0], a[1], a[2], Optional.of(a[3]), a[4]);
            case "fd_read" -> (guest, a) -> read(guest, a[0], a[1], a[2], Optional.empty(), a[3]);
            case "fd_pwrite" -> (guest, a) -> write(guest, a[0], a[1], a[2], Optional.of(a[3]), a[4]);
            case "fd_write" -> (guest, a) -> write(guest, a[0], a[1], a[2], Optional.empty(), a[3]);
            case "fd_prestat_get" ->
                (guest, a) -> {
                    guest.putInt(a[1], 0);
                    guest.putInt(a[1] + 4, preopened(a[0]).length);
                };
            case "fd_prestat_dir_name" ->
                (guest, a) -> {
                    Errno.NAMETOOLONG.when(Integer.compareUnsigned((int) a[2], preopened(a[0]).length) < 0);
                    guest.put(a[1], preopened(a[0]));
                };
            case "fd_readdir" -> this::list;
            case "fd_renumber" -> this::renumber;
            case "fd_seek" -> (guest, a) -> seek(guest, a[0], a[1], (int) a[2], a[3]);
            case "fd_tell" -> (guest, a) -> seek(guest, a[0], 0, 1, a[1]);
            case "path_create_directory" -> this::createDirectory;
            case "path_filestat_get" ->
                (guest, a) -> describe(guest, place(guest, a[0], a[2], a[3]).existing(), a[4]);
            case "path_open" -> this::open;
            case "path_readlink" ->
                (guest, a) -> {
                    place(guest, a[0], a[1], a[2]).existing();
                    throw Errno.INVAL.thrown();
                };
            case "path_remove_directory" -> this::removeDirectory;
            case "path_rename" -> this::rename;
            case "path_unlink_file" -> this::unlink;
            case "path_link", "path_symlink", "proc_raise", "sock_accept", "sock_recv", "sock_send", "sock_shutdown" ->
                (_, _) -> {
                    throw Errno.NOTSUP.thrown();
                };
            default -> throw new IllegalStateException(name + " is offered, but not there");
        };
    }

    private List<byte[]> arguments() {
        var all = new ArrayList<String>();
        all.add("program");
        all.addAll(request.arguments());
        return terminated(all);
    }

    private List<byte[]> environment() {
        return terminated(new TreeMap<>(request.environment())
                .entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList());
    }

    private static List<byte[]> terminated(List<String> texts) {
        return texts.stream().map(text -> (text + "\0").getBytes(UTF_8)).toList();
    }

    /* TIME AND CHANCE */

    /// Nanoseconds since the start of the run.
    private long elapsed(Guest guest) {
        return request.limits().fuel() - guest.fuelLeft() + slept;
    }

    /// What a clock shows at the start of the run, in nanoseconds.
    private static long epoch(long clock) {
        return switch ((int) clock) {
            case 0 -> START_OF_TIME;
            case 1, 2, 3 -> 0;
            default -> throw Errno.INVAL.thrown();
        };
    }

    /// There is nothing to wait for: files are always ready, and time jumps to where the program wants it.
    private void poll(Guest guest, long[] a) {
        int count = (int) a[2];
        Errno.INVAL.when(count <= 0 || count > MOST_DESCRIPTORS);
        long now = elapsed(guest);
        var deadlines = new TreeMap<Long, List<Long>>();
        long event = a[1];
        for (int i = 0; i < count; i++) {
            long subscription = a[0] + 48L * i;
            if (guest.memory().read((int) subscription + 8) == 0) {
                deadlines
                        .computeIfAbsent(deadline(guest, subscription, now), _ -> new ArrayList<>())
                        .add(subscription);
            } else {
                boolean closed = descriptor(guest.getInt(subscription + 16)) instanceof Closed;
                event = event(guest, event, subscription, closed ? Errno.BADF.number() : 0);
            }
        }
        if (event == a[1]) {
            var first = requireNonNull(deadlines.firstEntry());
            slept = Math.min(slept + Math.max(0, first.getKey() - now), END_OF_TIME);
            for (long subscription : first.getValue()) {
                event = event(guest, event, subscription, 0);
            }
        }
        guest.putInt(a[3], (int) (event - a[1]) / 32);
    }

    private static long deadline(Guest guest, long subscription, long now) {
        long timeout = guest.memory().readLong((int) subscription + 24);
        boolean absolute = (guest.getInt(subscription + 40) & 1) != 0;
        return absolute ? timeout - epoch(guest.getInt(subscription + 16)) : now + Math.clamp(timeout, 0, END_OF_TIME);
    }

    /// Where the next event goes.
    private static long event(Guest guest, long at, long subscription, int errno) {
        var out = Guest.structure(32);
        out.putLong(guest.memory().readLong((int) subscription)).putShort((short) errno);
        out.put(guest.memory().read((int) subscription + 8));
        guest.put(at, out);
        return at + 32;
    }

    private void random(Guest guest, long[] a) {
        Errno.INVAL.when((int) a[1] < 0);
        guest.charge(a[1]);
        guest.put(a[0], noise.next((int) a[1]));
    }

    /* DESCRIPTORS */

    private Descriptor descriptor(long number) {
        return descriptors.getOrDefault((int) number, new Closed());
    }

    private Descriptor open(long number) {
        var descriptor = descriptor(number);
        Errno.BADF.when(descriptor instanceof Closed);
        return descriptor;
    }

    private Handle handle(long number) {
        return switch (open(number)) {
            case Handle handle -> handle;
            case Folder _ -> throw Errno.ISDIR.thrown();
            case Closed _, Empty _, Stream _ -> throw Errno.SPIPE.thrown();
        };
    }

    private Folder folder(long number) {
        return switch (open(number)) {
            case Folder folder -> folder;
            case Closed _, Empty _, Stream _, Handle _ -> throw Errno.NOTDIR.thrown();
        };
    }

    private byte[] preopened(long number) {
        return descriptor(number) instanceof Folder folder && folder.preopenedAs.isPresent()
                ? folder.preopenedAs.get().getBytes(UTF_8)
                : fail(Errno.BADF);
    }

    private static byte[] fail(Errno errno) {
        throw errno.thrown();
    }

    private void close(int number) {
        if (descriptors.remove(number) instanceof Handle handle) {
            handle.file.close();
        }
    }

    private void renumber(Guest guest, long[] a) {
        var moved = open(a[0]);
        open(a[1]);
        if ((int) a[0] != (int) a[1]) {
            close((int) a[1]);
            descriptors.remove((int) a[0]);
            descriptors.put((int) a[1], moved);
        }
    }

    private void status(Guest guest, long[] a) {
        var descriptor = open(a[0]);
        int flags = descriptor instanceof Handle handle ? handle.flags : 0;
        // What may not seek is a terminal to a C library.
        long rights = type(descriptor) == CHARACTERS ? RIGHT_READ | RIGHT_WRITE : ALL_RIGHTS;
        var out = Guest.structure(24).put((byte) type(descriptor)).put((byte) 0);
        out.putShort((short) flags).putInt(0).putLong(rights).putLong(rights);
        guest.put(a[1], out);
    }

    private static int type(Descriptor descriptor) {
        return switch (descriptor) {
            case Folder _ -> DIRECTORY;
            case Handle _ -> REGULAR_FILE;
            case Closed _, Empty _, Stream _ -> CHARACTERS;
        };
    }

    private static void describe(Guest guest, Descriptor descriptor, long address) {
        switch (descriptor) {
            case Folder folder -> describe(guest, folder.directory, address);
            case Handle handle -> describe(guest, handle.file, address);
            case Closed _, Empty _, Stream _ -> describe(guest, 0, CHARACTERS, 0, address);
        }
    }

    private static void describe(Guest guest, Node node, long address) {
        switch (node) {
            case Directory _ -> describe(guest, node.inode(), DIRECTORY, 0, address);
            case File file -> describe(guest, node.inode(), REGULAR_FILE, file.size(), address);
        }
    }

    private static void describe(Guest guest, long inode, int type, long size, long address) {
        var out = Guest.structure(64);
        out.putLong(1).putLong(inode).putLong(type).putLong(1).putLong(size);
        out.putLong(START_OF_TIME).putLong(START_OF_TIME).putLong(START_OF_TIME);
        guest.put(address, out);
    }

    /* READING AND WRITING */

    private void read(Guest guest, long fd, long vectors, long count, Optional<Long> at, long result) {
        guest.charge(Integer.toUnsignedLong((int) count));
        int total = 0;
        if (!(open(fd) instanceof Empty)) {
            var handle = handle(fd);
            Errno.BADF.when(!handle.readable);
            long position = at.orElse(handle.position);
            Errno.INVAL.when(position < 0);
            int length = 0;
            int filled = 0;
            for (int i = 0; i < (int) count && filled == length; i++) {
                length = guest.getInt(vectors + 8L * i + 4);
                Errno.INVAL.when(length < 0);
                guest.charge(Math.min(length, handle.file.size()) / 8);
                var bytes = handle.file.read(position + total, length);
                guest.put(guest.getInt(vectors + 8L * i), bytes);
                filled = bytes.length;
                total += filled;
            }
            if (at.isEmpty()) {
                handle.position += total;
            }
        }
        guest.putInt(result, total);
    }

    private void write(Guest guest, long fd, long vectors, long count, Optional<Long> at, long result) {
        guest.charge(Integer.toUnsignedLong((int) count));
        Errno.INVAL.when(at.isPresent() && at.get() < 0);
        var descriptor = open(fd);
        int total = 0;
        for (int i = 0; i < (int) count; i++) {
            var bytes = guest.bytes(guest.getInt(vectors + 8L * i), guest.getInt(vectors + 8L * i + 4));
            switch (descriptor) {
                case Stream stream -> stream.write(bytes);
                case Handle handle -> write(guest, handle, bytes, at.isPresent() ? at.get() + total : -1);
                case Closed _, Empty _, Folder _ -> throw Errno.BADF.thrown();
            }
            total += bytes.length;
        }
        guest.putInt(result, total);
    }

    /// @param at where to write; below 0 for the handle's own position, which then moves
    private static void write(Guest guest, Handle handle, byte[] bytes, long at) {
        var file = writable(handle);
        boolean append = (handle.flags & APPEND) != 0;
        long position = at >= 0 ? at : append ? file.size() : handle.position;
        Errno.INVAL.when(position > FARTHEST);
        guest.charge(Math.max(0, position - file.size()) / 8);
        file.write(position, bytes);
        if (at < 0) {
            handle.position = position + bytes.length;
        }
    }

    private static OutputFile writable(Handle handle) {
        if (handle.writable && handle.file instanceof OutputFile file) {
            return file;
        }
        throw Errno.BADF.thrown();
    }

    private void allocate(Guest guest, long[] a) {
        long end = a[1] + a[2];
        Errno.INVAL.when(a[1] < 0 || a[2] <= 0 || end < 0);
        if (end > handle(a[0]).file.size()) {
            resize(guest, a[0], end);
        }
    }

    private void resize(Guest guest, long fd, long size) {
        var file = writable(handle(fd));
        Errno.INVAL.when(size < 0 || size > FARTHEST);
        guest.charge(Math.abs(size - file.size()) / 8);
        file.resize(size);
    }

    private void seek(Guest guest, long fd, long offset, int whence, long result) {
        var handle = handle(fd);
        long base = switch (whence) {
            case 0 -> 0;
            case 1 -> handle.position;
            case 2 -> handle.file.size();
            default -> throw Errno.INVAL.thrown();
        };
        Errno.INVAL.when(base + offset < 0);
        handle.position = base + offset;
        guest.putLong(result, handle.position);
    }

    /* PATHS */

    private Place place(Guest guest, long fd, long address, long length) {
        return place(folder(fd).directory, guest.path(address, length));
    }

    /// Walks a path from an open directory; the way never leads out of it.
    private static Place place(Directory from, String path) {
        Errno.NOENT.when(path.isEmpty());
        Errno.NOTCAPABLE.when(path.startsWith("/"));
        var way = new ArrayDeque<Directory>();
        way.push(from);
        var name = "";
        for (var part : path.split("/", -1)) {
            if (part.isEmpty() || part.equals(".")) {
                continue;
            }
            if (!name.isEmpty()) {
                way.push(directory(new Place(way.element(), name).existing()));
                name = "";
            }
            if (part.equals("..")) {
                way.pop();
                Errno.NOTCAPABLE.when(way.isEmpty());
            } else {
                name = part;
            }
        }
        Errno.NAMETOOLONG.when(name.length() > LONGEST_NAME);
        return new Place(way.element(), name);
    }

    private static Directory directory(Node node) {
        return switch (node) {
            case Directory directory -> directory;
            case File _ -> throw Errno.NOTDIR.thrown();
        };
    }

    private void open(Guest guest, long[] a) {
        Errno.MFILE.when(descriptors.size() >= MOST_DESCRIPTORS);
        var path = guest.path(a[2], a[3]);
        var place = place(folder(a[0]).directory, path);
        int flags = (int) a[4];
        boolean create = (flags & CREATE) != 0;
        Errno.EXIST.when(create && (flags & EXCLUSIVE) != 0 && place.node().isPresent());
        Descriptor opened;
        if (place.node().isPresent() && place.existing() instanceof Directory directory) {
            Errno.ISDIR.when(create || (flags & TRUNCATE) != 0);
            opened = new Folder(directory, Optional.empty());
        } else {
            boolean wantsDirectory = (flags & MUST_BE_DIRECTORY) != 0 || path.endsWith("/");
            Errno.NOTDIR.when(wantsDirectory && place.node().isPresent());
            Errno.NOENT.when(place.node().isEmpty() && (wantsDirectory || !create));
            opened = open(place, flags, a[5], (int) a[7]);
        }
        int number = 0;
        while (descriptors.containsKey(number)) {
            number++;
        }
        descriptors.put(number, opened);
        guest.putInt(a[8], number);
    }

    private Handle open(Place place, int flags, long rights, int descriptorFlags) {
        boolean write = (rights & RIGHT_WRITE) != 0;
        if (write || (flags & TRUNCATE) != 0 || place.node().isEmpty()) {
            place.requireWritable();
        }
        var file = place.node().isEmpty() ? volume.createFile(place.parent, place.name) : (File) place.existing();
        if ((flags & TRUNCATE) != 0 && file instanceof OutputFile output) {
            output.resize(0);
        }
        file.open();
        return new Handle(file, (rights & RIGHT_READ) != 0, write, descriptorFlags);
    }

    private void list(Guest guest, long[] a) {
        var directory = folder(a[0]).directory;
        guest.charge(directory.entries().size());
        var entries = new ArrayList<Map.Entry<String, Node>>();
        entries.add(Map.entry(".", directory));
        entries.add(Map.entry("..", directory));
        entries.addAll(directory.entries().entrySet());
        long room = Integer.toUnsignedLong((int) a[2]);
        int used = 0;
        for (long i = Math.max(0, a[3]); i < entries.size() && used < room; i++) {
            var entry = entries.get((int) i);
            var name = entry.getKey().getBytes(UTF_8);
            var out = Guest.structure(24 + name.length)
                    .putLong(i + 1)
                    .putLong(entry.getValue().inode());
            out.putInt(name.length).putInt(entry.getValue() instanceof Directory ? DIRECTORY : REGULAR_FILE);
            out.put(name);
            // The last entry may be cut off; the caller then sees a full buffer and asks again.
            int length = (int) Math.min(out.capacity(), room - used);
            guest.put(a[1] + used, out.limit(length));
            used += length;
        }
        guest.putInt(a[4], used);
    }

    private void createDirectory(Guest guest, long[] a) {
        var place = place(guest, a[0], a[1], a[2]);
        Errno.EXIST.when(place.node().isPresent());
        place.requireWritable();
        Errno.NAMETOOLONG.when(!volume.createDirectory(place.parent, place.name));
    }

    private void removeDirectory(Guest guest, long[] a) {
        var place = place(guest, a[0], a[1], a[2]);
        var directory = directory(place.existing());
        place.requireWritable();
        Errno.NOTEMPTY.when(!directory.entries().isEmpty());
        volume.remove(place.parent, place.name);
    }

    private void unlink(Guest guest, long[] a) {
        var place = place(guest, a[0], a[1], a[2]);
        Errno.ISDIR.when(place.existing() instanceof Directory);
        place.requireWritable();
        volume.remove(place.parent, place.name);
    }

    private void rename(Guest guest, long[] a) {
        var from = place(guest, a[0], a[1], a[2]);
        var to = place(guest, a[3], a[4], a[5]);
        var node = from.existing();
        from.requireWritable();
        to.requireWritable();
        if (to.node().isPresent()) {
            var target = to.existing();
            if (target == node) {
                return;
            }
            Errno.ISDIR.when(target instanceof Directory && !(node instanceof Directory));
            Errno.NOTDIR.when(node instanceof Directory && !(target instanceof Directory));
            Errno.NOTEMPTY.when(target instanceof Directory directory
                    && !directory.entries().isEmpty());
        }
        Errno.INVAL.when(!volume.rename(from.parent, from.name, to.parent, to.name));
    }
}
