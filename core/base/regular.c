/* SPDX-License-Identifier: MIT
 * Opens files that are files. */
#include "base/regular.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

FILE *regular_open(const char *path, const char **why)
{
    /* Not blocking: to open a pipe waits for its other end. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    struct stat st;
    FILE *file = NULL;
    if (fd >= 0 && fstat(fd, &st) == 0 && !S_ISREG(st.st_mode)) {
        *why = "it is not a regular file";
        close(fd);
        return NULL;
    }
    if (fd >= 0)
        file = fdopen(fd, "r");
    if (!file) {
        *why = strerror(errno);
        if (fd >= 0)
            close(fd);
    }
    return file;
}
