/* SPDX-License-Identifier: MIT
 * The shipped example is copied file by file. */
#include "commands/init_example.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "commands/table.h"

#define DEPTH 4

static int copy_bytes(int in, int out)
{
    char bytes[8192];
    ssize_t got;
    while ((got = read(in, bytes, sizeof bytes)) > 0)
        if (write(out, bytes, (size_t)got) != got)
            return -1;
    return got < 0 ? -1 : 0;
}

static int copy_file(const char *from, const char *to, int *copied, struct koppel_error *err)
{
    int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
    if (out < 0 && errno == EEXIST)
        return 0;
    int in = out < 0 ? -1 : open(from, O_RDONLY | O_CLOEXEC);
    int rc = in < 0 ? -1 : copy_bytes(in, out);
    if (rc != 0)
        err_set(err, KOPPEL_E_CONFIG, "%s cannot be copied to %s: %s", from, to, strerror(errno));
    if (in >= 0)
        close(in);
    if (out >= 0 && close(out) != 0 && rc == 0)
        rc = err_set(err, KOPPEL_E_CONFIG, "%s cannot be written: %s", to, strerror(errno));
    if (rc == 0)
        ++*copied;
    else if (out >= 0)
        unlink(to); /* half of it would be kept for good */
    return rc;
}

static int copy_folder(const char *from, const char *to, int depth, int *copied,
                       struct koppel_error *err)
{
    DIR *folder = opendir(from);
    if (!folder)
        return err_set(err, KOPPEL_E_CONFIG, "the example is not installed: %s: %s", from,
                       strerror(errno));
    int rc = 0;
    struct dirent *entry;
    while (rc == 0 && (entry = readdir(folder))) {
        char source[PATH_MAX], target[PATH_MAX];
        struct stat st;
        if (entry->d_name[0] == '.')
            continue;
        if (snprintf(source, sizeof source, "%s/%s", from, entry->d_name) >= (int)sizeof source ||
            snprintf(target, sizeof target, "%s/%s", to, entry->d_name) >= (int)sizeof target)
            rc = err_set(err, KOPPEL_E_CONFIG, "%s: its path is too long", entry->d_name);
        else if (stat(source, &st) != 0)
            rc = err_set(err, KOPPEL_E_CONFIG, "%s: %s", source, strerror(errno));
        else if (S_ISREG(st.st_mode))
            rc = copy_file(source, target, copied, err);
        else if (S_ISDIR(st.st_mode) && depth < DEPTH) {
            if (mkdir(target, 0750) != 0 && errno != EEXIST)
                rc = err_set(err, KOPPEL_E_CONFIG, "%s cannot be made: %s", target,
                             strerror(errno));
            else
                rc = copy_folder(source, target, depth + 1, copied, err);
        }
    }
    closedir(folder);
    return rc;
}

int init_example(const char *dir, int *copied, struct koppel_error *err)
{
    const char *data = getenv("KOPPEL_DATADIR");
    char from[PATH_MAX];
    if (!data || !*data)
        data = KOPPEL_DATADIR;
    if (snprintf(from, sizeof from, "%s/example", data) >= (int)sizeof from)
        return err_set(err, KOPPEL_E_CONFIG, "KOPPEL_DATADIR is too long a path");
    *copied = 0;
    return copy_folder(from, dir, 0, copied, err);
}
