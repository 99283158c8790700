/// How the chain is reached.
///
/// [JsonRpc] talks to a node. [Head] asks it for the newest block, once for everyone in the process. [Follower]
/// reads the logs behind that block and notices when the chain takes blocks back; [Sender] turns calls into
/// transactions and stays with each until it is mined. [RpcChain] joins them to the door
/// [bourse.protocol.Chain], with [Hub] as the one place that knows the contracts' ABI. [Relay] reads the order
/// book from the same logs.
///
/// [Anvil] is a real EVM chain as a child process, for laptops and tests, and [Deployment] puts a market on it.
@NullMarked
package bourse.chain;

import org.jspecify.annotations.NullMarked;
