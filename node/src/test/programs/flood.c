// Writes 10 GB to a file.
#include <fcntl.h>
#include <unistd.h>
static char block[1 << 20];
int main(void) {
    int file = open("/iexec_out/flood", O_CREAT | O_WRONLY, 0600);
    for (int i = 0; i < 10 * 1024; i++)
        if (write(file, block, sizeof block) < 0) return 0;
    return 0;
}
