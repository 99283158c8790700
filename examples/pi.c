// pi DIGITS: this task's share of the first DIGITS hexadecimal digits of pi behind the point, in pi.txt.
//
// A bag of tasks: each computes its own slice and needs nothing from the others, by the formula of Bailey, Borwein and
// Plouffe (1997). Put the slices together in the order of their index.
#include "bourse.h"
#include <math.h>
#include <stdint.h>

// 16^n mod m, for m below 2^32.
static uint64_t power(long n, uint64_t m) {
    uint64_t result = 1 % m, base = 16 % m;
    for (; n > 0; n >>= 1) {
        if (n & 1) result = result * base % m;
        base = base * base % m;
    }
    return result;
}

// The fraction of the sum of 16^(d-k) / (8k + j).
static double series(int j, long d) {
    double sum = 0;
    for (long k = 0; k <= d; k++) {
        uint64_t m = 8 * k + j;
        sum += (double)power(d - k, m) / m;
        sum -= floor(sum);
    }
    double scale = 1.0 / 16;
    for (long k = d + 1; scale > 1e-17; k++, scale /= 16) sum += scale / (8 * k + j);
    return sum - floor(sum);
}

// Eight digits from place d on; a double is good for about ten there.
static uint32_t digits(long d) {
    double x = 4 * series(1, d) - 2 * series(4, d) - series(5, d) - series(6, d);
    return (uint32_t)((x - floor(x)) * 4294967296.0);
}

int main(int argc, char **argv) {
    long all = number(argc, argv, 1, 1000, 1, 10000000);
    long size = atol(variable("IEXEC_BOT_SIZE", "1"));
    long index = atol(variable("IEXEC_BOT_TASK_INDEX", "0")) - atol(variable("IEXEC_BOT_FIRST_INDEX", "0"));
    if (size < 1 || index < 0 || index >= size) fail("this task is not in its bag");
    long from = (long)((int64_t)all * index / size), to = (long)((int64_t)all * (index + 1) / size);
    FILE *file = open_output("pi.txt");
    for (long d = from; d < to; d += 8) {
        char text[9];
        snprintf(text, sizeof text, "%08x", (unsigned)digits(d));
        fwrite(text, 1, to - d < 8 ? to - d : 8, file);
    }
    close_output(file);
    result_is("pi.txt");
    printf("digits %ld to %ld of pi\n", from, to);
}
