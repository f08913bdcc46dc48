/* SPDX-License-Identifier: MIT
 * Skeletons of plugins. */
#include "commands/skeleton.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "config/conf_source.h"

#define DEPTH 4
#define WORD "acme"

bool skeleton_is_name(const char *name)
{
    size_t n = strlen(name);
    for (size_t i = 0; i < n; i++) {
        bool letter = name[i] >= 'a' && name[i] <= 'z', digit = name[i] >= '0' && name[i] <= '9';
        if (!letter && (i == 0 || !digit))
            return false;
    }
    return n > 1 && n < SKELETON_NAME_BYTES;
}

/* acme, Acme and ACME become the name in the same letters. */
static void rename_in(const char *text, const char *name, struct buf *out)
{
    size_t n = strlen(WORD);
    while (*text) {
        if (strncasecmp(text, WORD, n) != 0) {
            buf_add(out, text++, 1);
            continue;
        }
        for (size_t i = 0; name[i]; i++) {
            bool upper = isupper((unsigned char)text[i == 0 ? 0 : 1]);
            char c = (char)(upper ? toupper((unsigned char)name[i]) : name[i]);
            buf_add(out, &c, 1);
        }
        text += n;
    }
}

static int write_new(const char *path, const struct buf *text, bool runs, struct koppel_error *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, runs ? 0755 : 0644);
    size_t done = 0;
    ssize_t n = 1;
    if (fd < 0)
        return err_set(err, KOPPEL_E_CONFIG, "%s cannot be made: %s", path, strerror(errno));
    while (done < text->bytes && n > 0) {
        n = write(fd, text->data + done, text->bytes - done);
        done += n > 0 ? (size_t)n : 0;
    }
    if (close(fd) != 0 || done < text->bytes)
        return err_set(err, KOPPEL_E_CONFIG, "%s cannot be written: %s", path, strerror(errno));
    return 0;
}

static int copy_file(const char *from, const char *to, const char *name, struct koppel_error *err)
{
    const char *why = NULL;
    size_t bytes = 0;
    struct buf made;
    char *text = conf_source_disk(from, &bytes, &why);
    if (!text)
        return err_set(err, KOPPEL_E_CONFIG, "%s cannot be read: %s", from, why);
    buf_init(&made, CONF_SOURCE_LIMIT);
    rename_in(text, name, &made);
    free(text);
    const char *last = strrchr(to, '/');
    int rc = buf_ok(&made) ? write_new(to, &made, last && strcmp(last, "/rules") == 0, err)
                           : err_set(err, KOPPEL_E_RETRY, "out of memory");
    buf_done(&made);
    return rc;
}

/* One entry of a folder, whose name is renamed too. */
static int place(const char *from, const char *to, const char *entry, const char *name,
                 char source[PATH_MAX], char target[PATH_MAX], struct koppel_error *err)
{
    struct buf renamed;
    buf_init(&renamed, PATH_MAX);
    rename_in(entry, name, &renamed);
    bool fits = buf_ok(&renamed) &&
                snprintf(source, PATH_MAX, "%s/%s", from, entry) < PATH_MAX &&
                snprintf(target, PATH_MAX, "%s/%s", to, buf_text(&renamed)) < PATH_MAX;
    buf_done(&renamed);
    return fits ? 0 : err_set(err, KOPPEL_E_CONFIG, "%s: its path is too long", entry);
}

static int copy_folder(const char *from, const char *to, const char *name, int depth, int *count,
                       struct koppel_error *err)
{
    DIR *folder = opendir(from);
    struct dirent *entry;
    int rc = 0;
    if (!folder)
        return err_set(err, KOPPEL_E_CONFIG, "the SDK is not installed: %s: %s", from,
                       strerror(errno));
    if (mkdir(to, 0755) != 0)
        rc = err_set(err, KOPPEL_E_CONFIG, errno == EEXIST
                         ? "%s is there already (%s); nothing is written over"
                         : "%s cannot be made: %s", to, strerror(errno));
    while (rc == 0 && (entry = readdir(folder))) {
        char source[PATH_MAX], target[PATH_MAX];
        struct stat st;
        if (entry->d_name[0] == '.')
            continue;
        rc = place(from, to, entry->d_name, name, source, target, err);
        if (rc == 0 && stat(source, &st) != 0)
            rc = err_set(err, KOPPEL_E_CONFIG, "%s: %s", source, strerror(errno));
        else if (rc == 0 && S_ISDIR(st.st_mode) && depth < DEPTH)
            rc = copy_folder(source, target, name, depth + 1, count, err);
        else if (rc == 0 && S_ISREG(st.st_mode)) {
            rc = copy_file(source, target, name, err);
            *count += rc == 0;
        }
    }
    closedir(folder);
    return rc;
}

int skeleton_copy(const char *part, const char *to, const char *name, int *count,
                  struct koppel_error *err)
{
    const char *data = getenv("KOPPEL_DATADIR");
    char from[PATH_MAX];
    if (snprintf(from, sizeof from, "%s/skeleton/%s", data && *data ? data : KOPPEL_DATADIR, part)
        >= (int)sizeof from)
        return err_set(err, KOPPEL_E_CONFIG, "KOPPEL_DATADIR is too long");
    return copy_folder(from, to, name, 0, count, err);
}
