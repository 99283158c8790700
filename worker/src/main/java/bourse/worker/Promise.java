package bourse.worker;

import bourse.protocol.Authorization;
import bourse.protocol.Bytes;
import bourse.protocol.Chain.Index;
import bourse.protocol.Digest;
import bourse.protocol.Pool.Progress.Delivered;
import bourse.protocol.ResultLink;
import bourse.protocol.TaskId;

/// What a worker stands by: all that he needs to contribute, to reveal and to deliver one result.
///
/// @param trust of the deal
/// @param result where the result is stored
/// @param callbackData empty where the answer is a file
record Promise(
        Index index, Authorization authorization, long trust, Digest digest, ResultLink result, Bytes callbackData) {
    TaskId task() {
        return authorization.task();
    }

    Delivered delivered() {
        return new Delivered(result, callbackData);
    }
}
