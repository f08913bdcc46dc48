/* SPDX-License-Identifier: MIT
 * The files of an empty installation: folders, koppel.conf, key. Never overwrites anything. */
#include "commands/init_files.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/secret.h"
#include "commands/table.h"

#ifndef KOPPEL_STATEDIR
#define KOPPEL_STATEDIR "/var/lib"
#endif

/* What the packages install is for a service: its store is in a folder of the service's own, and
 * the service manager hands it the key (koppel.service). Where that folder is not there, all lies
 * in the configuration directory. */
static void write_main(const char *dir, char *out, size_t bytes)
{
    char above[4096], state[4096], *name;
    struct stat st;
    snprintf(above, sizeof above, "%s", dir);
    while ((name = strrchr(above, '/')) && !name[1] && name > above)
        *name = '\0';
    state[0] = '\0';
    bool service = false;
    if (name && name > above) {
        *name++ = '\0';
        snprintf(state, sizeof state, "%s/%s", KOPPEL_STATEDIR, name);
        service = strncmp(above, KOPPEL_CONFDIR, strlen(above)) == 0 &&
                  strcmp(KOPPEL_CONFDIR + strlen(above), "/koppel") == 0 && stat(state, &st) == 0 &&
                  S_ISDIR(st.st_mode);
    }
    snprintf(out, bytes,
             "# Koppel's own settings; koppel.conf(5) explains every one.\n"
             "store = { path = \"%s%skoppel.db\"; };\n"
             "key = \"%s\";\n"
             "workers = 8;\n",
             service ? state : "", service ? "/" : "",
             service ? "credential:koppel.key" : "file:secret.key");
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

int init_files(const char *dir, struct koppel_error *err)
{
    static const char *const parts[] = {"",          "/connections.d", "/flows.d",
                                        "/mappings", "/tables",        "/secrets"};
    char path[4096], main_file[8192];
    struct stat st;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        snprintf(path, sizeof path, "%s%s", dir, parts[i]);
        if (make_dir(path, err) != 0)
            return -1;
    }
    snprintf(path, sizeof path, "%s/koppel.conf", dir);
    write_main(dir, main_file, sizeof main_file);
    if (make_file(path, main_file, err) != 0)
        return -1;
    snprintf(path, sizeof path, "%s/secret.key", dir);
    return stat(path, &st) == 0 ? 0 : secret_key_create(path, err);
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

int init_files_first(const char *dir, bool *made, struct koppel_error *err)
{
    *made = is_empty(dir) == 1;
    return *made ? init_files(dir, err) : 0;
}
