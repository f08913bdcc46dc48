/* SPDX-License-Identifier: MIT
 * koppel init: a configuration directory with its sealing key. Never overwrites anything. */
#include "commands/command_init.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/visible.h"

static const char main_file[] =
    "# Koppel's own settings; koppel.conf(5) explains every one.\n"
    "store = { path = \"koppel.db\"; };\n"
    "key = \"file:secret.key\";\n"
    "workers = 8;\n";

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

int command_init(const struct command_line *line)
{
    const char *dir = line->count > 0 ? line->words[0] : line->dir;
    static const char *const parts[] = {"", "/connections.d", "/flows.d", "/mappings", "/tables"};
    struct koppel_error err = {0};
    char path[4096];
    struct stat st;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        snprintf(path, sizeof path, "%s%s", dir, parts[i]);
        if (make_dir(path, &err) != 0)
            return command_failed(&err);
    }
    snprintf(path, sizeof path, "%s/koppel.conf", dir);
    if (make_file(path, main_file, &err) != 0)
        return command_failed(&err);
    snprintf(path, sizeof path, "%s/secret.key", dir);
    if (stat(path, &st) != 0 && secret_key_create(path, &err) != 0)
        return command_failed(&err);
    visible_print(stdout,
                  "%s is ready. Keep %s/secret.key safe: without it the store cannot be read.\n"
           "next: describe the systems in %s/connections.d and the flows in %s/flows.d, then: "
                  "koppel check\n",
                  dir, dir, dir, dir);
    return EXIT_OK;
}
