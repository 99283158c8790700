package bourse.protocol;

import com.esaulpaugh.headlong.abi.Tuple;
import com.esaulpaugh.headlong.abi.TupleType;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/// Where a signature counts: one hub on one chain. Hashes orders as iExec's clients do (EIP-712, domain
/// `iExecODB` 5.0.0), and calls under a domain of their own (`Bourse` 1).
///
/// @param chainId the chain's number (EIP-155)
/// @param hub the market's one address
public record Domain(long chainId, Address hub) {
    private static final Bytes32 DOMAIN =
            type("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    private static final String APP_TYPE =
            "AppOrder(address app,uint256 appprice,uint256 volume,bytes32 tag,address datasetrestrict,"
                    + "address workerpoolrestrict,address requesterrestrict,bytes32 salt)";
    private static final Bytes32 APP = type(APP_TYPE);
    private static final Bytes32 APP_OPERATION = type("AppOrderOperation(AppOrder order,uint256 operation)" + APP_TYPE);
    private static final String DATASET_TYPE =
            "DatasetOrder(address dataset,uint256 datasetprice,uint256 volume,bytes32 tag,address apprestrict,"
                    + "address workerpoolrestrict,address requesterrestrict,bytes32 salt)";
    private static final Bytes32 DATASET = type(DATASET_TYPE);
    private static final Bytes32 DATASET_OPERATION =
            type("DatasetOrderOperation(DatasetOrder order,uint256 operation)" + DATASET_TYPE);
    private static final String WORKERPOOL_TYPE =
            "WorkerpoolOrder(address workerpool,uint256 workerpoolprice,uint256 volume,bytes32 tag,uint256 category,"
                    + "uint256 trust,address apprestrict,address datasetrestrict,address requesterrestrict,bytes32 salt)";
    private static final Bytes32 WORKERPOOL = type(WORKERPOOL_TYPE);
    private static final Bytes32 WORKERPOOL_OPERATION =
            type("WorkerpoolOrderOperation(WorkerpoolOrder order,uint256 operation)" + WORKERPOOL_TYPE);
    private static final String REQUEST_TYPE =
            "RequestOrder(address app,uint256 appmaxprice,address dataset,uint256 datasetmaxprice,address workerpool,"
                    + "uint256 workerpoolmaxprice,address requester,uint256 volume,bytes32 tag,uint256 category,"
                    + "uint256 trust,address beneficiary,address callback,string params,bytes32 salt)";
    private static final Bytes32 REQUEST = type(REQUEST_TYPE);
    private static final Bytes32 REQUEST_OPERATION =
            type("RequestOrderOperation(RequestOrder order,uint256 operation)" + REQUEST_TYPE);
    private static final Bytes32 CALL = type("Call(address audience,string origin,bytes32 epoch,string method,"
            + "string path,bytes32 body,bytes32 nonce,uint256 issued,uint256 expires)");
    private static final TupleType<Tuple> CALL_DATA =
            TupleType.parse("(bytes32,address,bytes32,bytes32,bytes32,bytes32,bytes32,bytes32,uint256,uint256)");
    private static final TupleType<Tuple> DOMAIN_DATA = TupleType.parse("(bytes32,bytes32,bytes32,uint256,address)");
    private static final TupleType<Tuple> APP_DATA =
            TupleType.parse("(bytes32,address,uint256,uint256,bytes32,address,address,address,bytes32)");
    private static final TupleType<Tuple> WORKERPOOL_DATA = TupleType.parse(
            "(bytes32,address,uint256,uint256,bytes32,uint256,uint256,address,address,address,bytes32)");
    private static final TupleType<Tuple> OPERATION_DATA = TupleType.parse("(bytes32,bytes32,uint256)");
    private static final TupleType<Tuple> REQUEST_DATA = TupleType.parse(
            "(bytes32,address,uint256,address,uint256,address,uint256,address,uint256,bytes32,uint256,uint256,address,"
                    + "address,bytes32,bytes32)");

    private static final Bytes32 GATEWAY_DOMAIN = type("EIP712Domain(string name,string version,uint256 chainId)");
    private static final TupleType<Tuple> GATEWAY_DATA = TupleType.parse("(bytes32,bytes32,bytes32,uint256)");
    private static final Bytes32 CHALLENGE = type("Challenge(string challenge)");
    private static final TupleType<Tuple> CHALLENGE_DATA = TupleType.parse("(bytes32,bytes32)");

    private Bytes32 structHash(Order order) {
        return switch (order) {
            case Order.App o ->
                hash(
                        APP_DATA,
                        APP.bytes(),
                        Abi.address(o.app()),
                        o.appprice().nano(),
                        BigInteger.valueOf(o.volume()),
                        o.tag().value().bytes(),
                        Abi.address(o.datasetrestrict()),
                        Abi.address(o.workerpoolrestrict()),
                        Abi.address(o.requesterrestrict()),
                        o.salt().bytes());
            case Order.Dataset o ->
                hash(
                        APP_DATA,
                        DATASET.bytes(),
                        Abi.address(o.dataset()),
                        o.datasetprice().nano(),
                        BigInteger.valueOf(o.volume()),
                        o.tag().value().bytes(),
                        Abi.address(o.apprestrict()),
                        Abi.address(o.workerpoolrestrict()),
                        Abi.address(o.requesterrestrict()),
                        o.salt().bytes());
            case Order.Workerpool o ->
                hash(
                        WORKERPOOL_DATA,
                        WORKERPOOL.bytes(),
                        Abi.address(o.workerpool()),
                        o.workerpoolprice().nano(),
                        BigInteger.valueOf(o.volume()),
                        o.tag().value().bytes(),
                        BigInteger.valueOf(o.category()),
                        BigInteger.valueOf(o.trust()),
                        Abi.address(o.apprestrict()),
                        Abi.address(o.datasetrestrict()),
                        Abi.address(o.requesterrestrict()),
                        o.salt().bytes());
            case Order.Request o ->
                hash(
                        REQUEST_DATA,
                        REQUEST.bytes(),
                        Abi.address(o.app()),
                        o.appmaxprice().nano(),
                        Abi.address(o.dataset()),
                        o.datasetmaxprice().nano(),
                        Abi.address(o.workerpool()),
                        o.workerpoolmaxprice().nano(),
                        Abi.address(o.requester()),
                        BigInteger.valueOf(o.volume()),
                        o.tag().value().bytes(),
                        BigInteger.valueOf(o.category()),
                        BigInteger.valueOf(o.trust()),
                        Abi.address(o.beneficiary()),
                        Abi.address(o.callback()),
                        utf8(o.params()).bytes(),
                        o.salt().bytes());
        };
    }

    public Bytes32 separator() {
        return separator("iExecODB", "5.0.0");
    }

    private Bytes32 separator(String name, String version) {
        return hash(
                DOMAIN_DATA,
                DOMAIN.bytes(),
                utf8(name).bytes(),
                utf8(version).bytes(),
                BigInteger.valueOf(chainId),
                Abi.address(hub));
    }

    /// The order's name everywhere (`viewConsumed`, the seed of a deal's id), and what its owner signs.
    public Bytes32 hash(Order order) {
        return hash(structHash(order));
    }

    private Bytes32 hash(Bytes32 struct) {
        return hash(separator(), struct);
    }

    private static Bytes32 hash(Bytes32 separator, Bytes32 struct) {
        return Keccak.of(new byte[] {0x19, 0x01}, separator.bytes(), struct.bytes());
    }

    /// What a caller signs.
    public Bytes32 hash(Call call) {
        var struct = hash(
                CALL_DATA,
                CALL.bytes(),
                Abi.address(call.audience()),
                utf8(call.origin()).bytes(),
                call.epoch().bytes(),
                utf8(call.method()).bytes(),
                utf8(call.path()).bytes(),
                call.body().bytes(),
                call.nonce().bytes(),
                BigInteger.valueOf(call.issued().getEpochSecond()),
                BigInteger.valueOf(call.expires().getEpochSecond()));
        return hash(separator("Bourse", "1"), struct);
    }

    /// What signs in at a market's server: iExec's market API has a domain `iExec Gateway` 1 that names no hub.
    public Bytes32 hashChallenge(String challenge) {
        var gateway = hash(
                GATEWAY_DATA,
                GATEWAY_DOMAIN.bytes(),
                utf8("iExec Gateway").bytes(),
                utf8("1").bytes(),
                BigInteger.valueOf(chainId));
        return hash(
                gateway, hash(CHALLENGE_DATA, CHALLENGE.bytes(), utf8(challenge).bytes()));
    }

    /// What an order's owner signs for others to close the order on chain, or to sign it there.
    public Bytes32 hash(Order order, boolean closes) {
        var type = switch (order) {
            case Order.App _ -> APP_OPERATION;
            case Order.Dataset _ -> DATASET_OPERATION;
            case Order.Workerpool _ -> WORKERPOOL_OPERATION;
            case Order.Request _ -> REQUEST_OPERATION;
        };
        return hash(hash(
                OPERATION_DATA, type.bytes(), structHash(order).bytes(), closes ? BigInteger.ONE : BigInteger.ZERO));
    }

    public <O extends Order> Signed<O> sign(O order, Wallet owner) {
        return new Signed<>(order, owner.sign(hash(order)).bytes());
    }

    private static Bytes32 hash(TupleType<Tuple> type, Object... values) {
        return Keccak.of(type.encode(Tuple.from(values)).array());
    }

    private static Bytes32 type(String encodeType) {
        return utf8(encodeType);
    }

    private static Bytes32 utf8(String text) {
        return Keccak.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
