/* SPDX-License-Identifier: MIT
 * Who ordered what. */
#include "service/audit.h"

#include <stdlib.h>

#include "base/json_text.h"
#include "base/log.h"

/* What an order was about. */
static const char *subject_of(const json_t *in)
{
    static const char *const members[] = {"flow", "connection", "job", "path", "table",
                                          "file", "channel", "rule", "user", "token",
                                          "backup"};
    static const char *const lists[] = {"flows", "jobs"};
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        const char *subject = json_string_value(json_object_get(in, members[i]));
        if (subject)
            return subject;
    }
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        const json_t *list = json_object_get(in, lists[i]);
        if (json_array_size(list) == 1)
            return json_string_value(json_array_get(list, 0));
    }
    return NULL;
}

/* Which jobs an order meant, where a filter said so; keys and words of records are not told. */
static json_t *filter_of(const json_t *in)
{
    static const char *const members[] = {"state", "reason", "cause", "since", "until"};
    json_t *filter = json_object();
    for (size_t i = 0; filter && i < sizeof members / sizeof *members; i++) {
        json_t *value = json_object_get(in, members[i]);
        if (value)
            (void)json_object_set(filter, members[i], value);
    }
    return filter;
}

/* The members of the order are not told: among them are values, and the answers of log-ins. */
void audit_add(struct store *store, const char *order, const char *what,
               const struct service_ask *ask, const json_t *out)
{
    struct koppel_error err = {0};
    const char *why = json_string_value(json_object_get(ask->in, "why"));
    json_t *body = json_pack("{s:s,s:s,s:s,s:s*,s:O*,s:o}", "order", order, "what", what,
                             "via", ask->who->via, "why", why, "count",
                             json_object_get(out, "count"), "filter", filter_of(ask->in));
    size_t bytes = 0;
    char *text = body ? json_text(body, true, &bytes) : NULL;
    struct store_entry e = {.kind = "audit", .who = ask->who->name, .subject = subject_of(ask->in),
                            .body = text, .body_bytes = bytes};
    if (!text || store->ops->entry_add(store, &e, NULL, &err) != 0)
        log_warning(LOG_ABOUT(.event = "audit.lost"), "%s (%s) is not in the audit: %s", order,
                    ask->who->name, text ? err.text : "out of memory");
    free(text);
    json_decref(body);
}
