// A workerpool's owner sells what nobody will compute, and the requester claims his money back.
import { answer, iexec, refusal, told } from "./told.mjs";

const { order, deal, workerpool } = iexec;
const owner = await iexec.wallet.getAddress();
const { address } = await workerpool.deployWorkerpool({ owner, description: "nobody works here" });
const apporder = await order.signApporder(await order.createApporder({ app: told.app }));
const workerpoolorder = await order.signWorkerpoolorder(
  await order.createWorkerpoolorder({ workerpool: address, workerpoolprice: 1000, category: told.category }),
);
const requestorder = await order.signRequestorder(
  await order.createRequestorder({
    app: told.app, workerpool: address, workerpoolmaxprice: 1000, category: told.category,
  }),
);
const { dealid } = await order.matchOrders({ apporder, workerpoolorder, requestorder });
const locked = (await iexec.account.checkBalance(owner)).locked.toString();
const early = await refusal(deal.claim(dealid));
// The client counts by this machine's clock, and looks every five seconds.
const last = await new Promise((resolve, reject) => {
  let message;
  deal.obsDeal(dealid).then((observable) =>
    observable.subscribe({ next: (state) => (message = state.message), error: reject, complete: () => resolve(message) }),
    reject);
});
const { claimed } = await deal.claim(dealid);
const taskid = await deal.computeTaskId(dealid, 0);
answer({
  dealid, taskid, locked, early, last, claimed,
  statusName: (await iexec.task.show(taskid)).statusName,
  after: (await iexec.account.checkBalance(owner)).locked.toString(),
});
