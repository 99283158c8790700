// sha256 [MEBIBYTES]: the SHA-256 of the input file, or of so many MiB of zeros, in sha256.txt.
#include "bourse.h"
#include <stdint.h>
#include <string.h>

static const uint32_t K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01,
    0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc,
    0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
    0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08,
    0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
    0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t state[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

static uint32_t turn(uint32_t x, int by) {
    return x >> by | x << (32 - by);
}

static void block(const uint8_t *bytes) {
    uint32_t w[64], s[8];
    for (int i = 0; i < 16; i++) {
        w[i] = (uint32_t)bytes[4 * i] << 24 | bytes[4 * i + 1] << 16 | bytes[4 * i + 2] << 8 | bytes[4 * i + 3];
    }
    for (int i = 16; i < 64; i++) {
        uint32_t a = w[i - 15], b = w[i - 2];
        w[i] = w[i - 16] + w[i - 7] + (turn(a, 7) ^ turn(a, 18) ^ a >> 3) + (turn(b, 17) ^ turn(b, 19) ^ b >> 10);
    }
    memcpy(s, state, sizeof s);
    for (int i = 0; i < 64; i++) {
        uint32_t e = s[4], a = s[0];
        uint32_t t = s[7] + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & s[5]) ^ (~e & s[6])) + K[i] + w[i];
        uint32_t u = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & s[1]) ^ (a & s[2]) ^ (s[1] & s[2]));
        memmove(s + 1, s, 7 * sizeof *s);
        s[4] += t;
        s[0] = t + u;
    }
    for (int i = 0; i < 8; i++) state[i] += s[i];
}

int main(int argc, char **argv) {
    static uint8_t buffer[1 << 16];
    uint64_t total = 0;
    size_t length = 0;
    if (argc > 1) {
        total = (uint64_t)number(argc, argv, 1, 1, 0, 100000) << 20;
        for (uint64_t i = 0; i < total; i += 64) block(buffer + (i & 0xffc0));
    } else {
        const char *name = getenv("IEXEC_INPUT_FILE_NAME_1");
        if (!name) fail("give me an input file, or a number of MiB");
        FILE *in = open_input(name);
        while ((length = fread(buffer, 1, sizeof buffer, in)) == sizeof buffer) {
            for (size_t i = 0; i < length; i += 64) block(buffer + i);
            total += length;
        }
        total += length;
        fclose(in);
    }
    size_t at = 0;
    for (; at + 64 <= length; at += 64) block(buffer + at);
    uint8_t end[128] = {0};
    memcpy(end, buffer + at, length - at);
    end[length - at] = 0x80;
    size_t size = length - at < 56 ? 64 : 128;
    for (int i = 0; i < 8; i++) end[size - 1 - i] = total * 8 >> 8 * i;
    for (at = 0; at < size; at += 64) block(end + at);

    FILE *out = open_output("sha256.txt");
    for (int i = 0; i < 8; i++) fprintf(out, "%08x", (unsigned)state[i]);
    fprintf(out, "\n");
    close_output(out);
    result_is("sha256.txt");
}
