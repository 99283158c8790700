package bourse.protocol;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;

/// A file that a task reads, as its requester names it in [Params#inputFiles].
///
/// @param name what the program finds it under: one safe file name
public record InputFile(String name, Source source) {

    /// Where its bytes are.
    public sealed interface Source {
        /// In the market's storage: `ipfs://<cid>?filename=<name>`.
        record Stored(Cid cid) implements Source {}

        /// On a web server, http or https.
        record Web(URI uri) implements Source {}
    }

    /// @throws Malformed if the name is none that every file system takes for one file
    public InputFile {
        boolean safe = !name.isEmpty()
                && !name.equals(".")
                && !name.equals("..")
                && name.chars().noneMatch(c -> c < ' ' || c == 127 || c == '/' || c == '\\')
                && StandardCharsets.UTF_8.newEncoder().canEncode(name)
                && name.getBytes(StandardCharsets.UTF_8).length <= 255;
        if (!safe) {
            throw new Malformed("an input file needs a name of 1 to 255 bytes, without slashes or control characters,"
                    + " this has: \"" + brief(name) + '"');
        }
    }

    /// The name is what `filename` says, else the CID; of a web address it is the last element of the path.
    ///
    /// @throws Malformed if the address is of another kind, or gives no name
    public static InputFile parse(String address) {
        try {
            var uri = new URI(address);
            return switch (uri.getScheme()) {
                case "ipfs" -> stored(uri);
                case "http", "https" -> web(uri);
                case null, default -> throw new Malformed("no kind of address that is known here");
            };
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw new Malformed("not an address: " + brief(address), e);
        } catch (Malformed e) {
            throw new Malformed(
                    "an input file is ipfs://<cid>?filename=<name> or an http(s) URL, this is not: %s (%s)"
                            .formatted(brief(address), e.getMessage()),
                    e);
        }
    }

    /// All of a task's files, in their order.
    ///
    /// @throws Malformed if two have one name
    public static List<InputFile> parseAll(List<String> addresses) {
        var files = addresses.stream().map(InputFile::parse).toList();
        var names = new HashSet<String>();
        for (var file : files) {
            if (!names.add(file.name())) {
                throw new Malformed("two input files have the name " + file.name());
            }
        }
        return files;
    }

    private static InputFile stored(URI uri) {
        if (uri.getRawAuthority() == null || !uri.getRawPath().isEmpty()) {
            throw new Malformed("it takes a CID, and nothing between that and the question mark");
        }
        var cid = Cid.parse(uri.getRawAuthority());
        var query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
        var name = Arrays.stream(query.split("&"))
                .filter(part -> part.startsWith("filename="))
                .map(part -> decode(part.substring("filename=".length())))
                .findFirst()
                .orElse(cid.toString());
        return new InputFile(name, new Source.Stored(cid));
    }

    private static InputFile web(URI uri) {
        if (uri.getHost() == null) {
            throw new Malformed("it has no host");
        }
        var path = uri.getRawPath();
        return new InputFile(decode(path.substring(path.lastIndexOf('/') + 1)), new Source.Web(uri));
    }

    /// A plus stays a plus: only `%` escapes in a URL's path, and here in its query, too.
    private static String decode(String escaped) {
        return URLDecoder.decode(escaped.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /// What [#parse] reads.
    public String address() {
        return switch (source) {
            case Source.Stored(var cid) ->
                "ipfs://%s?filename=%s"
                        .formatted(
                                cid,
                                URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20"));
            case Source.Web(var uri) -> uri.toString();
        };
    }

    private static String brief(String text) {
        var clean = text.replaceAll("[\\p{Cntrl}\\p{Cs}]", "?");
        return clean.length() <= 100 ? clean : clean.substring(0, 100) + "…";
    }
}
