package bourse.wire;

import io.helidon.http.Method;
import java.io.IOException;
import java.util.List;

/// Some paths of a server, which belong together.
interface Part {
    List<Route> routes();

    /// The name of the resource beside this class that tells of them: an OpenAPI 3.1 document.
    String document();

    /// One path.
    ///
    /// @param path with parameters in braces, as in OpenAPI
    /// @param most how many bytes may come with a call
    record Route(Method method, String path, long most, Answer answer) {
        /// What an ordinary call may bring.
        static final long ORDINARY = 64 * 1024;

        static Route get(String path, Answer answer) {
            return new Route(Method.GET, path, ORDINARY, answer);
        }
    }

    /// Answers one call. What it throws becomes a problem.
    @FunctionalInterface
    interface Answer {
        void give(Exchange exchange) throws IOException, InterruptedException;
    }
}
