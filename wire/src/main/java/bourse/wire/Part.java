package bourse.wire;

import io.helidon.http.Method;
import java.io.IOException;
import java.util.List;

/// Some paths of a server, which belong together.
interface Part {
    List<Route> routes();

    /// The name of the resource beside this class that tells of them: an OpenAPI 3.1 document.
    String document();

    /// Whether pages from elsewhere may call it (CORS): what it tells is for anyone, or for whoever signs. Nothing here
    /// knows a caller by a cookie or by where he is.
    default boolean isForPages() {
        return false;
    }

    /// One path.
    ///
    /// @param path with parameters in braces, as in OpenAPI
    /// @param most how many bytes may come with a call
    /// @param chunked whether they may come in chunks, of which each is held in memory: for a route that
    ///     knows who calls before it reads
    record Route(Method method, String path, long most, boolean chunked, Answer answer) {
        /// What an ordinary call may bring.
        static final long ORDINARY = 64 * 1024;

        static Route get(String path, Answer answer) {
            return new Route(Method.GET, path, ORDINARY, false, answer);
        }

        /// The same without its bytes.
        static Route head(String path, Answer answer) {
            return new Route(Method.HEAD, path, ORDINARY, false, answer);
        }

        static Route put(String path, long most, Answer answer) {
            return new Route(Method.PUT, path, most, false, answer);
        }

        static Route post(String path, long most, Answer answer) {
            return new Route(Method.POST, path, most, false, answer);
        }
    }

    /// Answers one call. What it throws becomes a problem.
    @FunctionalInterface
    interface Answer {
        void give(Exchange exchange) throws IOException, InterruptedException;
    }
}
