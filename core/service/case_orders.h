/* SPDX-License-Identifier: MIT
 * Questions and orders about the cases of flows (flow/cases.h), as they stand on the disk. */
#ifndef KOPPEL_SERVICE_CASE_ORDERS_H
#define KOPPEL_SERVICE_CASE_ORDERS_H

#include "service/service.h"

/* {"flow", "case"}: {"flows": [as cases_run], "mistakes": [as conf_report_json], "errors"}; of
 * every flow that has cases where none is named. Where the configuration has mistakes no case is
 * run. */
int case_orders_run(struct service *s, const struct service_ask *ask, json_t **out,
                    struct koppel_error *err);
/* {"flow", "key", "case"}: makes a case of the record of that key, as it was read last or, where it
 * never was, as the source has it now; persons in it are faked (cases_fake.h), and what comes out
 * now is expected of it. case: its name; default the key. *out: as save_files, with "case". */
int case_orders_make(struct service *s, const struct service_ask *ask, json_t **out,
                     struct koppel_error *err);
/* {"flow", "case"}: what comes out now is expected from now on. *out: as save_files. */
int case_orders_accept(struct service *s, const struct service_ask *ask, json_t **out,
                       struct koppel_error *err);

#endif
