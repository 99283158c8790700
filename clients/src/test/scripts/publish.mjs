// An app's order is published, found by others, and withdrawn.
import { answer, iexec, told } from "./told.mjs";

const { order, orderbook } = iexec;
const hash = await order.publishApporder(await order.signApporder(await order.createApporder({ app: told.app, appprice: 5 })));
const found = (await orderbook.fetchApporder(hash)).order;
const listed = (await orderbook.fetchAppOrderbook({ app: told.app })).count;
const unpublished = await order.unpublishApporder(hash);
const after = (await orderbook.fetchAppOrderbook({ app: told.app })).count;
answer({ hash, found: found.appprice, tag: found.tag, listed, unpublished, after });
