/* SPDX-License-Identifier: MIT
 * One person's records: finding, showing and erasing them by e-mail address. */
#ifndef KOPPEL_SERVICE_PRIVACY_H
#define KOPPEL_SERVICE_PRIVACY_H

#include "service/service.h"

/* "email". {"records":[{"flow","key","jobs","open"}],"links":[{"scope","key"}],"jobs","looked",
 * "files":[of the configuration that name the address: nothing changes those but a person]}: every
 * version of a record counts where one of them names the address. Progress:
 * {"looked","of"}, jobs. */
int privacy_find(struct service *s, const struct service_ask *ask, json_t **out,
                 struct koppel_error *err);
/* The same, with "whole"? also as "exported": [jobs]; without, each job is told before as
 * {"job":{...}}. */
int privacy_export(struct service *s, const struct service_ask *ask, json_t **out,
                   struct koppel_error *err);
/* "email", "why". What is open is skipped first. The same, with {"report","at","who","why",
 * "person","erased":{...},"skipped","under_way","stays":[texts]}; it is kept in the store under its
 * number. */
int privacy_erase(struct service *s, const struct service_ask *ask, json_t **out,
                  struct koppel_error *err);

#endif
