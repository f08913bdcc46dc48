/* SPDX-License-Identifier: MIT
 * Puts a text in the place of a file in one step. */
#include "base/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NEW ".koppel-new." /* one name per file: what a crash left is found and written over */
#define MODE_MASK 0777

/* The folder of a path, and the name of its new text there. */
static int names_of(const char *path, char folder[PATH_MAX], char fresh[PATH_MAX],
                    struct koppel_error *err)
{
    const char *base = strrchr(path, '/');
    int n = base ? (int)(base - path) : 1;
    int wrote = snprintf(folder, PATH_MAX, "%.*s", n, base ? path : ".");
    if (wrote < PATH_MAX)
        wrote = snprintf(fresh, PATH_MAX, "%.*s/" NEW "%s", n, base ? path : ".",
                         base ? base + 1 : path);
    return wrote < PATH_MAX ? 0 : err_set(err, KOPPEL_E_CONFIG, "%s: the name is too long", path);
}

static int failed(const char *path, struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_CONFIG, "%s: cannot be written: %s", path, strerror(errno));
}

static int sync_folder(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    int rc = fsync(fd);
    if (rc != 0 && errno == EINVAL) /* some file systems know no fsync of a folder */
        rc = 0;
    close(fd);
    return rc;
}

/* As what is there, or as its folder. */
static int dress(int fd, const char *path, const char *folder)
{
    struct stat st;
    bool there = stat(path, &st) == 0;
    if (!there && stat(folder, &st) != 0)
        return -1;
    mode_t mode = st.st_mode & MODE_MASK;
    if (fchown(fd, st.st_uid, st.st_gid) != 0 && fchown(fd, (uid_t)-1, st.st_gid) != 0 &&
        (there || errno != EPERM))
        return -1;
    return fchmod(fd, there ? mode : mode & 0666);
}

static int write_all(int fd, const char *text, size_t bytes)
{
    while (bytes > 0) {
        ssize_t n = write(fd, text, bytes);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return -1;
        text += n;
        bytes -= (size_t)n;
    }
    return 0;
}

int replace_file(const char *path, const char *text, size_t bytes, struct koppel_error *err)
{
    char folder[PATH_MAX], fresh[PATH_MAX];
    if (names_of(path, folder, fresh, err) != 0)
        return -1;
    (void)unlink(fresh);
    int fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return failed(path, err);
    int rc = write_all(fd, text, bytes) == 0 && dress(fd, path, folder) == 0 && fsync(fd) == 0;
    int why = errno;
    close(fd);
    if (!rc || rename(fresh, path) != 0) {
        errno = rc ? errno : why;
        (void)failed(path, err);
        (void)unlink(fresh);
        return -1;
    }
    return sync_folder(folder) == 0 ? 0 : failed(path, err);
}

int replace_remove(const char *path, struct koppel_error *err)
{
    char folder[PATH_MAX], fresh[PATH_MAX];
    if (names_of(path, folder, fresh, err) != 0)
        return -1;
    if (unlink(path) != 0 && errno != ENOENT)
        return failed(path, err);
    return sync_folder(folder) == 0 ? 0 : failed(path, err);
}

int replace_sync(const char *path)
{
    char folder[PATH_MAX], fresh[PATH_MAX];
    errno = ENAMETOOLONG;
    return names_of(path, folder, fresh, NULL) == 0 ? sync_folder(folder) : -1;
}

void replace_clean(const char *path)
{
    char folder[PATH_MAX], fresh[PATH_MAX];
    if (names_of(path, folder, fresh, NULL) == 0)
        (void)unlink(fresh);
}

int replace_may(const char *path, struct koppel_error *err)
{
    char folder[PATH_MAX], fresh[PATH_MAX];
    if (names_of(path, folder, fresh, err) != 0)
        return -1;
    if (access(path, W_OK) != 0 && errno != ENOENT)
        return failed(path, err);
    return access(folder, W_OK | X_OK) == 0 ? 0 : failed(path, err);
}
