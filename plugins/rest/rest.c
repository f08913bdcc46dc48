/* SPDX-License-Identifier: MIT
 * rest: talks to any system that a description tells of, over HTTP and JSON; and which file does
 * what. koppel-rest(7) has the members of a description. */
#include "rest.h"

#include <stdlib.h>

#include "choices.h"
#include "describe.h"
#include "fetch.h"
#include "find.h"
#include "read.h"
#include "receive.h"
#include "rest_catalogue.h"
#include "template.h"
#include "text.h"
#include "write.h"

#ifdef PACKAGE_VERSION
#define VERSION_TEXT PACKAGE_VERSION
#else
#define VERSION_TEXT "0.1.0"
#endif

int rest_no_memory(struct rest *r, struct koppel_error *err)
{
    return r->host->fail(err, KOPPEL_E_RETRY, "out of memory");
}

json_t *rest_named(const json_t *list, const char *name)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *item = json_array_get(list, i);
        if (strcmp(koppel_get_text(item, "name", ""), name) == 0)
            return item;
    }
    return NULL;
}

json_t *rest_entity(const struct rest *r, const char *name)
{
    return rest_named(json_object_get(r->catalogue, "entities"), name);
}

json_t *rest_call(const json_t *entity, const char *call)
{
    return json_object_get(json_object_get(entity, "calls"), call);
}

const char *rest_header(const struct koppel_pair *headers, uint32_t count, const char *name)
{
    char lower[128];
    size_t i = 0;
    for (; name[i] && i < sizeof lower - 1; i++)
        lower[i] = (char)(name[i] >= 'A' && name[i] <= 'Z' ? name[i] - 'A' + 'a' : name[i]);
    lower[i] = '\0';
    return koppel_header(headers, count, lower);
}

static void close_instance(void *self)
{
    struct rest *r = self;
    if (!r)
        return;
    free(r->base);
    free(r);
}

static int open_instance(const struct koppel_host *host, struct koppel_context *ctx, void **self,
                         struct koppel_error *err)
{
    struct rest *r = calloc(1, sizeof *r);
    struct text base = {0};
    const struct vars none = VARS_NONE;
    if (!r)
        return host->fail(err, KOPPEL_E_RETRY, "out of memory");
    *self = r;
    r->host = host;
    r->ctx = ctx;
    r->catalogue = host->catalogue(ctx);
    r->service = json_object_get(r->catalogue, "service");
    const char *address = koppel_get_text(r->service, "base", NULL);
    if (!address)
        return host->fail(err, KOPPEL_E_CONFIG, "rest needs a description, which has a \"base\" in "
                          "its \"service\"");
    int rc = template_text(r, address, &none, TEMPLATE_PLAIN, &base);
    while (rc == 0 && base.bytes > 0 && base.data[base.bytes - 1] == '/')
        base.data[--base.bytes] = '\0';
    r->base = text_take(&base);
    if (rc > 0)
        return host->fail(err, KOPPEL_E_CONFIG, "the address \"%s\" needs a setting that is not "
                          "there", address);
    return r->base ? 0 : rest_no_memory(r, err);
}

static int probe(void *self, struct koppel_list *facts, struct koppel_error *err)
{
    return choices_probe(self, facts, err);
}

static int read_batch(void *self, const struct koppel_read_request *request,
                      struct koppel_batch *out, struct koppel_error *err)
{
    return read_page(self, request, out, err);
}

static int fetch(void *self, const struct koppel_fetch_request *request, struct koppel_batch *out,
                 struct koppel_error *err)
{
    return fetch_records(self, request, out, err);
}

static int find(void *self, const struct koppel_find_request *request, struct koppel_results *out,
                struct koppel_error *err)
{
    return find_records(self, request, out, err);
}

static int write_batch(void *self, const struct koppel_write_request *request,
                       struct koppel_results *out, struct koppel_error *err)
{
    return write_records(self, request, out, err);
}

static int choices(void *self, const char *list, struct koppel_list *out, struct koppel_error *err)
{
    return choices_list(self, list, out, err);
}

static int receive(void *self, const struct koppel_receive_request *request,
                   struct koppel_batch *out, struct koppel_error *err)
{
    return receive_message(self, request, out, err);
}

static int subscribe(void *self, const struct koppel_subscription *subscription,
                     struct koppel_results *out, struct koppel_error *err)
{
    return receive_subscribe(self, subscription, out, err);
}

static int unsubscribe(void *self, const struct koppel_subscription *subscription,
                       struct koppel_error *err)
{
    return receive_unsubscribe(self, subscription, err);
}

static const struct koppel_connector connector = {
    .struct_size = (uint32_t)sizeof(struct koppel_connector),
    .open = open_instance,
    .close = close_instance,
    .probe = probe,
    .read = read_batch,
    .find = find,
    .write = write_batch,
    .choices = choices,
    .fetch = fetch,
    .receive = receive,
    .subscribe = subscribe,
    .unsubscribe = unsubscribe,
    .check = describe_check,
};

static const struct koppel_plugin plugin = {
    KOPPEL_PLUGIN_HEADER,
    KOPPEL_KIND_CONNECTOR,
    KOPPEL_THREADS_INSTANCE,
    "rest",
    VERSION_TEXT,
    catalogue_text,
    &connector,
    NULL,
};

KOPPEL_REGISTER_PLUGIN(plugin);
