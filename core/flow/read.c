/* SPDX-License-Identifier: MIT
 * Read: source -> journal. A page of raw records and the cursor that follows it are one transaction;
 * nothing is filtered or mapped here, so nothing can be lost between the two. */
#include <stdlib.h>
#include <string.h>

#include "flow/flow.h"

static int append_page(struct flow *f, const struct koppel_batch *batch, struct koppel_error *err)
{
    struct store_record *records = calloc((size_t)batch->count + 1, sizeof *records);
    if (!records)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    int rc = -1;
    for (int i = 0; i < batch->count; i++) {
        char *text = json_dumps(batch->records[i].record, JSON_COMPACT);
        if (!text) {
            err_set(err, KOPPEL_E_BUG, "record %s cannot be written as JSON", batch->records[i].key);
            goto out;
        }
        records[i] = (struct store_record){.key = batch->records[i].key,
                                           .version = batch->records[i].version,
                                           .payload = text,
                                           .payload_bytes = strlen(text)};
    }
    rc = f->store->ops->append(f->store, f->conf->name, records, batch->count, batch->next_cursor, err);
out:
    for (int i = 0; i < batch->count; i++)
        free((char *)records[i].payload);
    free(records);
    return rc;
}

int flow_read_page(struct flow *f, bool *more, struct koppel_error *err)
{
    char *cursor = NULL;
    if (f->store->ops->cursor_get(f->store, f->conf->name, &cursor, err) != 0)
        return -1;
    struct koppel_batch batch = {0};
    int rc = connection_read(f->from, f->conf->from_entity, cursor, f->conf->batch, f->conf->options,
                             &batch, NULL, err);
    if (rc == 0 && !batch.next_cursor)
        rc = err_set(err, KOPPEL_E_BUG, "%s: a page of %s ended without a cursor", f->conf->from->name,
                     f->conf->from_entity);
    if (rc == 0) {
        bool moved = !cursor || strcmp(cursor, batch.next_cursor) != 0;
        if (batch.count > 0 || moved)
            rc = append_page(f, &batch, err);
        /* A page that neither moves nor brings anything ends the reading, whatever it says. */
        *more = batch.more && moved;
    }
    if (rc == 0)
        atomic_fetch_add(&f->read, batch.count);
    batch_done(&batch);
    free(cursor);
    return rc;
}
