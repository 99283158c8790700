// Lets iExec's client (8.24.0 and 9.0.1) read a task on which more than one worker has voted.
//
// It turns what the chain answers into plain objects, and takes a list for a list if the object that ethers makes of it is
// empty or has the key "_". ethers 6 gives that key to a list of one, and refuses longer ones: "value at index 0 unnamed".
// So `task show`, `fetchResults` and all that begins with them fail on such a task, on any market. Here a list makes an empty
// object, however long it is.
//
//   node --import ./several-voters.mjs program.mjs
//   NODE_OPTIONS="--import $PWD/several-voters.mjs" iexec task show 0x…
import { Result } from "ethers";

const toObject = Result.prototype.toObject;
Result.prototype.toObject = function (deep) {
  try {
    return toObject.call(this, deep);
  } catch (error) {
    if (error.code === "UNSUPPORTED_OPERATION") return {};
    throw error;
  }
};
