// What a poor account may not do, and what nobody may.
import { answer, iexec, refusal, told } from "./told.mjs";

const { order } = iexec;
const { workerpoolorder } = told;
const apporder = await order.signApporder(await order.createApporder({ app: told.app }));
const requestorder = await order.signRequestorder(
  await order.createRequestorder({
    app: told.app,
    workerpool: workerpoolorder.workerpool,
    workerpoolmaxprice: workerpoolorder.workerpoolprice,
    category: workerpoolorder.category,
  }),
);
const match = (changes) => refusal(order.matchOrders({ apporder, workerpoolorder, requestorder, ...changes }));
answer({
  deposit: await refusal(iexec.account.deposit(told.tooMuch)),
  withdraw: await refusal(iexec.account.withdraw(1)),
  match: await match({}),
  signature: await match({ workerpoolorder: { ...workerpoolorder, trust: "7" } }),
  secret: await refusal(iexec.secrets.pushRequesterSecret("name", "value")),
  noSecret: String(await iexec.secrets.checkRequesterSecretExists(await iexec.wallet.getAddress(), "name")),
  encrypted: await refusal(
    order.createRequestorder({
      app: told.app,
      workerpoolmaxprice: 0,
      category: 0,
      params: { iexec_result_encryption: true },
    }).then((unsigned) => order.signRequestorder(unsigned)),
  ),
  publish: await refusal(order.publishRequestorder(requestorder)),
});
