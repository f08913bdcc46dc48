/* SPDX-License-Identifier: MIT
 * The MplusKASSA connector: settings, login check, and which file does what. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "articles.h"
#include "articles_write.h"
#include "choices.h"
#include "custom.h"
#include "day_totals.h"
#include "groups.h"
#include "invoices.h"
#include "mpluskassa_catalogue.h"
#include "orders.h"
#include "orders_write.h"
#include "packing_slips.h"
#include "products.h"
#include "proposals.h"
#include "relations.h"
#include "stock.h"
#include "stock_read.h"
#include "types.h"
#include "verify.h"

/* The address with the port before its path and a slash at its end; NULL: no memory. */
static char *join_url(const char *url, const char *port)
{
    const char *host = strstr(url, "://");
    size_t base = strlen(url), room;
    char *out;
    host = host ? host + 3 : url;
    base = (size_t)(host - url) + strcspn(host, "/");
    room = strlen(url) + (port ? strlen(port) : 0) + 3;
    out = malloc(room);
    if (!out)
        return NULL;
    snprintf(out, room, "%.*s%s%s%s", (int)base, url, port ? ":" : "", port ? port : "",
             url + base);
    base = strlen(out);
    if (out[base - 1] != '/')
        memcpy(out + base, "/", 2);
    return out;
}

static void mpluskassa_close(void *self)
{
    struct mplus *m = self;
    if (!m)
        return;
    json_decref(m->branches);
    json_decref(m->custom);
    free(m->url);
    free(m);
}

static int check_branches(struct mplus *m, struct koppel_error *err)
{
    for (size_t i = 0; i < json_array_size(m->branches); i++) {
        const char *text = json_string_value(json_array_get(m->branches, i));
        if (!call_is_number(text) || strlen(text) > 9)
            return m->host->fail(err, KOPPEL_E_CONFIG,
                                 "branches: \"%s\" is no branch number; write 1, 2, 3", text);
    }
    return 0;
}

/* The till refuses a document of another branch that names no workplace there. */
static int check_workplace(struct mplus *m, struct koppel_error *err)
{
    const char *branch = m->host->setting(m->ctx, "entry_branch");
    const char *workplace = m->host->setting(m->ctx, "workplace");
    if (branch && strcmp(branch, "1") != 0 && (!workplace || *workplace == '\0'))
        return m->host->fail(err, KOPPEL_E_CONFIG,
                             "entry_branch %s needs a workplace of that branch: set workplace",
                             branch);
    return 0;
}

static int mpluskassa_open(const struct koppel_host *host, struct koppel_context *ctx, void **self,
                           struct koppel_error *err)
{
    struct mplus *m = calloc(1, sizeof *m);
    const char *url = host->setting(ctx, "url");
    if (!m)
        return host->fail(err, KOPPEL_E_RETRY, "out of memory");
    *self = m;
    m->host = host;
    m->ctx = ctx;
    m->ident = host->setting(ctx, "ident");
    m->secret = host->setting(ctx, "secret");
    if (!url || *url == '\0' || !m->ident || !m->secret)
        return host->fail(err, KOPPEL_E_CONFIG, "url, ident and secret must be set");
    m->url = join_url(url, host->setting(ctx, "port"));
    m->branches = call_split(host->setting(ctx, "branches"));
    if (!m->url || !m->branches)
        return call_no_memory(m, err);
    return check_branches(m, err) == 0 ? check_workplace(m, err) : -1;
}

static int version_fact(struct mplus *m, const json_t *answer, const char *fact,
                        const char *const names[3], struct koppel_list *facts,
                        struct koppel_error *err)
{
    char text[80];
    if (!call_text(answer, names[0]))
        return 0;
    snprintf(text, sizeof text, "%" PRId64 ".%" PRId64 ".%" PRId64, call_number(answer, names[0]),
             call_number(answer, names[1]), call_number(answer, names[2]));
    return m->host->row(facts, fact, text, err);
}

static int mpluskassa_probe(void *self, struct koppel_list *facts, struct koppel_error *err)
{
    static const char *const service[] = {"serviceMajorNumber", "serviceMinorNumber",
                                          "serviceRevisionNumber"};
    static const char *const protocol[] = {"majorNumber", "minorNumber", "revisionNumber"};
    struct mplus *m = self;
    json_t *answer;
    int rc = -1;
    if (call_soap(m, &op_get_api_version, NULL, NULL, &answer, err) != 0)
        return -1;
    if (m->host->step(facts, "log in", KOPPEL_STEP_OK, NULL, NULL, err) != 0)
        goto out;
    if (call_number(answer, "majorNumber") > 1) {
        m->host->fail(err, KOPPEL_E_CONFIG,
                      "the service speaks protocol %" PRId64 ", this connector speaks 1",
                      call_number(answer, "majorNumber"));
        m->host->fact(err, "setting", "url");
        goto out;
    }
    if (version_fact(m, answer, "service version", service, facts, err) != 0 ||
        version_fact(m, answer, "protocol version", protocol, facts, err) != 0)
        goto out;
    rc = 0;
    if (json_is_true(json_object_get(answer, "inDebugMode")))
        rc = m->host->row(facts, "debug mode", "yes", err);
    if (rc == 0 && json_is_true(json_object_get(answer, "isSlaveApi")))
        rc = m->host->row(facts, "branch slave", "yes", err);
out:
    json_decref(answer);
    return rc;
}

/* Who handles an entity; a member is NULL where the catalogue does not offer it. */
static const struct family {
    const char *entity;
    int (*read)(struct mplus *m, const struct koppel_read_request *request,
                struct koppel_batch *out, struct koppel_error *err);
    int (*fetch)(struct mplus *m, const struct koppel_fetch_request *request,
                 struct koppel_batch *out, struct koppel_error *err);
    int (*find)(struct mplus *m, const struct koppel_find_request *request,
                struct koppel_results *out, struct koppel_error *err);
    int (*write)(struct mplus *m, const struct koppel_write_request *request,
                 struct koppel_results *out, struct koppel_error *err);
} families[] = {
    {"order", orders_read, orders_fetch, orders_find, orders_write},
    {"invoice", invoices_read, invoices_fetch, invoices_find, invoices_write},
    {"packing-slip", packing_slips_read, packing_slips_fetch, packing_slips_find, NULL},
    {"proposal", proposals_read, proposals_fetch, proposals_find, proposals_write},
    {"day-total", day_totals_read, NULL, NULL, NULL},
    {"relation", relations_read, relations_fetch, relations_find, relations_write},
    {"product", products_read, products_fetch, products_find, products_write},
    {"article", articles_read, articles_fetch, articles_find, articles_write},
    {"article-group", groups_read, NULL, groups_find, groups_write},
    {"stock", stock_read, NULL, NULL, stock_write},
};

static const struct family *family_of(const char *entity)
{
    static const struct family none = {"", NULL, NULL, NULL, NULL};
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
        if (strcmp(families[i].entity, entity) == 0)
            return &families[i];
    }
    return &none;
}

static int refuse(struct mplus *m, const char *entity, const char *what, struct koppel_error *err)
{
    return m->host->fail(err, KOPPEL_E_BUG, "%s cannot be %s", entity, what);
}

static int mpluskassa_read(void *self, const struct koppel_read_request *request,
                           struct koppel_batch *out, struct koppel_error *err)
{
    const struct family *f = family_of(request->entity);
    return f->read ? f->read(self, request, out, err) : refuse(self, request->entity, "read", err);
}

static int mpluskassa_fetch(void *self, const struct koppel_fetch_request *request,
                            struct koppel_batch *out, struct koppel_error *err)
{
    const struct family *f = family_of(request->entity);
    return f->fetch ? f->fetch(self, request, out, err)
                    : refuse(self, request->entity, "fetched", err);
}

static int mpluskassa_find(void *self, const struct koppel_find_request *request,
                           struct koppel_results *out, struct koppel_error *err)
{
    const struct family *f = family_of(request->entity);
    return f->find ? f->find(self, request, out, err) : refuse(self, request->entity, "found", err);
}

static int mpluskassa_write(void *self, const struct koppel_write_request *request,
                            struct koppel_results *out, struct koppel_error *err)
{
    const struct family *f = family_of(request->entity);
    return f->write ? f->write(self, request, out, err)
                    : refuse(self, request->entity, "written", err);
}

static int mpluskassa_choices(void *self, const char *list, struct koppel_list *out,
                              struct koppel_error *err)
{
    return choices_list(self, list, out, err);
}

static int mpluskassa_verify(void *self, const char *entity, struct koppel_list *out,
                             struct koppel_error *err)
{
    return verify_entity(self, entity, out, err);
}

static int mpluskassa_describe(void *self, const char *entity, json_t **out,
                               struct koppel_error *err)
{
    return custom_describe(self, entity, out, err);
}

static const struct koppel_connector connector = {
    .struct_size = (uint32_t)sizeof(struct koppel_connector),
    .open = mpluskassa_open,
    .close = mpluskassa_close,
    .probe = mpluskassa_probe,
    .read = mpluskassa_read,
    .find = mpluskassa_find,
    .write = mpluskassa_write,
    .choices = mpluskassa_choices,
    .verify = mpluskassa_verify,
    .fetch = mpluskassa_fetch,
    .describe = mpluskassa_describe,
};

static const struct koppel_plugin plugin = {
    KOPPEL_PLUGIN_HEADER,
    KOPPEL_KIND_CONNECTOR,
    KOPPEL_THREADS_INSTANCE,
    "mpluskassa",
    "0.1.0",
    catalogue_text,
    &connector,
    NULL,
};

KOPPEL_REGISTER_PLUGIN(plugin);
