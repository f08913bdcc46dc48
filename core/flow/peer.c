/* SPDX-License-Identifier: MIT
 * What is asked of the destination for one job: its record, a look-up, one write. Who decides which
 * of these is done when are send.c, change.c and correct.c. */
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "mapping/map.h"
#include "flow/work.h"

struct balance {
    struct decimal sum;
    bool wrong;
};

static int add_to_balance(void *arg, json_t *value)
{
    struct balance *b = arg;
    char buf[32];
    const char *text;
    struct decimal amount;
    b->wrong = b->wrong || !map_text(value, buf, &text) || decimal_parse(text, &amount) != 0 ||
               decimal_add(b->sum, amount, &b->sum) != 0;
    return 0;
}

int flow_balance(const struct cat_entity *e, const json_t *record, struct koppel_error *err)
{
    struct balance b = {.sum = DECIMAL_ZERO};
    char text[DECIMAL_TEXT_BYTES];
    if (!e->balance)
        return 0;
    struct path *path = path_parse(e->balance, err);
    if (!path)
        return -1;
    (void)path_each(path, record, add_to_balance, &b);
    path_free(path);
    if (b.wrong)
        return err_reason(err, KOPPEL_E_REJECTED, "unbalanced", "%s: one of %s is no amount",
                          e->name, e->balance);
    decimal_format(decimal_trim(b.sum, 2), text);
    return decimal_is_zero(b.sum)
               ? 0
               : err_reason(err, KOPPEL_E_REJECTED, "unbalanced",
                            "%s: debit and credit differ by %s, so it is not posted", e->name,
                            text);
}

int work_document(struct flow *f, struct work *w, struct koppel_error *err)
{
    if (w->document)
        return 0;
    bool update = w->linked || w->matched;
    if (flow_resolve(f, w->core, w->steps, w->trace, err) != 0)
        return -1;
    json_object_set(w->core, "settings",
                    f->conf->settings); /* for conditions; not part of the digest */
    if (map_apply(&f->conf->send, w->core, update ? MAP_UPDATE : MAP_CREATE, &w->document, w->steps,
                  err) != 0)
        return -1;
    return flow_balance(f->dest, w->document, err);
}

/* One look-up of one key: the number of hits but for the id to skip (NULL: none), the first one's
 * id and record. -1 and err. */
int work_find(struct flow *f, struct work *w, const char *field, const char *key, const char *skip,
              char **id, json_t **record, struct koppel_error *err)
{
    struct koppel_results results;
    if (results_init(&results, 1) != 0)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    int rc = connection_find(f->to, f->dest->name, field, &key, &w->document, 1, &results, w->trace,
                             err);
    struct result_entry *entry = &results.entries[0];
    if (rc == 0 && entry->err.kind) {
        *err = entry->err;
        rc = -1;
    }
    if (rc == 0) {
        if (skip)
            result_entry_skip(entry, skip);
        rc = entry->hit_count;
        *id = rc > 0 ? strdup(entry->hits[0].id) : NULL;
        *record = rc > 0 ? json_incref(entry->hits[0].record) : NULL;
    }
    results_done(&results);
    return rc;
}

int work_look_up(struct flow *f, struct work *w, const char *key, char **id, json_t **record,
                 struct koppel_error *err)
{
    *id = NULL;
    *record = NULL;
    int hits = work_find(f, w, f->dest->document, key, NULL, id, record, err);
    if (hits < 0)
        return -1;
    if (hits <= 1)
        return 0;
    free(*id);
    json_decref(*record);
    *id = NULL;
    *record = NULL;
    return err_reason(err, KOPPEL_E_REJECTED, "document.twice",
                      "%s holds %d documents with %s \"%s\"", f->conf->to->name, hits,
                      f->dest->document, key);
}

int work_write(struct flow *f, struct work *w, uint32_t verb, const char *id, json_t *record,
               char **out_id, struct koppel_error *err)
{
    char job[JOB_ID_BYTES];
    struct koppel_results results;
    job_id_format((struct job_id){f->conf->name, w->job->part, w->job->off}, job);
    struct koppel_write_item item = {
        .struct_size = sizeof item, .job = job, .id = id, .record = record};
    const struct koppel_write_item *items[] = {&item};
    if (results_init(&results, 1) != 0)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    int rc = connection_write(f->to, f->dest->name, verb, 0, items, 1, &results, w->trace, err);
    struct result_entry *entry = &results.entries[0];
    if (rc == 0 && entry->err.kind) {
        *err = entry->err;
        rc = -1;
    }
    if (rc == 0 && !entry->done)
        rc = err_set(err, KOPPEL_E_UNSURE, "%s gave no result", f->conf->to->name);
    if (rc == 0)
        *out_id = strdup(entry->hit_count > 0 && entry->hits[0].id ? entry->hits[0].id
                         : id                                      ? id
                                                                   : "");
    results_done(&results);
    return rc;
}
