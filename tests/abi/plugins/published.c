/* SPDX-License-Identifier: MIT
 * A connector whose vendor publishes a description: its setting `differs` names what that
 * description has otherwise, as "thing.weight=no such field, thing.sendThing=...". For koppel check
 * --online. */
#include "koppel/sdk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char catalogue[] =
    "{\"title\":\"Published\",\"settings\":["
    "{\"name\":\"differs\",\"default\":\"\"},"
    "{\"name\":\"size\",\"default\":\"XXL\",\"choices\":\"sizes\"}],"
    "\"choices\":[\"sizes\",\"codes\"],"
    "\"entities\":[{\"name\":\"thing\",\"key\":\"id\",\"can\":[\"read\",\"find\",\"create\"],"
    "\"repeat\":\"upsert\",\"find\":[\"id\"],"
    "\"fields\":[{\"name\":\"id\",\"wire\":\"identity\"},"
    "{\"name\":\"size\",\"wire\":\"sz\",\"choices\":\"sizes\"},"
    "{\"name\":\"code\",\"choices\":\"codes\"},{\"name\":\"weight\"},{\"name\":\"note\"},"
    "{\"name\":\"parts\",\"type\":\"list\",\"fields\":["
    "{\"name\":\"name\"},{\"name\":\"size\",\"choices\":\"sizes\"},{\"name\":\"colour\"}]}]},"
    "{\"name\":\"other\",\"key\":\"id\",\"can\":[\"read\"],\"fields\":[{\"name\":\"id\"}]}]}";

struct published {
    const struct koppel_host *host;
    struct koppel_context *ctx;
};

static int published_open(const struct koppel_host *host, struct koppel_context *ctx, void **self,
                          struct koppel_error *err)
{
    struct published *p = calloc(1, sizeof *p);
    if (!p)
        return host->fail(err, KOPPEL_E_RETRY, "out of memory");
    p->host = host;
    p->ctx = ctx;
    *self = p;
    return 0;
}

static int published_probe(void *self, struct koppel_list *facts, struct koppel_error *err)
{
    struct published *p = self;
    return p->host->row(facts, "version", "1", err);
}

static int published_read(void *self, const struct koppel_read_request *request,
                          struct koppel_batch *out, struct koppel_error *err)
{
    struct published *p = self;
    (void)request;
    return p->host->batch_end(out, "0", 0, err);
}

static int published_find(void *self, const struct koppel_find_request *request,
                          struct koppel_results *out, struct koppel_error *err)
{
    (void)self;
    (void)request;
    (void)out;
    (void)err;
    return 0;
}

static int published_write(void *self, const struct koppel_write_request *request,
                           struct koppel_results *out, struct koppel_error *err)
{
    struct published *p = self;
    for (uint32_t i = 0; i < request->count; i++) {
        if (p->host->result_done(out, i, "1", NULL, err) != 0)
            return -1;
    }
    return 0;
}

/* VAT codes, as bookkeepers meet them: of a rate, of purchases, and one that has ended. */
static int published_codes(struct published *p, struct koppel_list *out, struct koppel_error *err)
{
    if (p->host->row(out, "V21", "high", err) != 0
        || p->host->row_fact(out, "rate", "21.00", err) != 0
        || p->host->row(out, "V6", "low", err) != 0
        || p->host->row_fact(out, "rate", "6", err) != 0
        || p->host->row_fact(out, "until", "2018-12-31", err) != 0
        || p->host->row(out, "I21", "high, of purchases", err) != 0)
        return -1;
    return p->host->row_fact(out, "not", "it is for purchases", err);
}

static int published_choices(void *self, const char *list, struct koppel_list *out,
                             struct koppel_error *err)
{
    struct published *p = self;
    if (strcmp(list, "codes") == 0)
        return published_codes(p, out, err);
    if (strcmp(list, "sizes") != 0)
        return p->host->fail(err, KOPPEL_E_BUG, "no list %s", list);
    if (p->host->row(out, "SMALL", "for children", err) != 0)
        return -1;
    return p->host->row(out, "LARGE", "for the rest", err);
}

/* "fail" stands for a description that cannot be had. */
static int published_verify(void *self, const char *entity, struct koppel_list *out,
                            struct koppel_error *err)
{
    struct published *p = self;
    char copy[512], *save = NULL;
    size_t n = strlen(entity);
    snprintf(copy, sizeof copy, "%s", p->host->setting(p->ctx, "differs"));
    if (strcmp(copy, "fail") == 0)
        return p->host->fail(err, KOPPEL_E_RETRY, "the description cannot be fetched");
    for (char *item = strtok_r(copy, ",", &save); item; item = strtok_r(NULL, ",", &save)) {
        char *equals = strchr(item, '=');
        if (!equals || strncmp(item, entity, n) != 0 || item[n] != '.')
            continue;
        *equals = '\0';
        if (p->host->row(out, item + n + 1, equals + 1, err) != 0)
            return -1;
    }
    return 0;
}

static const struct koppel_connector connector = {
    .struct_size = sizeof(connector),
    .open = published_open,
    .close = free,
    .probe = published_probe,
    .read = published_read,
    .find = published_find,
    .write = published_write,
    .choices = published_choices,
    .verify = published_verify,
};

static const struct koppel_plugin plugin = {
    KOPPEL_PLUGIN_HEADER,
    .kind = KOPPEL_KIND_CONNECTOR,
    .name = "published",
    .version = "1",
    .catalogue = catalogue,
    .connector = &connector,
};

KOPPEL_REGISTER_PLUGIN(plugin);
