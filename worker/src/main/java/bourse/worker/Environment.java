package bourse.worker;

import bourse.protocol.InputFile;
import bourse.protocol.Pool.Assignment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a program is told of its task, by iExec's app contract.
final class Environment {
    private static final String IN = "/iexec_in";
    private static final String OUT = "/iexec_out";

    private Environment() {}

    static Map<String, String> of(Assignment assignment, List<InputFile> inputs) {
        var deal = assignment.deal();
        var variables = new LinkedHashMap<String, String>();
        variables.put("IEXEC_IN", IN);
        variables.put("IEXEC_OUT", OUT);
        variables.put("IEXEC_TASK_ID", assignment.task().toString());
        variables.put("IEXEC_BOT_TASK_INDEX", Long.toString(assignment.index()));
        variables.put("IEXEC_BOT_FIRST_INDEX", Long.toString(deal.first()));
        variables.put("IEXEC_BOT_SIZE", Long.toString(deal.volume()));
        variables.put("IEXEC_INPUT_FILES_FOLDER", IN);
        variables.put("IEXEC_INPUT_FILES_NUMBER", Integer.toString(inputs.size()));
        for (int i = 0; i < inputs.size(); i++) {
            variables.put("IEXEC_INPUT_FILE_NAME_" + (i + 1), inputs.get(i).name());
        }
        assignment.dataset().ifPresent(dataset -> {
            variables.put("IEXEC_DATASET_ADDRESS", dataset.address().toString());
            variables.put("IEXEC_DATASET_FILENAME", Inputs.fileName(dataset));
        });
        return variables;
    }
}
