// mandelbrot WIDTH HEIGHT: the Mandelbrot set as mandelbrot.png.
#include "bourse.h"
#include <stdint.h>
#include <string.h>

enum { MOST_STEPS = 512 };

static uint32_t checksums[256];

static uint32_t crc(uint32_t sum, const uint8_t *bytes, size_t length) {
    for (size_t i = 0; i < length; i++) sum = checksums[(sum ^ bytes[i]) & 255] ^ sum >> 8;
    return sum;
}

static void put32(uint8_t *to, uint32_t value) {
    for (int i = 0; i < 4; i++) to[i] = value >> (24 - 8 * i);
}

static void chunk(FILE *file, const char *type, const uint8_t *data, uint32_t length) {
    uint8_t word[4];
    put32(word, length);
    fwrite(word, 1, 4, file);
    fwrite(type, 1, 4, file);
    fwrite(data, 1, length, file);
    put32(word, ~crc(crc(~0u, (const uint8_t *)type, 4), data, length));
    fwrite(word, 1, 4, file);
}

// How many steps a point takes to escape; MOST_STEPS when it stays.
static int steps(double cx, double cy) {
    double x = 0, y = 0;
    int n = 0;
    for (; n < MOST_STEPS && x * x + y * y < 4; n++) {
        double next = x * x - y * y + cx;
        y = 2 * x * y + cy;
        x = next;
    }
    return n;
}

// Deflate with literals and runs in the format's fixed code, which needs no tables: a pixel's colour is one byte of the
// palette, and large areas have one colour.
static uint8_t *out;
static size_t used;
static uint32_t bits;
static int pending;

static void put(uint32_t value, int count) {
    bits |= value << pending;
    for (pending += count; pending >= 8; pending -= 8, bits >>= 8) out[used++] = bits;
}

static void put_code(uint32_t code, int count) {
    for (int i = count - 1; i >= 0; i--) put(code >> i & 1, 1);
}

static void literal(int byte) {
    if (byte < 144) put_code(0x30 + byte, 8);
    else put_code(0x190 + byte - 144, 9);
}

// The byte before, `length` times: 3 to 10, or 258.
static void repeat(int length) {
    if (length == 258) put_code(0xc5, 8);
    else put_code(length - 2, 7);
    put_code(0, 5);
}

static void row(const uint8_t *bytes, int length) {
    for (int i = 0; i < length;) {
        int run = 0;
        while (i > 0 && i + run < length && bytes[i + run] == bytes[i - 1] && run < 258) run++;
        if (run < 3) {
            literal(bytes[i++]);
        } else {
            int some = run == 258 ? 258 : run > 10 ? 10 : run;
            repeat(some);
            i += some;
        }
    }
}

int main(int argc, char **argv) {
    int width = number(argc, argv, 1, 600, 1, 20000);
    int height = number(argc, argv, 2, 400, 1, 20000);
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t sum = i;
        for (int bit = 0; bit < 8; bit++) sum = sum & 1 ? 0xedb88320 ^ sum >> 1 : sum >> 1;
        checksums[i] = sum;
    }
    uint8_t *line = malloc(width + 1);
    out = malloc((size_t)(width + 1) * height * 9 / 8 + 64);
    if (!line || !out) fail("not enough memory for this picture");

    uint32_t a = 1, b = 0;
    out[used++] = 0x78, out[used++] = 0x01;
    put(3, 3);
    for (int y = 0; y < height; y++) {
        line[0] = 0;
        for (int x = 0; x < width; x++) {
            int n = steps(-2.2 + 3.2 * (x + 0.5) / width, 1.2 - 2.4 * (y + 0.5) / height);
            line[x + 1] = n == MOST_STEPS ? 0 : 1 + n % 255;
        }
        for (int x = 0; x <= width; x++) a = (a + line[x]) % 65521, b = (b + a) % 65521;
        row(line, width + 1);
    }
    put_code(0, 7);
    put(0, 7);
    put32(out + used, b << 16 | a);

    uint8_t header[13] = {0}, palette[768] = {0};
    put32(header, width);
    put32(header + 4, height);
    header[8] = 8, header[9] = 3;
    for (int i = 1; i < 256; i++) {
        double t = (i % 64) / 64.0;
        palette[3 * i] = 255 * 9 * (1 - t) * t * t * t;
        palette[3 * i + 1] = 255 * 15 * (1 - t) * (1 - t) * t * t;
        palette[3 * i + 2] = 255 * 8.5 * (1 - t) * (1 - t) * (1 - t) * t;
    }
    FILE *file = open_output("mandelbrot.png");
    fwrite("\x89PNG\r\n\x1a\n", 1, 8, file);
    chunk(file, "IHDR", header, sizeof header);
    chunk(file, "PLTE", palette, sizeof palette);
    chunk(file, "IDAT", out, used + 4);
    chunk(file, "IEND", out, 0);
    close_output(file);
    result_is("mandelbrot.png");
    printf("mandelbrot.png: %d x %d\n", width, height);
}
