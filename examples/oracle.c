// oracle [SIDES]: a number from 1 to SIDES for a smart contract, that nobody chose: it follows from the task's id.
//
// The result is not a file but bytes for the contract: abi.encode(uint256 number, string text).
#include "bourse.h"
#include <stdint.h>
#include <string.h>
#include <unistd.h>

static void hex_word(FILE *file, uint64_t value) {
    fprintf(file, "%048d%016llx", 0, (unsigned long long)value);
}

int main(int argc, char **argv) {
    long sides = number(argc, argv, 1, 6, 1, 1000000);
    // In the sandbox "random" bytes are the same for every worker of a task, and others for another task.
    uint64_t random, limit = UINT64_MAX - UINT64_MAX % sides;
    do {
        if (getentropy(&random, sizeof random)) fail("no random numbers");
    } while (random >= limit);
    uint64_t rolled = 1 + random % sides;
    char text[32] = {0};
    int length = snprintf(text, sizeof text, "rolled %llu of %ld", (unsigned long long)rolled, sides);

    FILE *file = open_output("computed.json");
    fprintf(file, "{\"callback-data\":\"0x");
    hex_word(file, rolled);
    hex_word(file, 64); // where the text begins
    hex_word(file, length);
    for (size_t i = 0; i < sizeof text; i++) fprintf(file, "%02x", (uint8_t)text[i]);
    fprintf(file, "\"}");
    close_output(file);
    puts(text);
}
