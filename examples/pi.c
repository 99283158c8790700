// pi N: this task's share of pi, in pi.txt: the area under 4 / (1 + x^2) from 0 to 1, by N rectangles.
//
// A bag of tasks: each adds up its own rectangles and needs nothing from the others. The shares of all tasks add up to
// pi, short of less than 1 / (6 N^2).
#include "bourse.h"
#include <stdint.h>

int main(int argc, char **argv) {
    long all = number(argc, argv, 1, 1000000, 1, 1000000000);
    long size = atol(variable("IEXEC_BOT_SIZE", "1"));
    long index = atol(variable("IEXEC_BOT_TASK_INDEX", "0")) - atol(variable("IEXEC_BOT_FIRST_INDEX", "0"));
    if (size < 1 || index < 0 || index >= size) fail("this task is not in its bag");
    long from = (long)((int64_t)all * index / size), to = (long)((int64_t)all * (index + 1) / size);
    double sum = 0;
    for (long i = from; i < to; i++) {
        double x = (i + 0.5) / all;
        sum += 4 / (1 + x * x);
    }
    FILE *file = open_output("pi.txt");
    fprintf(file, "%.15f\n", sum / all);
    close_output(file);
    result_is("pi.txt");
    printf("rectangles %ld to %ld of %ld\n", from, to, all);
}
