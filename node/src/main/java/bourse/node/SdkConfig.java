package bourse.node;

import bourse.protocol.Address;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What iExec's clients must be told of a market that they have never heard of: the npm package `iexec`, as a library
/// and as a command.
///
/// They want one origin for each service and take no paths; where the services' own paths differ, the origin may be the
/// same.
///
/// @param results where stored bytes are fetched
/// @param lookups where pools' servers are told, and whether there is a secret
/// @param market orders; empty where nobody keeps them but the chain
/// @param workerpool one that works there
/// @param isNative whether the market's money is the chain's own coin, which version 8 knows and 9 does not
public record SdkConfig(
        long chainId,
        URI rpc,
        Address hub,
        URI results,
        URI lookups,
        Optional<URI> market,
        Address workerpool,
        boolean isNative) {
    /// The chain's name in `chain.json`.
    public static final String NAME = "bourse";

    /// How many blocks to wait for: ethers remembers an account's nonce for a quarter of a second, in which a chain
    /// on a laptop mines a block, so that the next transaction would be sent with the nonce of the last.
    private static final int CONFIRMS = 2;

    /// The file `chain.json` of the command `iexec`, versions 8 and 9; of version 8 alone where money is coins.
    public Map<String, Object> chainJson() {
        var chain = new LinkedHashMap<String, Object>();
        chain.put("id", Long.toString(chainId));
        chain.put("host", rpc.toString());
        chain.put("hub", hub.toString());
        chain.put("sms", lookups.toString());
        chain.put("ipfsGateway", results.toString());
        chain.put("compass", lookups.toString());
        market.ifPresent(url -> chain.put("iexecGateway", url.toString()));
        if (isNative) {
            chain.put("native", true);
            chain.put("useGas", true);
        }
        var file = new LinkedHashMap<String, Object>();
        file.put("default", NAME);
        file.put("chains", Map.of(NAME, chain));
        return file;
    }

    /// The second argument of `new IExec(…)`; the first is `{ ethProvider }`, with [#rpc] or a signer there.
    public Map<String, Object> options() {
        var options = new LinkedHashMap<String, Object>();
        options.put("hubAddress", hub.toString());
        options.put("confirms", CONFIRMS);
        options.put("smsURL", lookups.toString());
        options.put("ipfsGatewayURL", results.toString());
        options.put("compassURL", lookups.toString());
        market.ifPresent(url -> options.put("iexecGatewayURL", url.toString()));
        if (isNative) {
            options.put("isNative", true);
            options.put("useGas", true);
        }
        return options;
    }
}
