// Names a result outside of its directory.
#include <fcntl.h>
#include <unistd.h>
int main(void) {
    static const char json[] = "{\"deterministic-output-path\": \"/iexec_out/../etc/passwd\"}";
    int file = open("/iexec_out/computed.json", O_CREAT | O_WRONLY, 0600);
    write(file, json, sizeof json - 1);
    return 0;
}
