/* SPDX-License-Identifier: MIT
 * What the functions of the table share: members of a question, and names that are not there. */
#ifndef KOPPEL_SERVICE_ASK_H
#define KOPPEL_SERVICE_ASK_H

#include "service/service.h"

/* Members of ask->in; NULL, -1 or false where they are not given. */
const char *ask_text(const struct service_ask *ask, const char *name);
int64_t ask_number(const struct service_ask *ask, const char *name);
bool ask_flag(const struct service_ask *ask, const char *name);
/* A member that is a moment, or a day of the shop's zone: when that begins or, with end, when it
 * is over. *out stays where it is not given. */
int ask_moment(struct service *s, const struct service_ask *ask, const char *name, bool end,
               int64_t *out, struct koppel_error *err);
/* Tells progress, freed here. false: whoever asked is gone. */
bool ask_tell(const struct service_ask *ask, json_t *progress_take);
bool ask_stopped(const struct service_ask *ask);
/* A string of whatever bytes; NULL: null. */
json_t *ask_json_text(const char *text);
/* A value of the configuration or of a catalogue for an answer, which whoever serves it may change;
 * NULL for NULL. */
json_t *ask_copy(const json_t *value);
/* The flow of that name; NULL and err SERVICE_UNKNOWN. In a service that is not whole it has only
 * its name. */
const struct conf_flow *ask_flow(struct service *s, const char *name,
                                     struct koppel_error *err);
/* The connection of that name. */
const struct conf_connection *ask_connection(struct service *s, const char *name,
                                                 struct koppel_error *err);
/* Fills err: there is no such thing ("flow") of this name in a place, perhaps the nearest of the
 * names (NULL entries are passed over). Returns -1. */
int ask_unknown(const char *thing, const char *name, const char *place,
                    const char *const *names, int count, struct koppel_error *err);

#endif
