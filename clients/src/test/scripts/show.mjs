// Is a task's state read?
import { answer, iexec, refusal, told } from "./told.mjs";

answer(await refusal(iexec.task.show(told.taskid).then((task) => task.statusName)));
