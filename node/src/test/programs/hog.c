// Takes all the memory that it gets, and insists.
#include <stdlib.h>
int main(void) {
    for (;;) {
        volatile char *page = malloc(1 << 20);
        if (!page) abort();
        page[0] = 1;
    }
}
