#include "CLinux.h"

#include <sys/stat.h>

int clinux_file_identity(const char *path, uint64_t *device, uint64_t *inode, uint32_t *mode) {
    struct stat status;
    if (lstat(path, &status) != 0) return -1;
    *device = status.st_dev;
    *inode = status.st_ino;
    *mode = status.st_mode;
    return 0;
}
