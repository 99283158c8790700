// An app, a dataset and a workerpool are deployed, shown and counted; the app is handed on.
import { answer, iexec, told } from "./told.mjs";

const owner = await iexec.wallet.getAddress();
const checksum = "0x" + "17".repeat(32);
const { address: app } = await iexec.app.deployApp({
  owner, name: "hello", type: "DOCKER", multiaddr: "registry.example/hello:1.0.0", checksum,
});
const { address: dataset } = await iexec.dataset.deployDataset({
  owner, name: "numbers", multiaddr: "/ipfs/QmW2WQi7j6c7UgJTarActp7tDNikE4B2qXtFCfLPdsgaTQ", checksum,
});
const { address: workerpool } = await iexec.workerpool.deployWorkerpool({ owner, description: "a pool of one" });
const shown = {
  app: (await iexec.app.showApp(app)).app,
  dataset: (await iexec.dataset.showDataset(dataset)).dataset,
  workerpool: (await iexec.workerpool.showWorkerpool(workerpool)).workerpool,
};
const first = (await iexec.app.showUserApp(0, owner)).objAddress;
await iexec.app.transferApp(app, told.heir);
answer({
  app, dataset, workerpool, first, shown,
  left: (await iexec.app.countUserApps(owner)).toString(),
  datasets: (await iexec.dataset.countUserDatasets(owner)).toString(),
  workerpools: (await iexec.workerpool.countUserWorkerpools(owner)).toString(),
});
