/* SPDX-License-Identifier: MIT
 * core record -> destination's record: references, mapping, and the sums that must hold. */
#include "flow/document.h"

#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "base/path.h"
#include "flow/reference.h"
#include "mapping/map.h"
#include "mapping/map_recorder.h"
#include "mapping/role.h"
#include "mapping/value.h"
#include "model/complete.h"

/* ---- sums ---- */

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
    b->wrong = b->wrong || !value_text(value, buf, &text) || decimal_parse(text, &amount) != 0 ||
               decimal_add(b->sum, amount, &b->sum) != 0;
    return 0;
}

int document_balance(const struct cat_entity *e, const json_t *record, struct koppel_error *err)
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

int document_check_total(const struct work *w, const json_t *record, struct koppel_error *err)
{
    char buf[32];
    const char *text = role_text(w->flow->dest, "total", record, buf);
    return complete_total(w->flow->conf->model, w->core, text, true, 1, err);
}

/* ---- making it ---- */

/* What the mapping reads: the core record with the flow's settings for conditions. Without rules a
 * record passes as it is, and gains nothing. */
static json_t *view_of(const struct work *w)
{
    const struct conf_mapping *send = &w->flow->conf->send;
    if (!send->file && send->count == 0)
        return json_incref(w->core);
    json_t *view = json_copy(w->core);
    if (view && json_object_set(view, "settings", w->flow->conf->settings) != 0) {
        json_decref(view);
        return NULL;
    }
    return view;
}

int document_make(struct work *w, struct koppel_error *err)
{
    if (w->document)
        return 0;
    bool update = w->link->state == LINK_THERE && !w->make_new;
    if (reference_resolve(w, err) != 0)
        return -1;
    json_t *view = view_of(w);
    if (!view)
        return err_set(err, KOPPEL_E_BUG, "out of memory");
    map_recorder_clear(w->explain_send);
    struct map_tell tell = flow_tell(w->flow, w->steps, w->explain_send);
    int rc = map_apply(&w->flow->conf->send, view, update ? MAP_UPDATE : MAP_CREATE, &tell,
                       &w->document, err);
    json_decref(view);
    if (rc == 0 && (document_balance(w->flow->dest, w->document, err) != 0 ||
                    document_check_total(w, w->document, err) != 0)) {
        document_forget(w);
        rc = -1;
    }
    return rc;
}

void document_forget(struct work *w)
{
    json_decref(w->document);
    w->document = NULL;
}
