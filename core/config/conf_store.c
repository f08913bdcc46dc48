/* SPDX-License-Identifier: MIT
 * Where the store is, and the key that seals it. */
#include "config/conf_store.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fold.h"
#include "config/conf_held.h"
#include "config/conf_member.h"
#include "config/conf_mistake.h"
#include "config/conf_report.h"
#include "config/conf_secret.h"

#define LEASE_MIN_MS 3000
#define LEASE_MS 15000

/* A mistake of koppel.conf at the setting, or, where it is not set, at the file. */
static void told(struct conf_loader *l, struct conf_file *f, config_setting_t *s, const char *text)
{
    if (s)
        conf_mistake(l, s, "%s", text);
    else
        conf_report_add(l->report, false, f->path, 0, "%s", text);
}

/* Can a file of that path be there? Held words; NULL: yes. */
static const char *path_fault(struct conf_loader *l, const char *path)
{
    struct stat st;
    char *folder = conf_held_copy(l->held, path), *slash = strrchr(folder, '/');
    if (stat(path, &st) == 0)
        return S_ISREG(st.st_mode) ? NULL
               : S_ISDIR(st.st_mode)
                   ? conf_held_text(l->held, "the store %s is a folder; name a file in it", path)
                   : conf_held_text(l->held, "the store %s is not a regular file", path);
    if (errno != ENOENT)
        return conf_held_text(l->held, "the store %s: %s", path, strerror(errno));
    if (slash == folder)
        slash++;
    *slash = '\0';
    if (stat(folder, &st) != 0)
        return conf_held_text(l->held, "the folder of the store, %s: %s", folder, strerror(errno));
    if (access(folder, W_OK | X_OK) != 0)
        return conf_held_text(l->held, "the store cannot be made in %s: %s", folder,
                              strerror(errno));
    return NULL;
}

static bool is_postgres(struct conf_loader *l, config_setting_t *group)
{
    const char *kind = conf_member_text(l, group, "kind", "sqlite");
    bool is = kind && strcmp(kind, "postgresql") == 0;
    if (kind && !is && strcmp(kind, "sqlite") != 0)
        conf_mistake(l, conf_member_get(group, "kind"),
                     "\"kind\" must be \"sqlite\" or \"postgresql\"");
    return is;
}

/* A password in the text would be shown wherever the configuration is. */
static void connection_load(struct conf_loader *l, config_setting_t *group)
{
    config_setting_t *s = conf_member_get(group, "connection");
    const char *text = conf_member_text(l, group, "connection", NULL);
    const char *password = conf_member_text(l, group, "password", NULL);
    struct secret *secret = NULL;
    if (!is_postgres(l, group)) {
        static const char *const own[] = {"connection", "password", "lease"};
        for (size_t i = 0; i < COUNT(own); i++) {
            if (conf_member_get(group, own[i]))
                conf_mistake(l, conf_member_get(group, own[i]),
                             "\"%s\" is for kind = \"postgresql\" only", own[i]);
        }
        return;
    }
    if (!text)
        conf_mistake(l, group, "\"connection\" is missing: say where the server is, as"
                     " \"host=db.example dbname=koppel user=koppel\"");
    else if (strstr(text, "password"))
        conf_mistake(l, s, "a password does not belong into \"connection\"; give it as"
                     " password = \"file:...\"");
    l->conf->store_connection = conf_held_copy(l->held, text ? text : "");
    l->conf->store_lease_ms = conf_member_duration(l, group, "lease", LEASE_MIN_MS, LEASE_MS);
    struct koppel_error err = {0};
    if (password && conf_secret_resolve(l, password, &secret, &err) != 0)
        conf_mistake(l, conf_member_get(group, "password"), "password: %s", err.text);
    else if (secret)
        conf_held_keep(l->held, l->conf->store_password = secret, conf_held_secret_done);
}

static void path_load(struct conf_loader *l, struct conf_file *f)
{
    static const char *const keys[] = {"path", "kind", "connection", "password", "lease"};
    config_setting_t *group = conf_member_group(l, f->root, "store");
    config_setting_t *s = conf_member_get(group, "path");
    const char *text = conf_member_text(l, group, "path", "koppel.db"), *fault = NULL;
    if (group) {
        conf_member_check_names(l, group, keys, COUNT(keys));
        connection_load(l, group);
    }
    if (fold_is_blank(text))
        fault = "\"path\" is empty";
    else
        l->conf->store_path = conf_loader_absolute(l, text);
    l->conf->store_at = s ? conf_mistake_at(l, s) : (struct conf_at){f->path, 1};
    if (!fault)
        fault = path_fault(l, l->conf->store_path);
    if (fault)
        told(l, f, s, fault);
}

static void key_load(struct conf_loader *l, struct conf_file *f)
{
    struct koppel_error err = {0};
    config_setting_t *s = conf_member_get(f->root, "key");
    const char *key = conf_member_text(l, f->root, "key", "file:secret.key");
    l->conf->key_at = s ? conf_mistake_at(l, s) : (struct conf_at){f->path, 1};
    if (secret_key_load(key, l->dir, &l->conf->key, &err) == 0)
        conf_held_keep(l->held, l->conf->key, conf_held_secret_done);
    else
        told(l, f, s, conf_held_text(l->held, "key: %s", err.text));
}

void conf_store_load(struct conf_loader *l, struct conf_file *f)
{
    key_load(l, f); /* the password may be sealed with it */
    path_load(l, f);
}

struct store_conf conf_store_place(const struct conf *conf, const struct secret *key)
{
    return (struct store_conf){.path = conf->store_path,
                               .connection = conf->store_connection,
                               .password = conf->store_password,
                               .lease_ms = conf->store_lease_ms,
                               .program = KOPPEL_VERSION,
                               .key = key};
}
