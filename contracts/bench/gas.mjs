// Gas of the market, beside that of PoCo: the same calls, in the same order, on the same chain.
//
//   cd contracts && npm run compile && cd bench && npm ci && npm run gas
//
// PoCo is the bytecode of the npm package @iexec/poco (optimizer runs 200, like ours), which `npm pack` fetches; a plain
// install of it fails over two git dependencies. Writes gas.md, and fails where a bound below is not kept.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  Contract, ContractFactory, Interface, JsonRpcProvider, Wallet, ZeroAddress, ZeroHash, concat,
  getBytes, id, keccak256, solidityPackedKeccak256, toBeHex, toUtf8Bytes,
} from "ethers";

const POCO = "6.1.0";
const PORT = 18545;
const home = dirname(fileURLToPath(import.meta.url));
const work = join(home, "../target/bench");
mkdirSync(work, { recursive: true });

/// PoCo's calls in gas, at most this share of it.
/// In a deposit and a withdrawal most of the gas is the token's own, and the same for both.
const BOUNDS = { "a call": 0.75, "moving tokens": 1, "making an asset": 0.4, "a task with 3 workers": 0.5 };

if (!existsSync(join(work, "package"))) {
  execFileSync("npm", ["pack", `@iexec/poco@${POCO}`], { cwd: work, stdio: "ignore" });
  execFileSync("tar", ["xzf", `iexec-poco-${POCO}.tgz`], { cwd: work });
}
const poco = (path) => JSON.parse(readFileSync(join(work, "package/artifacts/contracts", path)));
const bourse = (name) => JSON.parse(readFileSync(join(home, `../target/classes/bourse/contracts/${name}.json`)));

const anvil = spawn(join(home, "../node_modules/.bin/anvil"), ["--quiet", "--port", String(PORT), "--accounts", "1",
  "--hardfork", "cancun", "--gas-limit", "100000000"], { stdio: "ignore" });
process.on("exit", () => anvil.kill());
await new Promise((resolve) => setTimeout(resolve, 500));
const provider = new JsonRpcProvider(`http://127.0.0.1:${PORT}`, undefined, { cacheTimeout: -1, pollingInterval: 5, staticNetwork: true });
for (let tries = 0; ; ++tries) {
  try { await provider.send("eth_chainId", []); break; } catch (e) { if (tries > 50) throw e; await new Promise((r) => setTimeout(r, 100)); }
}
const { chainId } = await provider.getNetwork();

// Keys of this benchmark's people, worth nothing anywhere.
const person = (name) => new Wallet(id("bourse bench " + name), provider);
const deployer = person("deployer"), appOwner = person("app"), datasetOwner = person("dataset");
const scheduler = person("scheduler"), requester = person("requester");
const workers = [0, 1, 2].map((i) => person("worker" + i));
for (const p of [deployer, appOwner, datasetOwner, scheduler, requester, ...workers]) {
  await provider.send("anvil_setBalance", [p.address, toBeHex(10n ** 24n)]);
}

/// The raw receipt. ethers' own waiting can wait for ever on a chain that mines a block per transaction.
async function mined(hash) {
  for (let tries = 0; tries < 200; ++tries) {
    const receipt = await provider.send("eth_getTransactionReceipt", [hash]);
    if (receipt) return receipt;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`${hash} was not mined`);
}

async function send(wallet, contract, method, ...args) {
  const tx = await contract.connect(wallet)[method](...args, { gasLimit: 30_000_000 });
  const receipt = await mined(tx.hash);
  if (Number(receipt.status) !== 1) throw new Error(`${method} failed`);
  return receipt;
}

async function create({ abi, bytecode }, ...args) {
  const contract = await new ContractFactory(abi, bytecode, deployer).deploy(...args, { gasLimit: 60_000_000 });
  await mined(contract.deploymentTransaction().hash);
  return contract;
}

async function deployBourse(rlc) {
  const registries = [];
  for (const name of ["AppRegistry", "DatasetRegistry", "WorkerpoolRegistry"]) registries.push(await create(bourse(name)));
  const desk = await create(bourse("TokenDesk"), rlc, ...registries);
  // Without audits, which PoCo has not.
  const hub = await create(bourse("Hub"), desk, 0);
  return { hub, registries };
}

async function deployPoco(rlc) {
  const registries = [];
  for (const [path, name] of [["apps", "App"], ["datasets", "Dataset"], ["workerpools", "Workerpool"]]) {
    const registry = await create(poco(`registries/${path}/${name}Registry.sol/${name}Registry.json`));
    await send(deployer, registry, "initialize", ZeroAddress);
    registries.push(registry);
  }
  const orders = await create({ ...poco("libs/IexecLibOrders_v5.sol/IexecLibOrders_v5.json"), abi: [] });
  const library = (await orders.getAddress()).slice(2).toLowerCase();
  const cuts = [], taken = new Set();
  for (const name of ["AccessorsABILegacy", "CategoryManager", "ConfigurationExtra", "Configuration", "ERC20", "EscrowToken",
    "OrderManagement", "Poco1", "Poco2", "PocoAccessors", "Relay"]) {
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
  const hub = new Contract(await diamond.getAddress(), poco("IexecInterfaceToken.sol/IexecInterfaceToken.json").abi, deployer);
  await send(deployer, hub, "configure", rlc, "Staked RLC", "SRLC", 9, ...registries, ZeroAddress);
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

/// The gas of every step, by name.
async function measure({ hub, registries }, rlc) {
  const gas = {};
  const note = async (step, receipt) => { gas[step] = Number((await receipt).gasUsed); return receipt; };
  const domain = { name: "iExecODB", version: "5.0.0", chainId, verifyingContract: await hub.getAddress() };
  const hubAddress = domain.verifyingContract;
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

  const fund = async (p, amount) => {
    await send(deployer, rlc, "transfer", p.address, amount);
    return send(p, rlc, "approveAndCall", hubAddress, amount, "0x");
  };
  await fund(deployer, 1n);
  await note("approveAndCall, first deposit", fund(requester, 10n ** 14n));
  await note("approveAndCall, again", fund(requester, 10n ** 14n));
  for (const p of [scheduler, ...workers]) await fund(p, 10n ** 14n);
  await note("withdraw", send(requester, hub, "withdraw", 1n));

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

  async function match(step, options) {
    const o = await orders(options);
    const receipt = await note(step, send(requester, hub, options.sponsored ? "sponsorMatchOrders" : "matchOrders", ...o));
    const log = receipt.logs.find((l) => l.topics[0] === id("OrdersMatched(bytes32,bytes32,bytes32,bytes32,bytes32,uint256)"));
    return log.data.slice(0, 66);
  }
  const taskOf = (dealid, index) => solidityPackedKeccak256(["bytes32", "uint256"], [dealid, index]);
  const permit = (worker, taskid) => scheduler.signMessage(getBytes(solidityPackedKeccak256(["address", "bytes32", "address"], [worker.address, taskid, ZeroAddress])));
  async function contribute(worker, taskid, digest) {
    return send(worker, hub, "contribute", taskid, keccak256(concat([taskid, digest])),
      keccak256(concat([worker.address, taskid, digest])), ZeroAddress, "0x", await permit(worker, taskid));
  }
  const results = toUtf8Bytes('{"storage":"ipfs","location":"/ipfs/QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG"}');
  const digest = id("right"), wrong = id("wrong");

  // What is new once (somebody's first lock, a worker's first vote) is done in a task that is not counted.
  const warm = await match("-", { trust: 8n, price: 1000n, withDataset: true });
  await note("-", send(scheduler, hub, "initialize", warm, 0));
  for (const w of workers) await contribute(w, taskOf(warm, 0), digest);
  for (const w of workers) await send(w, hub, "reveal", taskOf(warm, 0), digest);
  await send(scheduler, hub, "finalize", taskOf(warm, 0), results, "0x");

  await match("matchOrders, free", {});
  await match("matchOrders, paid", { price: 1000n });
  await match("matchOrders, free, dataset", { withDataset: true });
  await match("matchOrders, paid, dataset", { price: 1000n, withDataset: true });
  await match("sponsorMatchOrders, paid", { price: 1000n, sponsored: true });
  const [a] = await orders({});
  await note("manageAppOrder", send(appOwner, hub, "manageAppOrder", [a, 0, "0x"]));

  const bag = await match("matchOrders, paid, bag of 10", { trust: 8n, price: 1000n, volume: 10n });
  const three = taskOf(bag, 0);
  await note("initialize", send(scheduler, hub, "initialize", bag, 0));
  await note("contribute, 1st of 3", contribute(workers[0], three, digest));
  await note("contribute, 2nd of 3", contribute(workers[1], three, digest));
  await note("contribute, 3rd of 3, consensus", contribute(workers[2], three, digest));
  await note("reveal, 1st of 3", send(workers[0], hub, "reveal", three, digest));
  await note("reveal, 2nd of 3", send(workers[1], hub, "reveal", three, digest));
  await note("reveal, 3rd of 3", send(workers[2], hub, "reveal", three, digest));
  await note("finalize, 3 workers", send(scheduler, hub, "finalize", three, results, "0x"));
  gas["a task with 3 workers"] = ["initialize", "contribute, 1st of 3", "contribute, 2nd of 3", "contribute, 3rd of 3, consensus",
    "reveal, 1st of 3", "reveal, 2nd of 3", "reveal, 3rd of 3", "finalize, 3 workers"].reduce((sum, step) => sum + gas[step], 0)
    + gas["matchOrders, paid, bag of 10"] / 10;
  await note("initializeArray, 5 tasks", send(scheduler, hub, "initializeArray", Array(5).fill(bag), [1, 2, 3, 4, 5]));

  const lone = await match("-", { price: 1000n, volume: 4n });
  await send(scheduler, hub, "initialize", lone, 0);
  await note("contribute, alone", contribute(workers[0], taskOf(lone, 0), digest));
  await note("reveal, alone", send(workers[0], hub, "reveal", taskOf(lone, 0), digest));
  await note("finalize, 1 worker", send(scheduler, hub, "finalize", taskOf(lone, 0), results, "0x"));
  await send(scheduler, hub, "initialize", lone, 1);
  await note("contributeAndFinalize", send(workers[0], hub, "contributeAndFinalize", taskOf(lone, 1), digest, results, "0x", ZeroAddress, "0x",
    await permit(workers[0], taskOf(lone, 1))));

  const lost = await match("-", { trust: 1000n, price: 1000n, volume: 4n });
  for (const i of [0, 1, 2]) await send(scheduler, hub, "initialize", lost, i);
  await contribute(workers[0], taskOf(lost, 1), digest);
  for (const w of workers) await contribute(w, taskOf(lost, 2), digest);
  const silent = await match("-", { trust: 1n, price: 1000n });
  await send(scheduler, hub, "initialize", silent, 0);
  await contribute(workers[0], taskOf(silent, 0), digest);
  await provider.send("evm_increaseTime", [601]);
  await note("reopen", send(scheduler, hub, "reopen", taskOf(silent, 0)));
  await provider.send("evm_increaseTime", [3000]);
  await note("claim, nobody contributed", send(requester, hub, "claim", taskOf(lost, 0)));
  await note("claim, 1 contribution", send(requester, hub, "claim", taskOf(lost, 1)));
  await note("claim, 3 contributions", send(requester, hub, "claim", taskOf(lost, 2)));
  await note("initializeAndClaimArray, 1 task", send(requester, hub, "initializeAndClaimArray", [lost], [3]));
  delete gas["-"];
  return gas;
}

const rlc1 = await create(bourse("RLC"), deployer.address);
const rlc2 = await create(bourse("RLC"), deployer.address);
const theirs = await measure(await deployPoco(await rlc1.getAddress()), rlc1);
const ours = await measure(await deployBourse(await rlc2.getAddress()), rlc2);

const rows = Object.keys(theirs).map((step) => [step, theirs[step], ours[step], ours[step] / theirs[step]]);
const kind = (step) =>
  step.startsWith("create") ? "making an asset" : /^approveAndCall|^withdraw/.test(step) ? "moving tokens" : step in BOUNDS ? step : "a call";
const number = (n) => Math.round(n).toLocaleString("en-US");
const table = ["| step | PoCo " + POCO + " | Bourse | share |", "|---|---:|---:|---:|",
  ...rows.map(([step, t, o, share]) => `| ${step} | ${number(t)} | ${number(o)} | ${(share * 100).toFixed(1)} % |`)].join("\n");
writeFileSync(join(home, "gas.md"), `# Gas

Made by \`npm run gas\` in this directory: the same calls to the bytecode of @iexec/poco ${POCO} and to ours, on one anvil, both
compiled with 200 optimizer runs, without audits. Everyone has an account and has locked something before; results are 87 bytes of JSON. The sum
"a task with 3 workers" is initialize, three contributions, three reveals, finalize, and a tenth of a match of ten tasks.

${table}
`);
console.log(table);
const over = rows.filter(([step, , , share]) => share > BOUNDS[kind(step)]);
for (const [step, , , share] of over) console.error(`${step}: ${(share * 100).toFixed(1)} %, more than ${BOUNDS[kind(step)] * 100} %`);
provider.destroy();
process.exit(over.length > 0 ? 1 : 0);
