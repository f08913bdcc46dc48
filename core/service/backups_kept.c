/* SPDX-License-Identifier: MIT
 * Backups beside the store. */
#include "service/backups_kept.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json_read.h"
#include "base/json_text.h"
#include "base/log.h"
#include "service/ask.h"
#include "service/audit.h"
#include "service/backups.h"
#include "service/opened.h"

#define FOLDER ".backups"
#define END ".backup"
/* Notes. */
#define LAST "backup/last"
#define ORDERED "backup/ordered" /* until it was tried */

static int no_memory(struct koppel_error *err)
{
    return err_set(err, KOPPEL_E_RETRY, "out of memory");
}

static int cannot(const char *path, struct koppel_error *err)
{
    return err_reason(err, KOPPEL_E_CONFIG, "backup.access", "%s: %s", path, strerror(errno));
}

/* Beside a store that is a file; NULL and err where it is none. Freed by the caller. */
static char *folder_of(const struct conf *conf, struct koppel_error *err)
{
    char *folder = NULL;
    if (conf->store_connection)
        (void)err_reason(err, KOPPEL_E_CONFIG, "backup.server",
                         "the store is on a server, whose own tools make its backups");
    else if (asprintf(&folder, "%s" FOLDER, conf->store_path) < 0) {
        folder = NULL;
        no_memory(err);
    }
    return folder;
}

/* A name that a backup of ours may have: no way out of the folder. */
static bool is_name(const char *name)
{
    size_t n = strlen(name), end = strlen(END);
    return n > end && strcmp(name + n - end, END) == 0 && name[0] != '.' && !strchr(name, '/');
}

/* The path of a backup that is named; NULL and err: there is none. Freed by the caller. */
static char *path_of(const struct conf *conf, const char *name, struct koppel_error *err)
{
    char *path = NULL, *folder = folder_of(conf, err);
    struct stat st;
    if (folder && asprintf(&path, "%s/%s", folder, name) < 0) {
        path = NULL;
        no_memory(err);
    }
    free(folder);
    if (!path)
        return NULL;
    if (is_name(name) && lstat(path, &st) == 0 && S_ISREG(st.st_mode))
        return path;
    (void)err_reason(err, KOPPEL_E_REJECTED, "backup.none", "no backup is named \"%.80s\"", name);
    free(path);
    return NULL;
}

/* ---- the list ---- */

static json_t *row_of(const char *folder, const char *name)
{
    struct stat st;
    char *path, at[CLOCK_TEXT_BYTES];
    if (asprintf(&path, "%s/%s", folder, name) < 0)
        return NULL;
    bool there = lstat(path, &st) == 0 && S_ISREG(st.st_mode);
    free(path);
    if (!there)
        return json_null();
    clock_format((int64_t)st.st_mtim.tv_sec * 1000, at);
    return json_pack("{s:o,s:s,s:I}", "backup", ask_json_text(name), "at", at, "bytes",
                     (json_int_t)st.st_size);
}

static int is_backup(const struct dirent *e)
{
    return is_name(e->d_name);
}

static int newest_first(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*b)->d_name, (*a)->d_name);
}

/* No folder is an empty one. */
static json_t *rows_of(const char *folder, struct koppel_error *err)
{
    struct dirent **found = NULL;
    int n = scandir(folder, &found, is_backup, newest_first), rc = 0;
    json_t *rows = json_array();
    if (n < 0 && errno != ENOENT)
        rc = cannot(folder, err);
    for (int i = 0; i < n; i++) {
        json_t *row = rc == 0 ? row_of(folder, found[i]->d_name) : NULL;
        if (rc == 0 && !json_is_null(row) && json_array_append_new(rows, row) != 0)
            rc = no_memory(err);
        free(found[i]);
    }
    free(found);
    if (rc == 0 && rows)
        return rows;
    json_decref(rows);
    if (rc == 0)
        no_memory(err);
    return NULL;
}

int backups_kept_list(struct service *s, const struct service_ask *ask, json_t **out,
                      struct koppel_error *err)
{
    char *folder = folder_of(s->conf, err), *last = NULL;
    json_t *rows = folder ? rows_of(folder, err) : NULL;
    (void)ask;
    int rc = rows ? s->store->ops->note_get(s->store, LAST, &last, err) : -1;
    if (rc == 0) {
        json_t *told = last ? json_read_text(last, NULL) : NULL;
        *out = json_pack("{s:o,s:O,s:o}", "folder", ask_json_text(folder), "backups", rows, "last",
                         told ? told : json_null());
        rc = *out ? 0 : no_memory(err);
    }
    json_decref(rows);
    free(folder);
    free(last);
    return rc;
}

/* ---- one more, one less ---- */

int backups_kept_make(struct service *s, const struct service_ask *ask, json_t **out,
                      struct koppel_error *err)
{
    char at[CLOCK_TEXT_BYTES], name[CLOCK_TEXT_BYTES + sizeof END], *path = NULL;
    char *folder = folder_of(s->conf, err);
    (void)ask;
    if (!folder)
        return -1;
    clock_format(clock_now_ms(), at);
    snprintf(name, sizeof name, "%s" END, at);
    if (asprintf(&path, "%s/%s", folder, name) < 0) {
        free(folder);
        return no_memory(err);
    }
    int rc = mkdir(folder, 0700) == 0 || errno == EEXIST ? 0 : cannot(folder, err);
    if (rc == 0)
        rc = backups_write(s->conf, s->store, path, out, err);
    if (rc == 0 && json_object_set_new(*out, "backup", ask_json_text(name)) != 0)
        rc = no_memory(err);
    free(folder);
    free(path);
    return rc;
}

int backups_kept_drop(struct service *s, const struct service_ask *ask, json_t **out,
                      struct koppel_error *err)
{
    const char *name = ask_text(ask, "backup");
    char *path = path_of(s->conf, name, err);
    int rc = !path ? -1 : unlink(path) == 0 ? 0 : cannot(path, err);
    if (rc == 0)
        *out = json_pack("{s:o}", "backup", ask_json_text(name));
    free(path);
    return rc;
}

/* ---- back ---- */

static int keep(struct store *store, const char *note, const json_t *value,
                struct koppel_error *err)
{
    char *text = json_text(value, true, NULL);
    int rc = text ? store->ops->note_put(store, note, text, err) : no_memory(err);
    free(text);
    return rc;
}

static void not_kept(const struct koppel_error *err)
{
    log_warning(LOG_ABOUT(.event = "backup"), "what came of it is not kept: %s", err->text);
}

int backups_kept_restore(struct service *s, const struct service_ask *ask, json_t **out,
                         struct koppel_error *err)
{
    const char *name = ask_text(ask, "backup");
    struct koppel_error why = {0};
    if (!s->serves)
        return err_reason(err, KOPPEL_E_REJECTED, SERVICE_WRONG,
                          "no engine serves here: koppel restore FILE puts a backup back");
    char *path = path_of(s->conf, name, err);
    int rc = path ? backups_look(path, s->conf->key, err) : -1;
    json_t *order = rc == 0 ? json_pack("{s:o,s:o,s:s,s:s,s:o}", "backup", ask_json_text(name),
                                        "file", ask_json_text(path), "who", ask->who->name, "via",
                                        ask->who->via, "why", ask_json_text(ask_text(ask, "why")))
                            : NULL;
    free(path);
    if (rc == 0 && (!order || !(*out = json_pack("{s:o}", "backup", ask_json_text(name)))))
        rc = no_memory(err);
    if (rc == 0 && !engine_end_for(s->engine, json_incref(order))) {
        json_decref(order); /* that which it did not take */
        rc = err_reason(err, KOPPEL_E_RETRY, "backup.under_way", "the engine ends already");
    }
    /* it may never come to it, where the program ends without a call that does not come back */
    if (rc == 0 && keep(s->store, ORDERED, order, &why) != 0)
        not_kept(&why);
    json_decref(order);
    return rc;
}

static int leave_last(struct store *store, const json_t *told, struct koppel_error *err)
{
    return keep(store, LAST, told, err) == 0 ? store->ops->note_put(store, ORDERED, NULL, err) : -1;
}

/* The entry of the order is in the store that is gone. */
static void write_audit(struct store *store, const json_t *told)
{
    struct service_who who = {.name = json_string_value(json_object_get(told, "who")),
                              .via = json_string_value(json_object_get(told, "via"))};
    json_t *in = json_pack("{s:O,s:O}", "backup", json_object_get(told, "backup"), "why",
                           json_object_get(told, "why"));
    struct service_ask ask = {.who = &who, .in = in};
    if (in && who.name && who.via)
        audit_add(store, "backups.restore", "backup put back", &ask, NULL);
    json_decref(in);
}

/* Kept in the store, old or new, for whoever looks. */
static void leave_word(const struct conf *conf, json_t *told)
{
    struct koppel_error err = {0};
    struct store *store = NULL;
    if (engine_open_store(conf, ENGINE_ORDER, &store, &err) != 0 ||
        leave_last(store, told, &err) != 0)
        not_kept(&err);
    if (store && (!json_object_get(told, "error") || json_object_get(told, "replaced")))
        write_audit(store, told);
    if (store)
        store->ops->close(store);
}

static void tell(const char *name, const json_t *told, const struct koppel_error *err)
{
    const char *replaced = json_string_value(json_object_get(told, "replaced"));
    if (err->kind)
        log_error(LOG_ABOUT(.event = "backup", .reason = err->reason),
                  "%s was not put back, %s: %s", name,
                  replaced ? "though it stands there" : "the store is what it was", err->text);
    else
        log_info(LOG_ABOUT(.event = "backup"), "%s was put back; what stood there is %s now", name,
                 replaced ? replaced : "nothing");
}

void backups_kept_put(const char *dir, json_t *order_take)
{
    struct koppel_error err = {0};
    struct conf_report ignored = {0};
    struct conf *conf = opened_names(dir, &ignored);
    char at[CLOCK_TEXT_BYTES];
    const char *name = json_string_value(json_object_get(order_take, "backup"));
    json_t *told = NULL;
    clock_format(clock_now_ms(), at);
    bool sound = conf && conf->key;
    if (!sound)
        (void)err_reason(&err, KOPPEL_E_CONFIG, "backup.config", "%s names no key that can be read",
                         dir);
    else if (backups_put(conf, json_string_value(json_object_get(order_take, "file")), &told,
                         &err) != 0) {
        told = told ? told : json_object();
        (void)json_object_set_new(told, "error", ask_json_text(err.text));
    }
    tell(name, told, &err);
    if (told && sound && json_object_update_missing(told, order_take) == 0 &&
        json_object_set_new(told, "at", json_string(at)) == 0)
        leave_word(conf, told);
    json_decref(told);
    json_decref(order_take);
    conf_free(conf);
    conf_report_done(&ignored);
}

void backups_kept_missed(struct store *store)
{
    static const char why[] = "the program ended before it came to it";
    struct koppel_error err = {0};
    char at[CLOCK_TEXT_BYTES], *text = NULL;
    if (store->ops->note_get(store, ORDERED, &text, &err) != 0)
        not_kept(&err);
    json_t *told = text ? json_read_text(text, NULL) : NULL;
    free(text);
    if (!told)
        return;
    clock_format(clock_now_ms(), at);
    (void)err_set(&err, KOPPEL_E_RETRY, "%s", why);
    tell(json_string_value(json_object_get(told, "backup")), told, &err);
    if (json_object_set_new(told, "error", json_string(why)) != 0 ||
        json_object_set_new(told, "at", json_string(at)) != 0)
        no_memory(&err);
    else if (leave_last(store, told, &err) != 0)
        not_kept(&err);
    json_decref(told);
}
