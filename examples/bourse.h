// What the examples share: where files go, and how a program says what its result is.
#ifndef BOURSE_H
#define BOURSE_H

#include <stdio.h>
#include <stdlib.h>

static inline void fail(const char *why) {
    fprintf(stderr, "%s\n", why);
    exit(1);
}

static inline const char *variable(const char *name, const char *otherwise) {
    const char *value = getenv(name);
    return value ? value : otherwise;
}

// Opens a file in a directory that an environment variable names.
static inline FILE *open_in(const char *directory, const char *name, const char *mode) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = fopen(path, mode);
    if (!file) fail("can not open a file");
    return file;
}

static inline FILE *open_output(const char *name) {
    return open_in(variable("IEXEC_OUT", "/iexec_out"), name, "wb");
}

static inline FILE *open_input(const char *name) {
    return open_in(variable("IEXEC_IN", "/iexec_in"), name, "rb");
}

// A full buffer or disk shows only when a file is closed.
static inline void close_output(FILE *file) {
    if (fclose(file)) fail("can not write a file");
}

// The result is this file: workers vote on its bytes.
static inline void result_is(const char *name) {
    FILE *file = open_output("computed.json");
    fprintf(file, "{\"deterministic-output-path\":\"%s/%s\"}", variable("IEXEC_OUT", "/iexec_out"), name);
    close_output(file);
}

// A number between the two limits, from the command line.
static inline long number(int argc, char **argv, int index, long otherwise, long least, long most) {
    if (index >= argc) return otherwise;
    char *end;
    long value = strtol(argv[index], &end, 10);
    if (*end || value < least || value > most) {
        fprintf(stderr, "argument %d must be a number from %ld to %ld\n", index, least, most);
        exit(2);
    }
    return value;
}

#endif
