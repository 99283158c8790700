// Orders are signed and matched, the task is watched to its end, and its result and logs are fetched.
import { writeFileSync } from "node:fs";
import { answer, iexec, told } from "./told.mjs";

const { order, task, deal } = iexec;
const app = told.app ?? (await iexec.app.deployApp(told.image)).address;
const apporder = await order.signApporder(await order.createApporder({ app, appprice: 2 }));
const { workerpoolorder } = told;
const requestorder = await order.signRequestorder(
  await order.createRequestorder({
    app,
    appmaxprice: 2,
    workerpool: workerpoolorder.workerpool,
    workerpoolmaxprice: workerpoolorder.workerpoolprice,
    category: workerpoolorder.category,
    trust: told.trust,
    params: told.params,
  }),
);
const { dealid, volume } = await order.matchOrders({ apporder, workerpoolorder, requestorder });
const taskid = await deal.computeTaskId(dealid, 0);
const seen = await new Promise((resolve, reject) => {
  const messages = [];
  deal.obsDeal(dealid).then((observable) =>
    observable.subscribe({
      next: ({ message, tasks }) => messages.push(`${message} ${Object.values(tasks).map((t) => t.statusName)}`),
      error: reject,
      complete: () => resolve(messages),
    }), reject);
});
const shown = await task.show(taskid);
const offered = await deal.show(dealid);
const response = await task.fetchResults(taskid);
writeFileSync(told.zip, Buffer.from(await response.arrayBuffer()));
answer({
  dealid, volume: volume.toString(), taskid, seen,
  statusName: shown.statusName,
  results: shown.results,
  contributors: shown.contributors,
  trust: offered.trust.toString(),
  requester: offered.requester,
  offchain: await task.fetchOffchainInfo(taskid),
  logs: await task.fetchLogs(taskid),
});
