// Gas of the market, beside that of PoCo: the same calls, in the same order, on the same chain.
//
//   npm run gas               in contracts/, after npm run compile: measures and writes bench/gas.md
//   npm run gas -- --check    measures, and fails where bench/gas.md says something else
//
// Both fail where a bound below is not kept. Keys, salts and the chain's clock are fixed, so that gas is the same in every run.
// PoCo is the bytecode of the npm package @iexec/poco (optimizer runs 200, like ours). It is fetched once, outside of the lock file,
// for a plain install of it fails over two git dependencies; its hash stands here.
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import {
  Contract, ContractFactory, Interface, JsonRpcProvider, Wallet, ZeroAddress, ZeroHash, concat,
  getBytes, id, keccak256, solidityPackedKeccak256, toBeHex, toUtf8Bytes,
} from "ethers";

const { values: options } = parseArgs({ options: { check: { type: "boolean", default: false } } });
const POCO = { version: "6.1.0", sha512: "BPbDtf2fgQuotr6rf74ACVdwlKqkErEZ8qLbTWM+2CIBj2EX3+6KBGWsFoudoOGjgT7vUJ3jeNX8SWvHzSHg6A==" };
const home = dirname(fileURLToPath(import.meta.url));

/// Of PoCo's gas, at most this share.
const BOUNDS = { "a call": 0.75, "making an asset": 0.4, "a task with 3 workers": 0.5 };
/// Most of a deposit and of a withdrawal is the token's or the coin's own work, the same for everyone. We add at most this much, in gas.
const MARGIN = 15_000;

/* THE CONTRACTS */

function unpackPoco() {
  const place = join(home, "node_modules/.poco", POCO.version);
  const archive = join(place, `iexec-poco-${POCO.version}.tgz`);
  mkdirSync(place, { recursive: true });
  if (!existsSync(archive)) {
    execFileSync("npm", ["pack", "--silent", "--prefer-offline", `@iexec/poco@${POCO.version}`], { cwd: place, stdio: ["ignore", "ignore", "inherit"] });
  }
  const sha512 = createHash("sha512").update(readFileSync(archive)).digest("base64");
  if (sha512 !== POCO.sha512) throw new Error(`${archive} is not the package that was measured: its sha512 is ${sha512}. Delete it, to fetch it again.`);
  if (!existsSync(join(place, "package"))) execFileSync("tar", ["xzf", archive], { cwd: place });
  return join(place, "package/artifacts/contracts");
}
const pocoHome = unpackPoco();
const poco = (path) => JSON.parse(readFileSync(join(pocoHome, path)));
const bourse = (name) => JSON.parse(readFileSync(join(home, `../target/classes/bourse/contracts/${name}.json`)));

/// Compiled as ours are.
function floors() {
  const settings = {
    evmVersion: "cancun", optimizer: { enabled: true, runs: 200 }, viaIR: true, metadata: { bytecodeHash: "none", appendCBOR: false },
    outputSelection: { "*": { "*": ["abi", "evm.bytecode.object"] } },
  };
  const sources = { "Floor.sol": { content: readFileSync(join(home, "Floor.sol"), "utf8") } };
  const solc = createRequire(join(home, "../package.json"))("solc");
  const output = JSON.parse(solc.compile(JSON.stringify({ language: "Solidity", sources, settings })));
  const bad = output.errors?.find((e) => e.severity === "error");
  if (bad) throw new Error(bad.formattedMessage);
  return Object.fromEntries(Object.entries(output.contracts["Floor.sol"]).map(([name, { abi, evm }]) => [name, { abi, bytecode: "0x" + evm.bytecode.object }]));
}

/* THE CHAIN */

/// An anvil that mines when it is told to, every block a second after the one before. Returns its address.
async function startChain() {
  const anvil = spawn(join(home, "../node_modules/.bin/anvil"), ["--port", "0", "--accounts", "1", "--hardfork", "cancun",
    "--gas-limit", "100000000", "--no-mining", "--timestamp", "1800000000"], { stdio: ["ignore", "pipe", "inherit"] });
  process.on("exit", () => anvil.kill());
  for await (const said of createInterface({ input: anvil.stdout })) {
    const [, address] = /^Listening on (\S+)/.exec(said) ?? [];
    if (address) {
      anvil.stdout.resume();
      return address;
    }
  }
  throw new Error("anvil ended before it listened");
}
const provider = new JsonRpcProvider(`http://${await startChain()}`, 31337, { cacheTimeout: -1, staticNetwork: true, batchMaxCount: 1 });
await provider.send("anvil_setBlockTimestampInterval", [1]);
const chainId = 31337n;

async function pass(seconds) {
  const { timestamp } = await provider.send("eth_getBlockByNumber", ["latest", false]);
  await provider.send("evm_setNextBlockTimestamp", [Number(timestamp) + seconds]);
}

// Keys of this benchmark's people, worth nothing anywhere.
const person = (name) => new Wallet(id("bourse bench " + name), provider);
const deployer = person("deployer"), appOwner = person("app"), datasetOwner = person("dataset");
const scheduler = person("scheduler"), requester = person("requester"), newcomer = person("newcomer");
const workers = [0, 1, 2].map((i) => person("worker" + i));
for (const p of [deployer, appOwner, datasetOwner, scheduler, requester, newcomer, ...workers]) {
  await provider.send("anvil_setBalance", [p.address, toBeHex(10n ** 24n)]);
}

const nonces = new Map();
async function submit(wallet, request) {
  const nonce = nonces.get(wallet.address) ?? 0;
  nonces.set(wallet.address, nonce + 1);
  const raw = await wallet.signTransaction({ type: 0, chainId, nonce, gasPrice: 2_000_000_000n, gasLimit: 60_000_000n, ...request });
  const hash = await provider.send("eth_sendRawTransaction", [raw]);
  await provider.send("evm_mine", []);
  return provider.send("eth_getTransactionReceipt", [hash]);
}

/// The receipt of a call. Its last argument may be {value}.
async function send(wallet, contract, method, ...args) {
  const receipt = await submit(wallet, await contract[method].populateTransaction(...args));
  if (Number(receipt.status) !== 1) {
    await provider.send("eth_call", [{ from: wallet.address, to: await contract.getAddress(), data: contract.interface.encodeFunctionData(method, args) }, "latest"]);
    throw new Error(`${method} failed`);
  }
  return receipt;
}

async function create({ abi, bytecode }, ...args) {
  const { contractAddress, status } = await submit(deployer, await new ContractFactory(abi, bytecode, deployer).getDeployTransaction(...args));
  if (Number(status) !== 1) throw new Error("creation failed");
  return new Contract(contractAddress, abi, deployer);
}

/// The market over a token, or over the chain's coin where there is none. Without audits, which PoCo has not, unless it is asked for them.
async function deployBourse(token, auditRatio = 0) {
  const registries = [];
  for (const name of ["AppRegistry", "DatasetRegistry", "WorkerpoolRegistry"]) registries.push(await create(bourse(name)));
  const desk = token ? await create(bourse("TokenDesk"), token, ...registries) : await create(bourse("NativeDesk"), ...registries);
  const hub = await create(bourse(token ? "Hub" : "NativeHub"), desk, auditRatio);
  return { hub, registries };
}

async function deployPoco(token) {
  const registries = [];
  for (const [path, name] of [["apps", "App"], ["datasets", "Dataset"], ["workerpools", "Workerpool"]]) {
    const registry = await create(poco(`registries/${path}/${name}Registry.sol/${name}Registry.json`));
    await send(deployer, registry, "initialize", ZeroAddress);
    registries.push(registry);
  }
  const orders = await create({ ...poco("libs/IexecLibOrders_v5.sol/IexecLibOrders_v5.json"), abi: [] });
  const library = (await orders.getAddress()).slice(2).toLowerCase();
  const cuts = [], taken = new Set();
  for (const name of ["AccessorsABILegacy", "CategoryManager", "ConfigurationExtra", "Configuration", "ERC20",
    token ? "EscrowToken" : "EscrowNative", "OrderManagement", "Poco1", "Poco2", "PocoAccessors", "Relay"]) {
    const artifact = poco(`facets/Iexec${name}Facet.sol/Iexec${name}Facet.json`);
    for (const { start } of artifact.linkReferences["contracts/libs/IexecLibOrders_v5.sol"]?.IexecLibOrders_v5 ?? []) {
      const at = 2 + start * 2;
      artifact.bytecode = artifact.bytecode.slice(0, at) + library + artifact.bytecode.slice(at + 40);
    }
    const facet = await create(artifact);
    const selectors = [];
    new Interface(artifact.abi).forEachFunction((f) => { if (!taken.has(f.selector) && f.name !== "owner") selectors.push(f.selector); });
    selectors.forEach((s) => taken.add(s));
    cuts.push([await facet.getAddress(), 0, selectors]);
  }
  // The package has no OwnershipFacet: PUSH20 owner, PUSH0, MSTORE, PUSH1 32, PUSH0, RETURN answers as well, behind creation code
  // that returns the rest.
  const owner = await create({ abi: [], bytecode: "0x600b5981380380925939f3" + "73" + deployer.address.slice(2) + "5f5260205ff3" });
  cuts.push([await owner.getAddress(), 0, [id("owner()").slice(0, 10)]]);
  const diamond = await create(poco("Diamond.sol/Diamond.json"), cuts, [deployer.address, ZeroAddress, "0x"]);
  const face = token ? "IexecInterfaceToken" : "IexecInterfaceNative";
  const hub = new Contract(await diamond.getAddress(), poco(`${face}.sol/${face}.json`).abi, deployer);
  await send(deployer, hub, "configure", token ?? ZeroAddress, "Staked RLC", "SRLC", 9, ...registries, ZeroAddress);
  return { hub, registries };
}

const TYPES = {
  AppOrder: "address app,uint256 appprice,uint256 volume,bytes32 tag,address datasetrestrict,address workerpoolrestrict,address requesterrestrict,bytes32 salt",
  DatasetOrder: "address dataset,uint256 datasetprice,uint256 volume,bytes32 tag,address apprestrict,address workerpoolrestrict,address requesterrestrict,bytes32 salt",
  WorkerpoolOrder: "address workerpool,uint256 workerpoolprice,uint256 volume,bytes32 tag,uint256 category,uint256 trust,address apprestrict,address datasetrestrict,address requesterrestrict,bytes32 salt",
  RequestOrder: "address app,uint256 appmaxprice,address dataset,uint256 datasetmaxprice,address workerpool,uint256 workerpoolmaxprice,address requester,uint256 volume,bytes32 tag,uint256 category,uint256 trust,address beneficiary,address callback,string params,bytes32 salt",
};
const fields = (name) => TYPES[name].split(",").map((f) => { const [type, n] = f.split(" "); return { type, name: n }; });
const blank = (name) => Object.fromEntries(fields(name).map(({ type, name: n }) =>
  [n, type === "address" ? ZeroAddress : type === "bytes32" ? ZeroHash : type === "string" ? "" : 0n]));

/* WHAT IS MEASURED */

const results = toUtf8Bytes('{"storage":"ipfs","location":"/ipfs/QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG"}');
const digest = id("right");
const taskOf = (dealid, index) => solidityPackedKeccak256(["bytes32", "uint256"], [dealid, index]);
const permit = (worker, taskid) =>
  scheduler.signMessage(getBytes(solidityPackedKeccak256(["address", "bytes32", "address"], [worker.address, taskid, ZeroAddress])));

/// Notes the gas of steps by name; "-" is not kept.
function book() {
  const gas = {};
  const note = async (step, receipt) => {
    const { gasUsed, ...rest } = await receipt;
    if (step !== "-") gas[step] = Number(gasUsed);
    return rest;
  };
  return { gas, note };
}

/// Deposits of RLC and a withdrawal, at a market or at the floor.
async function moveTokens(hub, rlc, note) {
  const address = await hub.getAddress();
  const approveAndCall = async (p, amount) => {
    await send(deployer, rlc, "transfer", p.address, amount);
    return send(p, rlc, "approveAndCall", address, amount, "0x");
  };
  const deposit = async (p, amount) => {
    await send(deployer, rlc, "transfer", p.address, amount);
    await send(p, rlc, "approve", address, amount);
    return send(p, hub, "deposit", amount);
  };
  // The first deposit of all is another's: what the market itself has is only new once.
  await approveAndCall(deployer, 1n);
  await note("approveAndCall, first deposit", approveAndCall(requester, 10n ** 14n));
  await note("approveAndCall, again", approveAndCall(requester, 10n ** 14n));
  await note("deposit, first", deposit(newcomer, 10n ** 14n));
  await note("deposit, again", deposit(newcomer, 10n ** 14n));
  await note("withdraw", send(requester, hub, "withdraw", 1n));
  await send(deployer, rlc, "transfer", address, 5n);
  await note("recover", send(deployer, hub, "recover"));
  for (const p of [scheduler, ...workers]) await approveAndCall(p, 10n ** 14n);
}

/// The same where the chain's coin is the money.
async function moveCoins(hub, note) {
  const value = 10n ** 18n;
  await send(deployer, hub, "deposit", { value });
  await note("deposit of coins, first", send(requester, hub, "deposit", { value }));
  await note("deposit of coins, again", send(requester, hub, "deposit", { value }));
  await note("withdraw of coins", send(requester, hub, "withdraw", 1n));
}

/// A market with assets, where everyone has money and has locked something before, and words for what they do.
async function open({ hub, registries }, rlc) {
  const { gas, note } = book();
  const domain = { name: "iExecODB", version: "5.0.0", chainId, verifyingContract: await hub.getAddress() };
  let salt = 0n;

  for (const [name, seconds] of [["XS", 300], ["S", 1200]]) await send(deployer, hub, "createCategory", name, "", seconds);
  const made = async (step, registry, method, ...args) => {
    const receipt = await note(step, send(deployer, registry, method, ...args));
    const log = receipt.logs.find((l) => l.topics[0] === id("Transfer(address,address,uint256)"));
    return "0x" + log.topics[3].slice(26);
  };
  const multiaddr = toUtf8Bytes("/ipfs/QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG");
  // An entry for somebody else first: the counters of a registry are only new once.
  await made("-", registries[0], "createApp", deployer.address, "other", "DOCKER", multiaddr, id("other"), "0x");
  await made("-", registries[1], "createDataset", deployer.address, "other", multiaddr, id("other"));
  await made("-", registries[2], "createWorkerpool", deployer.address, "other");
  const app = await made("createApp", registries[0], "createApp", appOwner.address, "primes", "DOCKER", multiaddr, id("app"), "0x");
  const dataset = await made("createDataset", registries[1], "createDataset", datasetOwner.address, "words", multiaddr, id("data"));
  const pool = await made("createWorkerpool", registries[2], "createWorkerpool", scheduler.address, "a pool of workers");
  await moveTokens(hub, rlc, note);

  async function orders({ trust = 1n, price = 0n, withDataset = false, volume = 1n }) {
    const s = toBeHex(++salt, 32);
    const a = { ...blank("AppOrder"), app, appprice: price, volume, salt: s };
    const d = { ...blank("DatasetOrder"), salt: s, ...(withDataset && { dataset, datasetprice: price, volume }) };
    const w = { ...blank("WorkerpoolOrder"), workerpool: pool, workerpoolprice: price, volume, trust, salt: s };
    const r = { ...blank("RequestOrder"), app, appmaxprice: price, dataset: d.dataset, datasetmaxprice: price, workerpoolmaxprice: price,
      requester: requester.address, beneficiary: requester.address, volume, trust, params: '{"iexec_args":"1200 800"}', salt: s };
    const signed = async (order, name, who) => ({ ...order, sign: await who.signTypedData(domain, { [name]: fields(name) }, order) });
    return [await signed(a, "AppOrder", appOwner), withDataset ? await signed(d, "DatasetOrder", datasetOwner) : { ...d, sign: "0x" },
      await signed(w, "WorkerpoolOrder", scheduler), await signed(r, "RequestOrder", requester)];
  }

  /// Returns the deal's id.
  async function match(step, options) {
    let o = await orders(options);
    if (options.presigned) {
      o = o.map((order) => ({ ...order, sign: "0x" }));
      await send(appOwner, hub, "manageAppOrder", [o[0], 0, "0x"]);
      await send(scheduler, hub, "manageWorkerpoolOrder", [o[2], 0, "0x"]);
      await send(requester, hub, "manageRequestOrder", [o[3], 0, "0x"]);
    }
    const receipt = await note(step, send(requester, hub, options.sponsored ? "sponsorMatchOrders" : "matchOrders", ...o));
    const log = receipt.logs.find((l) => l.topics[0] === id("OrdersMatched(bytes32,bytes32,bytes32,bytes32,bytes32,uint256)"));
    return log.data.slice(0, 66);
  }
  const initialize = (dealid, index) => send(scheduler, hub, "initialize", dealid, index);
  const contribute = async (worker, taskid) => send(worker, hub, "contribute", taskid, keccak256(concat([taskid, digest])),
    keccak256(concat([worker.address, taskid, digest])), ZeroAddress, "0x", await permit(worker, taskid));
  const reveal = (worker, taskid) => send(worker, hub, "reveal", taskid, digest);
  const finalize = (taskid) => send(scheduler, hub, "finalize", taskid, results, "0x");

  // What is new once (somebody's first lock, a worker's first vote) is done in a task that is not counted.
  const warm = await match("-", { trust: 8n, price: 1000n, withDataset: true });
  await initialize(warm, 0);
  for (const w of workers) await contribute(w, taskOf(warm, 0));
  for (const w of workers) await reveal(w, taskOf(warm, 0));
  await finalize(taskOf(warm, 0));
  return { gas, note, hub, orders, match, initialize, contribute, reveal, finalize };
}

/// Every step of a market, by name.
async function measure(place, rlc) {
  const { gas, note, hub, orders, match, initialize, contribute, reveal, finalize } = await open(place, rlc);
  await match("matchOrders, free", {});
  await match("matchOrders, paid", { price: 1000n });
  await match("matchOrders, free, dataset", { withDataset: true });
  await match("matchOrders, paid, dataset", { price: 1000n, withDataset: true });
  await match("matchOrders, free, signed on chain", { presigned: true });
  await match("sponsorMatchOrders, paid", { price: 1000n, sponsored: true });
  const [a] = await orders({});
  await note("manageAppOrder", send(appOwner, hub, "manageAppOrder", [a, 0, "0x"]));

  const bag = await match("matchOrders, paid, bag of 10", { trust: 8n, price: 1000n, volume: 10n });
  const three = taskOf(bag, 0);
  await note("initialize", initialize(bag, 0));
  await note("contribute, 1st of 3", contribute(workers[0], three));
  await note("contribute, 2nd of 3", contribute(workers[1], three));
  await note("contribute, 3rd of 3, consensus", contribute(workers[2], three));
  await note("reveal, 1st of 3", reveal(workers[0], three));
  await note("reveal, 2nd of 3", reveal(workers[1], three));
  await note("reveal, 3rd of 3", reveal(workers[2], three));
  await note("finalize, 3 workers", finalize(three));
  gas["a task with 3 workers"] = ["initialize", "contribute, 1st of 3", "contribute, 2nd of 3", "contribute, 3rd of 3, consensus",
    "reveal, 1st of 3", "reveal, 2nd of 3", "reveal, 3rd of 3", "finalize, 3 workers"].reduce((sum, step) => sum + gas[step], 0)
    + gas["matchOrders, paid, bag of 10"] / 10;
  await note("initializeArray, 5 tasks", send(scheduler, hub, "initializeArray", Array(5).fill(bag), [1, 2, 3, 4, 5]));

  const lone = await match("-", { price: 1000n, volume: 4n });
  await initialize(lone, 0);
  await note("contribute, alone", contribute(workers[0], taskOf(lone, 0)));
  await note("reveal, alone", reveal(workers[0], taskOf(lone, 0)));
  await note("finalize, 1 worker", finalize(taskOf(lone, 0)));
  await initialize(lone, 1);
  await note("contributeAndFinalize", send(workers[0], hub, "contributeAndFinalize", taskOf(lone, 1), digest, results, "0x", ZeroAddress, "0x",
    await permit(workers[0], taskOf(lone, 1))));

  const lost = await match("-", { trust: 1000n, price: 1000n, volume: 4n });
  for (const i of [0, 1, 2]) await initialize(lost, i);
  await contribute(workers[0], taskOf(lost, 1));
  for (const w of workers) await contribute(w, taskOf(lost, 2));
  const silent = await match("-", { trust: 1n, price: 1000n });
  await initialize(silent, 0);
  await contribute(workers[0], taskOf(silent, 0));
  await pass(700);
  await note("reopen", send(scheduler, hub, "reopen", taskOf(silent, 0)));
  await pass(3000);
  await note("claim, nobody contributed", send(requester, hub, "claim", taskOf(lost, 0)));
  await note("claim, 1 contribution", send(requester, hub, "claim", taskOf(lost, 1)));
  await note("claim, 3 contributions", send(requester, hub, "claim", taskOf(lost, 2)));
  await note("initializeAndClaimArray, 1 task", send(requester, hub, "initializeAndClaimArray", [lost], [3]));

  return gas;
}

/// What audits cost: every result given alone is drawn, and then one in a hundred.
async function measureAudits() {
  const { gas, note } = book();
  for (const ratio of [100, 1]) {
    const rlc = await create(bourse("RLC"), deployer.address);
    const { hub, match, initialize, contribute, reveal } = await open(await deployBourse(await rlc.getAddress(), ratio), rlc);
    const lone = await match("-", { trust: 2n, price: 1000n, volume: 10n });
    for (let index = 0; ; ++index) {
      const taskid = taskOf(lone, index);
      await initialize(lone, index);
      await note("contribute, alone, with audits", contribute(workers[0], taskid));
      await provider.send("evm_mine", []);
      const drawn = await hub.audit.staticCall(taskid).then(() => true, () => false);
      if (drawn) {
        await note("audit", send(scheduler, hub, "audit", taskid));
        await note("contribute, the auditor", contribute(workers[1], taskid));
      } else {
        await note("reveal, alone, spared by the draw", reveal(workers[0], taskid));
      }
      if (drawn === (ratio === 100)) break;
    }
  }
  return gas;
}

/* THE TABLES */

async function measureAll() {
  const tokens = [];
  for (let i = 0; i < 3; ++i) tokens.push(await create(bourse("RLC"), deployer.address));
  const [atPoco, atBourse, atFloor] = [book(), book(), book()];
  Object.assign(atPoco.gas, await measure(await deployPoco(await tokens[0].getAddress()), tokens[0]));
  Object.assign(atBourse.gas, await measure(await deployBourse(await tokens[1].getAddress()), tokens[1]));
  const floor = floors();
  await moveTokens(await create(floor.TokenFloor, tokens[2]), tokens[2], atFloor.note);
  await moveCoins((await deployPoco()).hub, atPoco.note);
  await moveCoins((await deployBourse()).hub, atBourse.note);
  await moveCoins(await create(floor.CoinFloor), atFloor.note);
  return { theirs: atPoco.gas, ours: atBourse.gas, least: atFloor.gas, audits: await measureAudits() };
}
const { theirs, ours, least, audits } = await measureAll();

const number = (n) => Math.round(n).toLocaleString("en-US");
const percent = (part) => `${(part * 100).toFixed(1)} %`;
const kind = (step) => (step.startsWith("create") ? "making an asset" : step in BOUNDS ? step : "a call");
const line = (cells) => `| ${cells.join(" | ")} |`;
const table = (head, rows) => [line(head), `|---|${"---:|".repeat(head.length - 1)}`, ...rows.map(line)].join("\n");

const steps = Object.keys(theirs).filter((step) => !(step in least));
const document = `# Gas

Made by \`npm run gas\` in \`contracts/\`: the same calls to the bytecode of @iexec/poco ${POCO.version}, the newest there is on npm, and to ours, on
one anvil, both compiled with 200 optimizer runs, without audits. Everyone has an account and has locked something before; results are 87
bytes of JSON. The sum "a task with 3 workers" is initialize, three contributions, three reveals, finalize, and a tenth of a match of ten
tasks. \`npm run gas -- --check\`, which is part of \`./build test\`, fails where this file is not what is measured.

${table(["step", `PoCo ${POCO.version}`, "Bourse", "share"], steps.map((step) => [step, number(theirs[step]), number(ours[step]), percent(ours[step] / theirs[step])]))}

## Moving money

Most of these is what the token does, or the transfer of the coin, and no market can save it. The floor is a contract that does nothing
else, and adds to one number ([Floor.sol](Floor.sol)). \`approve\`, which comes before \`deposit\`, is not counted.

${table(["step", `PoCo ${POCO.version}`, "Bourse", "floor", "PoCo adds", "Bourse adds"], Object.keys(least).map((step) =>
    [step, number(theirs[step]), number(ours[step]), number(least[step]), number(theirs[step] - least[step]), number(ours[step] - least[step])]))}

## Audits

PoCo has none. Every result given alone is checked for the second and third row, one in a hundred for the last; without audits the first
and the last are "alone" above.

${table(["step", "Bourse"], Object.entries(audits).map(([step, gas]) => [step, number(gas)]))}
`;

const broken = [
  ...steps.filter((step) => ours[step] > theirs[step] * BOUNDS[kind(step)])
    .map((step) => `${step}: ${percent(ours[step] / theirs[step])} of PoCo's gas, more than ${BOUNDS[kind(step)] * 100} %`),
  ...Object.keys(least).filter((step) => ours[step] > least[step] + MARGIN)
    .map((step) => `${step}: ${number(ours[step] - least[step])} gas above the floor, more than ${number(MARGIN)}`),
];
const place = join(home, "gas.md");
if (!options.check) {
  writeFileSync(place, document);
  console.log(document);
} else {
  const known = new Set(readFileSync(place, "utf8").split("\n"));
  const measured = document.split("\n");
  if (measured.join("\n") !== readFileSync(place, "utf8")) {
    broken.push("bench/gas.md is not what is measured; npm run gas writes it anew. It lacks:", ...measured.filter((text) => !known.has(text)));
  }
}
for (const text of broken) console.error(text);
provider.destroy();
process.exit(broken.length > 0 ? 1 : 0);
