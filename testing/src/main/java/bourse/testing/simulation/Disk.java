package bourse.testing.simulation;

import bourse.testing.simulation.Simulator.Machine;
import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.StandardOpenOption;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A disk in memory, which outlives the machine that it stands in: that one may die between any two things that it
/// does to its files. It may be full for a while.
public final class Disk implements AutoCloseable {
    private static final Set<StandardOpenOption> WRITING =
            Set.of(StandardOpenOption.WRITE, StandardOpenOption.APPEND, StandardOpenOption.CREATE_NEW);
    /// Jimfs would ask for a random name, and simulations wait for each other there: at the monitor of `SecureRandom`.
    private static final AtomicLong NAMES = new AtomicLong();

    private final FileSystem files = Jimfs.newFileSystem(
            "disk-" + NAMES.getAndIncrement(),
            Configuration.unix().toBuilder().setWorkingDirectory("/").build());
    private final Path handle = files.getPath("/directory");
    private boolean full;

    public Disk() {
        try {
            Files.createFile(handle);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /// From now on nothing can be written, or it can again.
    public void full(boolean now) {
        full = now;
    }

    /// A directory, as `machine` sees it.
    public Path home(Machine machine) {
        return new Mount(machine).getPath("/home");
    }

    @Override
    public void close() throws IOException {
        files.close();
    }

    /// The disk in a machine.
    private final class Mount extends FileSystem {
        private final Machine machine;
        private final Provider provider = new Provider(this);

        Mount(Machine machine) {
            this.machine = machine;
        }

        private void write(Path path) throws FileSystemException {
            if (full) {
                throw new FileSystemException(path.toString(), null, "No space left on device");
            }
        }

        Path wrap(Path inner) {
            return (Path) Proxy.newProxyInstance(
                    Path.class.getClassLoader(), new Class<?>[] {Path.class}, new Wrapped(this, inner));
        }

        @Override
        public FileSystemProvider provider() {
            return provider;
        }

        @Override
        public void close() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public boolean isReadOnly() {
            return false;
        }

        @Override
        public String getSeparator() {
            return files.getSeparator();
        }

        @Override
        public Iterable<Path> getRootDirectories() {
            return List.of(getPath("/"));
        }

        @Override
        public Iterable<FileStore> getFileStores() {
            return files.getFileStores();
        }

        @Override
        public Set<String> supportedFileAttributeViews() {
            return files.supportedFileAttributeViews();
        }

        @Override
        public Path getPath(String first, String... more) {
            return wrap(files.getPath(first, more));
        }

        @Override
        public PathMatcher getPathMatcher(String syntaxAndPattern) {
            var matcher = files.getPathMatcher(syntaxAndPattern);
            return path -> matcher.matches(Wrapped.inner(path));
        }

        @Override
        public UserPrincipalLookupService getUserPrincipalLookupService() {
            return files.getUserPrincipalLookupService();
        }

        @Override
        public WatchService newWatchService() {
            throw new UnsupportedOperationException();
        }
    }

    /// A path of a [Mount].
    private record Wrapped(Mount mount, Path path) implements InvocationHandler {
        static Path inner(Path path) {
            return Proxy.isProxyClass(path.getClass()) ? ((Wrapped) Proxy.getInvocationHandler(path)).path() : path;
        }

        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
            if (method.getName().equals("getFileSystem")) {
                return mount;
            }
            if (method.isDefault()) {
                return InvocationHandler.invokeDefault(proxy, method, arguments);
            }
            var inner = arguments == null
                    ? null
                    : Stream.of(arguments)
                            .map(one -> one instanceof Path other ? inner(other) : one)
                            .toArray();
            try {
                var result = method.invoke(path, inner);
                return result instanceof Path other ? mount.wrap(other) : result;
            } catch (InvocationTargetException e) {
                throw e.getCause() == null ? e : e.getCause();
            }
        }
    }

    /// The same operations as the disk's own, each with a chance to die before it.
    private final class Provider extends FileSystemProvider {
        private final Mount mount;
        private final FileSystemProvider real = files.provider();

        Provider(Mount mount) {
            this.mount = mount;
        }

        private Path at(Path path) {
            mount.machine.pass();
            return Wrapped.inner(path);
        }

        private void open(Path path, Set<? extends OpenOption> options) throws FileSystemException {
            if (options.stream().anyMatch(WRITING::contains)) {
                mount.write(path);
            }
        }

        @Override
        public String getScheme() {
            return "disk";
        }

        @Override
        public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileSystem getFileSystem(URI uri) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Path getPath(URI uri) {
            throw new UnsupportedOperationException();
        }

        @Override
        public SeekableByteChannel newByteChannel(
                Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
            open(path, options);
            return real.newByteChannel(at(path), options, attributes);
        }

        /// Linux opens directories, too, so that they can be forced to disk.
        @Override
        public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
                throws IOException {
            open(path, options);
            var inner = at(path);
            return real.newFileChannel(Files.isDirectory(inner) ? handle : inner, options, attributes);
        }

        @Override
        public DirectoryStream<Path> newDirectoryStream(Path directory, DirectoryStream.Filter<? super Path> filter)
                throws IOException {
            var stream = real.newDirectoryStream(at(directory), inner -> filter.accept(mount.wrap(inner)));
            return new DirectoryStream<>() {
                @Override
                public Iterator<Path> iterator() {
                    var inner = stream.iterator();
                    return new Iterator<>() {
                        @Override
                        public boolean hasNext() {
                            return inner.hasNext();
                        }

                        @Override
                        public Path next() {
                            return mount.wrap(inner.next());
                        }
                    };
                }

                @Override
                public void close() throws IOException {
                    stream.close();
                }
            };
        }

        @Override
        public void createDirectory(Path directory, FileAttribute<?>... attributes) throws IOException {
            mount.write(directory);
            real.createDirectory(at(directory), attributes);
        }

        @Override
        public void delete(Path path) throws IOException {
            real.delete(at(path));
        }

        @Override
        public void copy(Path source, Path target, CopyOption... options) throws IOException {
            mount.write(target);
            real.copy(at(source), at(target), options);
        }

        @Override
        public void move(Path source, Path target, CopyOption... options) throws IOException {
            real.move(at(source), at(target), options);
        }

        @Override
        public boolean isSameFile(Path path, Path other) throws IOException {
            return real.isSameFile(at(path), at(other));
        }

        @Override
        public boolean isHidden(Path path) throws IOException {
            return real.isHidden(at(path));
        }

        @Override
        public FileStore getFileStore(Path path) throws IOException {
            return real.getFileStore(at(path));
        }

        @Override
        public void checkAccess(Path path, AccessMode... modes) throws IOException {
            real.checkAccess(at(path), modes);
        }

        @Override
        public <V extends FileAttributeView> @Nullable V getFileAttributeView(
                Path path, Class<V> type, LinkOption... options) {
            return real.getFileAttributeView(at(path), type, options);
        }

        @Override
        public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
                throws IOException {
            return real.readAttributes(at(path), type, options);
        }

        @Override
        public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options)
                throws IOException {
            return real.readAttributes(at(path), attributes, options);
        }

        @Override
        public void setAttribute(Path path, String attribute, Object value, LinkOption... options) throws IOException {
            real.setAttribute(at(path), attribute, value, options);
        }
    }
}
