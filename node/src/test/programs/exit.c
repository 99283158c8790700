// Complains, and ends with exit code 3.
#include <unistd.h>
int main(void) {
    write(2, "no luck today\n", 14);
    return 3;
}
