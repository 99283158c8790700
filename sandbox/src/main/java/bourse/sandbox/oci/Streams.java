package bourse.sandbox.oci;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/// Keeps what a program says on its standard streams, as much as it may say.
final class Streams extends ResultCallback.Adapter<Frame> {
    private final int most;
    private final Consumer<String> tooMuch;
    private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile Optional<Throwable> failure = Optional.empty();

    /// @param most bytes on each stream
    /// @param tooMuch told the name of a stream on which there are more
    Streams(int most, Consumer<String> tooMuch) {
        this.most = most;
        this.tooMuch = tooMuch;
    }

    @Override
    public void onStart(Closeable stream) {
        super.onStart(stream);
        begun.countDown();
    }

    @Override
    public void onError(Throwable broken) {
        failure = Optional.of(broken);
        onComplete();
    }

    @Override
    public void onComplete() {
        begun.countDown();
        ended.countDown();
    }

    /// Waits until nothing that is said can be missed. What broke it, if it did.
    Optional<Throwable> awaitBegin() throws InterruptedException {
        begun.await();
        return failure;
    }

    /// Waits until nobody will say anything any more.
    void awaitEnd() throws InterruptedException {
        ended.await();
    }

    @Override
    public void onNext(Frame frame) {
        var error = frame.getStreamType() == StreamType.STDERR;
        if (!keep(error ? stderr : stdout, frame.getPayload())) {
            tooMuch.accept(error ? "standard error" : "standard output");
        }
    }

    byte[] stdout() {
        synchronized (stdout) {
            return stdout.toByteArray();
        }
    }

    byte[] stderr() {
        synchronized (stderr) {
            return stderr.toByteArray();
        }
    }

    private boolean keep(ByteArrayOutputStream stream, byte[] more) {
        synchronized (stream) {
            int room = Math.min(more.length, most - stream.size());
            stream.write(more, 0, room);
            return room == more.length;
        }
    }
}
