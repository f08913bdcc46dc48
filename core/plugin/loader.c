/* SPDX-License-Identifier: MIT
 * Opens plugins by absolute path with RTLD_NOW | RTLD_LOCAL and checks them before first use.
 *
 * libltdl's own loader binds lazily and drops dlerror()'s words, so a plugin with an undefined
 * symbol would load and die on its first call. It is replaced by one of ours. */
#include "plugin/loader.h"

#include <dirent.h>
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

#include "plugin/loader_check.h"

#define DIRS_MAX 64
#define PLUGINS_MAX 1000
#define NAME_MAX_BYTES 64
#define LOADER_NAME "koppel"

struct plugins {
    char *dirs[DIRS_MAX]; /* absolute */
    int dir_count;
    struct plugin *list[PLUGINS_MAX]; /* pointers: a struct plugin never moves */
    int count;
};

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

static int start_libltdl(struct koppel_error *err)
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

/* ---- the directories ---- */

static char *absolute(const char *path)
{
    char *real = realpath(path, NULL);
    char here[PATH_MAX], *made = NULL;
    if (real || path[0] == '/')
        return real ? real : strdup(path);
    if (!getcwd(here, sizeof(here)) || asprintf(&made, "%s/%s", here, path) < 0)
        return NULL;
    return made;
}

struct plugins *plugins_new(const char *const *dirs, struct koppel_error *err)
{
    struct plugins *p = calloc(1, sizeof(*p));
    if (!p) {
        err_set(err, KOPPEL_E_RETRY, "out of memory");
        return NULL;
    }
    if (start_libltdl(err) < 0) {
        free(p);
        return NULL;
    }
    for (int i = 0; dirs[i]; i++) {
        if (p->dir_count == DIRS_MAX) {
            err_set(err, KOPPEL_E_CONFIG, "more than %d plugin directories", DIRS_MAX);
            goto fail;
        }
        p->dirs[p->dir_count] = absolute(dirs[i]);
        if (!p->dirs[p->dir_count]) {
            err_set(err, KOPPEL_E_RETRY, "out of memory");
            goto fail;
        }
        p->dir_count++;
    }
    return p;
fail:
    plugins_free(p);
    return NULL;
}

static void plugin_free(struct plugin *plugin)
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

void plugins_free(struct plugins *p)
{
    if (!p)
        return;
    for (int i = 0; i < p->count; i++)
        plugin_free(p->list[i]);
    for (int i = 0; i < p->dir_count; i++)
        free(p->dirs[i]);
    free(p);
    lt_dlexit();
}

/* Where `name` may lie under dir: installed, or in a libtool build directory. */
static int candidate(const char *dir, const char *name, int form, char out[PATH_MAX])
{
    int n = form == 0 ? snprintf(out, PATH_MAX, "%s/%s.so", dir, name)
          : form == 1 ? snprintf(out, PATH_MAX, "%s/%s/%s.so", dir, name, name)
                      : snprintf(out, PATH_MAX, "%s/%s/.libs/%s.so", dir, name, name);
    return n > 0 && n < PATH_MAX ? 0 : -1;
}
#define CANDIDATE_FORMS 3

static bool is_plugin_name(const char *name)
{
    size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
    return n > 0 && name[n] == '\0' && n <= NAME_MAX_BYTES;
}

/* The absolute path of the plugin's file; the caller frees it. */
static char *find_file(const struct plugins *p, const char *name, struct koppel_error *err)
{
    char path[PATH_MAX], dirs[512] = "";
    char *found = NULL;
    if (strchr(name, '/')) {
        found = realpath(name, NULL);
        if (!found)
            err_set(err, KOPPEL_E_CONFIG, "plugin %s: %s", name, strerror(errno));
        return found;
    }
    if (!is_plugin_name(name)) {
        err_set(err, KOPPEL_E_CONFIG, "\"%s\" is no name of a plugin: letters, digits, _ and -",
                name);
        return NULL;
    }
    for (int i = 0; i < p->dir_count; i++) {
        for (int form = 0; form < CANDIDATE_FORMS; form++) {
            if (candidate(p->dirs[i], name, form, path) == 0 && access(path, F_OK) == 0
                && (found = realpath(path, NULL)))
                return found;
        }
        size_t used = strlen(dirs);
        snprintf(dirs + used, sizeof(dirs) - used, "%s%s", used ? ", " : "", p->dirs[i]);
    }
    err_set(err, KOPPEL_E_CONFIG, "plugin \"%s\": no %s.so in %s", name, name,
            dirs[0] ? dirs : "any directory (none is configured)");
    return NULL;
}

/* "asperion" of "/usr/lib/koppel/plugins/asperion.so". */
static int name_of(const char *path, char out[NAME_MAX_BYTES + 1], struct koppel_error *err)
{
    const char *base = strrchr(path, '/');
    base = base ? base + 1 : path;
    size_t n = strlen(base);
    if (n < 4 || n - 3 > NAME_MAX_BYTES || strcmp(base + n - 3, ".so") != 0)
        return err_set(err, KOPPEL_E_CONFIG,
                       "plugin %s: expected a file NAME.so, found \"%s\"", path, base);
    memcpy(out, base, n - 3);
    out[n - 3] = '\0';
    return 0;
}

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

/* path is stolen. */
static struct plugin *open_plugin(char *path, const char *name, struct koppel_error *err)
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
    if (!entry || loader_check_entry(plugin, entry(), name, err) < 0)
        goto fail;
    plugin->catalogue = catalogue_parse(plugin->entry.catalogue, err);
    if (!plugin->catalogue) {
        err_prefix(err, "plugin %s", path);
        goto fail;
    }
    if (loader_check_ops(plugin, err) < 0 || make_turn(plugin, err) < 0)
        goto fail;
    return plugin;
fail:
    plugin_free(plugin);
    return NULL;
}

const struct plugin *plugins_load(struct plugins *p, const char *name, struct koppel_error *err)
{
    char short_name[NAME_MAX_BYTES + 1];
    for (int i = 0; i < p->count; i++) {
        if (strcmp(p->list[i]->entry.name, name) == 0)
            return p->list[i];
    }
    char *path = find_file(p, name, err);
    if (!path)
        return NULL;
    if (name_of(path, short_name, err) < 0) {
        free(path);
        return NULL;
    }
    for (int i = 0; i < p->count; i++) {
        if (strcmp(p->list[i]->entry.name, short_name) != 0)
            continue;
        bool same = strcmp(p->list[i]->path, path) == 0;
        if (!same)
            err_set(err, KOPPEL_E_CONFIG, "plugin %s: another plugin named \"%s\" is loaded "
                    "already, from %s", path, short_name, p->list[i]->path);
        free(path);
        return same ? p->list[i] : NULL;
    }
    if (p->count == PLUGINS_MAX) {
        err_set(err, KOPPEL_E_CONFIG, "plugin %s: more than %d plugins", path, PLUGINS_MAX);
        free(path);
        return NULL;
    }
    struct plugin *plugin = open_plugin(path, short_name, err);
    if (plugin)
        p->list[p->count++] = plugin;
    return plugin;
}

/* ---- names and functions ---- */

struct name_list {
    char **names;
    int count, room;
};

static int add_name(struct name_list *l, const char *name)
{
    for (int i = 0; i < l->count; i++) {
        if (strcmp(l->names[i], name) == 0)
            return 0;
    }
    if (l->count == PLUGINS_MAX)
        return -1;
    if (l->count == l->room) {
        int room = l->room ? l->room * 2 : 16;
        char **names = realloc(l->names, (size_t)room * sizeof(*names));
        if (!names)
            return -1;
        l->names = names;
        l->room = room;
    }
    l->names[l->count] = strdup(name);
    if (!l->names[l->count])
        return -1;
    l->count++;
    return 0;
}

/* The plugin's name where this directory entry is one, in any of the three forms. */
static bool entry_name(const char *dir, const char *entry, char out[NAME_MAX_BYTES + 1])
{
    char path[PATH_MAX];
    size_t n = strlen(entry);
    if (n > 3 && n - 3 <= NAME_MAX_BYTES && strcmp(entry + n - 3, ".so") == 0) {
        memcpy(out, entry, n - 3);
        out[n - 3] = '\0';
        return is_plugin_name(out);
    }
    if (!is_plugin_name(entry))
        return false;
    for (int form = 1; form < CANDIDATE_FORMS; form++) {
        if (candidate(dir, entry, form, path) == 0 && access(path, F_OK) == 0) {
            memcpy(out, entry, n + 1);
            return true;
        }
    }
    return false;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

char **plugins_names(struct plugins *p, int *count)
{
    struct name_list list = {0};
    char name[NAME_MAX_BYTES + 1];
    for (int i = 0; i < p->dir_count; i++) {
        DIR *dir = opendir(p->dirs[i]);
        struct dirent *entry;
        while (dir && (entry = readdir(dir))) {
            if (entry_name(p->dirs[i], entry->d_name, name) && add_name(&list, name) < 0)
                break;
        }
        if (dir)
            closedir(dir);
    }
    if (list.count > 1)
        qsort(list.names, (size_t)list.count, sizeof(*list.names), compare_names);
    *count = list.count;
    return list.names;
}

void plugins_names_free(char **names, int count)
{
    for (int i = 0; names && i < count; i++)
        free(names[i]);
    free(names);
}

static const struct plugin *load_transform(struct plugins *p, const char *name,
                                           struct koppel_error *err)
{
    const struct plugin *plugin = plugins_load(p, name, err);
    if (plugin && plugin->entry.kind != KOPPEL_KIND_TRANSFORM) {
        err_set(err, KOPPEL_E_CONFIG, "plugin \"%s\" is a connector; it has no functions", name);
        return NULL;
    }
    return plugin;
}

/* "text.trim" */
static int qualified_function(struct plugins *p, const char *name, const char *dot,
                              const struct plugin **out, uint32_t *function,
                              struct koppel_error *err)
{
    char owner[NAME_MAX_BYTES + 1];
    size_t n = (size_t)(dot - name);
    if (n > NAME_MAX_BYTES)
        return err_set(err, KOPPEL_E_CONFIG, "unknown function \"%s\"", name);
    memcpy(owner, name, n);
    owner[n] = '\0';
    const struct plugin *plugin = load_transform(p, owner, err);
    if (!plugin)
        return err_prefix(err, "function \"%s\"", name);
    int index = catalogue_function(plugin->catalogue, dot + 1);
    if (index < 0)
        return err_set(err, KOPPEL_E_CONFIG, "plugin \"%s\" has no function \"%s\"", owner,
                       dot + 1);
    *out = plugin;
    *function = (uint32_t)index;
    return 0;
}

int plugins_function(struct plugins *p, const char *name, const struct plugin **out,
                     uint32_t *function, struct koppel_error *err)
{
    const char *dot = strchr(name, '.');
    if (dot)
        return qualified_function(p, name, dot, out, function, err);
    int count = 0, found = -1, rc = 0;
    const struct plugin *owner = NULL;
    struct koppel_error refused = {0}; /* of the first broken plugin: it may own the name */
    char **names = plugins_names(p, &count);
    for (int i = 0; i < count && rc == 0; i++) {
        struct koppel_error why = {0};
        const struct plugin *plugin = plugins_load(p, names[i], &why);
        if (!plugin && !refused.kind)
            refused = why;
        if (!plugin || plugin->entry.kind != KOPPEL_KIND_TRANSFORM)
            continue;
        int index = catalogue_function(plugin->catalogue, name);
        if (index < 0)
            continue;
        if (owner)
            rc = err_set(err, KOPPEL_E_CONFIG, "function \"%s\" is ambiguous: write %s.%s or %s.%s",
                         name, owner->entry.name, name, plugin->entry.name, name);
        owner = plugin;
        found = index;
    }
    plugins_names_free(names, count);
    if (rc < 0)
        return rc;
    if (!owner && refused.kind)
        return err_set(err, KOPPEL_E_CONFIG, "unknown function \"%s\" (%s)", name, refused.text);
    if (!owner)
        return err_set(err, KOPPEL_E_CONFIG, "unknown function \"%s\"; `koppel plugins` lists them",
                       name);
    *out = owner;
    *function = (uint32_t)found;
    return 0;
}
