/* SPDX-License-Identifier: MIT
 * The engines that share a store. */
#ifndef KOPPEL_SERVICE_HOSTS_H
#define KOPPEL_SERVICE_HOSTS_H

#include "service/service.h"

/* {}: {"hosts":[{"host" (name of the machine),"id","program","pid","started","seen","alive",
 * "leads" (does alerts and erasing for all),"partitions" (that it delivers now),"own" (the one that
 * answers),"revision" (of what is published, that it runs; 0: its own files),"lacks" (what it does
 * not take of it, in words, or null)}],"shared": the store can be shared,"published": the revision
 * that all are to run; 0: none}, the oldest first. */
int hosts_list(struct service *s, const struct service_ask *ask, json_t **out,
               struct koppel_error *err);

#endif
