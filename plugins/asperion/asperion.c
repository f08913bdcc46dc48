/* SPDX-License-Identifier: MIT
 * The Asperion connector: settings, login check, and which file does what. */
#include <stdlib.h>

#include "asperion_catalogue.h"
#include "choices.h"
#include "fetch.h"
#include "find.h"
#include "orders.h"
#include "probe.h"
#include "read.h"
#include "verify.h"
#include "write.h"

#ifdef PACKAGE_VERSION
#define VERSION_TEXT PACKAGE_VERSION
#else
#define VERSION_TEXT "0.1.0"
#endif

static void asperion_close(void *self)
{
    struct asperion *a = self;
    if (!a)
        return;
    orders_forget(a);
    json_decref(a->description);
    free(a->base);
    free(a);
}

static int set_base(struct asperion *a, const char *url, struct koppel_error *err)
{
    size_t n = strlen(url);
    while (n > 0 && url[n - 1] == '/')
        n--;
    a->base = malloc(n + sizeof "/v1/");
    if (!a->base)
        return api_no_memory(a, err);
    snprintf(a->base, n + sizeof "/v1/", "%.*s/v1/", (int)n, url);
    return 0;
}

static int asperion_open(const struct koppel_host *host, struct koppel_context *ctx, void **self,
                         struct koppel_error *err)
{
    struct asperion *a = calloc(1, sizeof *a);
    const char *url = host->setting(ctx, "url");
    if (!a)
        return host->fail(err, KOPPEL_E_RETRY, "out of memory");
    *self = a;
    a->host = host;
    a->ctx = ctx;
    a->tenant = host->setting(ctx, "tenant");
    a->tenant_header = host->setting(ctx, "tenant_header");
    a->language = host->setting(ctx, "language");
    a->active_state_all = host->setting(ctx, "active_state_all");
    a->page_size = host->setting_int(ctx, "page_size");
    if (!url || !*url || !a->tenant || !a->tenant_header || !a->language || !a->active_state_all)
        return host->fail(err, KOPPEL_E_CONFIG, "url and tenant must be set");
    if (!*a->tenant || strspn(a->tenant, "0123456789") != strlen(a->tenant))
        return host->fail(err, KOPPEL_E_CONFIG,
                          "tenant: \"%s\" is no number of an administration", a->tenant);
    if (a->page_size < 1)
        a->page_size = 100;
    snprintf(a->page_size_text, sizeof a->page_size_text, "%lld", (long long)a->page_size);
    return set_base(a, url, err);
}

static int asperion_probe(void *self, struct koppel_list *facts, struct koppel_error *err)
{
    return probe_tenant(self, facts, err);
}

static int asperion_read(void *self, const struct koppel_read_request *request,
                         struct koppel_batch *out, struct koppel_error *err)
{
    return read_page(self, request, out, err);
}

static int asperion_fetch(void *self, const struct koppel_fetch_request *request,
                          struct koppel_batch *out, struct koppel_error *err)
{
    return fetch_records(self, request, out, err);
}

static int asperion_find(void *self, const struct koppel_find_request *request,
                         struct koppel_results *out, struct koppel_error *err)
{
    return find_records(self, request, out, err);
}

static int asperion_write(void *self, const struct koppel_write_request *request,
                          struct koppel_results *out, struct koppel_error *err)
{
    return write_records(self, request, out, err);
}

static int asperion_choices(void *self, const char *list, struct koppel_list *out,
                            struct koppel_error *err)
{
    return choices_list(self, list, out, err);
}

static int asperion_verify(void *self, const char *entity, struct koppel_list *out,
                           struct koppel_error *err)
{
    return verify_entity(self, entity, out, err);
}

static const struct koppel_connector connector = {
    .struct_size = (uint32_t)sizeof(struct koppel_connector),
    .open = asperion_open,
    .close = asperion_close,
    .probe = asperion_probe,
    .read = asperion_read,
    .fetch = asperion_fetch,
    .find = asperion_find,
    .write = asperion_write,
    .choices = asperion_choices,
    .verify = asperion_verify,
};

static const struct koppel_plugin plugin = {
    KOPPEL_PLUGIN_HEADER,
    KOPPEL_KIND_CONNECTOR,
    KOPPEL_THREADS_INSTANCE,
    "asperion",
    VERSION_TEXT,
    catalogue_text,
    &connector,
    NULL,
};

KOPPEL_REGISTER_PLUGIN(plugin);
