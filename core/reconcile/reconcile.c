/* SPDX-License-Identifier: MIT
 * What a reconciliation holds. */
#include "reconcile/reconcile.h"

#include <stdlib.h>

void reconcile_pair_done(struct reconcile_pair *p)
{
    reconcile_document_done(&p->source);
    free(p->why);
}

void reconcile_done(struct reconcile *r)
{
    for (int i = 0; i < r->pair_count; i++)
        reconcile_pair_done(&r->pairs[i]);
    for (int i = 0; i < r->there_count; i++)
        reconcile_document_done(&r->theres[i].document);
    free(r->pairs);
    free(r->theres);
    free(r->elsewhere);
    reconcile_document_codes_done(&r->codes);
    reconcile_gaps_done(&r->gaps);
    json_decref(r->unreadable);
    json_decref(r->outside);
    json_decref(r->others);
    *r = (struct reconcile){0};
}
