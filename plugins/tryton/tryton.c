/* SPDX-License-Identifier: MIT
 * The Tryton connector: its settings, its log-in, and which file does what. */
#include <ctype.h>
#include <stdlib.h>

#include "choices.h"
#include "records.h"
#include "tryton_catalogue.h"
#include "wire.h"

#ifndef VERSION
#define VERSION "0.1.0"
#endif

static void tryton_close(void *self)
{
    struct tryton *t = self;
    if (!t)
        return;
    json_decref(t->session);
    free(t->root);
    free(t->url);
    free(t);
}

/* The database is a part of the path. */
static bool is_plain(const char *name)
{
    for (; *name; name++) {
        if (!isalnum((unsigned char)*name) && !strchr("_-.", *name))
            return false;
    }
    return true;
}

static int set_urls(struct tryton *t, const char *url, const char *database,
                    struct koppel_error *err)
{
    size_t n = strlen(url), room = n + strlen(database) + 3;
    while (n > 0 && url[n - 1] == '/')
        n--;
    t->root = malloc(room);
    t->url = malloc(room);
    if (!t->root || !t->url)
        return rpc_no_memory(t, err);
    snprintf(t->root, room, "%.*s/", (int)n, url);
    snprintf(t->url, room, "%.*s/%s/", (int)n, url, database);
    return 0;
}

static int tryton_open(const struct koppel_host *host, struct koppel_context *ctx, void **self,
                       struct koppel_error *err)
{
    struct tryton *t = calloc(1, sizeof *t);
    const char *url = host->setting(ctx, "url"), *database = host->setting(ctx, "database"),
               *warnings = host->setting(ctx, "warnings");
    if (!t)
        return host->fail(err, KOPPEL_E_RETRY, "out of memory");
    *self = t;
    t->host = host;
    t->ctx = ctx;
    t->user = host->setting(ctx, "user");
    t->password = host->setting(ctx, "password");
    t->language = host->setting(ctx, "language");
    t->company = host->setting_int(ctx, "company");
    t->accept_warnings = warnings && strcmp(warnings, "accept") == 0;
    if (!url || !*url || !database || !*database || !t->user || !t->password || !t->language)
        return host->fail(err, KOPPEL_E_CONFIG, "url, database, user and password must be set");
    if (!is_plain(database)) {
        host->fail(err, KOPPEL_E_CONFIG, "database: \"%s\" is no name of a database", database);
        return host->fact(err, "setting", "database");
    }
    if (strchr(t->user, ':')) {
        host->fail(err, KOPPEL_E_CONFIG, "user: a name with a colon cannot keep a session");
        return host->fact(err, "setting", "user");
    }
    return set_urls(t, url, database, err);
}

static int tryton_probe(void *self, struct koppel_list *facts, struct koppel_error *err)
{
    struct tryton *t = self;
    json_t *version = NULL;
    if (rpc_version(t, &version, err) != 0)
        return -1;
    const char *text = json_string_value(version);
    int rc = t->host->step(facts, "server", KOPPEL_STEP_OK, NULL, text, err);
    if (rc == 0)
        rc = t->host->row(facts, "server version", text ? text : "unknown", err);
    json_decref(version);
    if (rc != 0)
        return -1;
    if (rpc_session_anew(t, err) != 0)
        return -1;
    if (t->host->step(facts, "log in", KOPPEL_STEP_OK, NULL, t->user, err) != 0 ||
        t->host->row(facts, "company", wire_text(t->session, "name"), err) != 0)
        return -1;
    return t->host->row(facts, "currency", wire_text(t->session, "currency_code"), err);
}

static int tryton_read(void *self, const struct koppel_read_request *request,
                       struct koppel_batch *out, struct koppel_error *err)
{
    return records_read(self, request, out, err);
}

static int tryton_fetch(void *self, const struct koppel_fetch_request *request,
                        struct koppel_batch *out, struct koppel_error *err)
{
    return records_fetch(self, request, out, err);
}

static int tryton_find(void *self, const struct koppel_find_request *request,
                       struct koppel_results *out, struct koppel_error *err)
{
    return records_find(self, request, out, err);
}

static int tryton_write(void *self, const struct koppel_write_request *request,
                        struct koppel_results *out, struct koppel_error *err)
{
    return records_write(self, request, out, err);
}

static int tryton_choices(void *self, const char *list, struct koppel_list *out,
                          struct koppel_error *err)
{
    return choices_list(self, list, out, err);
}

static const struct koppel_connector connector = {
    .struct_size = (uint32_t)sizeof(struct koppel_connector),
    .open = tryton_open,
    .close = tryton_close,
    .probe = tryton_probe,
    .read = tryton_read,
    .fetch = tryton_fetch,
    .find = tryton_find,
    .write = tryton_write,
    .choices = tryton_choices,
};

static const struct koppel_plugin plugin = {
    KOPPEL_PLUGIN_HEADER,
    .kind = KOPPEL_KIND_CONNECTOR,
    .threads = KOPPEL_THREADS_INSTANCE,
    .name = "tryton",
    .version = VERSION,
    .catalogue = catalogue_text,
    .connector = &connector,
};

KOPPEL_REGISTER_PLUGIN(plugin);
