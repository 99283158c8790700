// behaviour WHAT: does one thing, good or bad, that a test asks for.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static char block[1 << 16];
static char *volatile sink;

static void say(const char *what, int failed) {
    printf("%s: %s\n", what, failed ? strerror(errno) : "done");
}

static int deep(int n) {
    volatile int here = n;
    return n == 0 ? 0 : deep(n - 1) + here;
}

static void spin(void) {
    for (volatile int i = 0;; i++) {}
}

static void list(const char *path) {
    DIR *directory = opendir(path);
    if (!directory) {
        say(path, 1);
        return;
    }
    for (struct dirent *entry; (entry = readdir(directory));) printf("%s %d\n", entry->d_name, entry->d_type);
    closedir(directory);
}

static void put(const char *path, const char *text) {
    FILE *file = fopen(path, "w");
    say(path, !file || fputs(text, file) < 0 || fclose(file));
}

static void try_open(const char *path) {
    int fd = open(path, O_RDONLY);
    say(path, fd < 0);
    if (fd >= 0) close(fd);
}

int main(int argc, char **argv) {
    const char *what = argc > 1 ? argv[1] : "nothing";
    long n = argc > 2 ? atol(argv[2]) : 0;
    if (!strcmp(what, "spin")) spin();
    if (!strcmp(what, "deep")) printf("%d\n", deep(n));
    if (!strcmp(what, "exit")) exit(n);
    if (!strcmp(what, "abort")) __builtin_trap();
    if (!strcmp(what, "divide")) printf("%d\n", (100 + argc) / (int)n);
    if (!strcmp(what, "wild")) *(volatile int *)0x7fffff00 = 1;
    if (!strcmp(what, "echo")) {
        for (int i = 1; i < argc; i++) printf("[%s]", argv[i]);
        for (char **variable = environ; *variable; variable++) printf("{%s}", *variable);
        fprintf(stderr, "to stderr");
    }
    if (!strcmp(what, "hog")) {
        for (long i = 0;; i++) {
            char *more = malloc(1 << 20);
            if (!more) exit(7);
            memset(more, 1, 1 << 20);
            sink = more;
        }
    }
    if (!strcmp(what, "keep")) { // n MiB, all touched
        char *all = malloc(n << 20);
        if (!all) exit(7);
        memset(all, 1, n << 20);
        printf("%d\n", all[(n << 20) - 1]);
    }
    if (!strcmp(what, "flood-file")) {
        int fd = open("/iexec_out/flood", O_CREAT | O_WRONLY, 0666);
        for (long i = 0; i < 10L << 14; i++) {
            if (write(fd, block, sizeof block) < 0) exit(7);
        }
    }
    if (!strcmp(what, "flood-stdout")) {
        for (long i = 0; i < 10L << 14; i++) {
            if (write(1, block, sizeof block) < 0) exit(7);
        }
    }
    if (!strcmp(what, "flood-sparse")) {
        int fd = open("/iexec_out/flood", O_CREAT | O_WRONLY, 0666);
        if (pwrite(fd, "x", 1, 10LL << 30) < 0) exit(7);
    }
    if (!strcmp(what, "flood-unlinked")) { // no name, but still open
        for (;;) {
            int fd = open("/iexec_out/flood", O_CREAT | O_WRONLY, 0666);
            unlink("/iexec_out/flood");
            for (int i = 0; i < 16; i++) write(fd, block, sizeof block);
        }
    }
    if (!strcmp(what, "rewrite")) { // n times the same MiB, which is no more than a MiB
        for (long k = 0; k < n; k++) {
            int fd = open("/iexec_out/same", O_CREAT | O_TRUNC | O_WRONLY, 0666);
            for (int i = 0; i < 16; i++) write(fd, block, sizeof block);
            close(fd);
            if (k + 1 < n) unlink("/iexec_out/same");
        }
    }
    if (!strcmp(what, "files")) {
        for (long i = 0; i < n; i++) {
            char path[64];
            snprintf(path, sizeof path, "/iexec_out/%ld", i);
            int fd = open(path, O_CREAT | O_WRONLY, 0666);
            if (fd < 0) exit(7);
            close(fd);
        }
    }
    if (!strcmp(what, "directories")) { // one in the other
        char path[4096] = "/iexec_out";
        for (long i = 0; i < n; i++) {
            strcat(path, "/d");
            if (mkdir(path, 0777)) {
                say("mkdir", 1);
                break;
            }
        }
    }
    if (!strcmp(what, "escape")) {
        try_open("/etc/passwd");
        try_open("/iexec_out/../../etc/passwd");
        try_open("/iexec_in/../iexec_out/x");
        try_open("../../../etc/passwd");
        say("symlink", symlink("/etc/passwd", "/iexec_out/link"));
        say("symlink in", symlink("../../etc", "/iexec_out/up"));
        say("link", link("/iexec_in/hello.txt", "/iexec_out/hard"));
        put("/iexec_in/new.txt", "x");
        say("unlink input", unlink("/iexec_in/hello.txt"));
        say("rename input", rename("/iexec_in/hello.txt", "/iexec_out/mine"));
        say("rename out", rename("/iexec_out/nothing", "/iexec_out/../../x"));
        put("/iexec_out/caf\xc3\xa9", "x");
        put("/iexec_out/.hidden", "x");
    }
    if (!strcmp(what, "files-work")) {
        list("/iexec_in");
        char text[100] = "";
        FILE *in = fopen("/iexec_in/sub/deep.txt", "r");
        printf("%s\n", fgets(text, sizeof text, in));
        say("seek", fseek(in, -3, SEEK_END));
        printf("%s\n", fgets(text, sizeof text, in));
        fclose(in);
        mkdir("/iexec_out/a", 0777);
        mkdir("/iexec_out/a/b", 0777);
        put("/iexec_out/a/b/c.txt", "hello, file");
        put("/iexec_out/gone.txt", "x");
        say("rename", rename("/iexec_out/a/b/c.txt", "/iexec_out/a/d.txt"));
        say("unlink", unlink("/iexec_out/gone.txt"));
        say("rmdir full", rmdir("/iexec_out/a"));
        say("rmdir", rmdir("/iexec_out/a/b"));
        say("rename into itself", rename("/iexec_out/a", "/iexec_out/a/z"));
        FILE *more = fopen("/iexec_out/a/d.txt", "a");
        fputs(", more", more);
        fclose(more);
        struct stat about;
        say("stat", stat("/iexec_out/a/d.txt", &about));
        printf("%lld bytes, directory %d\n", (long long)about.st_size, S_ISDIR(about.st_mode));
        list("/iexec_out/a");
    }
    if (!strcmp(what, "clock")) {
        struct timespec real, before, after, pause = {3600, 0};
        clock_gettime(CLOCK_REALTIME, &real);
        clock_gettime(CLOCK_MONOTONIC, &before);
        nanosleep(&pause, NULL);
        clock_gettime(CLOCK_MONOTONIC, &after);
        printf("%lld.%09ld, slept %lld s\n", (long long)real.tv_sec, real.tv_nsec, (long long)(after.tv_sec - before.tv_sec));
        printf("went on by %ld ns\n", after.tv_nsec - before.tv_nsec);
    }
    if (!strcmp(what, "random")) {
        uint8_t bytes[40];
        getentropy(bytes, sizeof bytes);
        for (size_t i = 0; i < sizeof bytes; i++) printf("%02x", bytes[i]);
    }
    if (!strcmp(what, "stdin")) printf("%d\n", getchar());
}
