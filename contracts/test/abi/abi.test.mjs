// Every function and event of PoCo's interfaces is here, with the same types, but for those that are named below.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

const home = new URL("../..", import.meta.url);
const poco = JSON.parse(readFileSync(new URL("test/abi/poco.json", home)));
const ours = (name) =>
  JSON.parse(readFileSync(new URL(`target/classes/bourse/contracts/${name}.json`, home))).abi.map(signature);

const type = (p) => (p.type.startsWith("tuple") ? `tuple(${p.components.map(type)})${p.type.slice(5)}` : p.type);

/// One line an item, in the form of poco.json.
function signature(item) {
  const inputs = (item.inputs ?? []).map((p) => type(p) + (p.indexed ? " indexed" : ""));
  const start = `${item.type} ${item.name}(${inputs})`;
  if (item.type !== "function") return start;
  // Who may only read is free to promise it more strictly.
  const mutability = { view: " view", pure: " view", payable: " payable" }[item.stateMutability] ?? "";
  const outputs = item.outputs.length ? ` returns (${item.outputs.map(type).join(", ")})` : "";
  return start + mutability + outputs;
}

const CONSTRUCTOR = "the constructor does it: nobody can do it again";
const LEFT_OUT = {
  hub: {
    "function configure(address,string,string,uint8,address,address,address,address)": CONSTRUCTOR,
    "function changeRegistries(address,address,address)": "registries never change: see docs/decisions/0001-one-address.md",
    "function importScore(address)": "scores of another contract are not ours to believe",
    "function updateDomainSeparator()": "pure here: the separator is computed, so there is nothing to update",
    "error IncompatibleDatasetOrder(string)": "each reason is an error of its own, with the values at fault",
  },
  registry: {
    "event OwnershipTransferred(address indexed,address indexed)": "a registry has no owner",
    "function owner() view returns (address)": "a registry has no owner",
    "function transferOwnership(address)": "a registry has no owner",
    "function renounceOwnership()": "a registry has no owner",
    "function setBaseURI(string)": "a registry has no owner",
    "function setName(address,string)": "there are no ENS names; in PoCo it always fails",
    "function initialize(address)": CONSTRUCTOR,
    "function initialized() view returns (bool)": CONSTRUCTOR,
    "function baseURI() view returns (string)": "an asset describes itself",
    "function previous() view returns (address)": "there is no registry before this one",
    "function proxyCode() view returns (bytes)": "an entry's code depends on what it describes: ask predictX",
    "function proxyCodeHash() view returns (bytes32)": "an entry's code depends on what it describes: ask predictX",
  },
  asset: {
    "function initialize(string)": CONSTRUCTOR,
    "function initialize(string,bytes,bytes32)": CONSTRUCTOR,
    "function initialize(string,string,bytes,bytes32,bytes)": CONSTRUCTOR,
    "function setName(address,string)": "there are no ENS names; in PoCo it always fails",
  },
};

function compare(name, theirs, mine, leftOut) {
  test(`${name} is all there`, () => {
    const own = new Set(mine);
    const missing = theirs.filter((line) => !own.has(line) && !(line in leftOut));
    assert.deepEqual(missing, [], "missing or different");
    const needless = Object.keys(leftOut).filter((line) => own.has(line));
    assert.deepEqual(needless, [], "said to be left out, but there");
  });
}

compare("IexecInterfaceToken", poco.IexecInterfaceToken, ours("Hub"), LEFT_OUT.hub);
compare("IexecInterfaceNative", poco.IexecInterfaceNative, ours("NativeHub"), {
  ...LEFT_OUT.hub,
  "function receiveApproval(address,uint256,address,bytes) returns (bool)": "there is no token that could call it",
});
for (const kind of ["App", "Dataset", "Workerpool"]) {
  compare(`${kind}Registry`, poco[`${kind}Registry`], ours(`${kind}Registry`), LEFT_OUT.registry);
  compare(kind, poco[kind], ours(kind), LEFT_OUT.asset);
}

test("everything a call can fail with is in the Hub's abi once", () => {
  for (const name of ["Hub", "NativeHub"]) {
    const lines = ours(name);
    assert.equal(new Set(lines).size, lines.length);
    for (const error of ["InsufficientFree", "Restricted", "WrongStatus", "NotRegistered"]) {
      assert.ok(lines.some((line) => line.startsWith(`error ${error}(`)), error);
    }
  }
});
