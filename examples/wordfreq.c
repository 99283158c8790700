// wordfreq: how often each word occurs in the input file, the most frequent first, in words.txt.
#include "bourse.h"
#include <ctype.h>
#include <stdint.h>
#include <string.h>

enum { LONGEST = 63 };

typedef struct {
    char *word;
    long count;
} Entry;

static Entry *table;
static size_t room = 1 << 12, words;

static size_t place(const char *word) {
    uint32_t hash = 2166136261u;
    for (const char *c = word; *c; c++) hash = (hash ^ (uint8_t)*c) * 16777619u;
    size_t i = hash & (room - 1);
    while (table[i].word && strcmp(table[i].word, word)) i = (i + 1) & (room - 1);
    return i;
}

static void grow(void) {
    Entry *old = table;
    size_t old_room = room;
    room *= 2;
    table = calloc(room, sizeof *table);
    if (!table) fail("not enough memory for so many words");
    for (size_t i = 0; i < old_room; i++) {
        if (old[i].word) table[place(old[i].word)] = old[i];
    }
    free(old);
}

static void count(const char *word) {
    size_t i = place(word);
    if (!table[i].word) {
        if (2 * ++words > room) grow(), i = place(word);
        table[i].word = strdup(word);
        if (!table[i].word) fail("not enough memory for so many words");
    }
    table[i].count++;
}

static int order(const void *a, const void *b) {
    const Entry *x = a, *y = b;
    if (x->count != y->count) return x->count < y->count ? 1 : -1;
    return strcmp(x->word, y->word);
}

int main(void) {
    const char *name = getenv("IEXEC_INPUT_FILE_NAME_1");
    if (!name) name = getenv("IEXEC_DATASET_FILENAME");
    if (!name) fail("give me an input file or a dataset");
    table = calloc(room, sizeof *table);
    if (!table) fail("not enough memory");
    FILE *in = open_input(name);
    char word[LONGEST + 1];
    size_t length = 0;
    for (int c; c = getc(in), c != EOF || length;) {
        // Bytes above 127 belong to letters of UTF-8, which stay as they are.
        if (c != EOF && (isalpha(c) || c > 127)) {
            if (length < LONGEST) word[length++] = tolower(c);
        } else if (length) {
            word[length] = 0;
            count(word);
            length = 0;
        }
    }
    fclose(in);
    size_t n = 0;
    for (size_t i = 0; i < room; i++) {
        if (table[i].word) table[n++] = table[i];
    }
    qsort(table, n, sizeof *table, order);
    FILE *out = open_output("words.txt");
    for (size_t i = 0; i < n; i++) fprintf(out, "%8ld %s\n", table[i].count, table[i].word);
    close_output(out);
    result_is("words.txt");
    printf("%zu different words\n", n);
}
