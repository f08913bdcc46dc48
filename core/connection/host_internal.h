/* SPDX-License-Identifier: MIT
 * What the host's files share: the context behind an instance, a connection and its pool, and the
 * host table's functions that live elsewhere than the table. */
#ifndef KOPPEL_PLUGIN_HOST_INTERNAL_H
#define KOPPEL_PLUGIN_HOST_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>

#include "connection/host.h"

struct koppel_context {
    struct connection *connection; /* NULL for transforms */
    const struct plugin *plugin;
    json_t *trace;                 /* of the call under way; NULL: not wanted */
};

struct instance {
    struct koppel_context ctx;
    void *self;
    bool opened, busy;
};

struct connection {
    const struct conf_connection *conf;
    struct store *store;
    struct http *http;
    struct oauth2 *oauth;
    pthread_mutex_t lock;          /* guards busy and opened of every instance */
    pthread_cond_t freed;
    struct instance *instances;
    int instance_count;
    atomic_bool cancelled;
};

int host_no_memory(struct koppel_error *err);
int host_known_kind(int kind); /* a kind that is none is the plugin's defect */
int host_reason(struct koppel_error *err, const char *code);

/* host_report.c: what plugins report, as the host table declares it */
int host_emit(struct koppel_batch *out, const char *key, int64_t version,
              json_t *record_take, struct koppel_error *err);
int host_batch_end(struct koppel_batch *out, const char *next_cursor, int more,
                   struct koppel_error *err);
int host_drop(struct koppel_batch *out, const char *reason, struct koppel_error *err);
int host_result_found(struct koppel_results *out, uint32_t index, const char *id,
                      json_t *record_take, struct koppel_error *err);
int host_result_done(struct koppel_results *out, uint32_t index, const char *id,
                     json_t *answer_take, struct koppel_error *err);
int host_result_error(struct koppel_results *out, uint32_t index, int kind,
                      const char *format, ...);
int host_result_reason(struct koppel_results *out, uint32_t index, const char *code);
int host_row(struct koppel_list *out, const char *value, const char *title,
             struct koppel_error *err);

/* Held during every call of a plugin that takes one call at a time. */
static inline void plugin_lock_turn(const struct plugin *p)
{
    if (p->turn)
        pthread_mutex_lock(p->turn);
}

static inline void plugin_unlock_turn(const struct plugin *p)
{
    if (p->turn)
        pthread_mutex_unlock(p->turn);
}

/* connection.c: waits for a free instance; err must be zeroed. NULL where it could not be opened or
 * the connection is stopping. */
struct instance *connection_borrow(struct connection *c, json_t *trace, struct koppel_error *err);
void connection_give_back(struct connection *c, struct instance *in);
/* Puts the connection's name before a text that does not begin with it: two tills look alike. */
void connection_name_error(const struct connection *c, struct koppel_error *err);
/* Every failure of a plugin passes here: it must say why, and where, and must not say a secret. */
int connection_failure(const struct connection *c, const char *what, int rc,
                       struct koppel_error *err);

#endif
