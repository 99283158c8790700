package bourse.protocol;

import java.util.LinkedHashMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Where a task's result is: what stands in the `results` of a task on chain, in the JSON that iExec's clients
/// read.
public record ResultLink(Cid cid) {
    private static final JsonMapper JSON = new JsonMapper();

    public Bytes results() {
        var keys = new LinkedHashMap<String, String>();
        keys.put("storage", "ipfs");
        keys.put("location", cid.path());
        return Bytes.utf8(JSON.writeValueAsString(keys));
    }

    /// @throws Malformed if it is not a link into this storage
    public static ResultLink parse(Bytes results) {
        if (results.length() > 4096) {
            throw new Malformed("a result's link takes at most 4096 bytes, this has " + results.length());
        }
        try {
            return new ResultLink(
                    Cid.ofPath(JSON.readTree(results.bytes()).path("location").asString("")));
        } catch (JacksonException e) {
            throw new Malformed("a result's link is JSON with a location, this is not: " + e.getOriginalMessage(), e);
        }
    }
}
