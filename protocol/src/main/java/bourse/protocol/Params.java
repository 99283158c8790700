package bourse.protocol;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A request's parameters, public on chain. The JSON keys are iExec's.
///
/// @param arguments the program's arguments, one an element (`iexec_args` joins them as a shell would)
/// @param inputFiles where each input file is: `ipfs://<cid>?filename=<name>`, or an http(s) URL
///     (`iexec_input_files`)
/// @param needs what a machine must have that runs it; keys of Bourse's own
public record Params(List<String> arguments, List<String> inputFiles, Needs needs) {
    public static final Params NONE = new Params(List.of(), List.of());
    /// More than this is no parameter but data, which belongs in an input file.
    public static final int LARGEST = 64 * 1024;

    public static final int MOST_INPUT_FILES = 100;
    private static final JsonMapper JSON = new JsonMapper();

    /// What a machine must have, and what is liked about it. The expressions are ClassAds' (docs/scheduling.md).
    ///
    /// @param requirements true of machines that will do (`requirements`); empty: any
    /// @param rank the higher, the better a machine (`rank`); empty: none is better
    /// @param cores (`resources.cores`)
    /// @param memory in MiB (`resources.memory`); 0: what each task gets where nothing is said
    /// @param disk for inputs and outputs, in MiB (`resources.disk`)
    /// @param gpus (`resources.gpus`)
    public record Needs(String requirements, String rank, int cores, long memory, long disk, int gpus) {
        public static final Needs NONE = new Needs("", "", 1, 0, 0, 0);
        private static final long MOST = 1 << 30;

        /// @throws Malformed if a number is negative, or more than any machine has
        public Needs {
            if (cores < 1 || cores > 4096 || gpus < 0 || gpus > 1024) {
                throw new Malformed(
                        "a task needs 1 to 4096 cores and 0 to 1024 GPUs, not %d and %d".formatted(cores, gpus));
            }
            if (memory < 0 || memory > MOST || disk < 0 || disk > MOST) {
                throw new Malformed(
                        "a task needs 0 to %d MiB of memory and of disk, not %d and %d".formatted(MOST, memory, disk));
            }
        }
    }

    public Params(List<String> arguments, List<String> inputFiles) {
        this(arguments, inputFiles, Needs.NONE);
    }

    /// @throws Malformed if there are too many input files
    public Params {
        arguments = List.copyOf(arguments);
        inputFiles = List.copyOf(inputFiles);
        if (inputFiles.size() > MOST_INPUT_FILES) {
            throw new Malformed(
                    "a task takes at most %d input files, this has %d".formatted(MOST_INPUT_FILES, inputFiles.size()));
        }
    }

    /// Text that is no JSON object is taken for the arguments, as iExec's middleware does. Keys that are not
    /// known here are passed over: the request is matched already, and its other wishes are not this program's
    /// business.
    ///
    /// @throws Malformed if it is too large, or a known key holds the wrong type
    public static Params parse(String text) {
        if (text.length() > LARGEST) {
            throw new Malformed(
                    "a task's parameters take at most %d characters, these have %d".formatted(LARGEST, text.length()));
        }
        JsonNode root;
        try {
            root = JSON.readTree(text);
        } catch (JacksonException _) {
            return new Params(split(text), List.of());
        }
        if (!root.isObject()) {
            return new Params(split(text), List.of());
        }
        return new Params(
                split(string(root.path("iexec_args"), "iexec_args")),
                strings(root.path("iexec_input_files")),
                needs(root));
    }

    private static Needs needs(JsonNode root) {
        var resources = root.path("resources");
        if (!resources.isMissingNode() && !resources.isObject()) {
            throw new Malformed("resources is an object, such as {\"cores\": 2, \"memory\": 1024}");
        }
        return new Needs(
                string(root.path("requirements"), "requirements"),
                string(root.path("rank"), "rank"),
                number(resources, "cores", 1),
                number(resources, "memory", 0),
                number(resources, "disk", 0),
                number(resources, "gpus", 0));
    }

    private static int number(JsonNode resources, String key, int otherwise) {
        var number = resources.path(key);
        if (number.isMissingNode()) {
            return otherwise;
        }
        if (!number.isIntegralNumber() || !number.canConvertToInt()) {
            throw new Malformed("resources.%s is a whole number, not %s".formatted(key, number));
        }
        return number.asInt();
    }

    /// The JSON for the chain.
    public String json() {
        var keys = new LinkedHashMap<String, Object>();
        if (!arguments.isEmpty()) {
            keys.put("iexec_args", arguments.stream().map(Params::quote).collect(Collectors.joining(" ")));
        }
        if (!inputFiles.isEmpty()) {
            keys.put("iexec_input_files", inputFiles);
        }
        if (!needs.requirements().isEmpty()) {
            keys.put("requirements", needs.requirements());
        }
        if (!needs.rank().isEmpty()) {
            keys.put("rank", needs.rank());
        }
        var resources = new LinkedHashMap<String, Object>();
        if (needs.cores() != Needs.NONE.cores()) {
            resources.put("cores", needs.cores());
        }
        if (needs.memory() != 0) {
            resources.put("memory", needs.memory());
        }
        if (needs.disk() != 0) {
            resources.put("disk", needs.disk());
        }
        if (needs.gpus() != 0) {
            resources.put("gpus", needs.gpus());
        }
        if (!resources.isEmpty()) {
            keys.put("resources", resources);
        }
        keys.put("iexec_result_storage_provider", "ipfs");
        return JSON.writeValueAsString(keys);
    }

    private static String string(JsonNode node, String key) {
        if (node.isMissingNode() || node.isNull()) {
            return "";
        }
        if (!node.isString()) {
            throw new Malformed(key + " takes a text");
        }
        return node.asString();
    }

    private static List<String> strings(JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return List.of();
        }
        if (!node.isArray()) {
            throw new Malformed("iexec_input_files takes a list of URLs");
        }
        return node.valueStream().map(file -> string(file, "iexec_input_files")).toList();
    }

    /// Splits at spaces, but not inside single or double quotes; a backslash takes the next character as it is,
    /// except between single quotes.
    static List<String> split(String line) {
        var arguments = new ArrayList<String>();
        var current = new StringBuilder();
        boolean started = false;
        char quote = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\\' && quote != '\'' && i + 1 < line.length()) {
                current.append(line.charAt(++i));
                started = true;
            } else if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    current.append(c);
                }
            } else if (c == '"' || c == '\'') {
                quote = c;
                started = true;
            } else if (Character.isWhitespace(c)) {
                if (started) {
                    arguments.add(current.toString());
                    current.setLength(0);
                    started = false;
                }
            } else {
                current.append(c);
                started = true;
            }
        }
        if (quote != 0) {
            throw new Malformed("iexec_args has a quote that is not closed");
        }
        if (started) {
            arguments.add(current.toString());
        }
        return arguments;
    }

    private static String quote(String argument) {
        boolean plain = !argument.isEmpty()
                && argument.chars().allMatch(c -> !Character.isWhitespace(c) && c != '"' && c != '\'' && c != '\\');
        return plain ? argument : '"' + argument.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
