/* SPDX-License-Identifier: MIT
 * The files of a store. */
#include "store/beside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int open_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    char *folder = strndup(path, slash == path ? 1 : (size_t)(slash - path));
    int fd = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    free(folder);
    return fd;
}

static int own(int fd, const char *path)
{
    struct stat folder, file;
    int at = open_folder(path);
    if (at < 0)
        return -1;
    int rc = fstat(at, &folder);
    close(at);
    if (rc != 0 || fstat(fd, &file) != 0)
        return -1;
    if (file.st_uid == folder.st_uid && file.st_gid == folder.st_gid)
        return 0;
    return fchown(fd, folder.st_uid, folder.st_gid);
}

int beside_make(const char *path, int *fd, struct koppel_error *err)
{
    bool root = geteuid() == 0; /* who must not be led to another file by a link */
    *fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | (root ? O_NOFOLLOW : 0), 0600);
    if (*fd >= 0 && (!root || own(*fd, path) == 0))
        return 0;
    int problem = errno;
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
    return err_reason(err, KOPPEL_E_CONFIG, problem == ENOSPC ? "store.full" : "store.access",
                      "store %s: %s; its folder must exist and belong to the user who runs this",
                      path, strerror(problem));
}

int beside_sync_folder(const char *path, struct koppel_error *err)
{
    int at = open_folder(path);
    int rc = at < 0 ? -1 : fsync(at);
    int problem = errno;
    if (at >= 0)
        close(at);
    /* some file systems know no fsync of a folder */
    if (rc == 0 || problem == EINVAL)
        return 0;
    return err_reason(err, KOPPEL_E_CONFIG, "store.access", "store %s: its folder: %s", path,
                      strerror(problem));
}
