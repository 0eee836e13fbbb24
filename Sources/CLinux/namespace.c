#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

int clinux_enter_network(const char *path) {
    int network = open(path, O_RDONLY | O_CLOEXEC);
    if (network < 0) return -1;
    int status = setns(network, CLONE_NEWNET);
    int number = errno;
    close(network);
    errno = number;
    return status;
}
