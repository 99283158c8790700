// Says which task of its bag it is.
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
int main(void) {
    const char *index = getenv("IEXEC_BOT_TASK_INDEX");
    write(1, index, strlen(index));
    return 0;
}
