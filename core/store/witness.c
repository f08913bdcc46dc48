/* SPDX-License-Identifier: MIT
 * The witness beside a store's file. */
#include "store/witness.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/beside.h"

#define LINE_BYTES (STORE_ID_BYTES + 20) /* id, space, 19 digits, line break */

static void put_line(const struct witness *w, char line[LINE_BYTES + 1])
{
    snprintf(line, LINE_BYTES + 1, "%.32s %019" PRId64 "\n", w->id, w->commits);
}

int witness_read(const char *path, struct witness *out, struct koppel_error *err)
{
    char line[LINE_BYTES + 1] = "";
    *out = (struct witness){0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT)
        return 0;
    ssize_t n = fd < 0 ? -1 : read(fd, line, LINE_BYTES);
    if (n < 0) {
        int problem = errno;
        if (fd >= 0)
            close(fd);
        return err_reason(err, KOPPEL_E_CONFIG, "store.access",
                          "store: its file %s cannot be read: %s; it must belong to the user who"
                          " runs this", path, strerror(problem));
    }
    close(fd);
    char *end = NULL;
    if (n != LINE_BYTES || line[LINE_BYTES - 1] != '\n' || line[STORE_ID_BYTES - 1] != ' ' ||
        strspn(line, "0123456789abcdef") != STORE_ID_BYTES - 1)
        return 0;
    memcpy(out->id, line, STORE_ID_BYTES - 1);
    out->commits = strtoll(line + STORE_ID_BYTES, &end, 10);
    return end && *end == '\n' ? 1 : 0;
}

int witness_make(const char *path, const struct witness *w, int *fd, struct koppel_error *err)
{
    char line[LINE_BYTES + 1];
    put_line(w, line);
    if (beside_make(path, fd, err) != 0)
        return -1;
    if (pwrite(*fd, line, LINE_BYTES, 0) == LINE_BYTES && fsync(*fd) == 0)
        return beside_sync_folder(path, err);
    (void)err_reason(err, errno == ENOSPC ? KOPPEL_E_CONFIG : KOPPEL_E_RETRY,
                     errno == ENOSPC ? "store.full" : "store.failed",
                     "store: its file %s cannot be written: %s", path, strerror(errno));
    close(*fd);
    *fd = -1;
    return -1;
}

void witness_write(int fd, const struct witness *w)
{
    char line[LINE_BYTES + 1];
    put_line(w, line);
    ssize_t n = pwrite(fd, line, LINE_BYTES, 0);
    (void)n;
}
