// Orders are published, found by others, and withdrawn; a deal is found by its requester.
import { answer, iexec, told } from "./told.mjs";

const { order, orderbook } = iexec;
const me = await iexec.wallet.getAddress();
const hash = await order.publishApporder(await order.signApporder(await order.createApporder({ app: told.app, appprice: 5 })));
const found = await orderbook.fetchApporder(hash);
const listed = await orderbook.fetchAppOrderbook({ app: told.app });
const pools = await orderbook.fetchWorkerpoolOrderbook({ workerpool: told.workerpool, category: 0, minTrust: 10 });
const workerpoolorder = pools.orders[0].order;
const requestorder = await order.signRequestorder(
  await order.createRequestorder({
    app: told.app,
    appmaxprice: 5,
    workerpool: told.workerpool,
    workerpoolmaxprice: workerpoolorder.workerpoolprice,
    category: 0,
  }),
);
const request = await order.publishRequestorder(requestorder);
const { dealid } = await order.matchOrders({ apporder: found.order, workerpoolorder, requestorder });
let deals;
for (let tries = 0; tries < 30 && !deals?.count; tries++) {
  deals = await iexec.deal.fetchRequesterDeals(me, { appAddress: told.app });
  if (!deals.count) await new Promise((resolve) => setTimeout(resolve, 1000));
}
const unpublished = await order.unpublishApporder(hash);
const after = await orderbook.fetchAppOrderbook({ app: told.app });
answer({
  hash, request, dealid, unpublished,
  found: found.order.appprice, status: found.status,
  listed: listed.count, after: after.count,
  deals: deals.deals.map((deal) => deal.dealid),
});
