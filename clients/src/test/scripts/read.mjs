// What was bought with another version is read: the deal, its task, result and logs.
import { writeFileSync } from "node:fs";
import { answer, iexec, told } from "./told.mjs";

const { deal, task } = iexec;
const me = await iexec.wallet.getAddress();
const bought = await deal.show(told.dealid);
const response = await task.fetchResults(told.taskid);
writeFileSync(told.zip, Buffer.from(await response.arrayBuffer()));
answer({
  trust: bought.trust.toString(),
  statusName: (await task.show(told.taskid)).statusName,
  offchain: await task.fetchOffchainInfo(told.taskid),
  logs: await task.fetchLogs(told.taskid),
  deals: (await deal.fetchRequesterDeals(me)).deals.map(({ dealid }) => dealid),
});
