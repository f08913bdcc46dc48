/* SPDX-License-Identifier: MIT
 * What a look found. */
#include "alert/alert_findings.h"

#include <stdlib.h>
#include <string.h>

struct alert_finding *alert_findings_add(struct alert_findings *all, enum conf_alert_name rule,
                                         const char *subject, const char *cause,
                                         json_t *facts_take)
{
    static _Thread_local struct alert_finding nowhere;
    struct alert_finding *grown = realloc(all->list, sizeof *grown * (size_t)(all->count + 1));
    char *subject_copy = strdup(subject), *cause_copy = strdup(cause);
    if (grown)
        all->list = grown;
    if (!grown || !subject_copy || !cause_copy) {
        free(subject_copy);
        free(cause_copy);
        json_decref(facts_take);
        all->failed = true;
        return &nowhere;
    }
    all->list[all->count] = (struct alert_finding){.rule = rule, .subject = subject_copy,
                                                   .cause = cause_copy, .count = 1,
                                                   .facts = facts_take};
    return &all->list[all->count++];
}

void alert_findings_done(struct alert_findings *all)
{
    for (int i = 0; i < all->count; i++) {
        free((char *)all->list[i].subject);
        free((char *)all->list[i].cause);
        json_decref((json_t *)all->list[i].facts);
    }
    free(all->list);
    *all = (struct alert_findings){0};
}
