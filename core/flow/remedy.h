/* SPDX-License-Identifier: MIT
 * Reason codes, and what a person can do about each: an action that terminal and page can carry
 * out, the facts of the failure that tell what it is about, one sentence, and the command. */
#ifndef KOPPEL_FLOW_REMEDY_H
#define KOPPEL_FLOW_REMEDY_H

#include <stdbool.h>

#define REMEDY_FACTS 3

enum remedy_action {
    REMEDY_NOTHING,     /* it goes on by itself */
    REMEDY_TABLE,       /* a row for a value table */
    REMEDY_CHOOSE,      /* which of several records it is */
    REMEDY_SETTING,     /* a setting of the flow or the connection */
    REMEDY_SOURCE,      /* mended in the source, then tried again */
    REMEDY_DESTINATION, /* mended in the destination, then tried again */
    REMEDY_RETRY,       /* tried again once something is over */
    REMEDY_EDIT,        /* the record itself is changed */
    REMEDY_DONE,        /* it is settled as done, with what stands there */
    REMEDY_RESUME,      /* the flow goes on once a person has looked */
};

enum remedy_severity { REMEDY_INFO, REMEDY_WARNING, REMEDY_ERROR };

struct remedy {
    const char *reason;
    enum remedy_severity severity;
    enum remedy_action action;
    const char *facts[REMEDY_FACTS + 1]; /* mended once for all that have them; NULL ends them */
    const char *text;    /* one sentence */
    const char *command; /* with {flow}, {job}, {cause} and facts in braces; NULL: none helps */
};

/* NULL: nothing is known of this reason. */
const struct remedy *remedy_of(const char *reason);
/* The same of a job that is parked: a reason that only a plugin knows has that of a record that was
 * rejected. NULL: it asks nothing of anybody. */
const struct remedy *remedy_at_least(const char *reason);
/* Is it a reason that jobs come to, with a remedy or without one? */
bool remedy_is_reason(const char *reason);
/* Every such reason, in no order: at most room of them into out, borrowed. How many. */
int remedy_reasons(const char **out, int room);
#define REMEDY_REASONS 256 /* more than there are */
/* Its sentence; "" where nothing general helps. */
const char *remedy_for(const char *reason);
const char *remedy_action_name(enum remedy_action action);       /* "table.add" */
const char *remedy_severity_name(enum remedy_severity severity); /* "warning" */

#endif
