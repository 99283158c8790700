// Counts for a second or some, and says so.
#include <unistd.h>
int main(void) {
    volatile unsigned n = 0;
    for (unsigned i = 0; i < 150000000u; i++) n += i;
    write(1, "done\n", 5);
    return 0;
}
