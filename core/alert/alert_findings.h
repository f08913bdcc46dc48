/* SPDX-License-Identifier: MIT
 * What a look found: a list that owns its texts. */
#ifndef KOPPEL_ALERT_ALERT_FINDINGS_H
#define KOPPEL_ALERT_ALERT_FINDINGS_H

#include "alert/alert_book.h"

struct alert_findings {
    struct alert_finding *list;
    int count;
    bool failed; /* there was no memory: the list is not whole */
};

/* One more; subject and cause are copied, facts (may be NULL) is taken over. Its count is 1. The
 * caller fills the rest in, before the next one is added. Where there is no memory it is one that
 * is not in the list. */
struct alert_finding *alert_findings_add(struct alert_findings *all, enum conf_alert_name rule,
                                         const char *subject, const char *cause,
                                         json_t *facts_take);
void alert_findings_done(struct alert_findings *all);

#endif
