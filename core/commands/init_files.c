/* SPDX-License-Identifier: MIT
 * The files of an empty installation: folders, koppel.conf, key. Never overwrites anything. */
#include "commands/init_files.h"

#include <dirent.h>
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/secret.h"
#include "commands/table.h"

#ifndef KOPPEL_STATEDIR
#define KOPPEL_STATEDIR "/var/lib"
#endif

#define SERVICE_USER "koppel"
#define SERVICE_MASK 027 /* what root makes for it, its group reads */

/* What the packages install is for a service: KOPPEL_CONFDIR, or for a further shop
 * KOPPEL_CONFDIR-NAME. Its store is in a folder of the service's own, and the service manager hands
 * it the key (koppel.service). state: that folder. false: all lies in the configuration directory.
 */
static bool is_of_service(const char *dir, char *state, size_t bytes)
{
    const char *name = strrchr(KOPPEL_CONFDIR, '/') + 1;
    if (strncmp(dir, KOPPEL_CONFDIR, strlen(KOPPEL_CONFDIR)) != 0)
        return false;
    const char *more = dir + strlen(KOPPEL_CONFDIR);
    size_t length = strcspn(more, "/");
    if (more[strspn(more + length, "/") + length] || (length > 0 && (*more != '-' || length < 2)))
        return false;
    snprintf(state, bytes, "%s/%s%.*s", KOPPEL_STATEDIR, name, (int)length, more);
    return true;
}

static void write_main(const char *state, char *out, size_t bytes)
{
    snprintf(out, bytes,
             "# Koppel's own settings; koppel.conf(5) explains every one.\n"
             "store = { path = \"%s%skoppel.db\"; };\n"
             "key = \"%s\";\n"
             "workers = 8;\n",
             state, *state ? "/" : "", *state ? "credential:koppel.key" : "file:secret.key");
}

static int make_dir(const char *path, struct koppel_error *err)
{
    if (mkdir(path, 0750) != 0 && errno != EEXIST)
        return err_set(err, KOPPEL_E_CONFIG, "%s cannot be made: %s", path, strerror(errno));
    return 0;
}

static int make_file(const char *path, const char *text, struct koppel_error *err)
{
    FILE *f = fopen(path, "wx");
    if (!f && errno == EEXIST)
        return 0;
    if (!f)
        return err_set(err, KOPPEL_E_CONFIG, "%s cannot be made: %s", path, strerror(errno));
    bool ok = fputs(text, f) >= 0;
    if (fclose(f) != 0 || !ok)
        return err_set(err, KOPPEL_E_CONFIG, "%s cannot be written: %s", path, strerror(errno));
    return 0;
}

/* Does the directory hold nothing at all, but for what begins with a point? -1: it is none. */
static int is_empty(const char *dir)
{
    DIR *d = opendir(dir);
    struct dirent *entry;
    bool any = false;
    if (!d)
        return -1;
    while (!any && (entry = readdir(d)))
        any = entry->d_name[0] != '.';
    closedir(d);
    return !any;
}

/* Root makes a service's folders as the packages and its unit would. What is in use already stays
 * as it is. */
static int make_service(const char *dir, const char *state, struct koppel_error *err)
{
    const struct passwd *user = getpwnam(SERVICE_USER);
    if (geteuid() != 0 || !user)
        return 0;
    (void)umask(SERVICE_MASK);
    if (make_dir(dir, err) != 0)
        return -1;
    /* files and folders that are made in it get its group */
    if (is_empty(dir) == 1 && (chown(dir, 0, user->pw_gid) != 0 || chmod(dir, 02750) != 0))
        return err_set(err, KOPPEL_E_CONFIG, "%s: its group cannot be made %s: %s", dir,
                       SERVICE_USER, strerror(errno));
    if (mkdir(state, 0700) != 0)
        return errno == EEXIST ? 0 : err_set(err, KOPPEL_E_CONFIG, "%s cannot be made: %s", state,
                                             strerror(errno));
    if (chown(state, user->pw_uid, user->pw_gid) != 0)
        return err_set(err, KOPPEL_E_CONFIG, "%s cannot be given to %s: %s", state, SERVICE_USER,
                       strerror(errno));
    return 0;
}

int init_files(const char *dir, struct koppel_error *err)
{
    static const char *const parts[] = {"",          "/connections.d", "/flows.d",
                                        "/mappings", "/tables",        "/secrets"};
    char path[4096], main_file[8192], state[4096] = "";
    struct stat st;
    if (is_of_service(dir, state, sizeof state) && make_service(dir, state, err) != 0)
        return -1;
    if (*state && (stat(state, &st) != 0 || !S_ISDIR(st.st_mode)))
        *state = '\0';
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        snprintf(path, sizeof path, "%s%s", dir, parts[i]);
        if (make_dir(path, err) != 0)
            return -1;
    }
    snprintf(path, sizeof path, "%s/koppel.conf", dir);
    write_main(state, main_file, sizeof main_file);
    if (make_file(path, main_file, err) != 0)
        return -1;
    snprintf(path, sizeof path, "%s/secret.key", dir);
    return stat(path, &st) == 0 ? 0 : secret_key_create(path, err);
}

int init_files_first(const char *dir, bool *made, struct koppel_error *err)
{
    *made = is_empty(dir) == 1;
    return *made ? init_files(dir, err) : 0;
}
