/* SPDX-License-Identifier: MIT
 * Taking the store to another place. */
#include "service/moves.h"

#include <string.h>

#include "service/ask.h"
#include "store/move.h"
#include "store/store_kind.h"

/* What has an equals sign names a server. */
static struct store_conf place_of(const struct service *s, const char *text)
{
    struct store_conf out = {.key = s->conf->key};
    if (!strchr(text, '=')) {
        out.path = text;
        return out;
    }
    out.connection = text;
    if (s->conf->store_connection && strcmp(s->conf->store_connection, text) == 0)
        out.password = s->conf->store_password;
    return out;
}

static int tell(void *arg, const char *table, int64_t rows)
{
    const struct service_ask *ask = arg;
    bool there = ask_tell(ask, json_pack("{s:s,s:I}", "table", table, "rows", (json_int_t)rows));
    return there && !ask_stopped(ask) ? 0 : -1;
}

int moves_store(struct service *s, const struct service_ask *ask, json_t **out,
                struct koppel_error *err)
{
    struct move_sum sum;
    if (!s->conf || !s->conf->key)
        return err_reason(err, KOPPEL_E_CONFIG, "config.rejected",
                          "the key of koppel.conf cannot be read");
    struct store_conf from = place_of(s, ask_text(ask, "from"));
    struct store_conf to = place_of(s, ask_text(ask, "to"));
    if (move_store(&from, &to, &sum, tell, (void *)(uintptr_t)ask, err) != 0)
        return -1;
    *out = json_pack("{s:I}", "rows", (json_int_t)sum.rows);
    return *out ? 0 : err_set(err, KOPPEL_E_BUG, "out of memory");
}

int moves_upgrade(struct service *s, const struct service_ask *ask, json_t **out,
                  struct koppel_error *err)
{
    int from, to;
    bool later;
    (void)ask;
    if (store_kind_upgrade(s->store, &from, &to, &later, err) != 0)
        return -1;
    *out = json_pack("{s:i,s:i,s:b}", "from", from, "to", to, "later", later);
    return *out ? 0 : err_set(err, KOPPEL_E_BUG, "out of memory");
}
