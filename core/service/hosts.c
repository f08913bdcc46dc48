/* SPDX-License-Identifier: MIT
 * The engines that share a store. */
#include "service/hosts.h"

#include "base/clock.h"
#include "service/ask.h"

static int add_host(void *arg, const struct store_host *h)
{
    char started[CLOCK_TEXT_BYTES], seen[CLOCK_TEXT_BYTES];
    clock_format(h->started_ms, started);
    clock_format(h->seen_ms, seen);
    return json_array_append_new(
        arg, json_pack("{s:o,s:s,s:s,s:I,s:s,s:s,s:b,s:b,s:I,s:b,s:I,s:o}", "host",
                       ask_json_text(h->name), "id", h->id, "program", h->program, "pid",
                       (json_int_t)h->pid, "started", started, "seen", seen, "alive", h->alive,
                       "leads", h->leads, "partitions", (json_int_t)h->leases, "own", h->own,
                       "revision", (json_int_t)h->revision, "lacks",
                       ask_json_text(*h->lacks ? h->lacks : NULL)));
}

int hosts_list(struct service *s, const struct service_ask *ask, json_t **out,
               struct koppel_error *err)
{
    json_t *hosts = json_array();
    (void)ask;
    int64_t published = 0;
    int rc = hosts ? s->store->ops->hosts(s->store, add_host, hosts, err) : -1;
    if (rc == 0)
        rc = s->store->ops->published(s->store, &published, err);
    if (rc == 0 && (*out = json_pack("{s:O,s:b,s:I}", "hosts", hosts, "shared",
                                     s->conf->store_connection != NULL, "published",
                                     (json_int_t)published)) == NULL)
        rc = -1;
    json_decref(hosts);
    return rc == 0 || err->kind ? rc : err_set(err, KOPPEL_E_BUG, "out of memory");
}
