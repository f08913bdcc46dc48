/* SPDX-License-Identifier: MIT
 * A text that a person changes in an editor. */
#include "commands/editor.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define TEXT_MAX_BYTES (64 << 20)

static const char *word_of(const char *const *names, const char *otherwise)
{
    for (; *names; names++) {
        const char *value = getenv(*names);
        if (value && *value)
            return value;
    }
    return otherwise;
}

static int make_file(const char *text, char path[PATH_MAX], struct koppel_error *err)
{
    static const char *const folders[] = {"XDG_RUNTIME_DIR", "TMPDIR", NULL};
    size_t bytes = strlen(text);
    /* editors colour by the ending */
    int n = snprintf(path, PATH_MAX, "%s/koppel-XXXXXX.json", word_of(folders, "/tmp"));
    int fd = n < PATH_MAX ? mkstemps(path, (int)strlen(".json")) : -1;
    if (fd < 0) {
        *path = '\0';
        return err_set(err, KOPPEL_E_RETRY, "no file to edit could be made: %s", strerror(errno));
    }
    bool whole = write(fd, text, bytes) == (ssize_t)bytes && write(fd, "\n", 1) == 1;
    if (close(fd) != 0 || !whole)
        return err_set(err, KOPPEL_E_RETRY, "%s: %s", path, strerror(errno));
    return 0;
}

/* The editor's exit code; -1 and err: it did not start, or was ended. before: the signals that it
 * sees. */
static int run(const char *path, const sigset_t *before, struct koppel_error *err)
{
    static const char *const editors[] = {"VISUAL", "EDITOR", NULL};
    const char *editor = word_of(editors, "vi");
    char command[PATH_MAX];
    const char *const words[] = {"sh", "-c", command, "sh", path, NULL};
    posix_spawnattr_t how;
    pid_t child = -1;
    int status = 0;
    if (snprintf(command, sizeof command, "%s \"$1\"", editor) >= (int)sizeof command)
        return err_set(err, KOPPEL_E_REJECTED, "the name of the editor is too long");
    fflush(stdout);
    posix_spawnattr_init(&how);
    posix_spawnattr_setsigmask(&how, before);
    posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGMASK);
    int failed = posix_spawn(&child, "/bin/sh", NULL, &how, (char *const *)words, environ);
    posix_spawnattr_destroy(&how);
    if (failed)
        return err_set(err, KOPPEL_E_RETRY, "the editor did not start: %s", strerror(failed));
    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR)
            return err_set(err, KOPPEL_E_RETRY, "the editor was lost: %s", strerror(errno));
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return err_set(err, KOPPEL_E_REJECTED, "the editor (%s) failed; nothing was changed",
                       editor);
    return 0;
}

static int read_back(const char *path, char **out, struct koppel_error *err)
{
    size_t room = 0;
    FILE *file = fopen(path, "r");
    *out = NULL;
    ssize_t n = file ? getdelim(out, &room, '\0', file) : -1;
    int failed = errno;
    if (file)
        fclose(file);
    if (n >= 0 && n <= TEXT_MAX_BYTES)
        return 0;
    free(*out);
    *out = NULL;
    return err_set(err, KOPPEL_E_REJECTED, "what was edited cannot be read: %s",
                   n >= 0 ? "it is too long" : failed ? strerror(failed) : "it is empty");
}

int editor_change(const char *text, char **out, struct koppel_error *err)
{
    char path[PATH_MAX] = "";
    sigset_t held, before;
    *out = NULL;
    /* What would end this program waits until the file is gone; the editor has its own way. */
    sigemptyset(&held);
    sigaddset(&held, SIGINT);
    sigaddset(&held, SIGQUIT);
    sigaddset(&held, SIGTERM);
    sigaddset(&held, SIGHUP);
    (void)sigprocmask(SIG_BLOCK, &held, &before);
    int rc = make_file(text, path, err);
    if (rc == 0)
        rc = run(path, &before, err);
    if (rc == 0)
        rc = read_back(path, out, err);
    if (*path && unlink(path) != 0 && errno != ENOENT && rc == 0)
        rc = err_set(err, KOPPEL_E_RETRY, "%s holds the record and could not be removed: %s", path,
                     strerror(errno));
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
    return rc;
}
