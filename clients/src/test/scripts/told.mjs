// What a test tells a script on its standard input, the library made of it, and how the script answers.
import { readFileSync } from "node:fs";

export const told = JSON.parse(readFileSync(0, "utf8"));
export const { IExec, utils } = await import(told.client);
export const signer = utils.getSignerFromPrivateKey(told.rpc, told.key);
export const iexec = new IExec({ ethProvider: signer }, told.options);

/** One JSON document, and the end: a provider would poll for ever. */
export function answer(value) {
  process.stdout.write(JSON.stringify(value), () => process.exit(0));
}

/** What the client says when it refuses. */
export async function refusal(promise) {
  return promise.then(
    (value) => ({ done: String(value) }),
    (error) => ({ name: error.name, message: error.message, cause: String(error.cause?.message ?? error.cause ?? "") }),
  );
}
