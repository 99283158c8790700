// The market's owner adds a category.
import { answer, iexec, told } from "./told.mjs";

const { catid } = await iexec.hub.createCategory({
  name: "now", description: "over at once", workClockTimeRef: told.seconds,
});
answer({ catid: catid.toString(), shown: (await iexec.hub.showCategory(catid)).name });
