// primes N: how many primes there are up to N, and the last ten of them, in primes.txt.
#include "bourse.h"
#include <stdint.h>
#include <string.h>

enum { SEGMENT = 1 << 15, LAST = 10 };

int main(int argc, char **argv) {
    long n = number(argc, argv, 1, 1000000, 0, 2000000000);
    // A sieve in pieces that fit into a processor's cache; only odd numbers.
    long root = 1;
    while (root * root <= n) root++;
    uint8_t *small = calloc(root + 1, 1);
    uint32_t *primes = malloc((root / 2 + 8) * sizeof *primes), *next = malloc((root / 2 + 8) * sizeof *next);
    uint8_t *piece = malloc(SEGMENT);
    if (!small || !primes || !next || !piece) fail("not enough memory");
    int known = 0;
    for (long p = 3; p <= root; p += 2) {
        if (small[p]) continue;
        primes[known] = p;
        next[known++] = p * p / 2;
        for (long m = p * p; m <= root; m += 2 * p) small[m] = 1;
    }
    long count = n >= 2, last[LAST] = {2};
    long seen = count;
    // Place i of the sieve is the number 2 i + 1; 1 itself is no prime.
    for (long low = 0; 2 * low + 1 <= n; low += SEGMENT) {
        memset(piece, 0, SEGMENT);
        if (low == 0) piece[0] = 1;
        for (int k = 0; k < known; k++) {
            uint32_t m = next[k];
            for (; m < (uint32_t)(low + SEGMENT); m += primes[k]) piece[m - low] = 1;
            next[k] = m;
        }
        for (long i = 0; i < SEGMENT && 2 * (low + i) + 1 <= n; i++) {
            if (piece[i]) continue;
            count++;
            last[seen++ % LAST] = 2 * (low + i) + 1;
        }
    }
    FILE *file = open_output("primes.txt");
    fprintf(file, "%ld primes up to %ld\n", count, n);
    for (long i = seen > LAST ? seen - LAST : 0; i < seen; i++) fprintf(file, "%ld\n", last[i % LAST]);
    close_output(file);
    result_is("primes.txt");
    printf("%ld primes up to %ld\n", count, n);
}
