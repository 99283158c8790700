// An app order is signed, and closed for good.
import { answer, iexec, told } from "./told.mjs";

const orders = iexec.order;
const apporder = await orders.signApporder(await orders.createApporder({ app: told.app, appprice: 7, volume: 3 }));
const hash = await orders.hashApporder(apporder);
const cancelled = await orders.cancelApporder(apporder);
answer({ apporder, hash, cancelled: cancelled.txHash });
