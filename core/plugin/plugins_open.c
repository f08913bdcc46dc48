/* SPDX-License-Identifier: MIT
 * Opens one plugin by absolute path with RTLD_NOW | RTLD_LOCAL.
 *
 * libltdl's own loader binds lazily and drops dlerror()'s words, so a plugin with an undefined
 * symbol would load and die on its first call. It is replaced by one of ours. */
#include "plugin/plugins_open.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <ltdl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "catalogue/catalogue_parse.h"
#include "plugin/plugins_check.h"

#define LOADER_NAME "koppel"

/* ---- our loader for libltdl ---- */

static _Thread_local char open_error[512];

static lt_module module_open(lt_user_data data, const char *path, lt_dladvise advise)
{
    (void)data;
    (void)advise;
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!handle) {
        const char *why = dlerror();
        snprintf(open_error, sizeof(open_error), "%s", why ? why : "unknown reason");
    }
    return handle;
}

static int module_close(lt_user_data data, lt_module module)
{
    (void)data;
    (void)module;
    return 0; /* code is never unmapped, lt_dlexit() or not: a new version takes a restart */
}

static void *module_symbol(lt_user_data data, lt_module module, const char *name)
{
    (void)data;
    return dlsym(module, name);
}

int plugins_open_start(struct koppel_error *err)
{
    if (lt_dlinit() != 0)
        return err_set(err, KOPPEL_E_CONFIG, "libltdl does not start: %s", lt_dlerror());
    if (lt_dlloader_find("lt_dlopen"))
        free(lt_dlloader_remove("lt_dlopen"));
    if (lt_dlloader_find(LOADER_NAME))
        return 0;
    /* lt_dlexit() frees the table, so it must come from the heap */
    lt_dlvtable *ours = calloc(1, sizeof(*ours));
    if (!ours) {
        lt_dlexit();
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    }
    ours->name = LOADER_NAME;
    ours->module_open = module_open;
    ours->module_close = module_close;
    ours->find_sym = module_symbol;
    ours->priority = LT_DLLOADER_PREPEND;
    if (lt_dlloader_add(ours) != 0) {
        free(ours);
        lt_dlexit();
        return err_set(err, KOPPEL_E_CONFIG, "libltdl takes no loader: %s", lt_dlerror());
    }
    return 0;
}

void plugins_open_stop(void)
{
    lt_dlexit();
}

/* ---- who may have written it ---- */

static int check_owner(const char *plugin, const char *path, bool directory,
                       struct koppel_error *err)
{
    struct stat st;
    const char *what = directory ? "directory" : "file";
    if (stat(path, &st) != 0)
        return err_set(err, KOPPEL_E_CONFIG, "plugin %s: %s: %s", plugin, path, strerror(errno));
    if (directory ? !S_ISDIR(st.st_mode) : !S_ISREG(st.st_mode))
        return err_set(err, KOPPEL_E_CONFIG, "plugin %s: %s is no regular %s", plugin, path, what);
    if (st.st_uid != 0 && st.st_uid != geteuid())
        return err_set(err, KOPPEL_E_CONFIG,
                       "plugin %s: the %s %s must belong to root or to user %u, found user %u",
                       plugin, what, path, (unsigned)geteuid(), (unsigned)st.st_uid);
    if (st.st_mode & S_IWOTH)
        return err_set(err, KOPPEL_E_CONFIG,
                       "plugin %s: the %s %s must not be writable by everyone, found mode %04o; "
                       "run: chmod o-w %s", plugin, what, path, (unsigned)(st.st_mode & 07777),
                       path);
    return 0;
}

static int check_owners(const char *path, struct koppel_error *err)
{
    char dir[PATH_MAX];
    size_t n = (size_t)(strrchr(path, '/') - path);
    if (n == 0)
        n = 1;
    memcpy(dir, path, n);
    dir[n] = '\0';
    if (check_owner(path, dir, true, err) < 0)
        return -1;
    return check_owner(path, path, false, err);
}

/* ---- opening one ---- */

static int make_turn(struct plugin *plugin, struct koppel_error *err)
{
    if (plugin->entry.threads != KOPPEL_THREADS_PLUGIN)
        return 0;
    plugin->turn = malloc(sizeof(*plugin->turn));
    if (!plugin->turn)
        return err_set(err, KOPPEL_E_RETRY, "out of memory");
    pthread_mutex_init(plugin->turn, NULL);
    return 0;
}

static koppel_plugin_entry_fn *open_file(const char *path, struct koppel_error *err)
{
    open_error[0] = '\0';
    lt_dlhandle handle = lt_dlopen(path);
    if (!handle) {
        const char *generic = lt_dlerror();
        err_set(err, KOPPEL_E_CONFIG, "plugin %s cannot be opened: %s", path,
                open_error[0] ? open_error : generic ? generic : "unknown reason");
        return NULL;
    }
    koppel_plugin_entry_fn *entry
        = (koppel_plugin_entry_fn *)lt_dlsym(handle, "koppel_plugin_entry");
    if (!entry)
        err_set(err, KOPPEL_E_CONFIG, "plugin %s: expected the symbol koppel_plugin_entry, found "
                "none; is it a plugin of Koppel?", path);
    return entry;
}

void plugins_open_free(struct plugin *plugin)
{
    if (!plugin)
        return;
    if (plugin->turn) {
        pthread_mutex_destroy(plugin->turn);
        free(plugin->turn);
    }
    catalogue_free(plugin->catalogue);
    free(plugin->path);
    free(plugin);
}

struct plugin *plugins_open(char *path, const char *name, struct koppel_error *err)
{
    struct plugin *plugin = calloc(1, sizeof(*plugin));
    if (!plugin) {
        free(path);
        err_set(err, KOPPEL_E_RETRY, "out of memory");
        return NULL;
    }
    plugin->path = path;
    if (check_owners(path, err) < 0)
        goto fail;
    koppel_plugin_entry_fn *entry = open_file(path, err);
    if (!entry || plugins_check_entry(plugin, entry(), name, err) < 0)
        goto fail;
    plugin->catalogue = catalogue_parse(plugin->entry.catalogue, err);
    if (!plugin->catalogue) {
        err_prefix(err, "plugin %s", path);
        goto fail;
    }
    if (plugin->catalogue->connector) {
        err_set(err, KOPPEL_E_CONFIG, "plugin %s: its catalogue has \"connector\", which belongs "
                "into a description", path);
        goto fail;
    }
    if (plugins_check_ops(plugin, err) < 0 || make_turn(plugin, err) < 0)
        goto fail;
    return plugin;
fail:
    plugins_open_free(plugin);
    return NULL;
}
