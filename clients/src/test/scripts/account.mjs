// An account is filled, shown and emptied.
import { answer, iexec, told } from "./told.mjs";

const address = await iexec.wallet.getAddress();
const before = await iexec.wallet.checkBalances(address);
const deposited = await iexec.account.deposit(told.deposit);
const withdrawn = await iexec.account.withdraw(told.withdraw);
const account = await iexec.account.checkBalance(address);
const after = await iexec.wallet.checkBalances(address);
answer({
  before: before.nRLC.toString(),
  deposited: deposited.amount.toString(),
  withdrawn: withdrawn.amount.toString(),
  stake: account.stake.toString(),
  locked: account.locked.toString(),
  after: after.nRLC.toString(),
});
