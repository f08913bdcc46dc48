/* SPDX-License-Identifier: MIT
 * Questions about jobs, and about what they wait for.
 *
 * A filter is {"flow","state","reason","cause","key","since","until","words"}: all that is given
 * must fit. since and until are moments, or days of the shop's zone,
 * of which the last one counts. */
#ifndef KOPPEL_SERVICE_JOBS_H
#define KOPPEL_SERVICE_JOBS_H

#include "service/service.h"

/* {"flow"?}: {"causes":[{"cause","flow","reason","parked","waiting","first","last","facts","text",
 * "job","remedy"}]}, those that most jobs wait for first. */
int jobs_causes(struct service *s, const struct service_ask *ask, json_t **out,
                struct koppel_error *err);
/* A filter, "limit", "after" (what `next` was): {"jobs":[...], "next" (null: there are no more),
 * "looked_to"}, newest first. */
int jobs_list(struct service *s, const struct service_ask *ask, json_t **out,
              struct koppel_error *err);
/* A row of that list; NULL: no memory. Its "links" are {"source", "destination"}: {"connection",
 * "url"}, where a browser finds the record, or null: the catalogue has no "link", or there is no
 * id. */
json_t *jobs_row(const struct service *s, const struct store_job_row *row);
struct jobs_filter {
    struct store_job_filter store;
    char *words[STORE_WORDS];
};

/* The filter of a question; freed by jobs_filter_done, also after -1. */
int jobs_filter_read(struct service *s, const struct service_ask *ask, struct jobs_filter *f,
                     struct koppel_error *err);
void jobs_filter_done(struct jobs_filter *f);

#endif
