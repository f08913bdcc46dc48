/* SPDX-License-Identifier: MIT
 * What would become of records, without writing anything anywhere. */
#ifndef KOPPEL_SERVICE_PREVIEWS_H
#define KOPPEL_SERVICE_PREVIEWS_H

#include "service/service.h"

/* {"flow", "key"?, "job"?, "records"?, "limit"?, "check"?, "alone"?}: of one of these the record of
 * that key, what was read for that job, records in the source's shape, or the first records of the
 * source. alone: the source is asked, and nobody else. {"flow", "rows": [as flow/preview.h says]}.
 */
int previews_show(struct service *s, const struct service_ask *ask, json_t **out,
                  struct koppel_error *err);

#endif
