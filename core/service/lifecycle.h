/* SPDX-License-Identifier: MIT
 * How an engine that runs takes another configuration, and how it is ended. */
#ifndef KOPPEL_SERVICE_LIFECYCLE_H
#define KOPPEL_SERVICE_LIFECYCLE_H

#include "config/conf_source.h"
#include "service/service.h"

/* conf_load, and the cases of the flows are run: one of an enabled flow that fails is a mistake. */
struct conf *lifecycle_load(const char *dir, const struct conf_source *source,
                            struct plugins *plugins, struct conf_report *report);

/* Loads the configuration in the directory of the engine and makes it the active one, flows that
 * did not change undisturbed. *out: {"active":true,"revision":N (0: not kept),"changed":[flow ...],
 * "begun":[...],"ended":[...],"mistakes":[warnings]}; where it has mistakes
 * {"active":false,"mistakes":[...]}, and nothing has changed; each is logged. One at a time; from
 * any thread. -1 and err: it could not be tried. */
int lifecycle_take(struct engine *e, struct plugins *plugins, json_t **out,
                   struct koppel_error *err);
/* The same once what is to be active stands; what it gives, for the answer: where it could not be
 * tried, that is its one mistake, as what was done before is done. NULL: no memory. */
json_t *lifecycle_after(struct service *s);
/* The same where nobody asked for it: mistakes that were told before are not told again, and who
 * calls says what is in err, by lifecycle_failed. */
int lifecycle_try(struct engine *e, struct plugins *plugins, struct koppel_error *err);
/* Logs why it could not be tried. */
void lifecycle_failed(const struct koppel_error *err);
/* A flow whose name stands for records of another source is a mistake. -1 and err: that could not
 * be told. */
int lifecycle_sources(struct store *store, const struct conf *conf, struct conf_report *report,
                      struct koppel_error *err);
/* An engine that was opened runs this, as other hosts see it. */
void lifecycle_runs(struct store *store, const struct conf *conf, const json_t *mistakes);
/* Every mistake as conf_report_json gives it. */
json_t *lifecycle_mistakes(const struct conf_report *report);
/* Logs each of them, and a line that says what follows from them. */
void lifecycle_tell(const json_t *mistakes, const char *closing);
#define LIFECYCLE_SAFE                                                                             \
    "safe mode: no flow runs until the configuration is mended; then run: koppel reload"

/* {}: lifecycle_take. KOPPEL_E_RETRY, SERVICE_NO_ENGINE where none serves. */
int lifecycle_reload(struct service *s, const struct service_ask *ask, json_t **out,
                     struct koppel_error *err);
/* {}: the engine finishes the records at hand and ends. {"pid"}: of the program that does; null:
 * none runs. */
int lifecycle_stop(struct service *s, const struct service_ask *ask, json_t **out,
                   struct koppel_error *err);

#endif
